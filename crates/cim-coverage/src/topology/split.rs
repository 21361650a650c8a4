//! Dividing a unit along a drawn line, with all units below it that the line cuts.

use std::collections::{BTreeMap, BTreeSet};

use cim_crs::LatticePoint;

use super::cut::{Cut, Side};
use super::edit::Edit;
use super::element::{FaceNo, GroundFace, UnitNo, UnitState};
use super::naming::checked_name;
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};
use crate::predicate::doubled_ring_area;

/// How much of a unit is divided off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
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
struct Division {
    pieces: BTreeSet<u32>,
    faces: BTreeSet<FaceNo>,
    /// By unit, below the divided one and itself; overlay units among them.
    shares: BTreeMap<UnitNo, Share>,
}

impl Edit<'_> {
    pub(super) fn split(
        &mut self,
        no: UnitNo,
        line: &[LatticePoint],
        snap_m: f64,
        name: &mut Option<String>,
        code: &mut Option<String>,
    ) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        if unit.level.is_overlay() {
            let message =
                format!("{} lies over the chain and cannot be divided; retire it and carve two", unit.code);
            return Err(Refusal::new(EditRule::WrongLevel, message).naming([no]));
        }
        let new_name = match name.as_deref() {
            Some(name) => checked_name(name)?,
            None => self.name_beside(&unit),
        };
        let faces: BTreeSet<FaceNo> = self.state.faces_of(no).into_iter().collect();
        let lines = self.line_over(&faces, line, snap_m).map_err(|refusal| refusal.naming([no]))?;
        let beside = lines.iter().flat_map(|line| self.state.arcs_near(line, 0));
        let arcs: BTreeSet<_> = beside.collect();
        let touched: BTreeSet<FaceNo> = arcs
            .iter()
            .filter_map(|arc| self.state.arc(*arc))
            .flat_map(|arc| [arc.left, arc.right])
            .flatten()
            .filter(|face| faces.contains(face))
            .collect();
        let cut = self.cut(&touched, &lines).map_err(|refusal| refusal.naming([no]))?;
        self.check_outline(&cut).map_err(|refusal| refusal.naming([no]))?;
        let misses = || {
            let message =
                format!("the line does not divide {} in two; draw it from border to border", unit.code);
            Refusal::new(EditRule::LineMisses, message).naming([no]).showing(line.to_vec())
        };
        let division = self.division(&cut, &faces, &touched, no).ok_or_else(misses)?;
        if division.shares.get(&no) != Some(&Share::Part) {
            return Err(misses());
        }
        let mut new_units = BTreeMap::new();
        self.divide(
            (no, &unit),
            unit.parent,
            (new_name.clone(), code.as_deref()),
            &division,
            &mut new_units,
        )?;
        let new_of =
            |face: GroundFace| GroundFace { base: *new_units.get(&face.base).unwrap_or(&face.base), ..face };
        let is_divided_off = |region: u32| division.pieces.contains(&region);
        self.replace_ground(&cut, is_divided_off, |face, mark| if mark { new_of(face) } else { face })
            .map_err(|refusal| refusal.naming([no]))?;
        let whole: Vec<FaceNo> = division.faces.iter().copied().collect();
        self.relabel(&whole, new_of);
        *name = Some(new_name);
        *code = new_units.get(&no).map(|new| self.state.code_of(*new).to_owned());
        Ok(())
    }

    /// Which ground lies on the smaller side of the line; none when the line has no two sides.
    fn division(
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

    /// Makes the unit for what is divided off a unit, gives it the children that lie there, and divides those that are cut.
    fn divide(
        &mut self,
        old: (UnitNo, &UnitState),
        parent: Option<UnitNo>,
        named: (String, Option<&str>),
        division: &Division,
        new_units: &mut BTreeMap<UnitNo, UnitNo>,
    ) -> Result<(), Refusal> {
        let (no, unit) = old;
        let code = self.code_for(named.1, unit.level, parent).map_err(|refusal| refusal.naming([no]))?;
        let parent_code = match parent {
            Some(parent) => Some(self.state.code_of(parent).to_owned()),
            None => unit.parent_code.clone(),
        };
        let new = UnitNo(self.state.new_number());
        self.put_unit(new, Some(UnitState { code, name: named.0, parent, parent_code, ..unit.clone() }));
        self.descend(LineageKind::Split, no, new);
        new_units.insert(no, new);
        let children: Vec<UnitNo> = self.state.children(no).collect();
        for child in children {
            match division.shares.get(&child) {
                Some(Share::Whole) => self.give_parent(child, new)?,
                Some(Share::Part) => {
                    let state = self.need_unit(child)?;
                    if !state.level.is_overlay() {
                        let name = self.name_beside(&state);
                        self.divide((child, &state), Some(new), (name, None), division, new_units)?;
                    }
                }
                Some(Share::Nothing) | None => {}
            }
        }
        Ok(())
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
