//! Units and the coverage that bounds them: the stored truth behind the derived polygons.

pub(crate) mod changed;
mod derived_rows;
mod elements;
mod faces;
mod hierarchy;
mod level;
mod polygons;
mod publication;
mod published_rows;
mod revision;
mod state_hash;
pub(crate) mod stored;
mod write;

use cim_coverage::Coverage;
use cim_model::Collection;
use geo_types::MultiPolygon;

pub use derived_rows::DerivedUnit;
pub use elements::StoredElements;
pub use level::{collection_of, level_of};
pub use polygons::multi_polygon;
pub use publication::{NewLineage, NewRevision, Publication, Shown};
pub use revision::{LineageRow, Revision};
pub use state_hash::{SideCodes, StateSum, side_codes};
pub(crate) use write::write;

/// One unit: a district, town, village or grid.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRow {
    /// Its level.
    pub collection: Collection,
    /// Its code, unique in its level.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind, where its level has kinds.
    pub kind: Option<String>,
    /// The code of the unit it belongs to, of any level above that is loaded.
    pub parent_code: Option<String>,
    /// The urban-rural class, for villages.
    pub urban_rural_class: Option<String>,
    /// Its polygons as given; stored only where there is no coverage to derive them from.
    pub polygons: Option<MultiPolygon<f64>>,
}

/// All units of a city with the coverage that bounds them.
#[derive(Debug)]
pub struct UnitsLoad {
    /// Every unit of every level.
    pub units: Vec<UnitRow>,
    /// The exact partition; `None` marks the layer unclean.
    pub coverage: Option<Coverage>,
    /// The level of the faces' base units, the finest that is loaded.
    pub base_level: Collection,
    /// The code that `Face::base` counts into.
    pub base_codes: Vec<String>,
    /// The code of the exclusive grid that `Face::overlay` counts into.
    pub overlay_codes: Vec<String>,
}

/// The coverage of one city at the revision that holds now.
#[derive(Debug)]
pub struct StoredCoverage {
    /// The city's division code.
    pub city_code: String,
    /// The revision that is effective now.
    pub revision: i64,
    /// Whether the layer is an exact partition; editing is locked where it is not.
    pub clean: bool,
    /// The coverage of a clean layer.
    pub coverage: Option<Coverage>,
    /// The level of the faces' base units.
    pub base_level: Collection,
    /// The code that `Face::base` counts into.
    pub base_codes: Vec<String>,
    /// The code that `Face::overlay` counts into.
    pub overlay_codes: Vec<String>,
    /// The ids of the faces, rising.
    pub face_ids: Vec<i64>,
    /// The ids of the arcs, rising.
    pub arc_ids: Vec<i64>,
}
