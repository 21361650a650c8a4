//! Pages of other sites that may ask: those that were named, with tokens and never with our cookie.

use axum::http::{HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::front::Front;

/// What such a page may send.
const ASKED_WITH: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    HeaderName::from_static("x-cim-min-xid"),
    HeaderName::from_static("last-event-id"),
];
/// What it may read of an answer beside its body.
const TOLD: [HeaderName; 5] = [
    header::ETAG,
    header::RETRY_AFTER,
    HeaderName::from_static("x-cim-snapshot"),
    HeaderName::from_static("x-cim-xid"),
    HeaderName::from_static("x-request-id"),
];

/// Lets the pages of the allowed sites ask; none where no site was named.
pub(crate) fn layer(front: &Front) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> =
        front.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
            .allow_headers(ASKED_WITH)
            .expose_headers(TOLD)
            .max_age(Duration::from_hours(1))
    })
}
