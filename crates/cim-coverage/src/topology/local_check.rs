//! Proves after an operation that the ground around it is an exact partition still.
//!
//! All arcs around the faces beside changed arcs are proved as a small coverage in which everything else counts as
//! outside. What lies outside cannot have been touched: the arcs between inside and outside have not moved. Where the
//! outline itself may move, the outline is proved with it, and the rest of the city counts as one face.

use std::collections::BTreeSet;

use cim_crs::LatticePoint;

use super::connection::torn_faces;
use super::edit::Edit;
use super::element::{ArcNo, BorderArc, FaceNo, UnitNo};
use super::refusal::{EditRule, Refusal};
use super::state::Topology;
use crate::coverage::FaceId;
use crate::planar_graph::as_number;
use crate::predicate::meeting;
use crate::validation::{ArcView, Defect, defects};

/// The face that stands for all ground that has not changed.
const ELSEWHERE: FaceId = FaceId(u32::MAX);

impl Edit<'_> {
    /// Refuses when the changed ground is no exact partition any more.
    pub(super) fn check_ground(&self) -> Result<(), Refusal> {
        let mut faces = BTreeSet::new();
        let mut is_outline = false;
        for no in &self.written.arcs {
            let (before, after) = (self.before.arc(*no), self.state.arc(*no));
            if before != after {
                for arc in before.into_iter().chain(after) {
                    is_outline |= arc.left.is_none() || arc.right.is_none();
                    faces.extend(arc.left.into_iter().chain(arc.right));
                }
            }
        }
        let faces: Vec<FaceNo> = faces.into_iter().collect();
        let with_outline = is_outline && self.context.outline_is_open;
        let numbers = arcs_to_prove(&self.state, &faces, with_outline);
        let arcs: Vec<&BorderArc> =
            numbers.iter().filter_map(|no| self.state.arc(*no)).map(|arc| &**arc).collect();
        let id = |face: Option<FaceNo>| match faces.binary_search(&face?) {
            Ok(place) => Some(FaceId(as_number(place))),
            Err(_) => with_outline.then_some(ELSEWHERE),
        };
        let views: Vec<ArcView<'_>> = arcs
            .iter()
            .map(|arc| ArcView { points: &arc.points, left: id(arc.left), right: id(arc.right) })
            .collect();
        let found = defects(&views);
        let worst = found.iter().find(|defect| defect.crossing).or(found.first());
        worst.map_or(Ok(()), |defect| Err(self.refusal_of(&numbers, &arcs, *defect)))?;
        // Only now are the arcs known to be a plane drawing.
        let torn = torn_faces(&arcs).into_iter().find(|face| faces.binary_search(face).is_ok());
        torn.map_or(Ok(()), |face| {
            let unit = self.state.face(face).map(|ground| ground.base);
            let message =
                "ground would fall into pieces that touch in a point alone; draw a little beside it";
            Err(Refusal::new(EditRule::NotContiguous, message).naming(unit))
        })
    }

    fn refusal_of(&self, numbers: &[ArcNo], arcs: &[&BorderArc], defect: Defect) -> Refusal {
        let [first, second] = defect.arcs.map(|arc| arc as usize);
        let (one, other) = (self.border_name(arcs[first]), self.border_name(arcs[second]));
        let (rule, message) = if !defect.crossing && is_collapsed(arcs[first]) {
            (
                EditRule::TooSmall,
                format!("the border of {one} would have a piece without length; leave its points apart"),
            )
        } else if !defect.crossing {
            let message = format!(
                "the border of {one} would pass over ground inside it; keep it on its side of what lies there"
            );
            (EditRule::IslandCrossed, message)
        } else if numbers[first] == numbers[second] {
            let message = format!("the border of {one} would cross or touch itself; draw it free of itself");
            (EditRule::SelfCrossing, message)
        } else {
            let message =
                format!("the border of {one} would cross or touch that of {other}; keep them apart");
            (EditRule::BorderCrossing, message)
        };
        let units = [first, second].into_iter().flat_map(|arc| self.units_beside(arcs[arc]));
        let mut refusal = Refusal::new(rule, message).naming(units);
        refusal.geometry = if defect.crossing {
            crossing_segments(&arcs[first].points, &arcs[second].points, first == second)
        } else {
            Vec::new()
        };
        if refusal.geometry.is_empty() { refusal.showing(vec![defect.at]) } else { refusal }
    }

    /// The units of the finest level beside an arc.
    pub(super) fn units_beside(&self, arc: &BorderArc) -> Vec<UnitNo> {
        let sides = arc.left.into_iter().chain(arc.right);
        sides.filter_map(|face| self.state.face(face)).map(|face| face.base).collect()
    }

    fn border_name(&self, arc: &BorderArc) -> String {
        let mut units = self.units_beside(arc);
        units.dedup();
        let codes: Vec<&str> = units.iter().map(|unit| self.state.code_of(*unit)).collect();
        codes.join(" and ")
    }
}

fn arcs_to_prove(state: &Topology, faces: &[FaceNo], with_outline: bool) -> Vec<ArcNo> {
    let mut numbers: Vec<ArcNo> = faces.iter().flat_map(|face| state.arcs_around(*face)).collect();
    if with_outline {
        numbers.extend_from_slice(state.arcs_around.of(&None));
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn is_collapsed(arc: &BorderArc) -> bool {
    arc.points.len() < 2 || arc.points.windows(2).any(|pair| pair[0] == pair[1])
}

/// The first pair of segments that meet other than at a common end; none when only points coincide.
fn crossing_segments(one: &[LatticePoint], other: &[LatticePoint], same: bool) -> Vec<Vec<LatticePoint>> {
    for (place, first) in one.windows(2).enumerate() {
        for second in other.windows(2).skip(if same { place + 1 } else { 0 }) {
            if !meeting(first[0], first[1], second[0], second[1]).is_empty() {
                return vec![first.to_vec(), second.to_vec()];
            }
        }
    }
    Vec::new()
}
