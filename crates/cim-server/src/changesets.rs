//! `/v1/changesets`: begin a draft of boundaries, list, look at it, give it up, and say something about it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cim_city::{
    ChangesetAnswer, ChangesetPage, ChangesetState, City, CommentAnswer, ListChangesets, NewChangeset,
    NewCommentBody,
};

use crate::answer::{Read, Written};
use crate::body::JsonBody;
use crate::draft_step::DraftStep;
use crate::freshness::Fresh;
use crate::guard::{Actor, Scoped};
use crate::language::Words;
use crate::params::{Asked, FromParams, Nothing, Params, count_within, one_of};
use crate::path_number::PathNumber;
use crate::problem::ApiError;
use crate::things::with_version;

const USUAL_PAGE: usize = 50;
const MOST_PAGE: usize = 500;
const STATES: [&str; 6] = ["draft", "submitted", "approved", "rejected", "published", "abandoned"];

pub(crate) async fn create(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    Actor(actor): Actor,
    JsonBody(new): JsonBody<NewChangeset>,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.create_changeset(&scope, &actor, new).await?;
    Ok(created(changeset, xid))
}

pub(crate) async fn list(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Listed(list)): Asked<Listed>,
) -> Result<Read<ChangesetPage>, ApiError> {
    let body = city.list_changesets(&scope, &list).await?;
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) async fn get(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(id): PathNumber<i64>,
    Asked(Nothing): Asked<Nothing>,
    _fresh: Fresh,
) -> Result<Response, ApiError> {
    let snapshot = city.snapshot();
    let body = city.get_changeset(&scope, id).await?;
    let version = version_of(&body.changeset);
    Ok(with_version(Read { snapshot, body }.into_response(), version))
}

pub(crate) async fn abandon(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    DraftStep { id, version, actor }: DraftStep,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.abandon_changeset(&scope, id, version, &actor).await?;
    Ok(moved(changeset, xid))
}

pub(crate) async fn comment(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(id): PathNumber<i64>,
    Asked(Nothing): Asked<Nothing>,
    Actor(actor): Actor,
    JsonBody(body): JsonBody<NewCommentBody>,
) -> Result<Written<CommentAnswer>, ApiError> {
    let (body, xid) = city.comment_on_changeset(&scope, id, &actor, body).await?;
    Ok(Written { status: StatusCode::CREATED, xid, snapshot: None, location: None, body })
}

/// Which drafts to list.
pub(crate) struct Listed(ListChangesets);

impl FromParams for Listed {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let token = Words::new("give the `next` of the page before", "请给出上一页的 next");
        let before = params.optional("after", token)?;
        let limit = count_within(params, "limit", MOST_PAGE)?.unwrap_or(USUAL_PAGE);
        let state = match params.text("state") {
            None => None,
            Some(text) => Some(
                ChangesetState::from_name(&text)
                    .ok_or_else(|| ApiError::bad_parameter("state", &text, one_of(&STATES)))?,
            ),
        };
        Ok(Self(ListChangesets { before, limit, state, author: params.text("author") }))
    }
}

pub(crate) fn version_of(changeset: &ChangesetAnswer) -> u32 {
    changeset.version.unsigned_abs()
}

/// A draft that was begun.
pub(crate) fn created(changeset: ChangesetAnswer, xid: Option<u64>) -> Response {
    let (version, location) = (version_of(&changeset), Some(format!("/v1/changesets/{}", changeset.id)));
    let written = Written { status: StatusCode::CREATED, xid, snapshot: None, location, body: changeset };
    with_version(written.into_response(), version)
}

/// A draft that took a step.
pub(crate) fn moved(changeset: ChangesetAnswer, xid: Option<u64>) -> Response {
    let version = version_of(&changeset);
    let written = Written { status: StatusCode::OK, xid, snapshot: None, location: None, body: changeset };
    with_version(written.into_response(), version)
}
