//! Answers of reads and writes, with the headers that say which state of the city they show.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

pub(crate) const SNAPSHOT: HeaderName = HeaderName::from_static("x-cim-snapshot");
pub(crate) const XID: HeaderName = HeaderName::from_static("x-cim-xid");

/// A read: JSON of one snapshot.
pub(crate) struct Read<T> {
    pub(crate) snapshot: Option<String>,
    pub(crate) body: T,
}

impl<T: Serialize> IntoResponse for Read<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        mark_snapshot(&mut response, self.snapshot.as_deref());
        response
    }
}

/// A write: what it made, and the transaction to wait for.
pub(crate) struct Written<T> {
    pub(crate) status: StatusCode,
    pub(crate) xid: Option<u64>,
    /// The state that already held everything, when nothing had to be written.
    pub(crate) snapshot: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) body: T,
}

impl<T: Serialize> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(xid) = self.xid {
            response.headers_mut().insert(XID, HeaderValue::from(xid));
        } else {
            mark_snapshot(&mut response, self.snapshot.as_deref());
        }
        if let Some(location) = self.location.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(axum::http::header::LOCATION, location);
        }
        response
    }
}

pub(crate) fn mark_snapshot(response: &mut Response, snapshot: Option<&str>) {
    if let Some(value) = snapshot.and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(SNAPSHOT, value);
    }
}
