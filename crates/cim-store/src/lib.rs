#![doc = include_str!("../README.md")]

mod account;
mod audit;
mod camera;
mod case_event;
mod case_history;
mod changeset;
mod check;
mod cluster;
mod collection_sql;
mod connection;
mod copy_format;
mod error;
mod ewkb;
mod feed;
#[doc(hidden)]
pub mod fuzz;
mod given;
mod hexadecimal;
mod load;
mod person;
mod pool;
mod query;
mod read;
mod row;
mod schema;
mod snapshot;
mod store;
mod tie;
mod units;

pub use account::{
    NewAccount, NewInvitation, NewToken, StoredAccount, StoredSession, StoredToken, TokenLine,
};
pub use audit::StoredAudit;
pub use case_event::{CaseEvent, CaseEventRecorded};
pub use case_history::StoredCaseEvent;
pub use changeset::{
    Changeset, ChangesetComment, ChangesetEvent, ChangesetOp, ChangesetState, ChangesetWrite, NewComment,
    NewEvent,
};
pub use check::Checked;
pub use cluster::{ClusterHandle, ClusterOptions, Databases, Durability, PrivateCluster};
pub use error::{ClusterError, StoreError};
pub use feed::{ChangedRows, Changes, Feed};
pub use given::{GivenRow, GivenWritten, Outcome, Patched};
pub use hexadecimal::hexadecimal;
pub use load::{Committed, LoadCounts, LoadMode, LoadSession, Provenance};
pub use person::{Disclosure, GivenField, PersonField, SealedValue, StoredField};
pub use read::{LoadedSource, SnapshotReader, StoredRow, StoredRows};
pub use schema::{MigrationReport, schema_fingerprint};
pub use snapshot::{Snapshot, SnapshotError, Xid};
pub use store::Store;
pub use tie::{FailedTie, Tie, TiedUnits};
pub use units::changed::{CoverageChange, CoverageHead, StoredArc, StoredFace};
pub use units::{
    DerivedUnit, LineageRow, NewLineage, NewRevision, Publication, Revision, Shown, SideCodes, StateSum,
    StoredCoverage, StoredElements, UnitRow, UnitsLoad, collection_of, level_of, multi_polygon, side_codes,
};
