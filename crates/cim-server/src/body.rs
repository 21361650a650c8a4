//! Request bodies, read within their limits and parsed into types.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::language::Words;
use crate::problem::ApiError;

/// A JSON body. The limit is the route's `DefaultBodyLimit`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        Self::read(request, usize::MAX).await
    }
}

impl<T: DeserializeOwned> JsonBody<T> {
    /// Reads the body of a request whose handler looked at its type first.
    pub(crate) async fn read(request: Request, most_bytes: usize) -> Result<Self, ApiError> {
        expect_type(request.headers(), &["application/json"], "application/json")?;
        let bytes = read_bytes(request).await?;
        if bytes.len() > most_bytes {
            return Err(too_long());
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let told = without_values(&error);
            unreadable(&told, &format!("JSON 无法识别：{told}"))
        })
    }
}

/// What is wrong with a body, without repeating a value: it may be somebody's name.
pub(crate) fn without_values(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let Some((what, expected)) = told.split_once(", expected ") else { return told };
    let kind = what.split([' ', ':']).take(2).collect::<Vec<_>>().join(" ");
    let named = what.split('`').nth(1).filter(|_| kind.starts_with("unknown"));
    let is_plain =
        |name: &&str| name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    match named.filter(is_plain) {
        Some(name) => format!("{kind} `{name}`, expected {expected}"),
        None => format!("{kind}, expected {expected}"),
    }
}

/// The whole body, within the route's limit.
pub(crate) async fn read_bytes(request: Request) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_long()
        } else {
            unreadable(&rejection.body_text(), "请求体未完整到达")
        }
    })
}

/// Whether the content type is one of ours. Asking for it keeps other sites' forms out, which cannot set it.
pub(crate) fn expect_type(
    headers: &HeaderMap,
    accepted: &[&str],
    expected: &'static str,
) -> Result<(), ApiError> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if accepted.contains(&essence.as_str()) {
        Ok(())
    } else {
        Err(ApiError::UnsupportedMediaType { given: given.to_owned(), expected })
    }
}

fn too_long() -> ApiError {
    ApiError::TooMuch {
        remedy: Words::new("the body is too long: send less at once", "请求体过大，请分批发送"),
    }
}

fn unreadable(english: &str, chinese: &str) -> ApiError {
    ApiError::BadBody { reason: Words::new(english, chinese) }
}
