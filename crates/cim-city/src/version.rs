//! One state of the city: every collection in memory, equal to one PostgreSQL snapshot.

use std::sync::Arc;

use cim_mirror::{Row, View, WorldBox};
use cim_model::{Collection, ExclusivePolicy};
use cim_store::{CoverageHead, LoadedSource, Snapshot};
use cim_tile::{Boundaries, LayerSource, TileSource};

use crate::people::People;
use crate::unit_count::UnitCounts;
use crate::units::Units;

/// Everything that one answer is worked out from. Immutable; a change makes a new one that shares what it can.
#[derive(Clone)]
pub(crate) struct Version {
    /// Counts the versions of this process.
    pub(crate) number: u64,
    pub(crate) snapshot: Snapshot,
    pub(crate) epoch: Arc<str>,
    /// In the order of [`Collection::ALL`].
    pub(crate) views: Vec<View>,
    /// By collection, the number of the version in which it last changed.
    pub(crate) changed_in: Vec<u64>,
    pub(crate) units: Arc<Units>,
    pub(crate) people: Arc<People>,
    pub(crate) boundaries: Arc<Boundaries>,
    pub(crate) unit_counts: Arc<UnitCounts>,
    /// By city the boundary revision that it is of.
    pub(crate) coverage_heads: Arc<[CoverageHead]>,
    /// How far the farthest-seeing camera sees.
    pub(crate) camera_reach_m: f64,
    pub(crate) sources: Arc<[LoadedSource]>,
    /// The minute that "overdue" refers to, in milliseconds since 1970.
    pub(crate) minute_ms: i64,
    /// Rows that could not be read, by collection.
    pub(crate) unreadable: Vec<u64>,
}

/// The place of a collection in a version's lists.
pub(crate) fn place_of(collection: Collection) -> usize {
    Collection::ALL.iter().position(|known| *known == collection).unwrap_or(0)
}

impl Version {
    pub(crate) fn view(&self, collection: Collection) -> &View {
        &self.views[place_of(collection)]
    }

    /// How exclusive grids share the answer: what the last load said of it.
    pub(crate) fn exclusive_policy(&self) -> ExclusivePolicy {
        self.sources.iter().rev().find_map(|source| source.exclusive).unwrap_or_default()
    }

    /// The box around everything loaded.
    pub(crate) fn bounds(&self) -> Option<WorldBox> {
        let units = Collection::UNITS.iter().filter_map(|level| self.view(*level).bounds());
        let of_units = units.reduce(WorldBox::union);
        of_units.or_else(|| self.views.iter().filter_map(View::bounds).reduce(WorldBox::union))
    }
}

impl TileSource for Version {
    fn rows<'a>(&'a self, source: LayerSource, zoom: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        match source {
            LayerSource::Collection(collection) => self.view(collection).meeting(bounds).for_each(take),
            LayerSource::Boundary(level) => {
                if let Some(table) = self.boundaries.table(level, zoom) {
                    table.meeting(bounds).for_each(take);
                }
            }
            LayerSource::UnitLabel => self.boundaries.labels().meeting(bounds).for_each(take),
            LayerSource::Count(counted) => {
                if let Some(table) = self.unit_counts.table(counted) {
                    table.meeting(bounds).into_iter().for_each(|number| take(table.row(number)));
                }
            }
        }
    }

    fn now_ms(&self) -> i64 {
        self.minute_ms
    }
}
