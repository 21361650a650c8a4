//! The change feed: what differs between the snapshot a mirror has and the one it could have now.

use cim_model::Collection;

use crate::{Snapshot, SnapshotReader, StoreError, Xid};

/// Follows the database by comparing snapshots.
#[derive(Debug)]
pub struct Feed {}

/// Which rows of a collection may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedRows {
    /// These ids; an id without a row now is gone.
    Ids(Vec<i64>),
    /// Too many to list: read the collection.
    All,
}

/// The step from one snapshot to the next, with a reader that sees the next one.
#[derive(Debug)]
pub struct Changes {
    /// The snapshot after the step.
    pub snapshot: Snapshot,
    /// The transactions of the step; empty in the first one after a connect.
    pub xids: Vec<Xid>,
    /// What may differ; may be empty when only other tables were written.
    pub collections: Vec<(Collection, ChangedRows)>,
    /// Reads the rows as of `snapshot`.
    pub reader: SnapshotReader,
}

impl Feed {
    /// The next step, or `None` when nothing was written since the last one. Ask every 5 ms. The first step names every collection as `All`.
    /// After an error the connection is gone: `reconnect`, and take the next step as a first one.
    pub async fn poll(&mut self) -> Result<Option<Changes>, StoreError> {
        unimplemented!()
    }

    /// Says that the step is in the mirror: the next one starts from it. Without it the same step comes again.
    pub async fn applied(&mut self, changes: Changes) -> Result<(), StoreError> {
        unimplemented!("{changes:?}")
    }

    /// Opens a new connection after an error; fails while the database is away.
    pub async fn reconnect(&mut self) -> Result<(), StoreError> {
        unimplemented!()
    }

    /// The database's epoch: another one after a crash or a restore, and then old tokens mean nothing.
    #[must_use]
    pub fn epoch(&self) -> &str {
        unimplemented!()
    }
}
