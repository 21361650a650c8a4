//! Which ground lies on which side of a line that was drawn over a unit.

use std::collections::{BTreeMap, BTreeSet};

use super::cut::{Cut, Side};
use super::edit::Edit;
use super::element::{FaceNo, UnitNo};
use crate::predicate::doubled_ring_area;

/// How much of a unit is divided off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    Nothing,
    Part,
    Whole,
}

impl Share {
    fn with(self, other: Self) -> Self {
        if self == other { self } else { Self::Part }
    }
}

/// Which ground is divided off.
pub(super) struct Division {
    pub(super) pieces: BTreeSet<u32>,
    pub(super) faces: BTreeSet<FaceNo>,
    /// By unit, below the divided one and itself; overlay units among them.
    pub(super) shares: BTreeMap<UnitNo, Share>,
}

impl Edit<'_> {
    /// Which ground lies on the smaller side of the line; none when the line has no two sides.
    pub(super) fn division(
        &self,
        cut: &Cut,
        faces: &BTreeSet<FaceNo>,
        touched: &BTreeSet<FaceNo>,
        unit: UnitNo,
    ) -> Option<Division> {
        let mut components = Components::new(self, cut, faces, touched);
        let (left, right) = components.sides(cut)?;
        let area = |components: &mut Components, side: &BTreeSet<Side>| -> i128 {
            let places: Vec<Side> = components.heads.keys().copied().collect();
            places
                .into_iter()
                .filter(|place| side.contains(&components.head(*place)))
                .map(|place| self.doubled_area(cut, place))
                .sum()
        };
        let (left_area, right_area) = (area(&mut components, &left), area(&mut components, &right));
        let smaller = if right_area > left_area { left } else { right };
        let mut division =
            Division { pieces: BTreeSet::new(), faces: BTreeSet::new(), shares: BTreeMap::new() };
        let places: Vec<Side> = components.heads.keys().copied().collect();
        for place in places {
            let is_off = smaller.contains(&components.head(place));
            let face = match place {
                Side::Piece(region) => cut.face_of[region as usize],
                Side::Beyond(face) => face,
            };
            match place {
                Side::Piece(region) if is_off => division.pieces.extend([region]),
                Side::Beyond(Some(face)) if is_off => division.faces.extend([face]),
                _ => {}
            }
            let Some(ground) = face.and_then(|face| self.state.face(face)) else { continue };
            let share = if is_off { Share::Whole } else { Share::Nothing };
            for over in self.state.units_over(ground) {
                division.shares.entry(over).and_modify(|old| *old = old.with(share)).or_insert(share);
            }
        }
        // Overlay units may lie over ground beside the unit too.
        for (over, share) in &mut division.shares {
            let is_overlay = self.state.unit(*over).is_some_and(|unit| unit.level.is_overlay());
            if is_overlay && self.state.faces_of(*over).iter().any(|face| !faces.contains(face)) {
                *share = share.with(Share::Nothing);
            }
        }
        division.shares.contains_key(&unit).then_some(division)
    }

    fn doubled_area(&self, cut: &Cut, place: Side) -> i128 {
        match place {
            Side::Piece(region) => {
                let graph = &cut.graph;
                let points = |half: &u32| {
                    graph.ring(*half).map(|half| graph.points[graph.start(half) as usize]).collect::<Vec<_>>()
                };
                graph.rings_of[region as usize].iter().map(|half| doubled_ring_area(&points(half))).sum()
            }
            Side::Beyond(Some(face)) => self.state.doubled_face_area(face),
            Side::Beyond(None) => 0,
        }
    }
}

/// The ground of a unit in parts that hang together without crossing the line.
struct Components {
    heads: BTreeMap<Side, Side>,
}

impl Components {
    fn new(edit: &Edit<'_>, cut: &Cut, faces: &BTreeSet<FaceNo>, touched: &BTreeSet<FaceNo>) -> Self {
        let mut heads: BTreeMap<Side, Side> = BTreeMap::new();
        for (region, _) in (0_u32..).zip(&cut.face_of).filter(|(_, face)| face.is_some()) {
            heads.insert(Side::Piece(region), Side::Piece(region));
        }
        for face in faces.difference(touched) {
            heads.insert(Side::Beyond(Some(*face)), Side::Beyond(Some(*face)));
        }
        let mut components = Self { heads };
        for (edge, origin) in (0_u32..).zip(&cut.origins) {
            if origin.line == 0 {
                components.join(cut.side(2 * edge), cut.side(2 * edge + 1));
            }
        }
        for face in faces.difference(touched) {
            for other in edit.state.arcs_around(*face).filter_map(|arc| edit.state.beyond(arc, *face)) {
                components.join(Side::Beyond(Some(*face)), Side::Beyond(Some(other)));
            }
        }
        components
    }

    /// Joins two places, when both are ground of the unit.
    fn join(&mut self, one: Side, other: Side) {
        if self.heads.contains_key(&one) && self.heads.contains_key(&other) {
            let (one, other) = (self.head(one), self.head(other));
            self.heads.insert(one.max(other), one.min(other));
        }
    }

    fn head(&mut self, place: Side) -> Side {
        let mut head = place;
        while let Some(above) = self.heads.get(&head).copied().filter(|above| *above != head) {
            // Every second step up the way is skipped the next time.
            let next = self.heads.get(&above).copied().unwrap_or(above);
            self.heads.insert(head, next);
            head = next;
        }
        head
    }

    /// The parts left and right of the line; none when it divides nothing, or has a part on both sides.
    fn sides(&mut self, cut: &Cut) -> Option<(BTreeSet<Side>, BTreeSet<Side>)> {
        let (mut left, mut right) = (BTreeSet::new(), BTreeSet::new());
        for (edge, origin) in (0_u32..).zip(&cut.origins).filter(|(_, origin)| origin.line != 0) {
            let along = if origin.line > 0 { 2 * edge } else { 2 * edge + 1 };
            let (one, other) = (cut.side(along), cut.side(along ^ 1));
            if self.heads.contains_key(&one) && self.heads.contains_key(&other) {
                let (one, other) = (self.head(one), self.head(other));
                if one != other {
                    left.insert(one);
                    right.insert(other);
                }
            }
        }
        (!left.is_empty() && left.is_disjoint(&right)).then_some((left, right))
    }
}
