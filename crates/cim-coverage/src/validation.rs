//! Proves that arcs and faces are an exact partition: no gap, no overlap, no tolerance.
//!
//! Three exact facts together are the proof. (1) Segments meet at common ends only, and a point inside an arc belongs to
//! no other arc: the arcs are a plane drawing. (2) Around every node the face left of an arc's end is the face right of
//! the next one: every drawn region has one face, as seen from each connected part of the drawing. (3) West of every
//! connected part lies the same face as seen from the part and from what surrounds it: the parts agree, and outside
//! everything there is none.

use cim_crs::LatticePoint;

use crate::arc_rows::ArcRows;
use crate::coverage::{Coverage, CoverageArc, FaceId};
use crate::finding::{CoverageFinding, CoverageRule};
use crate::noding::for_meetings;
use crate::planar_graph::as_number;
use crate::predicate::{compare_angles, cross};

/// A place where the proof fails, and the arcs that meet there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Defect {
    pub(crate) arcs: [u32; 2],
    pub(crate) at: LatticePoint,
    pub(crate) crossing: bool,
}

/// An arc as the proof sees it.
#[derive(Clone, Copy)]
pub(crate) struct ArcView<'a> {
    pub(crate) points: &'a [LatticePoint],
    pub(crate) left: Option<FaceId>,
    pub(crate) right: Option<FaceId>,
}

impl<'a> From<&'a CoverageArc> for ArcView<'a> {
    fn from(arc: &'a CoverageArc) -> Self {
        Self { points: &arc.points, left: arc.left, right: arc.right }
    }
}

impl Coverage {
    /// What keeps this from being an exact partition; empty when it is one.
    #[must_use]
    pub fn validate(&self) -> Vec<CoverageFinding> {
        let arcs: Vec<ArcView<'_>> = self.arcs.iter().map(ArcView::from).collect();
        let mut findings: Vec<CoverageFinding> =
            defects(&arcs).into_iter().map(|defect| self.finding_of(defect)).collect();
        let mut has_border = vec![false; self.faces.len()];
        for face in self.arcs.iter().flat_map(|arc| [arc.left, arc.right]).flatten() {
            match has_border.get_mut(face.index()) {
                Some(seen) => *seen = true,
                None => findings.push(broken(format!("face {}", face.0), LatticePoint { x: 0, y: 0 })),
            }
        }
        for (face, _) in has_border.iter().enumerate().filter(|(_, seen)| !**seen) {
            findings.push(broken(format!("face {face}"), LatticePoint { x: 0, y: 0 }));
        }
        findings
    }

    fn finding_of(&self, defect: Defect) -> CoverageFinding {
        let mut faces: Vec<FaceId> = defect
            .arcs
            .iter()
            .filter_map(|arc| self.arcs.get(*arc as usize))
            .flat_map(|arc| [arc.left, arc.right])
            .flatten()
            .collect();
        faces.sort_unstable();
        faces.dedup();
        let units = faces.iter().map(|face| format!("face {}", face.0)).collect();
        let rule = if defect.crossing { CoverageRule::Overlap } else { CoverageRule::BrokenTopology };
        CoverageFinding { rule, units, at: defect.at, area_m2: 0.0, width_m: 0.0 }
    }
}

fn broken(unit: String, at: LatticePoint) -> CoverageFinding {
    CoverageFinding { rule: CoverageRule::BrokenTopology, units: vec![unit], at, area_m2: 0.0, width_m: 0.0 }
}

/// Everything that breaks the proof, sorted.
pub(crate) fn defects(arcs: &[ArcView<'_>]) -> Vec<Defect> {
    let mut found = Vec::new();
    for (index, arc) in arcs.iter().enumerate() {
        let damaged = arc.points.len() < 2 || arc.left == arc.right;
        if damaged || arc.points.windows(2).any(|pair| pair[0] == pair[1]) {
            let at = arc.points.first().copied().unwrap_or(LatticePoint { x: 0, y: 0 });
            found.push(Defect { arcs: [as_number(index); 2], at, crossing: false });
        }
    }
    if !found.is_empty() {
        return found;
    }
    check_drawing(arcs, &mut found);
    if found.is_empty() {
        check_turns(arcs, &mut found);
        check_nesting(arcs, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// (1): segments meet at common ends only, and inner points are used once.
fn check_drawing(arcs: &[ArcView<'_>], found: &mut Vec<Defect>) {
    let mut segments = Vec::new();
    let mut arc_of = Vec::new();
    let mut visits: Vec<(LatticePoint, u32, bool)> = Vec::new();
    for (number, arc) in (0_u32..).zip(arcs) {
        for pair in arc.points.windows(2) {
            segments.push((pair[0], pair[1]));
            arc_of.push(number);
        }
        let inner = &arc.points[1..arc.points.len() - 1];
        visits.extend(inner.iter().map(|point| (*point, number, true)));
        visits.extend([arc.points[0], arc.points[arc.points.len() - 1]].map(|point| (point, number, false)));
    }
    for_meetings(&segments, |first, second, meeting| {
        let inside = meeting.split_first.into_iter().chain(meeting.split_second).flatten().next();
        let at = inside.unwrap_or(segments[first as usize].0);
        found.push(Defect { arcs: [arc_of[first as usize], arc_of[second as usize]], at, crossing: true });
    });
    visits.sort_unstable();
    for group in visits.chunk_by(|one, other| one.0 == other.0) {
        if group.len() > 1 && group.iter().any(|visit| visit.2) {
            found.push(Defect { arcs: [group[0].1, group[1].1], at: group[0].0, crossing: true });
        }
    }
}

/// An arc's end at a node, as seen when leaving the node.
struct Spoke {
    node: LatticePoint,
    towards: LatticePoint,
    arc: u32,
    left: Option<FaceId>,
    right: Option<FaceId>,
}

/// (2): faces agree around every node.
fn check_turns(arcs: &[ArcView<'_>], found: &mut Vec<Defect>) {
    let mut spokes = Vec::with_capacity(arcs.len() * 2);
    for (number, arc) in (0_u32..).zip(arcs) {
        let last = arc.points.len() - 1;
        let (left, right) = (arc.left, arc.right);
        spokes.push(Spoke { node: arc.points[0], towards: arc.points[1], arc: number, left, right });
        let (node, towards) = (arc.points[last], arc.points[last - 1]);
        spokes.push(Spoke { node, towards, arc: number, left: right, right: left });
    }
    spokes.sort_unstable_by(|one, other| {
        one.node.cmp(&other.node).then_with(|| compare_angles(one.node, one.towards, other.towards))
    });
    for group in spokes.chunk_by(|one, other| one.node == other.node) {
        for (index, spoke) in group.iter().enumerate() {
            let following = &group[(index + 1) % group.len()];
            // Two spokes with the same direction lie on each other.
            let doubled =
                group.len() > 1 && compare_angles(spoke.node, spoke.towards, following.towards).is_eq();
            if spoke.left != following.right || doubled {
                found.push(Defect { arcs: [spoke.arc, following.arc], at: spoke.node, crossing: doubled });
            }
        }
    }
}

/// Above this number of parts, arcs are laid in rows to find what lies around each.
const FEW_PARTS: usize = 4;

/// (3): what lies around each connected part agrees with the part.
fn check_nesting(arcs: &[ArcView<'_>], found: &mut Vec<Defect>) {
    let parts = connected_parts(arcs);
    let mut least: Vec<Option<(LatticePoint, usize, usize)>> = vec![None; arcs.len()];
    for (index, arc) in arcs.iter().enumerate() {
        for (place, point) in arc.points.iter().enumerate() {
            let entry = &mut least[parts[index]];
            if entry.is_none_or(|(best, _, _)| *point < best) {
                *entry = Some((*point, index, place));
            }
        }
    }
    let outermost: Vec<(LatticePoint, usize)> =
        least.iter().flatten().map(|(point, index, _)| (*point, *index)).collect();
    // A single part lies in nothing; for a few parts, rows are not worth the making.
    let count = if outermost.len() > FEW_PARTS { i64::from(as_number(outermost.len())) } else { 1 };
    let rows = (outermost.len() > 1).then(|| ArcRows::new(arcs, count));
    for (point, index) in outermost {
        let seen_from_part = face_west_of(arcs, point, parts[index], &parts);
        let around = rows.as_ref().and_then(|rows| rows.face_east_of_nearest(point));
        if seen_from_part != around {
            found.push(Defect { arcs: [as_number(index); 2], at: point, crossing: false });
        }
    }
}

/// The face directly west of the least point of a part: it lies between the steepest spoke up and the steepest down.
fn face_west_of(arcs: &[ArcView<'_>], least: LatticePoint, part: usize, parts: &[usize]) -> Option<FaceId> {
    let mut highest: Option<(LatticePoint, Option<FaceId>)> = None;
    let mut consider = |towards: LatticePoint, left: Option<FaceId>| {
        // All spokes point east of the least point, or straight up: the one farthest counter-clockwise has the west on its left.
        if highest.is_none_or(|(best, _)| cross(least, best, towards) > 0) {
            highest = Some((towards, left));
        }
    };
    for arc in arcs.iter().zip(parts).filter(|(_, other)| **other == part).map(|(arc, _)| arc) {
        for pair in arc.points.windows(2) {
            if pair[0] == least {
                consider(pair[1], arc.left);
            }
            if pair[1] == least {
                consider(pair[0], arc.right);
            }
        }
    }
    highest.and_then(|(_, face)| face)
}

/// The number of the connected part that each arc belongs to: the least arc of it.
fn connected_parts(arcs: &[ArcView<'_>]) -> Vec<usize> {
    fn root(parents: &mut [usize], mut arc: usize) -> usize {
        while parents[arc] != arc {
            parents[arc] = parents[parents[arc]];
            arc = parents[arc];
        }
        arc
    }
    let mut parents: Vec<usize> = (0..arcs.len()).collect();
    let mut ends: Vec<(LatticePoint, usize)> = arcs
        .iter()
        .enumerate()
        .flat_map(|(index, arc)| [arc.points[0], arc.points[arc.points.len() - 1]].map(|end| (end, index)))
        .collect();
    ends.sort_unstable();
    for pair in ends.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let (one, other) = (root(&mut parents, pair[0].1), root(&mut parents, pair[1].1));
        parents[one.max(other)] = one.min(other);
    }
    (0..arcs.len()).map(|arc| root(&mut parents, arc)).collect()
}
