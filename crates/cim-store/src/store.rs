//! The store: one PostGIS database, its schema, and the small commands on it.

use cim_model::Record;
use jiff::Timestamp;

use crate::{Feed, LoadSession, Provenance, Snapshot, SnapshotReader, StoreError, Xid};

/// A PostGIS database of the city; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}

/// What bringing the schema up to date did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The names of the migrations that were applied now.
    pub applied: Vec<String>,
}

/// The answer to accepting a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedCase {
    /// The row's id.
    pub id: i64,
    /// Whether it is new; otherwise the same (`source_system`, `source_no`) was there and nothing was written.
    pub created: bool,
    /// The writing transaction, if anything was written.
    pub xid: Option<Xid>,
    /// A snapshot that sees the row.
    pub snapshot: Snapshot,
}

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
    /// Fields of the case that change with it (never `state`, the key or `geom`).
    pub set: Vec<(&'static str, cim_model::Value)>,
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
    /// Opens a database by its address, for example `postgres://cim@localhost/cim` or `ClusterHandle::connection_string`.
    pub async fn connect(connection_string: &str) -> Result<Self, StoreError> {
        unimplemented!("{connection_string}")
    }

    /// Brings the schema up to date, re-asserts the feed's triggers and seeds the code tables; safe to repeat.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        unimplemented!()
    }

    /// Opens the one load that may run at a time: everything it writes is committed together or not at all.
    pub async fn begin_load(&self, provenance: Provenance) -> Result<LoadSession, StoreError> {
        unimplemented!("{provenance:?}")
    }

    /// Opens one snapshot of everything to read from.
    pub async fn open_snapshot(&self) -> Result<SnapshotReader, StoreError> {
        unimplemented!()
    }

    /// Opens a feed of changes; its first poll says that everything is to be read.
    pub async fn feed(&self) -> Result<Feed, StoreError> {
        unimplemented!()
    }

    /// Writes a new case, or answers with the one that has the same source number.
    pub async fn accept_case(&self, case: &Record) -> Result<AcceptedCase, StoreError> {
        unimplemented!("{case:?}")
    }

    /// Records an event of a case and changes the case's row with it.
    pub async fn append_case_event(&self, case_id: i64, event: &CaseEvent) -> Result<CaseEventRecorded, StoreError> {
        unimplemented!("{case_id} {event:?}")
    }
}
