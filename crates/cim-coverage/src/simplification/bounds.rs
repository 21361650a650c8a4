//! A box on the lattice.

use cim_crs::LatticePoint;

/// Everything between two corners, edges included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: LatticePoint,
    pub(super) high: LatticePoint,
}

impl Bounds {
    pub(super) fn around(points: &[LatticePoint]) -> Option<Self> {
        let first = *points.first()?;
        let mut bounds = Self { low: first, high: first };
        for point in points {
            bounds.low = LatticePoint { x: bounds.low.x.min(point.x), y: bounds.low.y.min(point.y) };
            bounds.high = LatticePoint { x: bounds.high.x.max(point.x), y: bounds.high.y.max(point.y) };
        }
        Some(bounds)
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            low: LatticePoint { x: self.low.x.min(other.low.x), y: self.low.y.min(other.low.y) },
            high: LatticePoint { x: self.high.x.max(other.high.x), y: self.high.y.max(other.high.y) },
        }
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}
