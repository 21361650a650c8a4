//! Which area covers a point, exactly on the lattice, and how far its border is.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use cim_crs::{LatticePoint, LonLat, distance_m, metres_per_degree};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use geo_types::{LineString, MultiPolygon};

/// Edges in a run that is skipped as one.
const RUN_EDGES: usize = 16;
/// How far around a point outside its nearest area is looked for first.
const FIRST_REACH_M: f64 = 300.0;
/// Nothing is farther away.
const WORLD_M: f64 = 20_100_000.0;
const STEPS_PER_DEGREE: f64 = cim_crs::LATTICE_PER_DEGREE;

/// Areas of one level that can be asked for a point.
///
/// # Drawbacks
/// Areas may overlap or leave gaps (real files do): the lowest key wins, and a gap answers nothing.
#[derive(Debug)]
pub struct Cover {
    /// In the order of their keys, so that the first hit is the lowest.
    areas: Vec<Arc<Area>>,
    index: Option<RTree<f64>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Area {
    key: String,
    /// Rings with their first point repeated at the end, one after another.
    points: Vec<LatticePoint>,
    runs: Vec<Run>,
    low: LatticePoint,
    high: LatticePoint,
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
enum Side {
    Outside,
    Inside,
    Border,
}

/// The area that covers a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered<'a> {
    /// The area's key.
    pub key: &'a str,
    /// The area's place in the order of keys.
    pub place: usize,
    /// The point lies exactly on a border; of the areas that share it, this has the lowest key.
    pub on_boundary: bool,
}

impl Cover {
    /// A cover of areas in degrees.
    #[must_use]
    pub fn new<'a>(areas: impl IntoIterator<Item = (&'a str, &'a MultiPolygon<f64>)>) -> Self {
        let mut areas: Vec<Arc<Area>> =
            areas.into_iter().filter_map(|(key, polygons)| Area::new(key, polygons)).collect();
        areas.sort_by(|a, b| a.key.cmp(&b.key));
        let index = build_index(&areas);
        Self { areas, index }
    }

    /// The cover after some areas came, changed or went, by their keys; the others are shared with this one.
    #[must_use]
    pub fn with<'a>(
        &self,
        areas: impl IntoIterator<Item = (&'a str, Option<&'a MultiPolygon<f64>>)>,
    ) -> Self {
        let mut next = self.areas.clone();
        for (key, polygons) in areas {
            let area = polygons.and_then(|polygons| Area::new(key, polygons));
            match (next.binary_search_by(|known| known.key.as_str().cmp(key)), area) {
                (Ok(place), Some(area)) if *next[place] != *area => next[place] = area,
                (Ok(place), None) => drop(next.remove(place)),
                (Err(place), Some(area)) => next.insert(place, area),
                _ => {}
            }
        }
        let index = build_index(&next);
        Self { areas: next, index }
    }

    /// The boxes (west, south, east, north in degrees) in which the areas of two covers differ, known without a look at
    /// their borders.
    #[must_use]
    pub fn changed_boxes(&self, before: &Self) -> Vec<[f64; 4]> {
        let mut known: HashMap<*const Area, &Area> =
            before.areas.iter().map(|area| (Arc::as_ptr(area), &**area)).collect();
        let new = self.areas.iter().filter(|area| known.remove(&Arc::as_ptr(area)).is_none());
        let new: Vec<&Area> = new.map(|area| &**area).collect();
        new.into_iter().chain(known.into_values()).map(Area::bounds).collect()
    }

    /// The number of areas.
    #[must_use]
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are no areas.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The area that covers the point; the lowest key where several do.
    #[must_use]
    pub fn find(&self, point: LatticePoint) -> Option<Covered<'_>> {
        let (x, y) = degrees(point);
        let mut best: Option<usize> = None;
        let mut on_boundary = false;
        for place in self.meeting(x, y, x, y) {
            let side = self.areas[place].side(point);
            if side == Side::Outside {
                continue;
            }
            on_boundary |= side == Side::Border;
            best = Some(best.map_or(place, |best| best.min(place)));
        }
        best.map(|place| Covered { key: &self.areas[place].key, place, on_boundary })
    }

    /// Whether a border passes within `reach` lattice steps (east or west, and north or south) of a point, so that one known
    /// no better may lie on its other side. `covered` is what [`Self::find`] said of the point.
    #[must_use]
    pub fn is_border_near(&self, covered: Option<Covered<'_>>, point: LatticePoint, reach: i64) -> bool {
        if let Some(covered) = covered {
            return covered.on_boundary || self.areas[covered.place].has_border_near(point, reach);
        }
        let (low, high) = around(point, reach);
        let ((west, south), (east, north)) = (degrees(low), degrees(high));
        self.meeting(west, south, east, north).any(|place| self.areas[place].has_border_near(point, reach))
    }

    /// Metres from a point to the border of an area, by its place in the order of keys.
    #[must_use]
    pub fn distance_to_border_m(&self, place: usize, point: LatticePoint) -> f64 {
        self.areas[place].nearest_border(&Plane::at(point)).0
    }

    /// The area whose border is nearest, with its distance; equal distances by key.
    #[must_use]
    pub fn nearest(&self, point: LatticePoint) -> Option<(&str, f64)> {
        let plane = Plane::at(point);
        let mut reach_m = FIRST_REACH_M;
        while reach_m < WORLD_M {
            let best = self.nearest_of(self.meeting_around(&plane, reach_m), &plane);
            if best.is_some_and(|(distance_m, ..)| distance_m <= reach_m) {
                return self.named(point, best);
            }
            reach_m *= 3.0;
        }
        self.named(point, self.nearest_of((0..self.areas.len()).collect(), &plane))
    }

    /// Plane metres, place and border point of the nearest of some areas.
    fn nearest_of(&self, places: Vec<usize>, plane: &Plane) -> Option<(f64, usize, LatticePoint)> {
        let at_least = |place: usize| plane.to_box_m(self.areas[place].low, self.areas[place].high);
        let mut order: Vec<(f64, usize)> = places.into_iter().map(|place| (at_least(place), place)).collect();
        // Beginning with the nearest box leaves out most of the others; a full sort would cost more than it saves.
        if let Some(first) = (0..order.len()).min_by(|a, b| order[*a].0.total_cmp(&order[*b].0)) {
            order.swap(0, first);
        }
        let mut best: Option<(f64, usize, LatticePoint)> = None;
        for (at_least, place) in order {
            if best.is_some_and(|(distance, ..)| at_least > distance) {
                continue;
            }
            let (distance, nearest) = self.areas[place].nearest_border(plane);
            if best.is_none_or(|(least, other, _)| (distance, place) < (least, other)) {
                best = Some((distance, place, nearest));
            }
        }
        best
    }

    fn named(&self, point: LatticePoint, best: Option<(f64, usize, LatticePoint)>) -> Option<(&str, f64)> {
        let (_, place, nearest) = best?;
        Some((&self.areas[place].key, distance_m(LonLat::from(point), LonLat::from(nearest))))
    }

    fn meeting_around(&self, plane: &Plane, reach_m: f64) -> Vec<usize> {
        let (x, y) = degrees(plane.point);
        let (dx, dy) = (reach_m / plane.metres_x, reach_m / plane.metres_y);
        self.meeting(x - dx, y - dy, x + dx, y + dy).collect()
    }

    fn meeting(&self, west: f64, south: f64, east: f64, north: f64) -> impl Iterator<Item = usize> {
        let found = self.index.as_ref().map_or_else(Vec::new, |index| index.search(west, south, east, north));
        found.into_iter().map(|place| place as usize)
    }
}

/// The corners of the box of so many steps around a point.
fn around(point: LatticePoint, reach: i64) -> (LatticePoint, LatticePoint) {
    let LatticePoint { x, y } = point;
    (LatticePoint { x: x - reach, y: y - reach }, LatticePoint { x: x + reach, y: y + reach })
}

fn degrees(point: LatticePoint) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "lattice numbers are below 2^53")]
    (point.x as f64, point.y as f64)
}

fn build_index(areas: &[Arc<Area>]) -> Option<RTree<f64>> {
    let count = u32::try_from(areas.len()).ok().filter(|count| *count > 0)?;
    let mut builder = RTreeBuilder::<f64>::new(count);
    for area in areas {
        let ((west, south), (east, north)) = (degrees(area.low), degrees(area.high));
        builder.add(west, south, east, north);
    }
    Some(builder.finish::<HilbertSort>())
}

impl Area {
    /// An area; none where there is no ground.
    fn new(key: &str, polygons: &MultiPolygon<f64>) -> Option<Arc<Self>> {
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
    fn bounds(&self) -> [f64; 4] {
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
    fn side(&self, point: LatticePoint) -> Side {
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
    fn has_border_near(&self, point: LatticePoint, reach: i64) -> bool {
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
    fn nearest_border(&self, plane: &Plane) -> (f64, LatticePoint) {
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

/// The plane that touches the earth at a point, in metres.
struct Plane {
    point: LatticePoint,
    metres_x: f64,
    metres_y: f64,
}

impl Plane {
    fn at(point: LatticePoint) -> Self {
        let (x, y) = metres_per_degree(LonLat::from(point).lat);
        Self { point, metres_x: x / STEPS_PER_DEGREE, metres_y: y / STEPS_PER_DEGREE }
    }

    fn offset_m(&self, point: LatticePoint) -> (f64, f64) {
        let (x, y) = degrees(LatticePoint { x: point.x - self.point.x, y: point.y - self.point.y });
        (x * self.metres_x, y * self.metres_y)
    }

    fn to_box_m(&self, low: LatticePoint, high: LatticePoint) -> f64 {
        let ((west, south), (east, north)) = (self.offset_m(low), self.offset_m(high));
        let dx = west.max(-east).max(0.0);
        let dy = south.max(-north).max(0.0);
        (dx * dx + dy * dy).sqrt()
    }

    fn to_edge_m(&self, a: LatticePoint, b: LatticePoint) -> (f64, LatticePoint) {
        let ((ax, ay), (bx, by)) = (self.offset_m(a), self.offset_m(b));
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + dx * along, ay + dy * along);
        #[expect(clippy::cast_possible_truncation, reason = "the point lies between two lattice points")]
        let nearest = LatticePoint {
            x: self.point.x + (x / self.metres_x).round() as i64,
            y: self.point.y + (y / self.metres_y).round() as i64,
        };
        ((x * x + y * y).sqrt(), nearest)
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, polygon};

    use super::*;

    fn square(west: f64, south: f64, size: f64) -> MultiPolygon<f64> {
        let (east, north) = (west + size, south + size);
        MultiPolygon(vec![polygon![
            (x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north),
        ]])
    }

    fn at(lon: f64, lat: f64) -> LatticePoint {
        LatticePoint::from(LonLat { lon, lat })
    }

    #[test]
    fn a_border_point_belongs_to_the_lowest_key_and_says_so() {
        let (a, b) = (square(121.0, 32.0, 1.0), square(122.0, 32.0, 1.0));
        let cover = Cover::new([("b", &a), ("a", &b)]);
        assert_eq!(
            cover.find(at(121.5, 32.5)).map(|found| (found.key, found.on_boundary)),
            Some(("b", false))
        );
        for point in [at(122.0, 32.5), at(122.0, 32.0), at(122.0, 33.0)] {
            assert_eq!(cover.find(point).map(|found| (found.key, found.on_boundary)), Some(("a", true)));
        }
        assert_eq!(cover.find(at(120.999_999_99, 32.5)), None);
        assert_eq!(cover.find(at(121.0, 32.5)).map(|found| found.on_boundary), Some(true));
    }

    #[test]
    fn a_border_is_near_within_the_reach_and_not_beyond() {
        let slope = MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 3.0, y: 1.0), (x: 0.0, y: 1.0)]]);
        let cover = Cover::new([("s", &slope)]);
        let on = LatticePoint { x: 150_000_000, y: 50_000_000 };
        let near = |steps_north: i64, reach| {
            let point = LatticePoint { y: on.y + steps_north, ..on };
            cover.is_border_near(cover.find(point), point, reach)
        };
        // The slope rises one step in three: a box of 5 steps reaches 5 + 5/3 steps north or south of its middle.
        for (steps_north, is_near) in [(0, true), (6, true), (-6, true), (7, false), (-7, false)] {
            assert_eq!(near(steps_north, 5), is_near, "{steps_north}");
        }
        assert!(near(0, 0) && !near(1, 0) && !near(-1, 0));
    }

    #[test]
    fn one_lattice_step_decides() {
        let slope = MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 3.0, y: 1.0), (x: 0.0, y: 1.0)]]);
        let cover = Cover::new([("s", &slope)]);
        let on = LatticePoint { x: 150_000_000, y: 50_000_000 };
        assert_eq!(cover.find(on).map(|found| found.on_boundary), Some(true));
        assert_eq!(
            cover.find(LatticePoint { x: on.x - 1, ..on }).map(|found| found.on_boundary),
            Some(false)
        );
        assert_eq!(cover.find(LatticePoint { x: on.x + 1, ..on }), None);
    }

    #[test]
    fn the_border_and_the_nearest_area_are_as_far_as_the_geodesic() {
        let cover = Cover::new([("a", &square(121.0, 32.0, 0.1)), ("b", &square(121.3, 32.0, 0.1))]);
        let inside = at(121.001, 32.05);
        let found = cover.find(inside).unwrap();
        let truth = distance_m(LonLat::from(inside), LonLat { lon: 121.0, lat: 32.05 });
        assert!((cover.distance_to_border_m(found.place, inside) - truth).abs() < 0.001);
        let (key, far) = cover.nearest(at(121.25, 32.05)).unwrap();
        let truth = distance_m(LonLat { lon: 121.25, lat: 32.05 }, LonLat { lon: 121.3, lat: 32.05 });
        assert_eq!(key, "b");
        assert!((far - truth).abs() < 0.1, "{far} {truth}");
    }
}
