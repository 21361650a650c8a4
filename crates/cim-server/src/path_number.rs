//! Numbers in addresses: what is no number names nothing that there is.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::language::Words;
use crate::problem::ApiError;

/// The number in an address that has one part to fill.
#[derive(Debug)]
pub(crate) struct PathNumber<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathNumber<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = Path::<String>::from_request_parts(parts, state).await.map(|Path(text)| text);
        let text = text.unwrap_or_default();
        text.parse().map(Self).map_err(|_no_number| ApiError::NoSuchThing {
            what: "number",
            remedy: Words::new(
                format!("there is nothing with the number `{text}`"),
                format!("没有编号为“{text}”的对象"),
            ),
        })
    }
}
