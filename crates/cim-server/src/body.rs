//! Request bodies, read within their limits and parsed into types.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;

use crate::language::Words;
use crate::problem::ApiError;
use crate::routes::BATCH_BODY_BYTES;

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
        let bytes = read_within(request, most_bytes.min(BATCH_BODY_BYTES)).await?;
        if bytes.len() > most_bytes {
            return Err(too_long());
        }
        // A list would be taken for the fields in their order, and an empty one for an object without any.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(unreadable("the body is no JSON object", "请求体不是 JSON 对象"));
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

/// A body of which nothing arrives for so long has been given up by whoever sent it.
const PATIENCE: Duration = Duration::from_secs(10);

/// So much is gathered at once.
const GATHERED_BYTES: usize = 64 * 1024;
/// Of a body that is too long, so much is read and forgotten.
const MOST_FORGOTTEN: usize = 2 * BATCH_BODY_BYTES;

/// The whole body, within the route's limit.
pub(crate) async fn read_bytes(request: Request) -> Result<Bytes, ApiError> {
    read_within(request, BATCH_BODY_BYTES).await
}

/// The same; nothing is kept of a body that says beforehand that it is longer.
async fn read_within(request: Request, most_bytes: usize) -> Result<Bytes, ApiError> {
    let least = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
    if least > most_bytes {
        forget(request.into_body()).await;
        return Err(too_long());
    }
    Bytes::from_request(request.map(patient), &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_long()
        } else {
            unreadable(&rejection.body_text(), "请求体未完整到达")
        }
    })
}

/// Reads what is not kept: a connection that is closed over unread bytes is reset, and the answer lost with it.
async fn forget(body: Body) {
    let mut chunks = patient(body).into_data_stream();
    let mut left = MOST_FORGOTTEN;
    while let Some(Ok(chunk)) = chunks.next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            return;
        }
    }
}

/// The same body, which fails when it stops arriving. Each chunk is kept with some bytes of its own until the body is
/// whole: what comes byte by byte is gathered, or a megabyte would take some fifty.
fn patient(body: Body) -> Body {
    Body::from_stream(stream::unfold(body.into_data_stream(), async |mut chunks: BodyDataStream| {
        let mut gathered = Vec::new();
        loop {
            let next = tokio::time::timeout(PATIENCE, chunks.next()).await;
            match next.unwrap_or_else(|late| Some(Err(axum::Error::new(late)))) {
                Some(Ok(chunk)) => gathered.extend_from_slice(&chunk),
                Some(Err(error)) => return Some((Err(error), chunks)),
                None if gathered.is_empty() => return None,
                None => return Some((Ok(Bytes::from(gathered)), chunks)),
            }
            if gathered.len() >= GATHERED_BYTES {
                return Some((Ok(Bytes::from(gathered)), chunks));
            }
        }
    }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_byte_by_byte_is_gathered() {
        let bytes = stream::iter((0..200_000).map(|_| Ok::<_, axum::Error>(Bytes::from_static(b"["))));
        let chunks: Vec<Bytes> =
            patient(Body::from_stream(bytes)).into_data_stream().map(Result::unwrap).collect().await;
        assert_eq!(chunks.len(), 4);
        assert_eq!(chunks.iter().map(Bytes::len).sum::<usize>(), 200_000);
    }

    #[tokio::test]
    async fn of_a_body_that_says_that_it_is_too_long_nothing_is_kept() {
        let request = Request::new(Body::from(vec![b' '; 1_000]));
        assert!(matches!(read_within(request, 999).await, Err(ApiError::TooMuch { .. })));
        let request = Request::new(Body::from(vec![b' '; 1_000]));
        assert_eq!(read_within(request, 1_000).await.unwrap().len(), 1_000);
    }

    #[tokio::test]
    async fn a_list_is_no_object() {
        for body in ["[]", "[1]", "", " null"] {
            let request = Request::builder().header(header::CONTENT_TYPE, "application/json");
            let read = JsonBody::<std::collections::BTreeMap<String, u8>>::read;
            assert!(read(request.body(Body::from(body)).unwrap(), 1_000).await.is_err(), "{body}");
        }
    }
}
