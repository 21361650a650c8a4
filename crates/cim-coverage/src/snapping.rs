//! Brings borders together that were meant to be one: vertices onto vertices, then lines onto vertices.
//!
//! Only vertices on borders that no neighbour shares exactly may move, so that what is clean stays as it is. No two
//! vertices of one unit are ever merged: the shape of a unit is its own, only its distance to others is closed.

use std::collections::{HashMap, HashSet};

use cim_crs::{LATTICE_PER_DEGREE, LatticePoint, LonLat, metres_per_degree};

use crate::area::degrees;
use crate::label_point::distance_squared;
use crate::layer::{LatticePolygon, LayerUnit, Ring};
use crate::planar_graph::as_number;
use crate::segment_grid::SegmentGrid;

/// Closing one distance can open the view on the next.
const LINE_ROUNDS: usize = 3;

/// The units with their borders brought together.
pub(crate) fn snap(units: &[LayerUnit], snap_m: f64) -> Vec<LayerUnit> {
    let mut units = units.to_vec();
    let Some(frame) = Frame::of(&units, snap_m) else { return units };
    snap_vertices(&mut units, &frame);
    for _ in 0..LINE_ROUNDS {
        if !snap_lines(&mut units, &frame) {
            break;
        }
    }
    units
}

/// Metres for lattice steps around the layer.
struct Frame {
    origin: LatticePoint,
    scale: (f64, f64),
    snap_m: f64,
    reach: i64,
}

impl Frame {
    #[expect(clippy::cast_possible_truncation, reason = "a snap distance is a few metres")]
    fn of(units: &[LayerUnit], snap_m: f64) -> Option<Self> {
        let origin = *rings(units).flat_map(|(_, ring)| ring).min()?;
        let highest = rings(units).flat_map(|(_, ring)| ring).map(|point| point.y).max()?;
        let lowest = rings(units).flat_map(|(_, ring)| ring).map(|point| point.y).min()?;
        let middle = LonLat::from(LatticePoint { x: origin.x, y: i64::midpoint(lowest, highest) });
        let scale = metres_per_degree(middle.lat);
        let reach = (snap_m / scale.0.min(scale.1) * LATTICE_PER_DEGREE).ceil() as i64 + 1;
        (snap_m > 0.0).then_some(Self { origin, scale, snap_m, reach })
    }

    fn metres(&self, point: LatticePoint) -> (f64, f64) {
        (degrees(point.x - self.origin.x) * self.scale.0, degrees(point.y - self.origin.y) * self.scale.1)
    }

    fn distance_m(&self, one: LatticePoint, other: LatticePoint) -> f64 {
        let (a, b) = (self.metres(one), self.metres(other));
        (a.0 - b.0).hypot(a.1 - b.1)
    }

    fn cell(&self, point: LatticePoint) -> (i64, i64) {
        (point.x.div_euclid(self.reach), point.y.div_euclid(self.reach))
    }
}

fn rings(units: &[LayerUnit]) -> impl Iterator<Item = (u32, &Ring)> {
    (0..).zip(units).flat_map(|(number, unit)| {
        unit.polygons
            .iter()
            .flat_map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes))
            .map(move |ring| (number, ring))
    })
}

fn edges(ring: &[LatticePoint]) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + '_ {
    (0..ring.len()).map(|index| (ring[index], ring[(index + 1) % ring.len()]))
}

/// Segments that only one unit has, each with that unit: the others are shared exactly and stay.
fn loose_segments(units: &[LayerUnit]) -> Vec<(LatticePoint, LatticePoint, u32)> {
    let mut all: Vec<(LatticePoint, LatticePoint, u32)> = rings(units)
        .flat_map(|(unit, ring)| edges(ring).map(move |(from, to)| (from.min(to), from.max(to), unit)))
        .filter(|(from, to, _)| from != to)
        .collect();
    all.sort_unstable();
    all.dedup();
    all.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1))
        .filter(|group| group.len() == 1)
        .map(|group| group[0])
        .collect()
}

/// A place that vertices move to, and the units that have a vertex there already.
struct Anchor {
    at: LatticePoint,
    units: Vec<u32>,
}

fn snap_vertices(units: &mut [LayerUnit], frame: &Frame) {
    let loose: HashSet<LatticePoint> =
        loose_segments(units).into_iter().flat_map(|(from, to, _)| [from, to]).collect();
    let mut users: HashMap<LatticePoint, Vec<u32>> = HashMap::new();
    for (unit, ring) in rings(units) {
        for point in ring {
            let list = users.entry(*point).or_default();
            if list.last() != Some(&unit) {
                list.push(unit);
            }
        }
    }
    // Most shared first: a vertex on which several units agree already draws the others to it.
    let mut vertices: Vec<(LatticePoint, Vec<u32>)> = users.into_iter().collect();
    vertices.sort_unstable_by(|one, other| {
        let fixed = |vertex: &(LatticePoint, Vec<u32>)| loose.contains(&vertex.0);
        (fixed(one), other.1.len(), one.0).cmp(&(fixed(other), one.1.len(), other.0))
    });
    let mut anchors: Vec<Anchor> = Vec::new();
    let mut cells: HashMap<(i64, i64), Vec<u32>> = HashMap::new();
    let mut moved: HashMap<LatticePoint, LatticePoint> = HashMap::new();
    for (point, mut by) in vertices {
        let target =
            if loose.contains(&point) { nearest_anchor(point, &by, &anchors, &cells, frame) } else { None };
        if let Some(anchor) = target {
            let anchor = &mut anchors[anchor as usize];
            anchor.units.append(&mut by);
            moved.insert(point, anchor.at);
        } else {
            cells.entry(frame.cell(point)).or_default().push(as_number(anchors.len()));
            anchors.push(Anchor { at: point, units: by });
        }
    }
    for_each_ring(units, |_, ring| {
        for point in ring.iter_mut() {
            *point = moved.get(point).copied().unwrap_or(*point);
        }
        ring.dedup();
    });
}

fn nearest_anchor(
    point: LatticePoint,
    by: &[u32],
    anchors: &[Anchor],
    cells: &HashMap<(i64, i64), Vec<u32>>,
    frame: &Frame,
) -> Option<u32> {
    let (column, row) = frame.cell(point);
    let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (column + dx, row + dy)));
    around
        .filter_map(|cell| cells.get(&cell))
        .flatten()
        .map(|&anchor| (frame.distance_m(point, anchors[anchor as usize].at), anchor))
        .filter(|(distance, anchor)| {
            *distance <= frame.snap_m && !anchors[*anchor as usize].units.iter().any(|unit| by.contains(unit))
        })
        .min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))
        .map(|(_, anchor)| anchor)
}

/// Bends every loose segment through the loose vertices of other units that lie close to it.
fn snap_lines(units: &mut [LayerUnit], frame: &Frame) -> bool {
    let loose = loose_segments(units);
    let segments: Vec<(LatticePoint, LatticePoint)> =
        loose.iter().map(|(from, to, _)| (*from, *to)).collect();
    let grid = SegmentGrid::new(&segments);
    let mut vertices: Vec<LatticePoint> = segments.iter().flat_map(|(from, to)| [*from, *to]).collect();
    vertices.sort_unstable();
    vertices.dedup();
    let users: HashSet<(LatticePoint, u32)> =
        rings(units).flat_map(|(unit, ring)| ring.iter().map(move |point| (*point, unit))).collect();
    let mut inserts: HashMap<(LatticePoint, LatticePoint, u32), Vec<LatticePoint>> = HashMap::new();
    for vertex in vertices {
        let mut near = Vec::new();
        grid.for_near(vertex, vertex, frame.reach, |segment| near.push(segment));
        near.sort_unstable();
        near.dedup();
        for segment in near {
            let (from, to, unit) = loose[segment as usize];
            // A unit that passes the vertex already would be pinched together.
            if !users.contains(&(vertex, unit)) && is_beside(vertex, from, to, frame) {
                inserts.entry((from, to, unit)).or_default().push(vertex);
            }
        }
    }
    if inserts.is_empty() {
        return false;
    }
    for_each_ring(units, |unit, ring| {
        let mut bent = Ring::with_capacity(ring.len());
        for (from, to) in edges(ring) {
            bent.push(from);
            if let Some(points) = inserts.get(&(from.min(to), from.max(to), unit)) {
                let mut points = points.clone();
                points.sort_by_key(|point| crate::predicate::dot(from, to, *point));
                bent.extend(points);
            }
        }
        *ring = bent;
    });
    true
}

/// Whether a vertex lies within the snap distance of the inside of a segment.
fn is_beside(vertex: LatticePoint, from: LatticePoint, to: LatticePoint, frame: &Frame) -> bool {
    let inside = crate::predicate::dot(from, to, vertex) > 0 && crate::predicate::dot(to, from, vertex) > 0;
    let [vertex, from, to] = [vertex, from, to].map(|point| frame.metres(point));
    inside && distance_squared(vertex, from, to) <= frame.snap_m * frame.snap_m
}

fn for_each_ring(units: &mut [LayerUnit], mut change: impl FnMut(u32, &mut Ring)) {
    for (number, unit) in (0..).zip(units) {
        for LatticePolygon { outer, holes } in &mut unit.polygons {
            change(number, outer);
            for hole in holes {
                change(number, hole);
            }
        }
    }
}
