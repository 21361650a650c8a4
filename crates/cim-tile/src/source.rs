//! Where a tile's rows come from.

use cim_mirror::{Row, WorldBox, WorldPoint};

use crate::LayerSource;

/// A city at one moment, as tiles see it.
pub trait TileSource {
    /// Hands over every row that a layer may show in a box at a zoom, in any order; rows beyond the box do no harm.
    fn rows<'a>(&'a self, source: LayerSource, zoom: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>));

    /// The time that "overdue" refers to: milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// A map that moves every vertex of a tile, for base maps in another system.
#[derive(Clone, Copy)]
pub struct Warp<'a> {
    /// Where a point goes.
    pub map: &'a dyn Fn(WorldPoint) -> WorldPoint,
    /// The farthest that a point goes, in world steps.
    pub reach: u32,
}
