//! `x-cim-stale-s`: marks every answer from memory that the database does not confirm at the moment, with its age.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use cim_city::City;

use crate::answer::SNAPSHOT;

pub(crate) const STALE: HeaderName = HeaderName::from_static("x-cim-stale-s");

/// Answers that name no snapshot do not come from the mirror and are not marked.
pub(crate) async fn mark(State(city): State<City>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.headers().contains_key(SNAPSHOT)
        && let Some(age_s) = city.stale_age_s()
        && let Ok(value) = HeaderValue::from_str(&format!("{age_s:.1}"))
    {
        response.headers_mut().insert(STALE, value);
    }
    response
}
