//! The coverage itself: arcs shared by their two faces, faces that belong to units.

use cim_crs::LatticePoint;

/// The number of a face in its coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u32);

impl FaceId {
    /// The place of the face in [`Coverage::faces`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A piece of border between two nodes, or a closed loop whose first point is repeated at its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CoverageArc {
    /// Two points or more; the first and the last are nodes.
    pub points: Vec<LatticePoint>,
    /// The face on the left hand when walking from the first point to the last; none is the outside.
    pub left: Option<FaceId>,
    /// The face on the right hand.
    pub right: Option<FaceId>,
}

/// A connected piece of ground that belongs to one unit of the base layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Face {
    /// The place of its unit in the base layer.
    pub base: u32,
    /// The place of its unit in the overlay layer, when one lies over it.
    pub overlay: Option<u32>,
}

/// A partition of the ground: every point inside the outline lies in exactly one face or on an arc.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Every border, once.
    pub arcs: Vec<CoverageArc>,
    /// Every face.
    pub faces: Vec<Face>,
}
