//! One area of a cover: its rings in runs of edges that are skipped as one, and where a point lies against them, exactly.

use std::cmp::Ordering;
use std::sync::Arc;

use cim_crs::{LatticePoint, LonLat};
use geo_types::{LineString, MultiPolygon};

use super::tangent_plane::TangentPlane;

/// Edges in a run that is skipped as one.
const RUN_EDGES: usize = 16;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) key: String,
    /// Rings with their first point repeated at the end, one after another.
    points: Vec<LatticePoint>,
    runs: Vec<Run>,
    pub(super) low: LatticePoint,
    pub(super) high: LatticePoint,
}

/// Consecutive edges of one ring: `points[start..=end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    start: u32,
    end: u32,
    low: LatticePoint,
    high: LatticePoint,
}

/// Where a point lies against an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Outside,
    Inside,
    Border,
}

/// The corners of the box of so many steps around a point.
pub(super) fn around(point: LatticePoint, reach: i64) -> (LatticePoint, LatticePoint) {
    let LatticePoint { x, y } = point;
    (LatticePoint { x: x - reach, y: y - reach }, LatticePoint { x: x + reach, y: y + reach })
}

impl Area {
    /// An area; none where there is no ground.
    pub(super) fn new(key: &str, polygons: &MultiPolygon<f64>) -> Option<Arc<Self>> {
        let nowhere = LatticePoint { x: 0, y: 0 };
        let mut area =
            Self { key: key.to_owned(), points: Vec::new(), runs: Vec::new(), low: nowhere, high: nowhere };
        for polygon in polygons {
            area.add_ring(polygon.exterior());
            polygon.interiors().iter().for_each(|ring| area.add_ring(ring));
        }
        area.points.shrink_to_fit();
        let first = area.runs.first()?;
        (area.low, area.high) = area
            .runs
            .iter()
            .fold((first.low, first.high), |(low, high), run| (low.lower(run.low), high.higher(run.high)));
        Some(Arc::new(area))
    }

    /// West, south, east, north in degrees.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let (low, high) = (LonLat::from(self.low), LonLat::from(self.high));
        [low.lon, low.lat, high.lon, high.lat]
    }

    fn add_ring(&mut self, ring: &LineString<f64>) {
        let first = self.points.len();
        for coordinate in &ring.0 {
            let point = LatticePoint::from(LonLat { lon: coordinate.x, lat: coordinate.y });
            if self.points.len() == first || self.points.last() != Some(&point) {
                self.points.push(point);
            }
        }
        if self.points.len() - first < 4 {
            self.points.truncate(first);
            return;
        }
        if self.points.last() != self.points.get(first) {
            self.points.push(self.points[first]);
        }
        let last = self.points.len() - 1;
        for start in (first..last).step_by(RUN_EDGES) {
            self.runs.push(Run::new(&self.points, start, (start + RUN_EDGES).min(last)));
        }
    }

    fn edges(&self, run: Run) -> impl Iterator<Item = (LatticePoint, LatticePoint)> {
        self.points[run.start as usize..=run.end as usize].windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// Counts how often a ray eastwards crosses the border; half-open in y, so that a vertex counts once.
    pub(super) fn side(&self, point: LatticePoint) -> Side {
        let mut inside = false;
        for run in &self.runs {
            if point.y < run.low.y || point.y > run.high.y || point.x > run.high.x {
                continue;
            }
            for (a, b) in self.edges(*run) {
                if point.y < a.y.min(b.y) || point.y > a.y.max(b.y) || point.x > a.x.max(b.x) {
                    continue;
                }
                let turn = turn(a, b, point);
                if turn == Ordering::Equal && point.x >= a.x.min(b.x) {
                    return Side::Border;
                }
                if (a.y > point.y) != (b.y > point.y) {
                    // The crossing lies to the east when the point is left of the upward edge.
                    inside ^= (turn == Ordering::Greater) == (b.y > a.y);
                }
            }
        }
        if inside { Side::Inside } else { Side::Outside }
    }

    /// Whether an edge meets the box of so many steps around a point.
    pub(super) fn has_border_near(&self, point: LatticePoint, reach: i64) -> bool {
        let (low, high) = around(point, reach);
        let meets =
            |a: LatticePoint, b: LatticePoint| a.x <= high.x && b.x >= low.x && a.y <= high.y && b.y >= low.y;
        let corners = [low, high, LatticePoint { x: low.x, y: high.y }, LatticePoint { x: high.x, y: low.y }];
        let runs = self.runs.iter().filter(|run| meets(run.low, run.high));
        runs.flat_map(|run| self.edges(*run)).any(|(a, b)| {
            let side = turn(a, b, corners[0]);
            meets(a.lower(b), a.higher(b))
                && (side == Ordering::Equal || corners.iter().any(|corner| turn(a, b, *corner) != side))
        })
    }

    /// Metres in the plane around the point, and the border point.
    pub(super) fn nearest_border(&self, plane: &TangentPlane) -> (f64, LatticePoint) {
        let mut best = (f64::INFINITY, plane.point);
        for run in &self.runs {
            if plane.to_box_m(run.low, run.high) >= best.0 {
                continue;
            }
            for (a, b) in self.edges(*run) {
                let candidate = plane.to_edge_m(a, b);
                if candidate.0 < best.0 {
                    best = candidate;
                }
            }
        }
        best
    }
}

impl Run {
    #[expect(clippy::cast_possible_truncation, reason = "one area has far fewer than 2^32 vertices")]
    fn new(points: &[LatticePoint], start: usize, end: usize) -> Self {
        let mut run = Self { start: start as u32, end: end as u32, low: points[start], high: points[start] };
        for point in &points[start..=end] {
            run.low = run.low.lower(*point);
            run.high = run.high.higher(*point);
        }
        run
    }
}

/// Corners of boxes.
trait Corner {
    fn lower(self, other: Self) -> Self;
    fn higher(self, other: Self) -> Self;
}

impl Corner for LatticePoint {
    fn lower(self, other: Self) -> Self {
        Self { x: self.x.min(other.x), y: self.y.min(other.y) }
    }

    fn higher(self, other: Self) -> Self {
        Self { x: self.x.max(other.x), y: self.y.max(other.y) }
    }
}

/// On which side of the line from `a` to `b` a point lies: greater is left, equal is on it; exact.
fn turn(a: LatticePoint, b: LatticePoint, point: LatticePoint) -> Ordering {
    let cross =
        i128::from(b.x - a.x) * i128::from(point.y - a.y) - i128::from(b.y - a.y) * i128::from(point.x - a.x);
    cross.cmp(&0)
}
