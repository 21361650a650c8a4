//! What lies over what: every region that the borders of all units cut out, and the units that cover it.

use std::collections::HashMap;

use cim_crs::LatticePoint;

use crate::area::ring_area_m2;
use crate::layer::LayerUnit;
use crate::noding::{SegmentUse, distinct_segments, node};
use crate::planar_graph::{PlanarGraph, UNBOUNDED};
use crate::predicate::doubled_ring_area;

/// The regions of one or several layers. Units are numbered through all layers.
pub(crate) struct Arrangement {
    pub(crate) graph: PlanarGraph,
    /// The units over each region with how often they lie over it: 1 in valid input.
    pub(crate) cover: Vec<Vec<(u32, i32)>>,
    /// Whether the borders could be split on the lattice.
    pub(crate) settled: bool,
}

/// The segments of all rings of the units, the first of which has the number `first`.
pub(crate) fn uses_of(units: &[LayerUnit], first: u32, uses: &mut Vec<SegmentUse>) {
    for (number, unit) in (first..).zip(units) {
        for polygon in &unit.polygons {
            push_ring(&polygon.outer, number, 1, uses);
            for hole in &polygon.holes {
                push_ring(hole, number, -1, uses);
            }
        }
    }
}

fn push_ring(ring: &[LatticePoint], unit: u32, sign: i32, uses: &mut Vec<SegmentUse>) {
    let sign = if doubled_ring_area(ring) < 0 { -sign } else { sign };
    let Some(&last) = ring.last() else { return };
    let mut from = last;
    for &to in ring {
        if from != to {
            uses.push(SegmentUse::new(from, to, unit, sign));
        }
        from = to;
    }
}

impl Arrangement {
    pub(crate) fn new(mut uses: Vec<SegmentUse>) -> Self {
        let settled = node(&mut uses);
        let (segments, starts) = distinct_segments(&uses);
        let graph = PlanarGraph::new(&segments);
        let cover = cover_of(&graph, &uses, &starts);
        Self { graph, cover, settled }
    }

    /// The area of a region in square metres and the mean width of it in metres, twice the area over the length of its border.
    pub(crate) fn size_of(&self, region: u32) -> (f64, f64) {
        let (mut area_m2, mut length_m) = (0.0, 0.0);
        for &half in &self.graph.rings_of[region as usize] {
            let ring: Vec<LatticePoint> = self.ring_points(half);
            area_m2 += ring_area_m2(&ring);
            length_m += crate::area::ring_length_m(&ring);
        }
        (area_m2, if length_m > 0.0 { 2.0 * area_m2 / length_m } else { 0.0 })
    }

    /// A vertex of a region: the least, so that the same input names the same place.
    pub(crate) fn place_of(&self, region: u32) -> LatticePoint {
        let least = self.graph.around(region).map(|half| self.graph.start(half)).min().unwrap_or(0);
        self.graph.points[least as usize]
    }

    /// The regions on the other side of each half-edge around a region.
    pub(crate) fn neighbours(&self, region: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.graph.around(region).map(|half| (half, self.graph.region_of[(half ^ 1) as usize]))
    }

    pub(crate) fn ring_points(&self, half: u32) -> Vec<LatticePoint> {
        self.graph.ring(half).map(|half| self.graph.points[self.graph.start(half) as usize]).collect()
    }
}

/// Walks from the unbounded region, over which nothing lies, across the borders into all others.
fn cover_of(graph: &PlanarGraph, uses: &[SegmentUse], starts: &[usize]) -> Vec<Vec<(u32, i32)>> {
    let mut cover: Vec<Option<Vec<(u32, i32)>>> = vec![None; graph.rings_of.len()];
    cover[UNBOUNDED as usize] = Some(Vec::new());
    let mut queue = vec![UNBOUNDED];
    while let Some(region) = queue.pop() {
        for half in graph.around(region) {
            let other = graph.region_of[(half ^ 1) as usize];
            if cover[other as usize].is_some() {
                continue;
            }
            let edge = (half / 2) as usize;
            // The unit lies left of the segment when its sign is 1; we come from the left of `half`.
            let direction = if half % 2 == 0 { -1 } else { 1 };
            let mut over = cover[region as usize].clone().unwrap_or_default();
            for one in &uses[starts[edge]..starts[edge + 1]] {
                add(&mut over, one.unit, one.sign * direction);
            }
            cover[other as usize] = Some(over);
            queue.push(other);
        }
    }
    cover.into_iter().map(Option::unwrap_or_default).collect()
}

fn add(over: &mut Vec<(u32, i32)>, unit: u32, count: i32) {
    match over.binary_search_by_key(&unit, |entry| entry.0) {
        Ok(index) => {
            over[index].1 += count;
            if over[index].1 == 0 {
                over.remove(index);
            }
        }
        Err(index) => over.insert(index, (unit, count)),
    }
}

/// The lengths of the borders that a region shares with each label around it, in metres.
pub(crate) fn shared_border_m<L: Copy + Eq + std::hash::Hash>(
    arrangement: &Arrangement,
    region: u32,
    label_of: impl Fn(u32) -> Option<L>,
) -> HashMap<L, f64> {
    let mut lengths = HashMap::new();
    for (half, other) in arrangement.neighbours(region) {
        if let Some(label) = label_of(other) {
            let ends = [arrangement.graph.start(half), arrangement.graph.end(half)];
            let [from, to] = ends.map(|end| arrangement.graph.points[end as usize]);
            *lengths.entry(label).or_insert(0.0) += crate::area::length_m(from, to);
        }
    }
    lengths
}
