//! What readers of the stream are told of one step: which tiles changed, and which transactions did it.

use std::collections::BTreeMap;
use std::sync::Arc;

use cim_store::{Snapshot, Xid};

/// The changed tiles of one collection in one tileset.
pub(crate) type TilesByLayer = BTreeMap<(&'static str, usize), Vec<(u8, u32, u32)>>;

/// One step as it is told.
#[derive(Debug)]
pub(crate) struct Told {
    /// Counts what this process told.
    pub(crate) number: u64,
    pub(crate) epoch: Arc<str>,
    /// The state after the step.
    pub(crate) snapshot: Snapshot,
    /// The transactions of the step; none when time alone, or a count, changed the picture.
    pub(crate) xids: Vec<Xid>,
    /// By collection and tileset the tiles that changed, sorted.
    pub(crate) tiles: TilesByLayer,
    /// Those that differ for nobody who is not cleared for secret cameras.
    pub(crate) secret_tiles: TilesByLayer,
    /// So much changed that everything shown should be asked for again.
    pub(crate) everything: bool,
}

impl Told {
    /// Whether a reader that has seen a state has seen all of this.
    pub(crate) fn is_seen_by(&self, epoch: &str, snapshot: &Snapshot) -> bool {
        if *self.epoch != *epoch {
            return false;
        }
        if self.everything {
            return snapshot.covers(&self.snapshot);
        }
        !self.xids.is_empty() && self.xids.iter().all(|xid| snapshot.sees(*xid))
    }

    /// How many tiles it lists.
    pub(crate) fn tile_count(&self) -> usize {
        self.tiles.values().chain(self.secret_tiles.values()).map(Vec::len).sum()
    }
}
