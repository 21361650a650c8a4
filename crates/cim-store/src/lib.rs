#![doc = include_str!("../README.md")]

mod case;
mod case_read;
mod check;
mod cluster;
mod collection_sql;
mod connection;
mod copy_format;
mod error;
mod ewkb;
mod feed;
mod load;
mod query;
mod read;
mod row;
mod schema;
mod snapshot;
mod store;
mod units;

pub use case::{AcceptedCase, CaseEvent, CaseEventRecorded};
pub use case_read::StoredCaseEvent;
pub use check::Checked;
pub use cluster::{ClusterHandle, ClusterOptions, Databases, Durability, PrivateCluster};
pub use error::{ClusterError, StoreError};
pub use feed::{ChangedRows, Changes, Feed};
pub use load::{Committed, LoadCounts, LoadMode, LoadSession, Provenance};
pub use read::{LoadedSource, SnapshotReader, StoredRow, StoredRows};
pub use schema::{MigrationReport, schema_fingerprint};
pub use snapshot::{Snapshot, SnapshotError, Xid};
pub use store::Store;
pub use units::{StoredCoverage, UnitRow, UnitsLoad};
