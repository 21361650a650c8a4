//! Nodes, arcs, faces and units as an editor gets them.

use cim_coverage::{BorderArc, Delta, Topology, UnitNo};
use cim_model::Collection;
use cim_store::collection_of;
use serde::Serialize;

use super::shape::{Position, position};

/// Elements as they are after a change; one without a state is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct ChangedElements {
    /// Nodes.
    pub nodes: Vec<NodeState>,
    /// Arcs.
    pub arcs: Vec<ArcState>,
    /// Faces.
    pub faces: Vec<FaceState>,
    /// Units.
    pub units: Vec<UnitChange>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeState {
    /// Its number.
    pub id: i64,
    /// Where it is; null when it is gone.
    pub at: Option<Position>,
}

/// An arc.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArcState {
    /// Its number.
    pub id: i64,
    /// Its points; null when it is gone.
    pub points: Option<Vec<Position>>,
    /// The node at its start.
    pub start: Option<i64>,
    /// The node at its end.
    pub end: Option<i64>,
    /// The face on its left; null outside the city.
    pub left: Option<i64>,
    /// The face on its right.
    pub right: Option<i64>,
}

/// A face.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaceState {
    /// Its number.
    pub id: i64,
    /// Its unit of the finest level; null when it is gone.
    pub base: Option<i64>,
    /// The exclusive grid over it.
    pub overlay: Option<i64>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitChange {
    /// Its number.
    pub id: i64,
    /// Whether it is there.
    pub is_gone: bool,
    /// Its collection's name.
    pub level: Option<&'static str>,
    /// Its code.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Option<String>,
    /// The unit it belongs to.
    pub parent: Option<i64>,
}

pub(super) fn arc_state(id: i64, arc: Option<&BorderArc>) -> ArcState {
    ArcState {
        id,
        points: arc.map(|arc| arc.points.iter().map(|point| position(*point)).collect()),
        start: arc.map(|arc| arc.start.0),
        end: arc.map(|arc| arc.end.0),
        left: arc.and_then(|arc| arc.left).map(|face| face.0),
        right: arc.and_then(|arc| arc.right).map(|face| face.0),
    }
}

pub(super) fn unit_change(topology: &Topology, unit: UnitNo) -> UnitChange {
    let state = topology.unit(unit);
    UnitChange {
        id: unit.0,
        is_gone: state.is_none(),
        level: state.and_then(|state| collection_of(state.level)).map(Collection::name),
        code: state.map(|state| state.code.clone()),
        name: state.map(|state| state.name.clone()),
        kind: state.and_then(|state| state.kind.clone()),
        parent: state.and_then(|state| state.parent).map(|parent| parent.0),
    }
}

impl ChangedElements {
    pub(super) fn of(delta: &Delta, after: &Topology) -> Self {
        Self {
            nodes: delta
                .nodes
                .iter()
                .map(|change| NodeState { id: change.no.0, at: change.after.map(position) })
                .collect(),
            arcs: delta.arcs.iter().map(|change| arc_state(change.no.0, change.after.as_deref())).collect(),
            faces: delta
                .faces
                .iter()
                .map(|change| FaceState {
                    id: change.no.0,
                    base: change.after.map(|face| face.base.0),
                    overlay: change.after.and_then(|face| face.overlay).map(|unit| unit.0),
                })
                .collect(),
            units: delta.units.iter().map(|change| unit_change(after, change.no)).collect(),
        }
    }
}
