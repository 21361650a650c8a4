//! Where a tile's rows come from, and where their vertices go.

use cim_mirror::{Row, WorldBox, WorldPoint};

use crate::LayerSource;

/// A city at one moment, as tiles see it.
pub trait TileSource {
    /// Hands over every row that a layer may show in a box at a zoom, in any order; rows beyond the box do no harm.
    fn rows<'a>(&'a self, source: LayerSource, zoom: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>));

    /// The time that "overdue" refers to: milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// Moves every vertex of a tile out of the Web Mercator square: for base maps in another system, and for tiles that are
/// cut from another square. A vertex goes to the same place in every tile, so that neighbours meet.
pub trait Warp {
    /// Where a point of the Web Mercator square goes.
    fn moved(&self, point: WorldPoint) -> WorldPoint;

    /// A box of the Web Mercator square that holds everything that goes into `target`; rather too large than too small.
    fn source_of(&self, target: &WorldBox) -> WorldBox;
}
