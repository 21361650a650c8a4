//! What became of which unit: the lines of descent that a publication records, with the shares of the ground.

use std::collections::BTreeSet;

use cim_coverage::{Delta, Lineage, LineageKind, Topology, UnitNo, area_m2};
use cim_store::NewLineage;

/// The lines between units that were published before or are now: what came and went within the draft is left out, and
/// units that only changed their ground are told as reshaped.
pub(super) fn new_lineage(
    before: &Topology,
    after: &Topology,
    delta: &Delta,
    drawn: &[Lineage],
) -> Vec<NewLineage> {
    let lines = without_passing_units(before, after, drawn);
    let divides =
        |line: &&Lineage| matches!(line.kind, LineageKind::Split | LineageKind::Merge | LineageKind::Carve);
    let told: BTreeSet<UnitNo> = lines.iter().filter(divides).flat_map(|line| [line.from, line.to]).collect();
    let mut lineage: Vec<NewLineage> = lines
        .iter()
        .map(|line| NewLineage {
            kind: line.kind.name(),
            from: line.from.0,
            to: line.to.0,
            area_share: share(before, after, *line),
        })
        .collect();
    for unit in before.changed_units(after, delta).difference(&told) {
        if before.unit(*unit).is_some() && after.unit(*unit).is_some() {
            lineage.push(NewLineage { kind: "reshape", from: unit.0, to: unit.0, area_share: None });
        }
    }
    lineage
}

/// Joins lines through units that exist neither before nor after.
fn without_passing_units(before: &Topology, after: &Topology, drawn: &[Lineage]) -> BTreeSet<Lineage> {
    let mut lines: BTreeSet<Lineage> = drawn.iter().copied().collect();
    let is_lasting = |unit: UnitNo| before.unit(unit).is_some() || after.unit(unit).is_some();
    loop {
        let passing = lines.iter().flat_map(|line| [line.from, line.to]).find(|unit| !is_lasting(*unit));
        let Some(passing) = passing else { return lines };
        let (through, rest): (BTreeSet<Lineage>, _) =
            lines.into_iter().partition(|line| line.from == passing || line.to == passing);
        lines = rest;
        for coming in through.iter().filter(|line| line.to == passing && line.from != passing) {
            for going in through.iter().filter(|line| line.from == passing && line.to != passing) {
                if coming.from != going.to {
                    lines.insert(Lineage { kind: going.kind, from: coming.from, to: going.to });
                }
            }
        }
    }
}

/// The part of the old unit's ground that the other has now.
fn share(before: &Topology, after: &Topology, line: Lineage) -> Option<f64> {
    let area = |topology: &Topology, unit| topology.polygons_of(unit).iter().map(area_m2).sum::<f64>();
    match line.kind {
        // A unit that goes on gave a part of its ground alone, which went through a unit that is not there any more.
        LineageKind::Merge => after.unit(line.from).is_none().then_some(1.0),
        LineageKind::Split => {
            let whole = area(before, line.from);
            // Of a unit that was itself drawn differently before it was split, the part can only be told roughly.
            (whole > 0.0).then(|| (area(after, line.to) / whole).clamp(0.0, 1.0))
        }
        _ => None,
    }
}
