//! `/v1/session`, `/v1/me`, `/v1/second-factor`, `/v1/tokens`: signing in and out, and what is one's own.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use cim_city::{City, EnrolAnswer, EnrolBody, MeAnswer, NewTokenBody, SignIn, TokenAnswer};

use crate::app::App;
use crate::body::JsonBody;
use crate::guard::{Asking, Session};
use crate::limits::Client;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::session_cookie;

/// What belongs to one person is kept nowhere on the way.
pub(crate) const PRIVATE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(crate) async fn sign_in(
    State(app): State<App>,
    client: Client,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(given): JsonBody<SignIn>,
) -> Result<Response, ApiError> {
    app.limits.of_signing_in(client)?;
    let signed_in = app.city.sign_in(given).await?;
    let cookie = session_cookie::keep(&signed_in.session, app.front.scheme.is_secure())
        .map(|value| (header::SET_COOKIE, value));
    Ok((StatusCode::CREATED, PRIVATE, AppendHeaders(cookie), Json(signed_in.me)).into_response())
}

pub(crate) async fn sign_out(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    Session(session): Session,
) -> Result<Response, ApiError> {
    if let Some(session) = session {
        city.sign_out(&session).await?;
    }
    let forgotten = session_cookie::forget().map(|value| (header::SET_COOKIE, value));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(forgotten)).into_response())
}

pub(crate) async fn me(Asked(Nothing): Asked<Nothing>, Asking(caller): Asking) -> impl IntoResponse {
    (PRIVATE, Json::<MeAnswer>(caller.me()))
}

pub(crate) async fn propose_second_factor(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
) -> Result<impl IntoResponse, ApiError> {
    Ok((PRIVATE, Json::<EnrolAnswer>(city.propose_second_factor(&caller)?)))
}

pub(crate) async fn enrol_second_factor(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
    JsonBody(body): JsonBody<EnrolBody>,
) -> Result<StatusCode, ApiError> {
    city.enrol_second_factor(&caller, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn tokens(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
) -> Result<impl IntoResponse, ApiError> {
    Ok((PRIVATE, Json::<Vec<TokenAnswer>>(city.list_tokens(&caller).await?)))
}

pub(crate) async fn create_token(
    State(city): State<City>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
    JsonBody(body): JsonBody<NewTokenBody>,
) -> Result<impl IntoResponse, ApiError> {
    let made = city.create_token(&caller, &body).await?;
    Ok((StatusCode::CREATED, PRIVATE, Json::<TokenAnswer>(made)))
}

pub(crate) async fn revoke_token(
    State(city): State<City>,
    Path(id): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    Asking(caller): Asking,
) -> Result<StatusCode, ApiError> {
    city.revoke_token(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
