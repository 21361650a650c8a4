//! `/v1/session/oidc`: to the district's identity provider and back, and how one signs in here at all.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use cim_city::{CityError, FederationRefusal, SignedIn};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::PRIVATE;
use crate::app::{App, SignInElsewhere};
use crate::guard::Door;
use crate::limits::Client;
use crate::oidc::{ProviderError, forget};
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::session_cookie;

/// How one signs in.
#[derive(Serialize)]
pub(crate) struct WaysIn {
    /// The district's own sign-in; null where there is none.
    oidc: Option<Titled>,
    /// Whether there are no accounts yet.
    set_up: bool,
}

#[derive(Serialize)]
struct Titled {
    /// What stands on the button.
    title: String,
}

pub(crate) async fn ways_in(
    State(app): State<App>,
    Asked(Nothing): Asked<Nothing>,
) -> Result<impl IntoResponse, ApiError> {
    let oidc = app.elsewhere.as_ref().map(|way| Titled { title: way.provider.options().title.clone() });
    let set_up = app.front.door == Door::Accounts && app.city.has_no_accounts().await?;
    Ok((PRIVATE, Json(WaysIn { oidc, set_up })))
}

pub(crate) async fn leave(
    State(app): State<App>,
    client: Client,
    Asked(Nothing): Asked<Nothing>,
) -> Result<Response, ApiError> {
    app.limits.of_signing_in(client)?;
    let way = elsewhere(&app)?;
    let asked = Arc::clone(&way.provider);
    Ok(match on_its_own_thread(move || asked.way_there()).await {
        Ok((url, transit)) => to(url, [way.seal.keep(&transit, app.front.scheme.is_secure())]),
        Err(error) => {
            tracing::warn!(%error, "nobody can sign in by the identity provider");
            to(NotSignedIn::from(error).page(), [None])
        }
    })
}

/// What the provider sends people back with; whatever else it adds is nothing to us.
#[derive(Deserialize)]
pub(crate) struct Returned {
    code: Option<String>,
    state: Option<String>,
}

pub(crate) async fn come_back(
    State(app): State<App>,
    client: Client,
    Query(returned): Query<Returned>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    app.limits.of_signing_in(client)?;
    let is_tls = app.front.scheme.is_secure();
    let way = elsewhere(&app)?;
    let forgotten = Some(forget(is_tls));
    Ok(match signed_in(&app, way, returned, &headers).await {
        Ok(signed_in) => to("/", [forgotten, session_cookie::keep(&signed_in.session, is_tls)]),
        Err(why) => {
            tracing::info!(why = why.name(), reason = %why, "nobody was signed in by the identity provider");
            to(why.page(), [forgotten, None])
        }
    })
}

/// Why somebody comes back and is not signed in.
#[derive(Debug, thiserror::Error)]
enum NotSignedIn {
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error("the answer belongs to no sign-in that was begun here in the last minutes")]
    NotBegun,
    #[error("the identity provider says no")]
    SaidNo,
    #[error(transparent)]
    Account(#[from] FederationRefusal),
}

impl NotSignedIn {
    /// What the sign-in page is told.
    fn name(&self) -> &'static str {
        match self {
            Self::Provider(ProviderError::Refused(_)) | Self::NotBegun | Self::SaidNo => "refused",
            Self::Account(FederationRefusal::UnknownAccount) => "unknown_account",
            Self::Account(FederationRefusal::SecondFactor) => "second_factor",
            Self::Account(FederationRefusal::NoGroup | FederationRefusal::City(CityError::NotAMember(_))) => {
                "not_allowed"
            }
            Self::Provider(ProviderError::Unavailable(_)) | Self::Account(FederationRefusal::City(_)) => {
                "unavailable"
            }
        }
    }

    fn page(&self) -> String {
        format!("/?sign_in={}", self.name())
    }
}

async fn signed_in(
    app: &App,
    way: &SignInElsewhere,
    returned: Returned,
    headers: &HeaderMap,
) -> Result<SignedIn, NotSignedIn> {
    let transit = way.seal.read(headers, app.front.scheme.is_secure(), Timestamp::now());
    // Another site may send a browser here with an answer of its own: only the one that was asked for counts.
    let transit = transit.filter(|transit| returned.state.as_ref() == Some(&transit.state));
    let transit = transit.ok_or(NotSignedIn::NotBegun)?;
    let code = returned.code.ok_or(NotSignedIn::SaidNo)?;
    let asked = Arc::clone(&way.provider);
    let person = on_its_own_thread(move || asked.person(code, transit)).await?;
    Ok(app.city.sign_in_federated(&way.provider.options().rules, person).await?)
}

async fn on_its_own_thread<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, ProviderError> + Send + 'static,
) -> Result<T, ProviderError> {
    let asked = tokio::task::spawn_blocking(ask).await;
    asked.unwrap_or_else(|gone| Err(ProviderError::Unavailable(gone.to_string())))
}

fn elsewhere(app: &App) -> Result<&SignInElsewhere, ApiError> {
    let none = CityError::NotFound { what: "sign-in", name: "oidc".to_owned() };
    app.elsewhere.as_deref().ok_or(ApiError::City(none))
}

fn to<const N: usize>(address: impl AsRef<str>, cookies: [Option<HeaderValue>; N]) -> Response {
    let mut response = (PRIVATE, Redirect::to(address.as_ref())).into_response();
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
