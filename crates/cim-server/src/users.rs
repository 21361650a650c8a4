//! `/v1/users`, `/v1/set-up`, `/v1/invitation`: accounts as administrators see them, and how they begin.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use cim_city::{
    AddedUser, ChangedUser, City, GrantedMembership, InvitationAnswer, Named, SetUpAnswer, SetUpBody,
    TakenInvitation, UserAnswer,
};
use serde::Deserialize;

use crate::account::PRIVATE;
use crate::app::App;
use crate::body::JsonBody;
use crate::guard::Asking;
use crate::limits::Client;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::session_cookie;

/// A body that says nothing more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Empty {}

pub(crate) async fn set_up(
    State(app): State<App>,
    client: Client,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(body): JsonBody<SetUpBody>,
) -> Result<impl IntoResponse, ApiError> {
    app.limits.of_signing_in(client)?;
    Ok((StatusCode::CREATED, PRIVATE, Json::<SetUpAnswer>(app.city.set_up(body).await?)))
}

pub(crate) async fn take_invitation(
    State(app): State<App>,
    client: Client,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(given): JsonBody<TakenInvitation>,
) -> Result<Response, ApiError> {
    app.limits.of_signing_in(client)?;
    let signed_in = app.city.take_invitation(given).await?;
    let cookie = session_cookie::keep(&signed_in.session, app.front.scheme.is_secure())
        .map(|value| (header::SET_COOKIE, value));
    Ok((StatusCode::CREATED, PRIVATE, AppendHeaders(cookie), Json(signed_in.me)).into_response())
}

pub(crate) async fn list(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
) -> Result<impl IntoResponse, ApiError> {
    Ok((PRIVATE, Json::<Vec<UserAnswer>>(city.list_users().await?)))
}

pub(crate) async fn add(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
    JsonBody(named): JsonBody<Named>,
) -> Result<impl IntoResponse, ApiError> {
    Ok((StatusCode::CREATED, PRIVATE, Json::<AddedUser>(city.add_user(&caller, named).await?)))
}

pub(crate) async fn invite(
    State(city): State<City>,
    Path(name): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
    JsonBody(Empty {}): JsonBody<Empty>,
) -> Result<impl IntoResponse, ApiError> {
    Ok((StatusCode::CREATED, PRIVATE, Json::<InvitationAnswer>(city.invite(&caller, &name).await?)))
}

pub(crate) async fn change(
    State(city): State<City>,
    Path(name): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
    JsonBody(change): JsonBody<ChangedUser>,
) -> Result<impl IntoResponse, ApiError> {
    Ok((PRIVATE, Json::<UserAnswer>(city.change_user(&caller, &name, change).await?)))
}

pub(crate) async fn grant(
    State(city): State<City>,
    Path(name): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
    JsonBody(granted): JsonBody<GrantedMembership>,
) -> Result<impl IntoResponse, ApiError> {
    Ok((PRIVATE, Json::<UserAnswer>(city.grant_membership(&caller, &name, granted).await?)))
}

pub(crate) async fn remove_second_factor(
    State(city): State<City>,
    Path(name): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
) -> Result<StatusCode, ApiError> {
    city.remove_second_factor(&caller, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
