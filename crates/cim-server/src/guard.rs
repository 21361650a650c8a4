//! The door of every address: who asks is found out, and whether they may, before a handler sees anything.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cim_access::secret::{ApiToken, SessionId};
use cim_access::{Action, Scope};
use cim_city::{Caller, CityError};

use crate::app::App;
use crate::limits::Client;
use crate::problem::ApiError;
use crate::session_cookie;

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Whoever reaches the server, which only this machine does.
    Open,
    /// Who has an account.
    Accounts,
}

/// What an address demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: it tells nothing of the city.
    Public,
    /// A role that includes the action.
    To(Action),
}

/// The door of one address.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) app: App,
    pub(crate) access: Access,
}

/// Who was let in, and what they may see with what they asked for.
#[derive(Clone)]
struct Admitted {
    caller: Arc<Caller>,
    scope: Arc<Scope>,
}

/// Lets in who may, and answers all others.
pub(crate) async fn admit(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let client = Client::of(&guard.app.front, &request);
    let admitted = match guard.access {
        Access::Public => guard.app.limits.of_address(client).map(|()| None),
        Access::To(action) => guard.admit(request.headers(), action, client).await.map(Some),
    };
    match admitted {
        Ok(admitted) => {
            if let Some(admitted) = admitted {
                request.extensions_mut().insert(admitted);
            }
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// What a request shows of who asks.
enum Credentials {
    /// The server has no accounts.
    Open,
    Token(ApiToken),
    Session(SessionId),
    /// Nothing, or nothing of ours.
    None,
}

impl Guard {
    /// A token outweighs a cookie: who sends one means it.
    fn credentials(&self, headers: &HeaderMap) -> Credentials {
        if self.app.front.door == Door::Open {
            return Credentials::Open;
        }
        match headers.get(header::AUTHORIZATION) {
            Some(given) => bearer(given).map_or(Credentials::None, Credentials::Token),
            None => session_cookie::read(headers, self.app.front.scheme.is_secure())
                .map_or(Credentials::None, Credentials::Session),
        }
    }

    async fn admit(&self, headers: &HeaderMap, action: Action, client: Client) -> Result<Admitted, ApiError> {
        let App { city, limits, .. } = &self.app;
        let caller = match self.credentials(headers) {
            Credentials::Open => Ok(Arc::new(Caller::open())),
            Credentials::Token(token) => city.caller_of_token(&token).await,
            Credentials::Session(session) => city.caller_of_session(&session).await,
            Credentials::None => Err(CityError::NotSignedIn),
        };
        let caller = match caller {
            Ok(caller) => caller,
            Err(error) => {
                // Whoever guesses keys is soon told to wait.
                limits.of_address(client)?;
                return Err(error.into());
            }
        };
        if self.app.front.door == Door::Accounts {
            limits.of_account(caller.name())?;
        }
        let scope = Arc::new(caller.may(action)?);
        Ok(Admitted { caller, scope })
    }
}

/// The token in an authorization header.
pub(crate) fn bearer(given: &HeaderValue) -> Option<ApiToken> {
    let given = given.to_str().ok()?;
    let token = given.strip_prefix("Bearer ").or_else(|| given.strip_prefix("bearer "))?;
    ApiToken::parse(token.trim()).ok()
}

/// What the caller may see with what they asked for.
pub(crate) struct Scoped(pub(crate) Arc<Scope>);

/// Who asks.
pub(crate) struct Asking(pub(crate) Arc<Caller>);

/// The name under which what is done is kept.
#[derive(Debug)]
pub(crate) struct Actor(pub(crate) String);

fn admitted(parts: &Parts) -> Result<&Admitted, ApiError> {
    // An address without a door has let nobody in.
    parts.extensions.get::<Admitted>().ok_or(ApiError::City(CityError::NotSignedIn))
}

impl<S: Sync> FromRequestParts<S> for Scoped {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(Arc::clone(&admitted(parts)?.scope)))
    }
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(Arc::clone(&admitted(parts)?.caller)))
    }
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(admitted(parts)?.caller.name().to_owned()))
    }
}

/// The session of a request that ends it.
pub(crate) struct Session(pub(crate) Option<SessionId>);

impl FromRequestParts<App> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Ok(Self(session_cookie::read(&parts.headers, app.front.scheme.is_secure())))
    }
}
