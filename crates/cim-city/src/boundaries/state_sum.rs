//! The hash of a state of boundaries, carried along from state to state.

use std::collections::BTreeSet;

use cim_coverage::{ArcNo, Delta, Topology};
use cim_store::{StateSum, side_codes};

/// The sum of `after`, from that of `before`.
pub(super) fn moved(sum: StateSum, before: &Topology, after: &Topology, delta: &Delta) -> StateSum {
    let mut sum = sum;
    for change in &delta.units {
        change.before.iter().for_each(|unit| sum.take_unit(unit));
        change.after.iter().for_each(|unit| sum.add_unit(unit));
    }
    for no in arcs_concerned(before, after, delta) {
        if let Some(arc) = before.arc(no) {
            sum.take_arc(&arc.points, side_codes(before, arc.left), side_codes(before, arc.right));
        }
        if let Some(arc) = after.arc(no) {
            sum.add_arc(&arc.points, side_codes(after, arc.left), side_codes(after, arc.right));
        }
    }
    sum
}

/// Arcs that differ, or whose sides belong to other units or to units of other codes.
fn arcs_concerned(before: &Topology, after: &Topology, delta: &Delta) -> BTreeSet<ArcNo> {
    let mut arcs: BTreeSet<ArcNo> = delta.arcs.iter().map(|change| change.no).collect();
    for change in &delta.faces {
        for topology in [before, after] {
            arcs.extend(topology.arcs_around(change.no));
        }
    }
    for change in &delta.units {
        let code = |unit: &Option<_>| -> Option<String> {
            unit.as_ref().map(|unit: &std::sync::Arc<cim_coverage::UnitState>| unit.code.clone())
        };
        let holds_faces = |topology: &Topology| {
            let level = topology.unit(change.no).map(|unit| unit.level);
            level.is_some_and(|level| level == topology.base_level() || level.is_overlay())
        };
        if code(&change.before) == code(&change.after) {
            continue;
        }
        for topology in [before, after].into_iter().filter(|topology| holds_faces(topology)) {
            for face in topology.faces_of(change.no) {
                arcs.extend(topology.arcs_around(face));
            }
        }
    }
    arcs
}
