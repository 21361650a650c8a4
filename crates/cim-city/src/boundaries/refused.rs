//! What a rule of boundaries refuses, with the units and the geometry that break it.

use cim_coverage::{EditRule, Footprint, Refusal, Topology, UnitNo};
use serde::Serialize;

use super::operation_body::OperationBody;
use super::shape::DrawnShape;
use crate::CityError;

/// The names of the rules that every state of boundaries keeps.
pub static EDIT_RULES: std::sync::LazyLock<Vec<&'static str>> =
    std::sync::LazyLock::new(|| EditRule::ALL.iter().map(|rule| rule.name()).collect());

/// A rule that refuses an operation, a state or a step of a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EditFinding {
    /// `error`: nothing was changed.
    pub severity: &'static str,
    /// Its stable name, for example `self_crossing`.
    pub rule: &'static str,
    /// The codes of the units concerned.
    pub units: Vec<String>,
    /// What is wrong and what to do.
    pub message: String,
    /// The lines or places that break it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geometry: Option<DrawnShape>,
}

impl EditFinding {
    /// What the kernel refused, in the words of a state's units.
    pub(super) fn of_refusal(refusal: &Refusal, topology: &Topology) -> Self {
        Self {
            severity: "error",
            rule: refusal.rule.name(),
            units: codes(topology, refusal.units.iter().copied()),
            message: refusal.message.clone(),
            geometry: DrawnShape::lines(&refusal.geometry),
        }
    }

    /// A body that cannot be meant.
    pub(super) fn of_body(message: String) -> Self {
        Self::of_rule("bad_operation", message)
    }

    /// A rule of the life-cycle.
    pub(super) fn of_rule(rule: &'static str, message: String) -> Self {
        Self { severity: "error", rule, units: Vec::new(), message, geometry: None }
    }
}

/// There is no such draft or revision.
pub(super) fn no_such(what: &'static str, number: i64) -> CityError {
    CityError::NotFound { what, name: number.to_string() }
}

/// One rule refuses a step.
pub(super) fn refuse(rule: &'static str, message: String) -> CityError {
    CityError::RefusedEdit(vec![EditFinding::of_rule(rule, message)])
}

/// The codes of units in a state, sorted.
pub(super) fn codes(topology: &Topology, units: impl Iterator<Item = UnitNo>) -> Vec<String> {
    let code = |unit| topology.unit(unit).map(|unit| unit.code.clone());
    let mut codes: Vec<String> = units.filter_map(code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// An operation of a draft whose ground was changed by others meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BoundaryConflict {
    /// The operation's place in the draft.
    pub seq: usize,
    /// The operation.
    pub operation: OperationBody,
    /// Why it cannot be done on the present boundaries although nobody changed its ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<EditFinding>,
    /// The elements that both changed.
    pub elements: Vec<ConflictElement>,
}

/// An element that both changed: as it was, as the draft has it, and as it is now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConflictElement {
    /// `node`, `arc`, `face` or `unit`.
    pub kind: &'static str,
    /// Its number.
    pub id: i64,
    /// As it was when the draft was begun; none where it was not there.
    pub base: Option<ElementState>,
    /// As the draft has it.
    pub mine: Option<ElementState>,
    /// As it is published.
    pub theirs: Option<ElementState>,
}

/// What an element is like.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ElementState {
    /// Where it is: a node's place, an arc's line, the area of a face or unit.
    pub geometry: DrawnShape,
    /// The codes of its units: of both sides of an arc, of a face, of a unit and its parent.
    pub units: Vec<String>,
    /// The name of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The elements of a footprint in three states.
pub(super) fn three_ways(
    common: &Footprint,
    base: &Topology,
    mine: &Topology,
    theirs: &Topology,
) -> Vec<ConflictElement> {
    let mut elements = Vec::new();
    let mut add = |kind, id, state: &dyn Fn(&Topology) -> Option<ElementState>| {
        elements.push(ConflictElement {
            kind,
            id,
            base: state(base),
            mine: state(mine),
            theirs: state(theirs),
        });
    };
    for no in &common.units {
        add("unit", no.0, &|topology| unit_state(topology, *no));
    }
    for no in &common.arcs {
        add("arc", no.0, &|topology| {
            let arc = topology.arc(*no)?;
            let sides = [arc.left, arc.right].into_iter().flatten().filter_map(|face| topology.face(face));
            let units = codes(topology, sides.map(|face| face.base));
            Some(ElementState { geometry: DrawnShape::line(&arc.points), units, name: None })
        });
    }
    for no in &common.nodes {
        add("node", no.0, &|topology| {
            let place = topology.node(*no)?;
            let geometry = DrawnShape::lines(&[vec![place]])?;
            Some(ElementState { geometry, units: Vec::new(), name: None })
        });
    }
    for no in &common.faces {
        add("face", no.0, &|topology| {
            let face = topology.face(*no)?;
            let units = codes(topology, [Some(face.base), face.overlay].into_iter().flatten());
            let lines: Vec<_> = topology
                .arcs_around(*no)
                .filter_map(|arc| topology.arc(arc))
                .map(|arc| arc.points.clone())
                .collect();
            Some(ElementState { geometry: DrawnShape::lines(&lines)?, units, name: None })
        });
    }
    elements
}

fn unit_state(topology: &Topology, no: UnitNo) -> Option<ElementState> {
    let unit = topology.unit(no)?;
    Some(ElementState {
        geometry: DrawnShape::areas(&topology.polygons_of(no)),
        units: codes(topology, [Some(no), unit.parent].into_iter().flatten()),
        name: Some(unit.name.clone()),
    })
}
