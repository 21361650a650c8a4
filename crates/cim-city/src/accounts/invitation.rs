//! Invitations: a link with which somebody chooses a password once, at first or when it was forgotten.

use std::sync::Arc;

use cim_access::password::{HashFault, NewPassword, Password};
use cim_access::secret::Secret;
use cim_store::{NewInvitation, Store};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Caller, SignedIn};
use crate::error::refusal;
use crate::load::off_the_runtime;
use crate::work::failed;
use crate::{City, CityError};

/// So long a link holds.
const HOLDS: SignedDuration = SignedDuration::from_hours(72);
/// Words that are no secret in a district.
pub const LOCAL_WORDS: [&str; 4] = ["haimen", "nantong", "cim", "海门"];

/// The key of a link, and the password that is chosen with it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenInvitation {
    /// What stands behind `#` in the link.
    pub key: String,
    /// The password.
    pub password: String,
}

/// A link to be passed on to one person; it is shown once.
#[derive(Serialize)]
pub struct InvitationAnswer {
    /// Whose account it is.
    pub name: String,
    /// Its role.
    pub role: String,
    /// The path of the link, with its key behind `#`, where no log on the way sees it.
    pub link: String,
    /// RFC 3339.
    pub expires_at: String,
}

/// An invitation before it is stored.
pub(super) struct Drawn {
    key: Secret,
    pub(super) stored: NewInvitation,
}

impl Drawn {
    pub(super) fn new() -> Result<Self, CityError> {
        let key = Secret::generate().map_err(|source| CityError::Internal {
            doing: "making of an invitation",
            source: Box::new(source),
        })?;
        let stored = NewInvitation { digest: key.digest(), expires_at: Timestamp::now() + HOLDS };
        Ok(Self { key, stored })
    }

    pub(super) fn answer(&self, name: String, role: String) -> InvitationAnswer {
        let link = format!("/invitation#{}", *self.key.reveal());
        InvitationAnswer { name, role, link, expires_at: self.stored.expires_at.to_string() }
    }
}

impl City {
    /// Chooses the password of an account that was invited, and signs in, unless a second factor has to be given too.
    pub async fn take_invitation(&self, given: TakenInvitation) -> Result<SignedIn, CityError> {
        let store = &self.inner.store;
        let digest = Secret::parse(&given.key).map_err(|_malformed| CityError::LinkRefused)?.digest();
        let name = store.invited(&digest).await.map_err(failed)?.ok_or(CityError::LinkRefused)?;
        let hash = self.chosen(&name, given.password).await?;
        if !store.take_invitation(&digest, &hash).await.map_err(failed)? {
            return Err(CityError::LinkRefused);
        }
        self.inner.accounts.known.forget_name(&name);
        let account = store.account(&name).await.map_err(failed)?.ok_or(CityError::LinkRefused)?;
        if account.totp_secret.is_some() {
            return Err(CityError::SecondFactorMissing);
        }
        self.open_session(&account, false).await
    }

    /// The hash of a password that may be chosen.
    async fn chosen(&self, name: &str, password: String) -> Result<String, CityError> {
        let refuse = |message: &str| CityError::Refused(vec![refusal("password", "", message)]);
        let chosen = Password::typed(password).chosen_for(name, &LOCAL_WORDS);
        let chosen: NewPassword = chosen.map_err(|fault| refuse(&fault.to_string()))?;
        let turn = Arc::clone(&self.inner.accounts.hashing).acquire_owned().await;
        let hashed = off_the_runtime(move || {
            let _turn = turn;
            chosen.hash()
        });
        hashed.await.map(|hash| hash.as_str().to_owned()).map_err(|source: HashFault| CityError::Internal {
            doing: "hashing of a password",
            source: Box::new(source),
        })
    }

    /// Invites somebody who has an account.
    pub async fn invite(&self, caller: &Caller, name: &str) -> Result<InvitationAnswer, CityError> {
        let invited = invite(&self.inner.store, name, caller.name()).await?;
        invited.ok_or_else(|| super::users::no_user(name))
    }
}

/// Invites somebody who has an account; none where there is no such account.
pub async fn invite(store: &Store, name: &str, actor: &str) -> Result<Option<InvitationAnswer>, CityError> {
    let drawn = Drawn::new()?;
    let role = store.invite(name, &drawn.stored, actor).await.map_err(failed)?;
    Ok(role.map(|role| drawn.answer(name.to_owned(), role)))
}
