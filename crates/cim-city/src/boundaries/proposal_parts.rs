//! Dividing the micro grids of a grid into two groups that hang together and hold about as many households.

use std::collections::BTreeSet;

use cim_coverage::{Topology, UnitNo};

use super::figures::figures;
use crate::version::Version;

/// Groups of so few units are all looked at; of more those that grow around each unit.
const ALL_UP_TO: usize = 14;
/// So many divisions go on to be tried.
const MOST: usize = 12;

/// The smaller groups of the most even divisions; both sides of each lie in one piece.
pub(super) fn halves(version: &Version, topology: &Topology, units: &[UnitNo]) -> Vec<Vec<UnitNo>> {
    let households: Vec<i64> = units
        .iter()
        .map(|unit| figures(version, topology, *unit).map_or(0, |figures| figures.households))
        .collect();
    let beside = neighbours(topology, units);
    let total: i64 = households.iter().sum();
    let sets =
        if units.len() <= ALL_UP_TO { all_sets(units.len()) } else { grown_sets(&beside, &households) };
    let mut divisions: Vec<(i64, BTreeSet<usize>)> = sets
        .into_iter()
        .filter(|set| {
            let rest: BTreeSet<usize> = (0..units.len()).filter(|place| !set.contains(place)).collect();
            hangs_together(set, &beside) && hangs_together(&rest, &beside)
        })
        .map(|set| {
            let held: i64 = set.iter().map(|place| households[*place]).sum();
            ((2 * held - total).abs(), set)
        })
        .collect();
    divisions.sort();
    divisions.dedup();
    let members = |set: BTreeSet<usize>| set.into_iter().map(|place| units[place]).collect();
    divisions.into_iter().take(MOST).map(|(_, set)| members(set)).collect()
}

/// For every unit the places of those that share a border with it.
fn neighbours(topology: &Topology, units: &[UnitNo]) -> Vec<Vec<usize>> {
    let place = |unit: UnitNo| units.iter().position(|other| *other == unit);
    let level = units.first().and_then(|unit| topology.unit(*unit)).map(|unit| unit.level);
    let beside = |unit: &UnitNo| -> Vec<usize> {
        let arcs = topology.border_of(*unit).into_iter().filter_map(|arc| topology.arc(arc));
        let faces = arcs.flat_map(|arc| [arc.left, arc.right]).flatten();
        let others = faces.filter_map(|face| topology.ancestor(topology.face(face)?.base, level?));
        let mut found: Vec<usize> = others.filter(|other| other != unit).filter_map(place).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    units.iter().map(beside).collect()
}

/// Every set without the last unit, so that of a set and its rest only one is there.
fn all_sets(count: usize) -> Vec<BTreeSet<usize>> {
    let last = count.saturating_sub(1);
    let members = |bits: u32| (0..last).filter(|place| bits >> place & 1 == 1).collect();
    (1..1_u32 << last).map(members).collect()
}

/// What grows around each unit, always by the neighbour that has most neighbours in it, until it holds half.
fn grown_sets(beside: &[Vec<usize>], households: &[i64]) -> Vec<BTreeSet<usize>> {
    let half = households.iter().sum::<i64>() / 2;
    let grow = |seed: usize| {
        let mut set = BTreeSet::from([seed]);
        while set.iter().map(|place| households[*place]).sum::<i64>() < half {
            let around = set.iter().flat_map(|place| &beside[*place]).filter(|place| !set.contains(place));
            let held = |place: &usize| beside[*place].iter().filter(|other| set.contains(other)).count();
            let Some(next) = around.copied().max_by_key(|place| (held(place), usize::MAX - place)) else {
                break;
            };
            set.insert(next);
        }
        set
    };
    (0..beside.len()).map(grow).collect()
}

fn hangs_together(set: &BTreeSet<usize>, beside: &[Vec<usize>]) -> bool {
    let Some(first) = set.first() else { return false };
    let mut seen = BTreeSet::from([*first]);
    let mut open = vec![*first];
    while let Some(place) = open.pop() {
        open.extend(beside[place].iter().filter(|other| set.contains(other) && seen.insert(**other)));
    }
    seen.len() == set.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_come_once_and_only_those_that_hang_together_count() {
        // A row of four: 0 - 1 - 2 - 3.
        let row = vec![vec![1], vec![0, 2], vec![1, 3], vec![2]];
        let whole: Vec<_> = all_sets(4)
            .into_iter()
            .filter(|set| {
                let rest = (0..4).filter(|place| !set.contains(place)).collect();
                hangs_together(set, &row) && hangs_together(&rest, &row)
            })
            .collect();
        assert_eq!(whole, [BTreeSet::from([0]), BTreeSet::from([0, 1]), BTreeSet::from([0, 1, 2])]);
    }

    #[test]
    fn a_set_grows_to_half_of_the_households() {
        let row = vec![vec![1], vec![0, 2], vec![1, 3], vec![2]];
        assert_eq!(grown_sets(&row, &[10, 10, 10, 10])[0], BTreeSet::from([0, 1]));
    }
}
