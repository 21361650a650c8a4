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
    let mut found: BTreeSet<UnitNo> =
        before.changed_units(after, delta).into_iter().filter(|unit| is_base(topology, *unit)).collect();
    for change in &delta.units {
        let moved = match (&change.before, &change.after) {
            (Some(one), Some(other)) => one.parent != other.parent || one.code != other.code,
            _ => true,
        };
        if moved {
            found.extend(topology.base_units_of(change.no));
        }
    }
    for change in &delta.faces {
        for state in [change.before, change.after].into_iter().flatten() {
            found.insert(state.base);
        }
    }
    found.retain(|unit| is_base(topology, *unit));
    found
}

fn is_base(topology: &Topology, unit: UnitNo) -> bool {
    topology.unit(unit).is_some_and(|state| state.level == topology.base_level())
}
