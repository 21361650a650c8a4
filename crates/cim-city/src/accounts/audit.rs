//! The audit log as auditors read it.

use cim_access::Scope;
use serde::Serialize;
use serde_json::Value;

use crate::work::failed;
use crate::{City, CityError};

/// Rows of the log, the latest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditPage {
    /// The rows.
    pub items: Vec<AuditAnswer>,
    /// Where the next page begins; null on the last.
    pub next: Option<u64>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditAnswer {
    /// Its number.
    pub seq: u64,
    /// RFC 3339.
    pub at: String,
    /// By whom.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More of it.
    pub detail: Value,
    /// SHA-256 of the row and of all before it.
    pub hash: String,
}

impl City {
    /// Rows of the audit log before one, the latest first.
    pub async fn audit(
        &self,
        _scope: &Scope,
        before: Option<i64>,
        limit: usize,
    ) -> Result<AuditPage, CityError> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self.inner.store.audit_before(before.unwrap_or(i64::MAX), most).await.map_err(failed)?;
        let items: Vec<AuditAnswer> = found
            .into_iter()
            .map(|stored| AuditAnswer {
                seq: stored.row.seq,
                at: stored.row.entry.at.to_string(),
                detail: serde_json::from_str(&stored.row.entry.detail).unwrap_or(Value::Null),
                actor: stored.row.entry.actor,
                action: stored.row.entry.action,
                subject: stored.row.entry.subject,
                hash: stored.hash.to_string(),
            })
            .collect();
        let next = items.last().filter(|_| items.len() == limit).map(|last| last.seq);
        Ok(AuditPage { items, next })
    }
}
