//! `/v1/cases`: take a case in, look at it, move it on.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use cim_city::{AcceptCase, CaseEventCommand, CaseWritten, City};

use crate::answer::{Read, Written};
use crate::body::JsonBody;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::routes::SHORT_BODY_BYTES;
use crate::things::{Cases, is_batch, take_in_batch, with_version};

/// One as JSON, or a batch as NDJSON.
pub(crate) async fn accept(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    if is_batch(&headers) {
        return take_in_batch::<Cases>(&city, &scope, request).await;
    }
    let JsonBody(case) = JsonBody::<AcceptCase>::read(request, SHORT_BODY_BYTES).await?;
    let written = city.accept_case(&scope, case).await?;
    Ok(answer(&city, written))
}

pub(crate) async fn get(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(case_no): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    _fresh: Fresh,
) -> Result<Response, ApiError> {
    // Asked before the case is read: the answer is never older than the snapshot that it names.
    let snapshot = city.snapshot();
    let body = city.get_case(&scope, &case_no).await?;
    let version = body.version;
    Ok(with_version(Read { snapshot, body }.into_response(), version))
}

pub(crate) async fn append_event(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(case_no): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(event): JsonBody<CaseEventCommand>,
) -> Result<Response, ApiError> {
    let written = city.append_case_event(&scope, &case_no, event).await?;
    Ok(answer(&city, written))
}

fn answer(city: &City, written: CaseWritten) -> Response {
    let location = written.created.then(|| format!("/v1/cases/{}", written.case.case_no));
    let status = if written.created { StatusCode::CREATED } else { StatusCode::OK };
    // The mirror may not have seen yet what the database already had.
    let snapshot = written.snapshot.clone().or_else(|| city.snapshot());
    let version = written.case.version;
    with_version(
        Written { status, xid: written.xid, snapshot, location, body: written }.into_response(),
        version,
    )
}
