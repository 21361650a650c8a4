//! `GET /v1/ties`: what could not be tied to a place.

use axum::extract::State;
use cim_city::{City, FailedTies};

use crate::answer::Read;
use crate::app::caller_scope;
use crate::freshness::Fresh;
use crate::params::{Asked, FromParams, Params, count_within, one_of};
use crate::problem::ApiError;

const USUAL_ITEMS: usize = 50;
const MOST_ITEMS: usize = 1_000;

pub(crate) async fn failed(
    State(city): State<City>,
    Asked(queue): Asked<Queue>,
    _fresh: Fresh,
) -> Result<Read<FailedTies>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.failed_ties(&caller_scope(), queue.after.as_deref(), queue.limit).await?;
    Ok(Read { snapshot, body })
}

/// Which page of the queue.
pub(crate) struct Queue {
    after: Option<String>,
    limit: usize,
}

impl FromParams for Queue {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        if let Some(state) = params.text("state").filter(|state| state != "failed") {
            return Err(ApiError::bad_parameter("state", &state, one_of(&["failed"])));
        }
        let limit = count_within(params, "limit", MOST_ITEMS)?.unwrap_or(USUAL_ITEMS);
        Ok(Self { after: params.text("after"), limit })
    }
}
