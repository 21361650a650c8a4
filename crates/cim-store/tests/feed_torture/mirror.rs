//! What a mirror is to the feed: rows by id, compared with the tables in the very snapshot that they are said to equal.

use std::collections::BTreeMap;

use cim_model::{Collection, Fingerprint};
use cim_store::{ChangedRows, Changes, SnapshotReader, StoreError, StoredRow};
use futures_util::TryStreamExt;

/// The collections that the writers write.
pub(crate) const WRITTEN: [Collection; 2] = [Collection::Place, Collection::Building];

#[derive(Default)]
pub(crate) struct Mirror {
    rows: BTreeMap<Collection, BTreeMap<i64, StoredRow>>,
}

/// How far a mirror is from the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Rows that are missing, too many, or of another version or value.
    pub(crate) rows: usize,
    /// Collections whose fingerprint differs from the table's.
    pub(crate) alarms: usize,
}

impl Mirror {
    /// Takes a step in. After an error some of it is missing, and everything must be read again.
    pub(crate) async fn take(&mut self, changes: &Changes) -> Result<(), StoreError> {
        for (collection, changed) in &changes.collections {
            let mirrored = self.rows.entry(*collection).or_default();
            match changed {
                ChangedRows::All => *mirrored = read(&changes.reader, *collection).await?,
                ChangedRows::Ids(ids) => {
                    for id in ids {
                        mirrored.remove(id);
                    }
                    let current = changes.reader.read_ids(*collection, ids).await?;
                    mirrored.extend(current.into_iter().map(|row| (row.id, row)));
                }
            }
        }
        Ok(())
    }

    /// Compares with the tables as the reader sees them.
    pub(crate) async fn difference(&self, reader: &SnapshotReader) -> Result<Difference, StoreError> {
        let mut difference = Difference::default();
        let nothing = BTreeMap::new();
        for collection in WRITTEN {
            let mirrored = self.rows.get(&collection).unwrap_or(&nothing);
            let stored = read(reader, collection).await?;
            let missing_or_other = stored.iter().filter(|(id, row)| mirrored.get(id) != Some(row)).count();
            let too_many = mirrored.keys().filter(|id| !stored.contains_key(id)).count();
            difference.rows += missing_or_other + too_many;
            let ours: Fingerprint = mirrored.values().map(|row| (row.id, row.xmin)).collect();
            difference.alarms += usize::from(ours != reader.fingerprint(collection).await?);
        }
        Ok(difference)
    }

    /// Whether there is a place with this name.
    pub(crate) fn has_place(&self, name: &str) -> bool {
        let name = cim_testkit::text(name);
        self.rows[&Collection::Place].values().any(|row| row.record.values.contains(&name))
    }
}

async fn read(
    reader: &SnapshotReader,
    collection: Collection,
) -> Result<BTreeMap<i64, StoredRow>, StoreError> {
    reader.read(collection).await?.map_ok(|row| (row.id, row)).try_collect().await
}
