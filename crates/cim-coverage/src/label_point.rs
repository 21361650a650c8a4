//! The point of an area that is farthest from its border: where its label goes.

use std::collections::BinaryHeap;

use cim_crs::{LatticePoint, LonLat, metres_per_degree};

use crate::area::degrees;
use crate::layer::LatticePolygon;
use crate::predicate::{Place, doubled_ring_area, place_in_ring};

/// The search stops when no point can be better by more than this part of the best distance.
const PRECISION: f64 = 0.02;

/// A point inside the largest of the polygons, about as far from its border as any; none when there is no polygon.
#[must_use]
pub fn label_point(polygons: &[LatticePolygon]) -> Option<LatticePoint> {
    let largest = polygons.iter().max_by_key(|polygon| crate::area::doubled_area(polygon))?;
    let first = *largest.outer.first()?;
    let search = Search::new(largest, first);
    let (x, y) = search.best();
    let found = search.on_lattice(x, y);
    let is_inside = |point: LatticePoint| {
        place_in_ring(point, &largest.outer) == Place::Inside
            && largest.holes.iter().all(|hole| place_in_ring(point, hole) == Place::Outside)
    };
    Some(if is_inside(found) { found } else { first })
}

/// The polygon in metres around its first point.
struct Search {
    origin: LatticePoint,
    scale: (f64, f64),
    rings: Vec<Vec<(f64, f64)>>,
}

/// A square of the search, ordered by the best distance that it can hold.
struct Cell {
    centre: (f64, f64),
    half: f64,
    distance: f64,
    promise: f64,
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.promise.total_cmp(&other.promise)
    }
}

impl Search {
    fn new(polygon: &LatticePolygon, origin: LatticePoint) -> Self {
        let scale = metres_per_degree(LonLat::from(origin).lat);
        let to_metres = |point: &LatticePoint| {
            (degrees(point.x - origin.x) * scale.0, degrees(point.y - origin.y) * scale.1)
        };
        let rings = std::iter::once(&polygon.outer)
            .chain(&polygon.holes)
            .filter(|ring| doubled_ring_area(ring) != 0)
            .map(|ring| ring.iter().map(to_metres).collect())
            .collect();
        Self { origin, scale, rings }
    }

    fn best(&self) -> (f64, f64) {
        let Some(outer) = self.rings.first() else { return (0.0, 0.0) };
        let (mut low, mut high) = (outer[0], outer[0]);
        for point in outer {
            low = (low.0.min(point.0), low.1.min(point.1));
            high = (high.0.max(point.0), high.1.max(point.1));
        }
        let side = (high.0 - low.0).min(high.1 - low.1).max((high.0 - low.0).max(high.1 - low.1) / 16.0);
        let middle = (f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1));
        let mut best = self.cell(middle, 0.0);
        let mut queue = BinaryHeap::new();
        let half = side / 2.0;
        let mut x = low.0 + half;
        while x - half < high.0 {
            let mut y = low.1 + half;
            while y - half < high.1 {
                queue.push(self.cell((x, y), half));
                y += side;
            }
            x += side;
        }
        while let Some(cell) = queue.pop() {
            let worth = best.distance + (best.distance.abs() * PRECISION).max(side * 1e-4);
            if cell.promise <= worth {
                break;
            }
            let half = cell.half / 2.0;
            for (dx, dy) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                queue.push(self.cell((cell.centre.0 + dx, cell.centre.1 + dy), half));
            }
            if cell.distance > best.distance {
                best = cell;
            }
        }
        best.centre
    }

    fn cell(&self, centre: (f64, f64), half: f64) -> Cell {
        let distance = self.signed_distance(centre);
        Cell { centre, half, distance, promise: distance + half * std::f64::consts::SQRT_2 }
    }

    /// Metres to the border: positive inside.
    fn signed_distance(&self, point: (f64, f64)) -> f64 {
        let mut inside = false;
        let mut nearest = f64::INFINITY;
        for ring in &self.rings {
            let Some(&last) = ring.last() else { continue };
            let mut from = last;
            for &to in ring {
                let upwards = to.1 > from.1;
                if (from.1 > point.1) != (to.1 > point.1) {
                    let side = (to.0 - from.0) * (point.1 - from.1) - (to.1 - from.1) * (point.0 - from.0);
                    inside ^= (side > 0.0) == upwards;
                }
                nearest = nearest.min(distance_squared(point, from, to));
                from = to;
            }
        }
        if inside { nearest.sqrt() } else { -nearest.sqrt() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a place inside the polygon is on the lattice")]
    fn on_lattice(&self, x: f64, y: f64) -> LatticePoint {
        let steps = |metres: f64, scale: f64| (metres / scale * cim_crs::LATTICE_PER_DEGREE).round() as i64;
        LatticePoint { x: self.origin.x + steps(x, self.scale.0), y: self.origin.y + steps(y, self.scale.1) }
    }
}

pub(crate) fn distance_squared(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 {
        (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (point.0 - from.0 - t * dx, point.1 - from.1 - t * dy);
    x * x + y * y
}
