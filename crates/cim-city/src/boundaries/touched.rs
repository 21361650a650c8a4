//! Which units a change of boundaries touches: by their ground, by what they are called, by whom they belong to.

use std::collections::BTreeSet;

use cim_coverage::{Delta, Level, Topology, UnitNo};

/// Units whose ground or own words differ, and the parents that gain or lose one; those that are gone too.
pub(super) fn touched_units(before: &Topology, after: &Topology, delta: &Delta) -> BTreeSet<UnitNo> {
    let mut units = before.changed_units(after, delta);
    for change in &delta.units {
        units.insert(change.no);
        for state in [&change.before, &change.after].into_iter().flatten() {
            units.extend(state.parent);
        }
    }
    units
}

/// Of those, the ones that a planner watches: grids of the finest level, of the level above it, and overlay units.
pub(super) fn watched(topology: &Topology, units: &BTreeSet<UnitNo>) -> Vec<UnitNo> {
    let base = topology.base_level();
    let is_grid =
        |level: Level| level == base || level.is_overlay() || level == Level(base.0.saturating_sub(1));
    let is_watched = |unit: &&UnitNo| topology.unit(**unit).is_some_and(|unit| is_grid(unit.level));
    let mut watched: Vec<UnitNo> = units.iter().filter(is_watched).copied().collect();
    watched.sort_by_key(|unit| topology.unit(*unit).map(|unit| (unit.level, unit.code.clone())));
    watched
}

/// Units of the finest level in which something changes hands: their ground, their chain of units, or what lies over them.
/// As they are in `topology`, which is the state before or after.
pub(super) fn base_units(
    before: &Topology,
    after: &Topology,
    delta: &Delta,
    topology: &Topology,
) -> BTreeSet<UnitNo> {
    let mut found = renamed_base_units(before, after, delta, topology);
    found.extend(before.changed_units(after, delta));
    for change in &delta.faces {
        found.extend([change.before, change.after].into_iter().flatten().map(|face| face.base));
    }
    found.retain(|unit| is_base(topology, *unit));
    found
}

/// Units of the finest level that belong to others or are called otherwise than before, or lie under a unit that is.
pub(super) fn renamed_base_units(
    before: &Topology,
    after: &Topology,
    delta: &Delta,
    topology: &Topology,
) -> BTreeSet<UnitNo> {
    let mut found = BTreeSet::new();
    for change in &delta.units {
        let (was, is) = (change.before.as_ref(), change.after.as_ref());
        let is_recoded = was.map(|unit| &unit.code) != is.map(|unit| &unit.code);
        if is_recoded || was.map(|unit| unit.parent) != is.map(|unit| unit.parent) {
            found.extend(topology.base_units_of(change.no));
            // An overlay unit has no units below it: what lies in it lies in the units of its faces.
            let faces = topology.faces_of(change.no);
            found.extend(faces.iter().filter_map(|face| topology.face(*face)).map(|face| face.base));
        }
        if is_recoded {
            // Exactly on a border the lowest code has what lies there: with another code it may change hands.
            for state in [before, after] {
                let arcs = state.border_of(change.no).into_iter().filter_map(|arc| state.arc(arc));
                let sides = arcs.flat_map(|arc| [arc.left, arc.right]).flatten();
                found.extend(sides.filter_map(|face| state.face(face)).map(|face| face.base));
            }
        }
    }
    found.retain(|unit| is_base(topology, *unit));
    found
}

fn is_base(topology: &Topology, unit: UnitNo) -> bool {
    topology.unit(unit).is_some_and(|state| state.level == topology.base_level())
}
