//! The connected parts of a drawing, and what lies west of each: whether an island is in its face.

use std::sync::Arc;

use cim_crs::LatticePoint;

use super::bounds::Bounds;
use super::net::NetArc;
use crate::coverage::FaceId;
use crate::planar_graph::{WestHit, as_number};
use crate::predicate::cross;

/// Arcs that hang together by their ends, as far as they say what lies west of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The arcs that may hold the part's least point however they are thinned: nodes stay. Sorted.
    pub(super) western: Vec<u32>,
    /// A box around everything that may lie west of the part and decide, and around the western arcs.
    pub(super) reach: Bounds,
}

/// An arc as it is drawn now: its number, its line and its faces.
pub(super) type Drawn<'a> = (u32, &'a [LatticePoint], Option<FaceId>, Option<FaceId>);

/// The parts of a drawing.
pub(super) fn parts(arcs: &[Option<Arc<NetArc>>]) -> Vec<Part> {
    let number_of_part = connected(arcs);
    let mut least_node: Vec<Option<LatticePoint>> = vec![None; arcs.len()];
    for (arc, part) in arcs.iter().zip(&number_of_part) {
        let Some(arc) = arc else { continue };
        let least = &mut least_node[*part];
        let ends = [arc.points[0], arc.points[arc.points.len() - 1]];
        *least = ends.into_iter().chain(*least).min();
    }
    let mut found: Vec<Option<Part>> = vec![None; arcs.len()];
    for (number, (arc, part)) in arcs.iter().zip(&number_of_part).enumerate() {
        let (Some(arc), Some(least)) = (arc, least_node[*part]) else { continue };
        if arc.bounds.low.x > least.x {
            continue;
        }
        let (low, high) = (arc.bounds.low, arc.bounds.high);
        let reach = Bounds {
            low: LatticePoint { x: i64::MIN, y: low.y },
            high: LatticePoint { x: least.x, y: high.y },
        };
        match &mut found[*part] {
            Some(known) => {
                known.western.push(as_number(number));
                known.reach = known.reach.union(reach);
            }
            none => *none = Some(Part { western: vec![as_number(number)], reach }),
        }
    }
    found.into_iter().flatten().collect()
}

/// By arc the number of the part that it belongs to: its least arc.
fn connected(arcs: &[Option<Arc<NetArc>>]) -> Vec<usize> {
    fn root(parents: &mut [usize], mut arc: usize) -> usize {
        while parents[arc] != arc {
            parents[arc] = parents[parents[arc]];
            arc = parents[arc];
        }
        arc
    }
    let mut parents: Vec<usize> = (0..arcs.len()).collect();
    let mut ends: Vec<(LatticePoint, usize)> = Vec::with_capacity(arcs.len() * 2);
    for (number, arc) in arcs.iter().enumerate() {
        let Some(arc) = arc else { continue };
        ends.extend([arc.points[0], arc.points[arc.points.len() - 1]].map(|end| (end, number)));
    }
    ends.sort_unstable();
    for pair in ends.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let (one, other) = (root(&mut parents, pair[0].1), root(&mut parents, pair[1].1));
        parents[one.max(other)] = one.min(other);
    }
    (0..arcs.len()).map(|arc| root(&mut parents, arc)).collect()
}

/// The arc that holds the least point of a part that lies in another face than it says; `around` holds all arcs that the
/// part's reach meets.
pub(super) fn misplaced(western: &[Drawn<'_>], around: &[Drawn<'_>]) -> Option<u32> {
    let least_of = |drawn: &Drawn<'_>| drawn.1.iter().copied().min();
    let least = western.iter().filter_map(least_of).min()?;
    let seen_from_part = face_west_of(western, least);
    let seen_from_outside = face_east_of_nearest(around, least);
    let holder = western.iter().find(|drawn| least_of(drawn) == Some(least))?;
    (seen_from_part != seen_from_outside).then_some(holder.0)
}

/// The face directly west of the least point of a part: it lies between the steepest spoke up and the steepest down.
fn face_west_of(western: &[Drawn<'_>], least: LatticePoint) -> Option<FaceId> {
    let mut highest: Option<(LatticePoint, Option<FaceId>)> = None;
    let mut consider = |towards: LatticePoint, left: Option<FaceId>| {
        // All spokes point east of the least point, or straight up: the one farthest counter-clockwise has the west on its left.
        if highest.is_none_or(|(best, _)| cross(least, best, towards) > 0) {
            highest = Some((towards, left));
        }
    };
    for (_, points, left, right) in western {
        for pair in points.windows(2) {
            if pair[0] == least {
                consider(pair[1], *left);
            }
            if pair[1] == least {
                consider(pair[0], *right);
            }
        }
    }
    highest.and_then(|(_, face)| face)
}

/// The face on the east side of the nearest line west of a point, looking a trifle above it; none when there is no line.
fn face_east_of_nearest(around: &[Drawn<'_>], point: LatticePoint) -> Option<FaceId> {
    let mut nearest: Option<(WestHit, Option<FaceId>)> = None;
    for (_, points, left, right) in around {
        for pair in points.windows(2) {
            let up = pair[0].y < pair[1].y;
            let (low, high) = if up { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
            if !(low.y <= point.y && point.y < high.y) || low.x.min(high.x) >= point.x {
                continue;
            }
            let hit = WestHit::new(low, high, point.y);
            if hit.is_west_of(point.x) && nearest.is_none_or(|(best, _)| hit.compare(best).is_gt()) {
                nearest = Some((hit, if up { *right } else { *left }));
            }
        }
    }
    nearest.and_then(|(_, face)| face)
}
