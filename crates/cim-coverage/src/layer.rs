//! The input of a coverage: units with polygons on the lattice.

use cim_crs::LatticePoint;

/// A ring of lattice points, closed implicitly: the first point is not repeated at the end.
pub type Ring = Vec<LatticePoint>;

/// One polygon: an outer ring, counter-clockwise, and holes, clockwise. Input may be wound either way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LatticePolygon {
    /// The outer ring.
    pub outer: Ring,
    /// The rings cut out of it.
    pub holes: Vec<Ring>,
}

/// One area of a layer, in one or several pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayerUnit {
    /// The business key, unique in its layer.
    pub key: String,
    /// The key of the unit that holds it, one level up.
    pub parent: Option<String>,
    /// Its pieces.
    pub polygons: Vec<LatticePolygon>,
}
