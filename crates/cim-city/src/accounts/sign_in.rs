//! Signing in and out: the same answer and the same work for an unknown name as for a wrong password.

use std::sync::Arc;

use cim_access::lock_out::{self, LOCKED_FOR, Standing, WINDOW};
use cim_access::password::{self, Password, PasswordHash};
use cim_access::secret::SessionId;
use cim_store::StoredAccount;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::{AcquireError, OwnedSemaphorePermit};

use super::{Caller, MeAnswer};
use crate::load::off_the_runtime;
use crate::work::failed;
use crate::{City, CityError};

/// No account has a longer name: nothing is kept of what is none.
pub(super) const LONGEST_NAME: usize = 63;

/// A turn to hash, which ends when the last who needs it has done.
type Turn = Arc<Result<OwnedSemaphorePermit, AcquireError>>;

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
        // Held until the failure is written: whoever tries many at once is counted all the same.
        let turn = Arc::new(Arc::clone(&self.inner.accounts.hashing).acquire_owned().await);
        let now = Timestamp::now();
        let failures = store.sign_in_failures(&name, now - WINDOW - LOCKED_FOR).await.map_err(failed)?;
        if let Standing::Locked { until } = lock_out::standing(&failures, now) {
            return Err(CityError::LockedOut { until });
        }
        let account = store.account(&name).await.map_err(failed)?;
        let tried = self.tried(account, given, now, &turn).await;
        if matches!(tried, Err(CityError::SignInRefused | CityError::SecondFactorRefused))
            && name.len() <= LONGEST_NAME
        {
            store.add_sign_in_failure(&name).await.map_err(failed)?;
        }
        let account = tried?;
        // Only who knows the password learns why an account does not hold.
        self.open_session(&account, false).await
    }

    /// Opens a session of an account that holds today.
    pub(super) async fn open_session(
        &self,
        account: &StoredAccount,
        has_second_factor: bool,
    ) -> Result<SignedIn, CityError> {
        let caller = Caller::of_account(account, has_second_factor)?;
        let session = SessionId::generate().map_err(|source| CityError::Internal {
            doing: "making of a session",
            source: Box::new(source),
        })?;
        self.inner
            .store
            .open_session(account.id, &session.digest(), has_second_factor)
            .await
            .map_err(failed)?;
        Ok(SignedIn { session, me: caller.me() })
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &SessionId) -> Result<(), CityError> {
        let digest = session.digest();
        self.inner.accounts.known.forget(&digest);
        self.inner.store.end_session(&digest).await.map_err(failed)
    }

    /// The account, when password and code fit.
    async fn tried(
        &self,
        account: Option<StoredAccount>,
        given: SignIn,
        now: Timestamp,
        turn: &Turn,
    ) -> Result<StoredAccount, CityError> {
        let fits = self.is_password(account.as_ref(), Password::typed(given.password), turn).await?;
        let account = account.filter(|_| fits).ok_or(CityError::SignInRefused)?;
        self.take_second_factor(&account, given.code.as_deref(), now).await?;
        Ok(account)
    }

    /// Whether it is the account's password, kept under today's settings then; an unknown name is compared with a hash that
    /// fits nothing.
    async fn is_password(
        &self,
        account: Option<&StoredAccount>,
        typed: Password,
        turn: &Turn,
    ) -> Result<bool, CityError> {
        let stored = account.and_then(|account| account.password_hash.as_deref());
        let stored = stored.map(PasswordHash::from_stored).transpose().map_err(|source| {
            CityError::Internal { doing: "reading of a password hash", source: Box::new(source) }
        })?;
        // The work goes on when whoever asked has gone, and so does its turn.
        let turn = Arc::clone(turn);
        let (fits, renewed) = off_the_runtime(move || {
            let _turn = turn;
            let fits = password::verify(stored.as_ref().unwrap_or(password::dummy_hash()), &typed);
            let renewed = stored.as_ref().and_then(|hash| password::renewed(hash, &typed).ok().flatten());
            (fits && stored.is_some(), renewed)
        })
        .await;
        if let Some((account, hash)) = account.zip(renewed) {
            self.inner.store.rehash_password(account.id, hash.as_str()).await.map_err(failed)?;
        }
        Ok(fits)
    }

    /// Takes the code, where a second factor is enrolled.
    async fn take_second_factor(
        &self,
        account: &StoredAccount,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<(), CityError> {
        let Some(secret) = &account.totp_secret else { return Ok(()) };
        let code =
            code.map(str::trim).filter(|code| !code.is_empty()).ok_or(CityError::SecondFactorMissing)?;
        let secret = self.stored_secret(&account.name, secret)?;
        let last = account.totp_step.and_then(|step| u64::try_from(step).ok());
        let step = secret.accept(code, now, last).map_err(|_fault| CityError::SecondFactorRefused)?;
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        // Somebody else may take it at the same moment.
        let is_first = self.inner.store.use_step(account.id, step).await.map_err(failed)?;
        if is_first { Ok(()) } else { Err(CityError::SecondFactorRefused) }
    }
}
