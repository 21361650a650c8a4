//! Cuts faces along drawn lines: the regions that their borders and the lines make together.

use std::collections::BTreeSet;

use cim_crs::LatticePoint;

use super::edit::Edit;
use super::element::{ArcNo, BorderArc, FaceNo};
use super::refusal::{EditRule, Refusal};
use crate::noding::{SegmentUse, distinct_segments, node};
use crate::planar_graph::{PlanarGraph, as_number};
use crate::predicate::{cross, dot};

/// The number under which drawn lines take part in the noding.
const LINES: u32 = u32::MAX;

/// Where a segment of the cut comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// The place of its arc among those of the cut, and whether the arc runs from the lesser end to the greater.
    pub(super) arc: Option<(u32, bool)>,
    /// How often drawn lines run along it, from the lesser end to the greater.
    pub(super) line: i32,
}

/// Faces with the lines drawn over them, not yet put back into the topology.
pub(super) struct Cut {
    pub(super) numbers: Vec<ArcNo>,
    pub(super) arcs: Vec<BorderArc>,
    pub(super) graph: PlanarGraph,
    /// By segment.
    pub(super) origins: Vec<Origin>,
    /// The face that each region is a piece of; none for regions beyond the faces that are cut.
    pub(super) face_of: Vec<Option<FaceNo>>,
}

impl Cut {
    /// The face or region beside a half-edge: the region when it is a piece, else the face beyond, if any.
    pub(super) fn side(&self, half: u32) -> Side {
        let region = self.graph.region_of[half as usize];
        if self.face_of[region as usize].is_some() {
            return Side::Piece(region);
        }
        let face = self.origins[(half / 2) as usize].arc.and_then(|(arc, forwards)| {
            let arc = &self.arcs[arc as usize];
            if forwards == half.is_multiple_of(2) { arc.left } else { arc.right }
        });
        Side::Beyond(face)
    }
}

/// What lies beside a segment of a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// A piece of a face that is cut, by its region.
    Piece(u32),
    /// A face that is not cut, or none.
    Beyond(Option<FaceNo>),
}

impl Edit<'_> {
    /// Cuts faces along lines. Crossings are put on the lattice; the borders pass through them on both sides.
    pub(super) fn cut(&self, faces: &BTreeSet<FaceNo>, lines: &[Vec<LatticePoint>]) -> Result<Cut, Refusal> {
        let numbers: BTreeSet<ArcNo> = faces.iter().flat_map(|face| self.state.arcs_around(*face)).collect();
        let numbers: Vec<ArcNo> = numbers.into_iter().collect();
        let arcs: Vec<BorderArc> =
            numbers.iter().filter_map(|no| self.state.arc(*no)).map(|arc| (**arc).clone()).collect();
        let mut uses = Vec::new();
        for (number, arc) in (0_u32..).zip(&arcs) {
            uses.extend(arc.points.windows(2).map(|pair| SegmentUse::new(pair[0], pair[1], number, 1)));
        }
        for line in lines {
            uses.extend(line.windows(2).map(|pair| SegmentUse::new(pair[0], pair[1], LINES, 1)));
        }
        let settled = node(&mut uses);
        let (segments, starts) = distinct_segments(&uses);
        let origins = origins_of(&uses, &starts);
        let graph = PlanarGraph::new(&segments);
        let Some(origins) = origins.filter(|_| settled) else {
            let message = "the line runs too close along a border; draw it on the border or away from it";
            let refusal = Refusal::new(EditRule::BorderCrossing, message);
            return Err(lines.iter().cloned().fold(refusal, Refusal::showing));
        };
        let mut cut = Cut { numbers, arcs, face_of: vec![None; graph.rings_of.len()], graph, origins };
        find_faces(&mut cut, faces);
        Ok(cut)
    }

    /// Refuses when new points have bent the outline of the city.
    pub(super) fn check_outline(&self, cut: &Cut) -> Result<(), Refusal> {
        if self.context.outline_is_open {
            return Ok(());
        }
        let mut bends = BTreeSet::new();
        for (ends, origin) in cut.graph.edges.iter().zip(&cut.origins) {
            let Some((number, _)) = origin.arc else { continue };
            let arc = &cut.arcs[number as usize];
            if arc.left.is_none() || arc.right.is_none() {
                let points = ends.map(|end| cut.graph.points[end as usize]);
                bends.extend(points.into_iter().filter(|point| !lies_on(&arc.points, *point)));
            }
        }
        if bends.is_empty() {
            return Ok(());
        }
        let message = "the line meets the locked outline of the city beside its points; end it at a point of the outline";
        let refusal = Refusal::new(EditRule::OutlineLocked, message);
        Err(bends.into_iter().fold(refusal, |refusal, point| refusal.showing(vec![point])))
    }
}

/// Whether a point lies on a line exactly.
fn lies_on(line: &[LatticePoint], point: LatticePoint) -> bool {
    line.contains(&point)
        || line.windows(2).any(|pair| {
            let (a, b) = (pair[0], pair[1]);
            cross(a, b, point) == 0 && dot(a, b, point) > 0 && dot(b, a, point) > 0
        })
}

/// Where each segment comes from; none when rounding has laid two borders on each other.
fn origins_of(uses: &[SegmentUse], starts: &[usize]) -> Option<Vec<Origin>> {
    let mut origins = Vec::with_capacity(starts.len());
    for pair in starts.windows(2) {
        let mut origin = Origin { arc: None, line: 0 };
        for one in &uses[pair[0]..pair[1]] {
            if one.unit == LINES {
                origin.line = one.sign;
            } else if origin.arc.is_some() || one.sign.abs() != 1 {
                return None;
            } else {
                origin.arc = Some((one.unit, one.sign > 0));
            }
        }
        origins.push(origin);
    }
    Some(origins)
}

/// Finds the face of each region: from the borders around it, or else across drawn lines from a region that has some.
fn find_faces(cut: &mut Cut, faces: &BTreeSet<FaceNo>) {
    let mut known = vec![false; cut.face_of.len()];
    known[0] = true;
    let mut waiting = Vec::new();
    for (edge, origin) in cut.origins.iter().enumerate() {
        let Some((number, forwards)) = origin.arc else { continue };
        let arc = &cut.arcs[number as usize];
        let sides = if forwards { [arc.left, arc.right] } else { [arc.right, arc.left] };
        for (half, face) in [2 * edge, 2 * edge + 1].into_iter().zip(sides) {
            let region = cut.graph.region_of[half] as usize;
            if !known[region] {
                known[region] = true;
                cut.face_of[region] = face.filter(|face| faces.contains(face));
                waiting.push(as_number(region));
            }
        }
    }
    while let Some(region) = waiting.pop() {
        for half in cut.graph.around(region) {
            let other = cut.graph.region_of[(half ^ 1) as usize] as usize;
            if !known[other] {
                known[other] = true;
                cut.face_of[other] = cut.face_of[region as usize];
                waiting.push(as_number(other));
            }
        }
    }
}
