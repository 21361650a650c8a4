//! `/v1/changesets/{id}/ops`, `undo`, `redo`, `rebase`, `validate`: drawing on a draft.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cim_city::{
    City, EditAnswer, OpAnswer, OperationBody, ProposalAnswer, ProposalQuery, RebaseBody, ValidationAnswer,
};

use crate::answer::{Read, Written};
use crate::body::JsonBody;
use crate::changesets::version_of;
use crate::draft_step::DraftStep;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::params::{Asked, FromParams, Nothing, Params, count_within};
use crate::path_number::PathNumber;
use crate::problem::ApiError;
use crate::things::with_version;

const MOST_STEPS: usize = 5_000;

pub(crate) async fn append(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
    JsonBody(operation): JsonBody<OperationBody>,
) -> Result<Response, ApiError> {
    let edit = city.edit_changeset(&scope, id, version, &actor, operation).await?;
    Ok(answer(StatusCode::CREATED, edit))
}

pub(crate) async fn list(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(id): PathNumber<i64>,
    Asked(Nothing): Asked<Nothing>,
) -> Result<Read<Vec<OpAnswer>>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.list_changeset_ops(&scope, id).await?;
    Ok(Read { snapshot, body })
}

pub(crate) async fn undo(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Steps(steps)): Asked<Steps>,
    DraftStep { id, version, actor }: DraftStep,
) -> Result<Response, ApiError> {
    let edit = city.undo_changeset(&scope, id, version, &actor, steps).await?;
    Ok(answer(StatusCode::OK, edit))
}

pub(crate) async fn redo(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Steps(steps)): Asked<Steps>,
    DraftStep { id, version, actor }: DraftStep,
) -> Result<Response, ApiError> {
    let edit = city.redo_changeset(&scope, id, version, &actor, steps).await?;
    Ok(answer(StatusCode::OK, edit))
}

pub(crate) async fn rebase(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
    JsonBody(body): JsonBody<RebaseBody>,
) -> Result<Response, ApiError> {
    let edit = city.rebase_changeset(&scope, id, version, &actor, body).await?;
    Ok(answer(StatusCode::OK, edit))
}

pub(crate) async fn validate(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(id): PathNumber<i64>,
    Asked(Nothing): Asked<Nothing>,
    _fresh: Fresh,
) -> Result<Response, ApiError> {
    let snapshot = city.snapshot();
    let body: ValidationAnswer = city.validate_changeset(&scope, id).await?;
    let version = version_of(&body.changeset);
    Ok(with_version(Read { snapshot, body }.into_response(), version))
}

pub(crate) async fn proposals(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(changeset): PathNumber<i64>,
    Asked(OfUnit(unit)): Asked<OfUnit>,
    _fresh: Fresh,
) -> Result<Read<ProposalAnswer>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.changeset_proposals(&scope, &ProposalQuery { changeset, unit }).await?;
    Ok(Read { snapshot, body })
}

/// The grid that is meant.
pub(crate) struct OfUnit(String);

impl FromParams for OfUnit {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        params.text("unit").map(Self).ok_or(ApiError::MissingParameter { name: "unit" })
    }
}

/// How many operations to undo or to do again; one, when not said.
pub(crate) struct Steps(usize);

impl FromParams for Steps {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        Ok(Self(count_within(params, "steps", MOST_STEPS)?.unwrap_or(1)))
    }
}

fn answer(status: StatusCode, edit: EditAnswer) -> Response {
    let (version, xid) = (version_of(&edit.changeset), edit.xid);
    with_version(Written { status, xid, snapshot: None, location: None, body: edit }.into_response(), version)
}
