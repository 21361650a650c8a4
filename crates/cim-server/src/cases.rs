//! `/v1/cases`: take a case in, look at it, move it on.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use cim_city::{AcceptCase, CaseAnswer, CaseEventCommand, CaseWritten, City};

use crate::answer::{Read, Written};
use crate::app::caller_scope;
use crate::body::JsonBody;
use crate::freshness::Fresh;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;

pub(crate) async fn accept(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(case): JsonBody<AcceptCase>,
) -> Result<Written<CaseWritten>, ApiError> {
    let written = city.accept_case(&caller_scope(), case).await?;
    Ok(answer(&city, written))
}

pub(crate) async fn get(
    State(city): State<City>,
    Path(case_no): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    _fresh: Fresh,
) -> Result<Read<CaseAnswer>, ApiError> {
    // Asked before the case is read: the answer is never older than the snapshot that it names.
    let snapshot = city.snapshot();
    let body = city.get_case(&caller_scope(), &case_no).await?;
    Ok(Read { snapshot, body })
}

pub(crate) async fn append_event(
    State(city): State<City>,
    Path(case_no): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(event): JsonBody<CaseEventCommand>,
) -> Result<Written<CaseWritten>, ApiError> {
    let written = city.append_case_event(&caller_scope(), &case_no, event).await?;
    Ok(answer(&city, written))
}

fn answer(city: &City, written: CaseWritten) -> Written<CaseWritten> {
    let location = written.created.then(|| format!("/v1/cases/{}", written.case.case_no));
    let status = if written.created { StatusCode::CREATED } else { StatusCode::OK };
    // The mirror may not have seen yet what the database already had.
    let snapshot = written.snapshot.clone().or_else(|| city.snapshot());
    Written { status, xid: written.xid, snapshot, location, body: written }
}
