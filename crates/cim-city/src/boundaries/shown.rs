//! What maps and answers show differently after a change of boundaries.

use std::collections::BTreeSet;

use cim_coverage::{Delta, Topology, UnitNo};
use cim_store::{DerivedUnit, Shown, collection_of, multi_polygon};

use super::moved_ground::moved_ground;
use super::touched::renamed_base_units;

/// The derived rows that differ, and the units in which something may change hands.
pub(super) fn shown(before: &Topology, after: &Topology, delta: &Delta) -> Shown {
    let mut units: BTreeSet<UnitNo> = before.changed_units(after, delta);
    units.extend(delta.units.iter().map(|change| change.no));
    let gone = delta.units.iter().filter(|change| change.after.is_none()).filter_map(|change| {
        let level = change.before.as_ref().and_then(|unit| collection_of(unit.level))?;
        Some((level, change.no.0))
    });
    let renamed = renamed_base_units(before, after, delta, before);
    let code = |unit: &UnitNo| before.unit(*unit).map(|unit| unit.code.clone());
    Shown {
        present: units.iter().filter_map(|unit| derived(after, *unit)).collect(),
        gone: gone.collect(),
        base_level: collection_of(before.base_level()).map_or("micro_grid", |level| level.name()).to_owned(),
        renamed: renamed.iter().filter_map(code).collect(),
        moved_ground: moved_ground(before, after, delta),
    }
}

/// Whether an arc of the outline differs.
pub(super) fn outline_moves(delta: &Delta) -> bool {
    delta.arcs.iter().any(|change| {
        let mut states = [&change.before, &change.after].into_iter().flatten();
        states.any(|arc| arc.left.is_none() || arc.right.is_none())
    })
}

fn derived(topology: &Topology, unit: UnitNo) -> Option<DerivedUnit> {
    let state = topology.unit(unit)?;
    let polygons = topology.polygons_of(unit);
    Some(DerivedUnit {
        id: unit.0,
        level: collection_of(state.level)?,
        code: state.code.clone(),
        name: state.name.clone(),
        kind: state.kind.clone(),
        class: state.class.clone(),
        parent_code: state.parent_code.clone(),
        polygons: (!polygons.is_empty()).then(|| multi_polygon(&polygons)),
    })
}
