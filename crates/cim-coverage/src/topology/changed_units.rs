//! Which units have other polygons after a change: those whose directed border segments are not the same set any more.

use std::collections::{BTreeSet, HashMap};

use cim_crs::LatticePoint;

use super::delta::Delta;
use super::element::{ArcNo, FaceNo, UnitNo};
use super::state::Topology;

/// How much more often a directed segment bounds a unit after the change than before.
type Balance = HashMap<(UnitNo, LatticePoint, LatticePoint), i32>;

impl Topology {
    /// The units of any level, overlay units too, whose polygons differ between this state and the one after `delta`.
    ///
    /// The segments of all arcs that may bound another unit than before are added up; what cancels has not changed. So
    /// a border that moves inside a village changes none above its two micro grids.
    #[must_use]
    pub fn changed_units(&self, after: &Self, delta: &Delta) -> BTreeSet<UnitNo> {
        let arcs = self.arcs_beside_changes(after, delta);
        let mut balance = Balance::new();
        self.count_segments(&arcs, -1, &mut balance);
        after.count_segments(&arcs, 1, &mut balance);
        balance.into_iter().filter(|(_, sum)| *sum != 0).map(|((unit, _, _), _)| unit).collect()
    }

    fn arcs_beside_changes(&self, after: &Self, delta: &Delta) -> BTreeSet<ArcNo> {
        let mut arcs: BTreeSet<ArcNo> = delta.arcs.iter().map(|change| change.no).collect();
        for state in [self, after] {
            for change in &delta.faces {
                arcs.extend(state.arcs_around(change.no));
            }
            for change in &delta.units {
                let parent = |unit: &Option<std::sync::Arc<super::UnitState>>| {
                    unit.as_ref().and_then(|unit| unit.parent)
                };
                let is_overlay = |unit: &std::sync::Arc<super::UnitState>| unit.level.is_overlay();
                // The parent of an overlay unit has no ground from it.
                if parent(&change.before) != parent(&change.after)
                    && !change.before.iter().chain(&change.after).any(is_overlay)
                {
                    arcs.extend(state.border_of(change.no));
                }
            }
        }
        arcs
    }

    fn count_segments(&self, arcs: &BTreeSet<ArcNo>, by: i32, balance: &mut Balance) {
        let mut units_over: HashMap<FaceNo, Vec<UnitNo>> = HashMap::new();
        for arc in arcs.iter().filter_map(|no| self.arc(*no)) {
            let [left, right] = [arc.left, arc.right].map(|face| {
                let Some(face) = face else { return Vec::new() };
                let units = || self.face(face).map_or_else(Vec::new, |ground| self.units_over(ground));
                units_over.entry(face).or_insert_with(units).clone()
            });
            for unit in left.iter().filter(|unit| !right.contains(unit)) {
                for pair in arc.points.windows(2) {
                    *balance.entry((*unit, pair[0], pair[1])).or_default() += by;
                }
            }
            for unit in right.iter().filter(|unit| !left.contains(unit)) {
                for pair in arc.points.windows(2) {
                    *balance.entry((*unit, pair[1], pair[0])).or_default() += by;
                }
            }
        }
    }
}
