//! Sessions: what a cookie stands for.

use cim_access::secret::SecretDigest;
use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::record::{StoredAccount, account_of};
use crate::pool::Work;
use crate::{Store, StoreError, query};

/// A session and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSession {
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// Whether the identity provider asked for a second factor.
    pub has_second_factor: bool,
    /// Whose it is, as the account is now.
    pub account: StoredAccount,
}

impl Store {
    /// Opens a session; the audit log tells of it, and wrong passwords of before are forgiven.
    pub async fn open_session(
        &self,
        account: i64,
        digest: &SecretDigest,
        has_second_factor: bool,
    ) -> Result<(), StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 3] = [
            (&account, Type::INT8),
            (&digest.as_bytes().as_slice(), Type::BYTEA),
            (&has_second_factor, Type::BOOL),
        ];
        query::SESSION_OPEN.row(&self.client_for(Work::Accounts).await?, &given).await.map(drop)
    }

    /// The session of a digest, whether it still holds or not.
    pub async fn session(&self, digest: &SecretDigest) -> Result<Option<StoredSession>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&digest.as_bytes().as_slice(), Type::BYTEA)];
        let rows = query::SESSION_FIND.rows(&self.client_for(Work::Accounts).await?, &given).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(StoredSession {
            created_at: row.get("created_at"),
            seen_at: row.get("seen_at"),
            has_second_factor: row.get("has_second_factor"),
            account: account_of(row)?,
        }))
    }

    /// A session was used.
    pub async fn see_session(&self, digest: &SecretDigest) -> Result<(), StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&digest.as_bytes().as_slice(), Type::BYTEA)];
        query::SESSION_SEE.execute(&self.client_for(Work::Accounts).await?, &given).await.map(drop)
    }

    /// Ends a session.
    pub async fn end_session(&self, digest: &SecretDigest) -> Result<(), StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&digest.as_bytes().as_slice(), Type::BYTEA)];
        query::SESSION_END.rows(&self.client_for(Work::Accounts).await?, &given).await.map(drop)
    }

    /// Forgets sessions that were begun or last used too long ago.
    pub async fn prune_sessions(&self, begun: Timestamp, seen: Timestamp) -> Result<u64, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] =
            [(&begun, Type::TIMESTAMPTZ), (&seen, Type::TIMESTAMPTZ)];
        query::SESSION_PRUNE.execute(&self.client_for(Work::Accounts).await?, &given).await
    }
}
