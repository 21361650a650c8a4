//! Signing in and out: the same answer and the same work for an unknown name as for a wrong password.

use cim_access::lock_out::{self, LOCKED_FOR, Standing, WINDOW};
use cim_access::password::{self, Password, PasswordHash};
use cim_access::secret::SessionId;
use cim_access::totp::{TotpFault, TotpSecret};
use cim_store::StoredAccount;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Caller, MeAnswer};
use crate::load::off_the_runtime;
use crate::work::failed;
use crate::{City, CityError};

/// What somebody types to sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Their name.
    pub name: String,
    /// Their password.
    pub password: String,
    /// The six digits of the second factor, where they have one.
    pub code: Option<String>,
}

/// A session that was opened.
pub struct SignedIn {
    /// Its id, which only the cookie keeps.
    pub session: SessionId,
    /// Whose it is.
    pub me: MeAnswer,
}

impl City {
    /// Opens a session.
    pub async fn sign_in(&self, given: SignIn) -> Result<SignedIn, CityError> {
        let store = &self.inner.store;
        let name = given.name.trim().to_lowercase();
        let now = Timestamp::now();
        let failures = store.sign_in_failures(&name, now - WINDOW - LOCKED_FOR).await.map_err(failed)?;
        if let Standing::Locked { until } = lock_out::standing(&failures, now) {
            return Err(CityError::LockedOut { until });
        }
        let account = store.account(&name).await.map_err(failed)?;
        if !self.is_password(account.as_ref(), Password::typed(given.password)).await? {
            return self.refuse_sign_in(&name, CityError::SignInRefused).await;
        }
        let Some(account) = account else { return Err(CityError::SignInRefused) };
        if let Err(fault) = self.take_second_factor(&account, given.code.as_deref(), now).await? {
            return match fault {
                // Nothing was tried.
                None => Err(CityError::SecondFactorMissing),
                Some(_) => self.refuse_sign_in(&name, CityError::SecondFactorRefused).await,
            };
        }
        // Only who knows the password learns why an account does not hold.
        let caller = Caller::of_account(&account)?;
        let session = SessionId::generate().map_err(|source| CityError::Internal {
            doing: "making of a session",
            source: Box::new(source),
        })?;
        store.open_session(account.id, &session.digest()).await.map_err(failed)?;
        Ok(SignedIn { session, me: caller.me() })
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &SessionId) -> Result<(), CityError> {
        let digest = session.digest();
        self.inner.accounts.known.forget(&digest);
        self.inner.store.end_session(&digest).await.map_err(failed)
    }

    async fn refuse_sign_in(&self, name: &str, refusal: CityError) -> Result<SignedIn, CityError> {
        self.inner.store.add_sign_in_failure(name).await.map_err(failed)?;
        Err(refusal)
    }

    /// Whether it is the account's password; an unknown name is compared with a hash that fits nothing.
    async fn is_password(&self, account: Option<&StoredAccount>, typed: Password) -> Result<bool, CityError> {
        let stored = account.and_then(|account| account.password_hash.as_deref());
        let stored = stored.map(PasswordHash::from_stored).transpose().map_err(|source| {
            CityError::Internal { doing: "reading of a password hash", source: Box::new(source) }
        })?;
        let _turn = self.inner.accounts.hashing.acquire().await;
        Ok(off_the_runtime(move || {
            let fits = password::verify(stored.as_ref().unwrap_or(password::dummy_hash()), &typed);
            fits && stored.is_some()
        })
        .await)
    }

    /// Nothing where no second factor is enrolled or the code fits; otherwise what is wrong with the code, or that there is none.
    async fn take_second_factor(
        &self,
        account: &StoredAccount,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<Result<(), Option<TotpFault>>, CityError> {
        let Some(secret) = &account.totp_secret else { return Ok(Ok(())) };
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else { return Ok(Err(None)) };
        let secret = TotpSecret::from_base32(secret).map_err(|source| CityError::Internal {
            doing: "reading of a second factor",
            source: Box::new(source),
        })?;
        let last = account.totp_step.and_then(|step| u64::try_from(step).ok());
        let step = match secret.accept(code, now, last) {
            Ok(step) => i64::try_from(step).unwrap_or(i64::MAX),
            Err(fault) => return Ok(Err(Some(fault))),
        };
        let is_first = self.inner.store.use_step(account.id, step).await.map_err(failed)?;
        Ok(if is_first { Ok(()) } else { Err(Some(TotpFault::Used)) })
    }
}
