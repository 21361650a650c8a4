//! Reading whole collections from one snapshot.

use cim_model::{Collection, Record};
use futures_util::stream::BoxStream;

use crate::{Snapshot, StoreError, StoredCoverage};

/// Rows of a collection with their ids, as they arrive.
pub type RecordStream = BoxStream<'static, Result<(i64, Record), StoreError>>;

/// A reader that sees one snapshot of everything, whatever is written meanwhile.
#[derive(Debug)]
pub struct SnapshotReader {}

impl SnapshotReader {
    /// The snapshot it sees.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        unimplemented!()
    }

    /// All rows of a collection, in no order.
    pub async fn read(&self, collection: Collection) -> Result<RecordStream, StoreError> {
        unimplemented!("{collection}")
    }

    /// The current rows of these ids; those that are gone are left out.
    pub async fn read_ids(&self, collection: Collection, ids: &[i64]) -> Result<Vec<(i64, Record)>, StoreError> {
        unimplemented!("{collection} {ids:?}")
    }

    /// The latest revision of every loaded city's coverage.
    pub async fn read_coverage(&self) -> Result<Vec<StoredCoverage>, StoreError> {
        unimplemented!()
    }
}
