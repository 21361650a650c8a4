//! Boundary layers: every unit's border at every zoom, simplified arc by arc so that neighbours stay neighbours.

mod drawing;
mod ground;
mod level;
mod redrawing;
mod renewal;
mod unit_table;

use std::sync::{Arc, OnceLock};

use cim_coverage::ThinnedArcs;
use cim_crs::LatticePoint;
use cim_mirror::View;
use cim_model::Collection;

use crate::{BOUNDARY_FIELDS, UNIT_LABEL_FIELDS};
use ground::Ground;
use level::{Level, units_of_faces};

pub use ground::{BorderLine, CityCoverage, FaceUnits, GroundChange};
pub use renewal::{BoundaryChange, UnitsChanged};
pub use unit_table::UnitTable;

/// From this zoom on borders are shown with every vertex.
const FULL_ZOOM: u8 = 16;

/// All units of all levels, ready to be drawn at any zoom.
#[derive(Debug)]
pub struct Boundaries {
    levels: Vec<Level>,
    grounds: Vec<Arc<Ground>>,
    /// By zoom below the full one: by city the simplified arcs.
    thinned: Vec<OnceLock<Vec<ThinnedArcs>>>,
    /// By city the arcs with every vertex.
    full: OnceLock<Vec<Vec<Arc<[LatticePoint]>>>>,
    labels: OnceLock<UnitTable>,
}

impl Boundaries {
    /// The boundaries of the units in these views, one view a level.
    #[must_use]
    pub fn new(views: &[&View], coverages: Vec<CityCoverage>) -> Self {
        let grounds: Vec<Arc<Ground>> =
            coverages.into_iter().map(|city| Arc::new(Ground::new(city))).collect();
        let mut levels: Vec<Level> = views.iter().map(|view| Level::read(view)).collect();
        let faces: Vec<Vec<_>> = levels
            .iter()
            .map(|level| {
                grounds.iter().map(|ground| Arc::new(units_of_faces(level, ground, &levels))).collect()
            })
            .collect();
        for ((level, faces), view) in levels.iter_mut().zip(faces).zip(views) {
            level.unit_of_face = faces;
            level.keep_given_polygons(view);
        }
        Self::of(levels, grounds)
    }

    /// Boundaries of which nothing is drawn yet.
    fn of(levels: Vec<Level>, grounds: Vec<Arc<Ground>>) -> Self {
        let thinned = (0..FULL_ZOOM).map(|_| OnceLock::new()).collect();
        Self { levels, grounds, thinned, full: OnceLock::new(), labels: OnceLock::new() }
    }

    /// The units of a level as they are drawn at a zoom; worked out when first asked for.
    #[must_use]
    pub fn table(&self, collection: Collection, zoom: u8) -> Option<&UnitTable> {
        let level = self.levels.iter().find(|level| level.collection == collection)?;
        Some(self.table_of(level, zoom.min(FULL_ZOOM)))
    }

    fn table_of<'a>(&self, level: &'a Level, zoom: u8) -> &'a UnitTable {
        level.tables[usize::from(zoom)].get_or_init(|| {
            let rows = (0..level.units.len()).map(|place| self.drawn_unit(level, place, zoom));
            UnitTable::new(BOUNDARY_FIELDS, rows)
        })
    }

    /// The label points of all units; worked out when first asked for.
    #[must_use]
    pub fn labels(&self) -> &UnitTable {
        self.labels.get_or_init(|| {
            let all = self.levels.iter().flat_map(|level| (0..level.units.len()).map(move |at| (level, at)));
            let drawn = all.filter_map(|(level, place)| self.drawn_label(level, place));
            UnitTable::new(UNIT_LABEL_FIELDS, drawn)
        })
    }

    /// Works out every level at every zoom and the labels, so that no request has to wait for them.
    pub fn warm_up(&self) {
        let _labels = self.labels();
        for zoom in (0..=FULL_ZOOM).rev() {
            for level in &self.levels {
                let _table = self.table_of(level, zoom);
            }
        }
    }

    fn thinned_at(&self, zoom: u8) -> &[ThinnedArcs] {
        let Some(place) = self.thinned.get(usize::from(zoom)) else { return &[] };
        place.get_or_init(|| self.grounds.iter().map(|ground| ground.thinned(zoom)).collect())
    }

    /// The lines of a city's arcs at a zoom.
    fn lines(&self, city: usize, zoom: u8) -> &[Arc<[LatticePoint]>] {
        let full =
            || self.full.get_or_init(|| self.grounds.iter().map(|ground| ground.net.lines()).collect());
        let thinned = self.thinned_at(zoom).get(city);
        thinned.map_or_else(|| full()[city].as_slice(), ThinnedArcs::lines)
    }
}
