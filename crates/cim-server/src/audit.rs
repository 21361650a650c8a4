//! `/v1/audit`: what was done by whom, the latest first.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use cim_city::{AuditPage, City};

use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, count_within};
use crate::problem::ApiError;

const USUAL_PAGE: usize = 100;
const MOST_PAGE: usize = 1_000;

pub(crate) async fn list(
    State(city): State<City>,
    Asked(Listed { after, limit }): Asked<Listed>,
    Scoped(scope): Scoped,
) -> Result<impl IntoResponse, ApiError> {
    let page: AuditPage = city.audit(&scope, after, limit).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

/// Which rows to list.
pub(crate) struct Listed {
    after: Option<i64>,
    limit: usize,
}

impl FromParams for Listed {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let token = Words::new("give the `next` of the page before", "请给出上一页的 next");
        let after = params.optional("after", token)?;
        Ok(Self { after, limit: count_within(params, "limit", MOST_PAGE)?.unwrap_or(USUAL_PAGE) })
    }
}
