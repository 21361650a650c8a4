//! What differs between two states of a topology: every element before and after, so that it can be undone exactly.

use std::collections::BTreeSet;
use std::sync::Arc;

use cim_crs::LatticePoint;

use super::element::{ArcNo, BorderArc, FaceNo, GroundFace, NodeNo, UnitNo, UnitState};

/// One element before and after; none where it does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<N, T> {
    /// Its number.
    pub no: N,
    /// As it was.
    pub before: Option<T>,
    /// As it is.
    pub after: Option<T>,
}

/// A set of changes, sorted by number, without any that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delta {
    /// Nodes.
    pub nodes: Vec<Change<NodeNo, LatticePoint>>,
    /// Arcs.
    pub arcs: Vec<Change<ArcNo, Arc<BorderArc>>>,
    /// Faces.
    pub faces: Vec<Change<FaceNo, GroundFace>>,
    /// Units.
    pub units: Vec<Change<UnitNo, Arc<UnitState>>>,
}

impl Delta {
    /// The same changes the other way round.
    #[must_use]
    pub fn inverse(&self) -> Self {
        fn turned<N: Copy, T: Clone>(changes: &[Change<N, T>]) -> Vec<Change<N, T>> {
            let turn = |change: &Change<N, T>| Change {
                no: change.no,
                before: change.after.clone(),
                after: change.before.clone(),
            };
            changes.iter().map(turn).collect()
        }
        Self {
            nodes: turned(&self.nodes),
            arcs: turned(&self.arcs),
            faces: turned(&self.faces),
            units: turned(&self.units),
        }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.arcs.is_empty() && self.faces.is_empty() && self.units.is_empty()
    }

    /// Everything that it changes.
    #[must_use]
    pub fn footprint(&self) -> Footprint {
        Footprint {
            nodes: self.nodes.iter().map(|change| change.no).collect(),
            arcs: self.arcs.iter().map(|change| change.no).collect(),
            faces: self.faces.iter().map(|change| change.no).collect(),
            units: self.units.iter().map(|change| change.no).collect(),
        }
    }
}

/// The elements that an operation depends on: it can be done again on another state in which they are the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Footprint {
    /// Nodes.
    pub nodes: BTreeSet<NodeNo>,
    /// Arcs.
    pub arcs: BTreeSet<ArcNo>,
    /// Faces.
    pub faces: BTreeSet<FaceNo>,
    /// Units.
    pub units: BTreeSet<UnitNo>,
}

impl Footprint {
    /// The elements that both have.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        Self {
            nodes: self.nodes.intersection(&other.nodes).copied().collect(),
            arcs: self.arcs.intersection(&other.arcs).copied().collect(),
            faces: self.faces.intersection(&other.faces).copied().collect(),
            units: self.units.intersection(&other.units).copied().collect(),
        }
    }

    /// Whether it has no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.arcs.is_empty() && self.faces.is_empty() && self.units.is_empty()
    }

    /// Adds the elements of another.
    pub fn extend(&mut self, other: Self) {
        self.nodes.extend(other.nodes);
        self.arcs.extend(other.arcs);
        self.faces.extend(other.faces);
        self.units.extend(other.units);
    }
}
