//! The audit log: adding to it and reading it.

use cim_access::audit_chain::{AuditEntry, AuditRow, RowHash};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::pool::{RunsStatements, Work};
use crate::{Store, StoreError, query};

/// A row of the log and the hash that is stored with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAudit {
    /// The row.
    pub row: AuditRow,
    /// Its hash, as it was written.
    pub hash: RowHash,
}

impl Store {
    /// Tells the audit log that somebody did something to something.
    pub async fn append_audit(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &serde_json::Value,
    ) -> Result<(), StoreError> {
        append(&self.client_for(Work::Accounts).await?, actor, action, subject, detail).await
    }

    /// Rows after a number, the oldest first.
    pub async fn audit_after(&self, seq: i64, limit: i64) -> Result<Vec<StoredAudit>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&seq, Type::INT8), (&limit, Type::INT8)];
        query::AUDIT_PAGE
            .rows(&self.client_for(Work::Accounts).await?, &given)
            .await?
            .iter()
            .map(audit_of)
            .collect()
    }

    /// Rows before a number, the latest first.
    pub async fn audit_before(&self, seq: i64, limit: i64) -> Result<Vec<StoredAudit>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&seq, Type::INT8), (&limit, Type::INT8)];
        query::AUDIT_LATEST
            .rows(&self.client_for(Work::Accounts).await?, &given)
            .await?
            .iter()
            .map(audit_of)
            .collect()
    }
}

/// Adds a row in the transaction of the connection, which holds back whoever else adds one until it ends.
pub(crate) async fn append(
    client: &impl RunsStatements,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &serde_json::Value,
) -> Result<(), StoreError> {
    let given: [(&(dyn ToSql + Sync), Type); 4] = [
        (&actor, Type::TEXT),
        (&action, Type::TEXT),
        (&subject, Type::TEXT),
        (&detail.to_string(), Type::TEXT),
    ];
    query::AUDIT_APPEND.row(client, &given).await.map(drop)
}

fn audit_of(row: &Row) -> Result<StoredAudit, StoreError> {
    let hash = |column: &'static str| {
        let bytes = <[u8; 32]>::try_from(row.get::<_, &[u8]>(column));
        bytes
            .map(RowHash::from_bytes)
            .map_err(|_length| StoreError::UnknownWord { column, word: "…".to_owned() })
    };
    let entry = AuditEntry {
        at: row.get("at"),
        actor: row.get("actor"),
        action: row.get("action"),
        subject: row.get("subject"),
        detail: row.get("detail"),
    };
    let seq: i64 = row.get("seq");
    Ok(StoredAudit {
        row: AuditRow { seq: seq.unsigned_abs(), entry, prev_hash: hash("prev_hash")? },
        hash: hash("hash")?,
    })
}
