//! From one version to the next: which tiles may differ, which do, and who is told.

mod candidates;
mod difference;
mod herald;
mod ring;
mod stream;
mod told;

pub(crate) use candidates::{Candidates, Place, tilesets_showing};
pub(crate) use difference::{difference, row_difference};
pub(crate) use herald::{Herald, Passage, herald};
pub(crate) use ring::Ring;
pub use stream::{ChangeStream, CityChange, ResumeToken, TilesChanged};

use cim_model::Collection;
use cim_store::Xid;
use cim_tile::LayerSource;

/// What a step changed, as far as it is known when the new version begins to answer.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// Where single rows changed, before and after.
    pub(crate) places: Vec<Place>,
    /// Collections that were read again as a whole; a unit's stands for all borders and labels.
    pub(crate) reread: Vec<Collection>,
    /// The transactions of the step.
    pub(crate) xids: Vec<Xid>,
}

impl Change {
    /// Whether anything that a source shows may be another.
    pub(crate) fn touches_all_of(&self, source: LayerSource) -> bool {
        match source {
            LayerSource::Collection(collection) => self.reread.contains(&collection),
            LayerSource::Boundary(_) | LayerSource::UnitLabel => {
                self.reread.iter().any(|collection| collection.is_unit())
            }
            LayerSource::Count(_) => false,
        }
    }
}
