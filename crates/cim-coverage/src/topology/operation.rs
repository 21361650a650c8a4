//! The operations on a topology: what a planner means, never a polygon to be stored.

use cim_crs::LatticePoint;

use super::element::{ArcNo, NodeNo, UnitNo};

/// How far the ends of a drawn line may lie from the border that they are meant to touch, in metres.
pub const USUAL_SNAP_M: f64 = 0.5;

/// One step of an edit. Places are on the lattice.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Moves an inner point of an arc.
    MoveVertex {
        /// The arc.
        arc: ArcNo,
        /// The point's place in it, from 1 to its last but one.
        index: usize,
        /// Where to.
        to: LatticePoint,
    },
    /// Puts a new point into an arc, before the one at `index`.
    InsertVertex {
        /// The arc.
        arc: ArcNo,
        /// The place that it will have, from 1 to the arc's last.
        index: usize,
        /// Where.
        at: LatticePoint,
    },
    /// Takes an inner point out of an arc.
    DeleteVertex {
        /// The arc.
        arc: ArcNo,
        /// Its place.
        index: usize,
    },
    /// Moves a junction with the ends of all arcs that meet there.
    MoveNode {
        /// The node.
        node: NodeNo,
        /// Where to.
        to: LatticePoint,
    },
    /// Replaces the part of an arc between the places nearest to the ends of a drawn line by that line.
    Reshape {
        /// The arc.
        arc: ArcNo,
        /// The line; its ends lie within `snap_m` of the arc.
        line: Vec<LatticePoint>,
        /// How near they must lie.
        snap_m: f64,
    },
    /// Divides a unit of the chain along a drawn line. Units below it that the line cuts are divided too.
    Split {
        /// The unit.
        unit: UnitNo,
        /// The line; its ends lie outside the unit, on its border, or within `snap_m` of it.
        line: Vec<LatticePoint>,
        /// How near they must lie.
        snap_m: f64,
        /// The name of the new unit; made of the old one's when absent.
        name: Option<String>,
        /// The code of the new unit; issued by template when absent.
        code: Option<String>,
    },
    /// Divides units off their unit: a new one beside it takes them. No border moves.
    SplitOff {
        /// The unit.
        unit: UnitNo,
        /// Those of its units that the new one takes.
        children: Vec<UnitNo>,
        /// The name of the new unit; made of the old one's when absent.
        name: Option<String>,
        /// The code of the new unit; issued by template when absent.
        code: Option<String>,
    },
    /// Makes units of one level and parent one.
    Merge {
        /// The unit that remains.
        into: UnitNo,
        /// The units that end.
        from: Vec<UnitNo>,
        /// Whether the result may lie in more pieces than needed.
        allow_parts: bool,
    },
    /// Lays a new overlay unit over the ground inside a ring.
    Carve {
        /// The ring, closed implicitly.
        ring: Vec<LatticePoint>,
        /// The name.
        name: String,
        /// The kind.
        kind: Option<String>,
        /// The unit of the chain that it belongs to; when absent the lowest one that contains all of it.
        parent: Option<UnitNo>,
        /// The code; issued by template when absent.
        code: Option<String>,
    },
    /// Gives units another parent of the same level under the same grandparent: micro grids to another grid of the village.
    Reassign {
        /// The units.
        units: Vec<UnitNo>,
        /// The parent.
        to: UnitNo,
        /// Whether donor or receiver may lie in more pieces than before.
        allow_parts: bool,
    },
    /// Gives a unit another parent, across the bounds of its grandparent.
    Reparent {
        /// The unit.
        unit: UnitNo,
        /// The parent.
        parent: UnitNo,
    },
    /// Gives a unit another code.
    Recode {
        /// The unit.
        unit: UnitNo,
        /// The code; issued by template when absent.
        code: Option<String>,
    },
    /// Gives a unit another name.
    Rename {
        /// The unit.
        unit: UnitNo,
        /// The name.
        name: String,
    },
    /// Ends a unit that holds no ground of its own: an overlay unit, or one without faces and children.
    Retire {
        /// The unit.
        unit: UnitNo,
    },
}

/// What became of which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineageKind {
    /// The new unit was divided off the old one.
    Split,
    /// The old unit went into the other.
    Merge,
    /// The new overlay unit took ground of the old unit.
    Carve,
    /// The unit got another parent.
    Reparent,
    /// The unit got another code.
    Recode,
    /// The unit got another name.
    Rename,
    /// The unit ended.
    Retire,
}

impl LineageKind {
    /// Its name in the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Merge => "merge",
            Self::Carve => "carve",
            Self::Reparent => "reparent",
            Self::Recode => "recode",
            Self::Rename => "rename",
            Self::Retire => "retire",
        }
    }
}

/// One line of descent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lineage {
    /// What happened.
    pub kind: LineageKind,
    /// The unit that was there.
    pub from: UnitNo,
    /// The unit that is there; the same where a unit goes on.
    pub to: UnitNo,
}
