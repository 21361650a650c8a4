#![doc = include_str!("../README.md")]

pub mod cluster;
mod error;
mod feed;
mod load;
mod read;
mod snapshot;
mod store;
mod units;

pub use cluster::{ClusterHandle, ClusterOptions, Durability, PrivateCluster};
pub use error::{ClusterError, StoreError};
pub use feed::{ChangedRows, Changes, Feed};
pub use load::{Committed, LoadCounts, LoadMode, LoadSession, Provenance};
pub use read::{RecordStream, SnapshotReader};
pub use snapshot::{Snapshot, SnapshotError, Xid};
pub use store::{AcceptedCase, CaseEvent, CaseEventRecorded, MigrationReport, Store};
pub use units::{StoredCoverage, UnitRow, UnitsLoad};
