//! Tokens: keys for programs, made by who signs in, with part of what they may do.

use std::collections::BTreeSet;

use cim_access::Action;
use cim_access::secret::{ApiToken, TokenId};
use cim_store::{NewToken, TokenLine};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Caller;
use crate::error::refusal;
use crate::work::failed;
use crate::{City, CityError};

/// No token lives longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A token to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTokenBody {
    /// What it is for.
    pub title: String,
    /// What it may do.
    pub actions: BTreeSet<String>,
    /// Its end, at most a year from now.
    pub expires_at: Timestamp,
}

/// A token; the secret itself only in the answer that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenAnswer {
    /// The part that may be shown.
    pub id: String,
    /// What it is for.
    pub title: String,
    /// What it may do.
    pub actions: Vec<String>,
    /// RFC 3339.
    pub expires_at: String,
    /// RFC 3339; null when it was never used.
    pub used_at: Option<String>,
    /// The whole token, shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl From<TokenLine> for TokenAnswer {
    fn from(line: TokenLine) -> Self {
        Self {
            id: line.id,
            title: line.title,
            actions: line.actions,
            expires_at: line.expires_at.to_string(),
            used_at: line.used_at.map(|at| at.to_string()),
            token: None,
        }
    }
}

impl City {
    /// Makes a token of the caller's.
    pub async fn create_token(&self, caller: &Caller, body: &NewTokenBody) -> Result<TokenAnswer, CityError> {
        let refuse = |field: &str, value: &str, message: &str| {
            CityError::Refused(vec![refusal(field, value, message)])
        };
        let title = body.title.trim();
        if title.is_empty() {
            return Err(refuse("title", "", "say in `title` what the token is for"));
        }
        let now = Timestamp::now();
        if body.expires_at <= now || body.expires_at > now + LONGEST {
            let given = body.expires_at.to_string();
            return Err(refuse("expires_at", &given, "give a time in the next 365 days"));
        }
        let mut actions = BTreeSet::new();
        for name in &body.actions {
            let action: Action = name
                .parse()
                .map_err(|_unknown| refuse("actions", name, "no such action: see `actions` of /v1/me"))?;
            if action.needs_a_person() {
                return Err(refuse("actions", name, "no program may do this: it needs somebody signed in"));
            }
            caller.may(action)?;
            actions.insert(action);
        }
        let token = ApiToken::generate()
            .map_err(|source| CityError::Internal { doing: "making of a token", source: Box::new(source) })?;
        let new = NewToken {
            id: token.id(),
            digest: token.digest(),
            title: title.to_owned(),
            actions,
            expires_at: body.expires_at,
        };
        if !self.inner.store.add_api_token(caller.name(), &new, caller.name()).await.map_err(failed)? {
            // A server without accounts has nobody who could own one.
            return Err(CityError::NotSignedIn);
        }
        Ok(TokenAnswer {
            id: new.id.to_string(),
            title: new.title,
            actions: new.actions.iter().map(|action| action.name().to_owned()).collect(),
            expires_at: new.expires_at.to_string(),
            used_at: None,
            token: Some(token.reveal().to_string()),
        })
    }

    /// The caller's tokens, the latest first.
    pub async fn list_tokens(&self, caller: &Caller) -> Result<Vec<TokenAnswer>, CityError> {
        let found = self.inner.store.api_tokens(caller.name()).await.map_err(failed)?;
        Ok(found.into_iter().map(TokenAnswer::from).collect())
    }

    /// Revokes a token of the caller's.
    pub async fn revoke_token(&self, caller: &Caller, id: &str) -> Result<(), CityError> {
        let none = || CityError::NotFound { what: "token", name: id.to_owned() };
        let token = TokenId::parse(id).map_err(|_malformed| none())?;
        let revoked = self.inner.store.revoke_api_token(&token, Some(caller.name()), caller.name()).await;
        if !revoked.map_err(failed)? {
            return Err(none());
        }
        self.inner.accounts.known.forget_name(caller.name());
        Ok(())
    }
}
