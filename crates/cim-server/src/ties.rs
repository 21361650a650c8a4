//! `GET /v1/ties`: what could not be tied to a place.

use axum::extract::State;
use cim_city::{City, FailedTies, GIVEN_KINDS};
use cim_model::Collection;

use crate::answer::Read;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, count_within, one_of};
use crate::problem::ApiError;

const USUAL_ITEMS: usize = 50;
const MOST_ITEMS: usize = 1_000;

pub(crate) async fn failed(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(queue): Asked<Queue>,
    _fresh: Fresh,
) -> Result<Read<FailedTies>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.failed_ties(&scope, queue.after.as_ref(), queue.limit).await?;
    Ok(Read { snapshot, body })
}

/// Which page of the queue.
pub(crate) struct Queue {
    after: Option<(Collection, i64)>,
    limit: usize,
}

impl FromParams for Queue {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        if let Some(state) = params.text("state").filter(|state| state != "failed") {
            return Err(ApiError::bad_parameter("state", &state, one_of(&["failed"])));
        }
        let limit = count_within(params, "limit", MOST_ITEMS)?.unwrap_or(USUAL_ITEMS);
        let after = params.text("after").map(|token| last_of(&token)).transpose()?;
        Ok(Self { after, limit })
    }
}

/// The last thing of the page before, as `next` names it.
fn last_of(token: &str) -> Result<(Collection, i64), ApiError> {
    let parts = token.rsplit_once('.').and_then(|(kind, id)| {
        let kind = GIVEN_KINDS.iter().copied().find(|known| known.name() == kind)?;
        Some((kind, id.parse().ok()?))
    });
    let expected = Words::new("give the `next` of the page before", "请给出上一页的 next");
    parts.ok_or_else(|| ApiError::bad_parameter("after", token, expected))
}
