//! Events of cases: what happened, and what of the case changed with it.

use cim_model::{Collection, Value};
use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use crate::given::json;
use crate::pool::Work;
use crate::{Store, StoreError, Xid, query};

/// Something that happens to a case; the row changes only together with such an event.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEvent {
    /// What happens, for example `assign`.
    pub event: String,
    /// The state the caller saw; another state in the row refuses the event.
    pub from_state: String,
    /// The state after it.
    pub to_state: String,
    /// Who did it.
    pub actor: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// A remark.
    pub note: Option<String>,
    /// Fields of the case that change with it; never its state, key or geometry.
    pub set: Vec<(&'static str, Value)>,
}

/// The answer to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseEventRecorded {
    /// Written.
    Recorded {
        /// The event's id.
        event_id: i64,
        /// The writing transaction.
        xid: Xid,
    },
    /// The case is in another state than the caller saw.
    StateIs(String),
    /// There is no such case.
    NoSuchCase,
}

impl Store {
    /// Records an event of a case and changes the case's row with it.
    pub async fn append_case_event(
        &self,
        case_id: i64,
        event: &CaseEvent,
    ) -> Result<CaseEventRecorded, StoreError> {
        let changed = changed_fields(event)?;
        let statement = query::CASE_APPEND_EVENT;
        let client = self.client_for(Work::Writes).await?;
        let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
            (&case_id, Type::INT8),
            (&event.from_state, Type::TEXT),
            (&changed, Type::JSONB),
            (&event.event, Type::TEXT),
            (&event.to_state, Type::TEXT),
            (&event.actor, Type::TEXT),
            (&event.at, Type::TIMESTAMPTZ),
            (&event.note, Type::TEXT),
        ];
        let written = statement.rows_text(&client, &statement.of(Collection::Case), &parameters).await?;
        if let Some(row) = written.first() {
            return Ok(CaseEventRecorded::Recorded { event_id: row.get(0), xid: xid_of(row.get(1))? });
        }
        let found = query::CASE_STATE.rows(&client, &[(&case_id, Type::INT8)]).await?;
        Ok(found.first().map_or(CaseEventRecorded::NoSuchCase, |row| CaseEventRecorded::StateIs(row.get(0))))
    }
}

fn changed_fields(event: &CaseEvent) -> Result<serde_json::Value, StoreError> {
    let spec = Collection::Case.spec();
    let mut fields = serde_json::Map::new();
    for (name, value) in &event.set {
        let place =
            spec.position(name).filter(|_| !spec.key.contains(name) && !["state", "geom"].contains(name));
        if place.is_none() {
            return Err(wrong(name, &format!("{value:?}")));
        }
        fields.insert((*name).to_owned(), json(Collection::Case, name, value)?);
    }
    fields.insert("state".to_owned(), event.to_state.clone().into());
    Ok(fields.into())
}

fn xid_of(text: &str) -> Result<Xid, StoreError> {
    text.parse().map(Xid).map_err(|_not_a_number| crate::SnapshotError(text.to_owned()).into())
}

fn wrong(field: &'static str, value: &str) -> StoreError {
    StoreError::WrongValue { collection: Collection::Case, field, value: value.chars().take(120).collect() }
}
