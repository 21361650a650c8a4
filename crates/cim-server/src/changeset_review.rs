//! `/v1/changesets/{id}/submit`, `withdraw`, `approve`, `reject`, `publish`: the way of a draft to a revision.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cim_city::{ApproveBody, City, RejectBody};

use crate::answer::Written;
use crate::body::JsonBody;
use crate::changesets::{moved, version_of};
use crate::draft_step::DraftStep;
use crate::guard::Scoped;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::things::with_version;

pub(crate) async fn submit(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.submit_changeset(&scope, id, version, &actor).await?;
    Ok(moved(changeset, xid))
}

pub(crate) async fn withdraw(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.withdraw_changeset(&scope, id, version, &actor).await?;
    Ok(moved(changeset, xid))
}

pub(crate) async fn approve(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
    JsonBody(body): JsonBody<ApproveBody>,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.approve_changeset(&scope, id, version, &actor, body).await?;
    Ok(moved(changeset, xid))
}

pub(crate) async fn reject(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
    JsonBody(body): JsonBody<RejectBody>,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.reject_changeset(&scope, id, version, &actor, body).await?;
    Ok(moved(changeset, xid))
}

pub(crate) async fn publish(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
) -> Result<Response, ApiError> {
    let body = city.publish_changeset(&scope, id, version, &actor).await?;
    let (version, xid) = (version_of(&body.changeset), body.xid);
    let location = Some(format!("/v1/revisions/{}", body.rev));
    let written = Written { status: StatusCode::OK, xid, snapshot: None, location, body };
    Ok(with_version(written.into_response(), version))
}
