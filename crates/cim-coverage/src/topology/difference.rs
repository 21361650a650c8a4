//! From one state to another: by a delta, back to a delta, and to lasting numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::delta::{Change, Delta, Footprint};
use super::element::{ArcNo, BorderArc, FaceNo, GroundFace, NodeNo, UnitNo, UnitState};
use super::state::{Topology, TopologyParts};

impl Topology {
    /// This state with the changes of a delta. Refused, with the elements that are not as they were before it.
    pub fn with(&self, delta: &Delta) -> Result<Self, Footprint> {
        let stale = Footprint {
            nodes: stale(&self.nodes, &delta.nodes),
            arcs: stale(&self.arcs, &delta.arcs),
            faces: stale(&self.faces, &delta.faces),
            units: stale(&self.units, &delta.units),
        };
        if !stale.is_empty() {
            return Err(stale);
        }
        let mut newer = self.clone();
        for change in &delta.nodes {
            newer.put_node(change.no, change.after);
        }
        for change in &delta.arcs {
            newer.put_arc(change.no, change.after.clone());
        }
        for change in &delta.faces {
            newer.put_face(change.no, change.after);
        }
        for change in &delta.units {
            newer.put_unit(change.no, change.after.clone());
        }
        Ok(newer)
    }

    /// What turns this state into a newer one.
    #[must_use]
    pub fn difference(&self, newer: &Self) -> Delta {
        Delta {
            nodes: changes(&self.nodes, &newer.nodes),
            arcs: changes(&self.arcs, &newer.arcs),
            faces: changes(&self.faces, &newer.faces),
            units: changes(&self.units, &newer.units),
        }
    }

    /// The same state with lasting numbers in place of those of a draft; numbers that are not named stay.
    #[must_use]
    pub fn renumbered(&self, numbers: &BTreeMap<i64, i64>) -> Self {
        let lasting = Numbers(numbers);
        Self::new(TopologyParts {
            base_level: self.base_level,
            nodes: self.nodes().map(|(no, point)| (lasting.node(no), point)).collect(),
            arcs: self.arcs().map(|(no, arc)| (lasting.arc(no), lasting.border_arc(arc))).collect(),
            faces: self.faces().map(|(no, face)| (lasting.face(no), lasting.ground_face(face))).collect(),
            units: self.units().map(|(no, unit)| (lasting.unit(no), lasting.unit_state(unit))).collect(),
        })
    }
}

impl Delta {
    /// The numbers of a draft that exist after it.
    #[must_use]
    pub fn draft_numbers(&self) -> BTreeSet<i64> {
        fn existing<N: Copy, T>(changes: &[Change<N, T>], number: impl Fn(N) -> i64) -> Vec<i64> {
            changes.iter().filter(|change| change.after.is_some()).map(|change| number(change.no)).collect()
        }
        let mut numbers = existing(&self.nodes, |no| no.0);
        numbers.extend(existing(&self.arcs, |no| no.0));
        numbers.extend(existing(&self.faces, |no| no.0));
        numbers.extend(existing(&self.units, |no| no.0));
        numbers.into_iter().filter(|number| *number < 0).collect()
    }

    /// The same changes with lasting numbers in place of those of a draft.
    #[must_use]
    pub fn renumbered(&self, numbers: &BTreeMap<i64, i64>) -> Self {
        let lasting = Numbers(numbers);
        Self {
            nodes: renumbered(&self.nodes, |no| lasting.node(no), |point| *point),
            arcs: renumbered(&self.arcs, |no| lasting.arc(no), |arc| lasting.border_arc(arc)),
            faces: renumbered(&self.faces, |no| lasting.face(no), |face| lasting.ground_face(*face)),
            units: renumbered(&self.units, |no| lasting.unit(no), |unit| lasting.unit_state(unit)),
        }
    }
}

fn stale<N: Ord + Copy, T: Clone + PartialEq>(map: &OrdMap<N, T>, changes: &[Change<N, T>]) -> BTreeSet<N> {
    let is_stale = |change: &&Change<N, T>| map.get(&change.no) != change.before.as_ref();
    changes.iter().filter(is_stale).map(|change| change.no).collect()
}

fn changes<N: Ord + Copy, T: Clone + PartialEq>(old: &OrdMap<N, T>, new: &OrdMap<N, T>) -> Vec<Change<N, T>> {
    old.diff(new)
        .map(|item| match item {
            DiffItem::Add(no, after) => Change { no: *no, before: None, after: Some(after.clone()) },
            DiffItem::Update { old, new } => {
                Change { no: *old.0, before: Some(old.1.clone()), after: Some(new.1.clone()) }
            }
            DiffItem::Remove(no, before) => Change { no: *no, before: Some(before.clone()), after: None },
        })
        .collect()
}

fn renumbered<N: Ord + Copy, T>(
    changes: &[Change<N, T>],
    number: impl Fn(N) -> N,
    value: impl Fn(&T) -> T,
) -> Vec<Change<N, T>> {
    let turn = |change: &Change<N, T>| Change {
        no: number(change.no),
        before: change.before.as_ref().map(&value),
        after: change.after.as_ref().map(&value),
    };
    let mut changes: Vec<Change<N, T>> = changes.iter().map(turn).collect();
    changes.sort_by_key(|change| change.no);
    changes
}

/// Lasting numbers by the numbers of a draft.
struct Numbers<'a>(&'a BTreeMap<i64, i64>);

impl Numbers<'_> {
    fn of(&self, number: i64) -> i64 {
        if number < 0 { self.0.get(&number).copied().unwrap_or(number) } else { number }
    }

    fn node(&self, no: NodeNo) -> NodeNo {
        NodeNo(self.of(no.0))
    }

    fn arc(&self, no: ArcNo) -> ArcNo {
        ArcNo(self.of(no.0))
    }

    fn face(&self, no: FaceNo) -> FaceNo {
        FaceNo(self.of(no.0))
    }

    fn unit(&self, no: UnitNo) -> UnitNo {
        UnitNo(self.of(no.0))
    }

    fn border_arc(&self, arc: &Arc<BorderArc>) -> Arc<BorderArc> {
        let (start, end) = (self.node(arc.start), self.node(arc.end));
        let sides = [arc.left, arc.right];
        let [left, right] = sides.map(|face| face.map(|face| self.face(face)));
        if (start, end, [left, right]) == (arc.start, arc.end, sides) {
            return Arc::clone(arc);
        }
        Arc::new(BorderArc { start, end, left, right, points: arc.points.clone() })
    }

    fn ground_face(&self, face: GroundFace) -> GroundFace {
        GroundFace { base: self.unit(face.base), overlay: face.overlay.map(|unit| self.unit(unit)) }
    }

    fn unit_state(&self, unit: &Arc<UnitState>) -> Arc<UnitState> {
        let parent = unit.parent.map(|parent| self.unit(parent));
        if parent == unit.parent {
            Arc::clone(unit)
        } else {
            Arc::new(UnitState { parent, ..(**unit).clone() })
        }
    }
}
