//! The elements of a topology and their lasting numbers.

use cim_crs::LatticePoint;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// Whether the element was made in a draft and has no lasting number yet.
            #[must_use]
            pub fn is_draft(self) -> bool {
                self.0 < 0
            }
        }
    };
}

number! {
    /// The number of a node; negative while it is known to its draft alone.
    NodeNo
}
number! {
    /// The number of an arc; negative while it is known to its draft alone.
    ArcNo
}
number! {
    /// The number of a face; negative while it is known to its draft alone.
    FaceNo
}
number! {
    /// The number of a unit; negative while it is known to its draft alone.
    UnitNo
}

/// A piece of border between two nodes, or a closed loop with one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BorderArc {
    /// The node at its first point.
    pub start: NodeNo,
    /// The node at its last point; the same as `start` for a loop.
    pub end: NodeNo,
    /// Two points or more, the nodes' included; a loop repeats its first point at its end.
    pub points: Vec<LatticePoint>,
    /// The face on the left hand from start to end; none outside the city.
    pub left: Option<FaceNo>,
    /// The face on the right hand.
    pub right: Option<FaceNo>,
}

/// A connected piece of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroundFace {
    /// Its unit of the finest level.
    pub base: UnitNo,
    /// The overlay unit (exclusive grid) that lies over it.
    pub overlay: Option<UnitNo>,
}

/// The rank of a level in the chain, 0 the highest. Overlay units stand beside the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Level(pub u8);

impl Level {
    /// The level of the units that lie over the chain: exclusive grids.
    pub const OVERLAY: Self = Self(u8::MAX);

    /// Whether units of this level lie over the chain.
    #[must_use]
    pub fn is_overlay(self) -> bool {
        self == Self::OVERLAY
    }
}

/// One unit: a district, town, village or grid.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnitState {
    /// Its level.
    pub level: Level,
    /// Its code, unique in its level.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind, where its level has kinds.
    pub kind: Option<String>,
    /// Its class, where its level has classes.
    pub class: Option<String>,
    /// The unit it belongs to, of any level above that is loaded.
    pub parent: Option<UnitNo>,
    /// The code of that unit, which may not be loaded itself.
    pub parent_code: Option<String>,
}
