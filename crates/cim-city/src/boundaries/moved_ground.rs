//! Where ground changes hands: boxes around the borders between which it lies.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cim_coverage::{ArcNo, Delta, FaceNo, GroundFace, Topology, UnitNo};
use cim_crs::{LatticePoint, LonLat};

/// A piece of border with what lies on its two sides, written from its lesser end.
type Side = Option<GroundFace>;
type Segment = (LatticePoint, LatticePoint, Side, Side);

/// Beside a box so much more, so that what lies exactly on its edge is looked at too.
const MARGIN_DEGREES: f64 = 2e-8;

/// Boxes (west, south, east, north in degrees) that hold all ground that belongs to another unit of the finest level, or lies
/// under another overlay unit, than before. Every piece of such ground is bounded by pieces of border whose sides differ,
/// so the boxes are drawn around those, one for each unit of the finest level that has any.
pub(super) fn moved_ground(before: &Topology, after: &Topology, delta: &Delta) -> Vec<[f64; 4]> {
    let mut counts: HashMap<Segment, i32> = HashMap::new();
    let arcs = arcs_concerned(before, after, delta);
    for (topology, sign) in [(before, -1), (after, 1)] {
        for arc in arcs.iter().filter_map(|no| topology.arc(*no)) {
            let side = |face: Option<FaceNo>| topology.face(face?);
            let (left, right) = (side(arc.left), side(arc.right));
            if left == right {
                continue;
            }
            for pair in arc.points.windows(2) {
                let segment = if pair[0] < pair[1] {
                    (pair[0], pair[1], left, right)
                } else {
                    (pair[1], pair[0], right, left)
                };
                *counts.entry(segment).or_default() += sign;
            }
        }
    }
    let differing = counts.into_iter().filter(|(_, count)| *count != 0).map(|(segment, _)| segment);
    let mut boxes: BTreeMap<UnitNo, [LatticePoint; 2]> = BTreeMap::new();
    for (a, b, left, right) in differing {
        for unit in [left, right].into_iter().flatten().map(|face| face.base) {
            let [low, high] = boxes.entry(unit).or_insert([a, a]);
            for point in [a, b] {
                *low = LatticePoint { x: low.x.min(point.x), y: low.y.min(point.y) };
                *high = LatticePoint { x: high.x.max(point.x), y: high.y.max(point.y) };
            }
        }
    }
    let distinct: BTreeSet<[LatticePoint; 2]> = boxes.into_values().collect();
    distinct.into_iter().map(|[low, high]| degrees(low, high)).collect()
}

/// Arcs that differ, and those around faces that belong to other units.
fn arcs_concerned(before: &Topology, after: &Topology, delta: &Delta) -> BTreeSet<ArcNo> {
    let mut arcs: BTreeSet<ArcNo> = delta.arcs.iter().map(|change| change.no).collect();
    for change in &delta.faces {
        for topology in [before, after] {
            arcs.extend(topology.arcs_around(change.no));
        }
    }
    arcs
}

fn degrees(low: LatticePoint, high: LatticePoint) -> [f64; 4] {
    let (low, high) = (LonLat::from(low), LonLat::from(high));
    [low.lon - MARGIN_DEGREES, low.lat - MARGIN_DEGREES, high.lon + MARGIN_DEGREES, high.lat + MARGIN_DEGREES]
}
