//! Around every request: its id, its log line, its figures, its problem document; a panic becomes an answer here.

use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cim_access::masking;
use futures_util::FutureExt;

use crate::language::Language;
use crate::metrics::{Metrics, RequestLabels};
use crate::problem::{ApiError, Carried};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers requests within a process; the process start keeps ids of two runs apart in one log.
#[derive(Debug)]
pub(crate) struct RequestIds {
    process: u32,
    next: AtomicU64,
}

impl Default for RequestIds {
    fn default() -> Self {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self { process: since_epoch.subsec_nanos() ^ std::process::id(), next: AtomicU64::new(1) }
    }
}

impl RequestIds {
    fn next(&self) -> String {
        format!("{:08x}-{}", self.process, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// What the layer needs: where to count and how to number.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestWatch {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) ids: Arc<RequestIds>,
}

pub(crate) async fn watch(State(watch): State<RequestWatch>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = watch.ids.next();
    let language = Language::asked_for(request.headers());
    let method = known_method(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    // A number that somebody put into an address is nobody's business.
    let path = masking::text(request.uri().path(), &[]).into_owned();
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response =
        answered.unwrap_or_else(|panic| ApiError::Panicked { message: said(&*panic) }.into_response());
    let carried = response.extensions_mut().remove::<Carried>();
    if let Some(Carried(error)) = &carried {
        write_document(&mut response, error, language, &request_id);
    }
    let duration = started.elapsed();
    log(
        &Line { request_id: &request_id, method, route: &route, path: &path, duration },
        &response,
        carried.as_ref(),
    );
    watch.metrics.record(RequestLabels { method, route, status: response.status().as_u16() }, duration);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

struct Line<'a> {
    request_id: &'a str,
    method: &'static str,
    route: &'a str,
    path: &'a str,
    duration: Duration,
}

fn log(line: &Line<'_>, response: &Response, carried: Option<&Carried>) {
    let status = response.status().as_u16();
    let duration_ms = (line.duration.as_secs_f64() * 1e6).round() / 1e3;
    let error =
        carried.map(|Carried(error)| masking::text(&chain(error), &[]).into_owned()).unwrap_or_default();
    let Line { request_id, method, route, path, .. } = line;
    match status {
        500.. if status != 503 => {
            tracing::error!(
                request.id = request_id,
                method,
                route,
                path,
                status,
                duration_ms,
                error,
                "request"
            );
        }
        503 => tracing::warn!(
            request.id = request_id,
            method,
            route,
            path,
            status,
            duration_ms,
            error,
            "request"
        ),
        400.. => tracing::info!(
            request.id = request_id,
            method,
            route,
            path,
            status,
            duration_ms,
            error,
            "request"
        ),
        // A map asks for tiles by the hundred: writing a line would cost more than the tile. Metrics count them.
        _ if route.starts_with("/tiles/") => {
            tracing::debug!(request.id = request_id, method, route, path, status, duration_ms, "request");
        }
        _ => tracing::info!(request.id = request_id, method, route, path, status, duration_ms, "request"),
    }
}

fn write_document(response: &mut Response, error: &ApiError, language: Language, request_id: &str) {
    let document = error.document(language, request_id).to_string();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(document);
}

/// The error and all it came from, in one line.
fn chain(error: &ApiError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words").to_owned()
}

/// Methods by name, so that a client cannot invent rows of metrics.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use cim_city::CityError;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str, language: &'static str) -> (Response, Value) {
        async fn panicking() {
            panic!("the secret of the house");
        }
        async fn failing() -> ApiError {
            let source = Box::new(std::io::Error::other("password=hunter2"));
            CityError::Internal { doing: "reading of a case", source }.into()
        }
        let router = Router::new()
            .route("/panic", get(panicking))
            .route("/failure", get(failing))
            .layer(from_fn_with_state(RequestWatch::default(), watch));
        let request = Request::get(path).header("accept-language", language).body(Body::empty()).unwrap();
        let mut response = router.oneshot(request).await.unwrap();
        let body = std::mem::take(response.body_mut());
        let document = serde_json::from_slice(&to_bytes(body, 10_000).await.unwrap()).unwrap();
        (response, document)
    }

    #[tokio::test]
    async fn what_went_wrong_inside_stays_inside() {
        for path in ["/panic", "/failure"] {
            let (response, document) = ask(path, "zh").await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert_eq!(document["title"], "服务器内部错误");
            assert_eq!(document["request_id"], response.headers()["x-request-id"].to_str().unwrap());
            let members: Vec<&String> = document.as_object().unwrap().keys().collect();
            assert_eq!(members, ["request_id", "status", "title", "type"], "{document}");
        }
    }

    #[test]
    fn the_log_line_names_every_cause() {
        let source = Box::new(std::io::Error::other("disk full"));
        let error = ApiError::City(CityError::Internal { doing: "reading of a case", source });
        assert_eq!(chain(&error), "not answered by the city: the reading of a case failed: disk full");
    }
}
