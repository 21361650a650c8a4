//! Reading the history of a case.

use jiff::Timestamp;
use tokio_postgres::types::Type;

use crate::{Store, StoreError, query};

/// One event of a case as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCaseEvent {
    /// What happened.
    pub event: String,
    /// The state before; none for the first event.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: String,
    /// Who did it.
    pub actor: Option<String>,
    /// When.
    pub at: Timestamp,
    /// A remark.
    pub note: Option<String>,
    /// The other fields of the case that changed with it.
    pub changed: serde_json::Value,
}

impl Store {
    /// The events of a case, oldest first.
    pub async fn case_events(&self, id: i64) -> Result<Vec<StoredCaseEvent>, StoreError> {
        let client = self.client().await?;
        let rows = query::CASE_EVENTS.rows(&client, &[(&id, Type::INT8)]).await?;
        Ok(rows
            .iter()
            .map(|row| StoredCaseEvent {
                event: row.get(1),
                from_state: row.get(2),
                to_state: row.get(3),
                actor: row.get(4),
                at: row.get(5),
                note: row.get(6),
                changed: row.get(7),
            })
            .collect())
    }
}
