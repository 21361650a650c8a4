//! Which area covers a point, exactly on the lattice, and how far its border is.

mod area;
mod tangent_plane;

use std::collections::HashMap;
use std::sync::Arc;

use cim_crs::{LatticePoint, LonLat, distance_m};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use geo_types::MultiPolygon;

use area::{Area, Side, around};
use tangent_plane::{TangentPlane, degrees};

/// How far around a point outside its nearest area is looked for first.
const FIRST_REACH_M: f64 = 300.0;
/// Nothing is farther away.
const WORLD_M: f64 = 20_100_000.0;

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
        self.areas[place].nearest_border(&TangentPlane::at(point)).0
    }

    /// The area whose border is nearest, with its distance; equal distances by key.
    #[must_use]
    pub fn nearest(&self, point: LatticePoint) -> Option<(&str, f64)> {
        let plane = TangentPlane::at(point);
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
    fn nearest_of(&self, places: Vec<usize>, plane: &TangentPlane) -> Option<(f64, usize, LatticePoint)> {
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

    fn meeting_around(&self, plane: &TangentPlane, reach_m: f64) -> Vec<usize> {
        let (x, y) = degrees(plane.point);
        let (dx, dy) = (reach_m / plane.metres_x, reach_m / plane.metres_y);
        self.meeting(x - dx, y - dy, x + dx, y + dy).collect()
    }

    fn meeting(&self, west: f64, south: f64, east: f64, north: f64) -> impl Iterator<Item = usize> {
        let found = self.index.as_ref().map_or_else(Vec::new, |index| index.search(west, south, east, north));
        found.into_iter().map(|place| place as usize)
    }
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
