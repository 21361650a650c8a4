//! Loading: one transaction that writes whole collections, quickly into empty ones and by difference into live ones.

use cim_model::{Collection, Record};
use tokio::sync::mpsc::Receiver;

use crate::{Snapshot, StoreError, UnitsLoad, Xid};

/// Where loaded data comes from; written to the table of loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The pack's or file's name.
    pub source: String,
    /// The city's division code; units and coverage belong to it.
    pub city_code: String,
    /// The city's name.
    pub city_name: String,
    /// Whether the data are made up and must be marked so wherever they are shown.
    pub synthetic: bool,
    /// Who loads.
    pub actor: Option<String>,
}

/// What happens to stored rows that the load does not mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadMode {
    /// They stay.
    Merge,
    /// They are removed: the load is the whole collection.
    Replace,
}

/// What a load did to one collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoadCounts {
    /// New rows.
    pub loaded: u64,
    /// Rows that differ now.
    pub changed: u64,
    /// Rows that were there already, equal.
    pub unchanged: u64,
    /// Rows that are gone.
    pub removed: u64,
}

/// A finished load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The transaction that wrote it; `None` when nothing changed.
    pub xid: Option<Xid>,
    /// A snapshot that sees it.
    pub snapshot: Snapshot,
}

/// One load in progress; dropping it undoes everything.
#[derive(Debug)]
pub struct LoadSession {}

impl LoadSession {
    /// Writes the rows that arrive until the channel closes. To abandon a load, drop the session: a channel that closes early is a complete load of what came.
    pub async fn write(
        &mut self,
        collection: Collection,
        mode: LoadMode,
        rows: Receiver<Vec<Record>>,
    ) -> Result<LoadCounts, StoreError> {
        unimplemented!("{collection} {mode:?} {rows:?}")
    }

    /// Writes all units of the city, and its coverage; counts per level. Units of this city that are not given are retired.
    pub async fn write_units(&mut self, units: UnitsLoad) -> Result<Vec<(Collection, LoadCounts)>, StoreError> {
        unimplemented!("{}", units.units.len())
    }

    /// Makes the load visible.
    pub async fn commit(self) -> Result<Committed, StoreError> {
        unimplemented!()
    }
}
