//! A step of a draft as it is asked for: which draft, the version that the caller read, and who asks.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::guard::Actor;
use crate::path_number::PathNumber;
use crate::problem::ApiError;
use crate::things::version_seen;

/// What every step of a draft names.
#[derive(Debug)]
pub(crate) struct DraftStep {
    pub(crate) id: i64,
    pub(crate) version: i32,
    pub(crate) actor: String,
}

impl<S: Send + Sync> FromRequestParts<S> for DraftStep {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let PathNumber(id) = PathNumber::from_request_parts(parts, state).await?;
        let Actor(actor) = Actor::from_request_parts(parts, state).await?;
        // No draft has so many versions: it is none that was read.
        let version = i32::try_from(version_seen(&parts.headers)?).unwrap_or(-1);
        Ok(Self { id, version, actor })
    }
}
