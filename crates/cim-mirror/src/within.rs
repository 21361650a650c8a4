//! What lies inside a drawn area, and how much of another area does.

use geo_types::{Coord, LineString, MultiPolygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

use cim_crs::LonLat;

use crate::plane::Plane;
use crate::{PartRole, Row, Shape, View, WorldBox, WorldPoint};

/// Horizontal strips in which the edges of an area are looked up.
const STRIPS: u32 = 256;

/// A drawn area, ready to be asked for many points.
#[derive(Debug)]
pub struct Area {
    bounds: WorldBox,
    rings: Vec<Vec<WorldPoint>>,
    /// By strip of equal height the edges that reach into it.
    strips: Vec<Vec<(WorldPoint, WorldPoint)>>,
    strip_height: u32,
    plane: Plane,
}

/// A row inside an area.
#[derive(Debug, Clone, Copy)]
pub struct Inside<'a> {
    /// The row.
    pub row: Row<'a>,
    /// The point that decided: the point itself, or the middle of what is larger.
    pub at: WorldPoint,
}

impl Area {
    /// An area in degrees of longitude and latitude; none when it has no vertices.
    #[must_use]
    pub fn new(polygons: &MultiPolygon<f64>) -> Option<Self> {
        let rings: Vec<Vec<WorldPoint>> = polygons
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            .map(open_ring)
            .filter(|ring| ring.len() > 2)
            .collect();
        let bounds = rings.iter().filter_map(|ring| WorldBox::around(ring)).reduce(WorldBox::union)?;
        let strip_height = (bounds.max_y - bounds.min_y) / STRIPS + 1;
        let mut area = Self {
            bounds,
            strips: vec![Vec::new(); STRIPS as usize],
            strip_height,
            plane: Plane::around(LonLat::from(WorldPoint { x: bounds.min_x, y: bounds.min_y })),
            rings: Vec::new(),
        };
        for ring in &rings {
            let mut before = *ring.last()?;
            for point in ring {
                area.add_edge(before, *point);
                before = *point;
            }
        }
        area.rings = rings;
        Some(area)
    }

    fn add_edge(&mut self, a: WorldPoint, b: WorldPoint) {
        for strip in self.strip_of(a.y.min(b.y))..=self.strip_of(a.y.max(b.y)) {
            self.strips[strip].push((a, b));
        }
    }

    fn strip_of(&self, y: u32) -> usize {
        ((y - self.bounds.min_y) / self.strip_height) as usize
    }

    /// The box around it.
    #[must_use]
    pub fn bounds(&self) -> WorldBox {
        self.bounds
    }

    /// Whether a point lies in it; exactly on its border either may be said, and the same every time.
    #[must_use]
    pub fn contains(&self, point: WorldPoint) -> bool {
        if !self.bounds.meets(&WorldBox { min_x: point.x, min_y: point.y, max_x: point.x, max_y: point.y }) {
            return false;
        }
        let edges = &self.strips[self.strip_of(point.y)];
        edges.iter().filter(|(a, b)| crate::plane::crosses_east_of(point, *a, *b)).count() % 2 == 1
    }

    /// The rows of a view inside it: points by where they are, larger things by their middle, so that a building counts in
    /// one of two areas that touch.
    pub fn rows<'a>(&self, view: &'a View) -> impl Iterator<Item = Inside<'a>> {
        view.meeting(&self.bounds).filter_map(|row| {
            let at = middle(row.shape())?;
            self.contains(at).then_some(Inside { row, at })
        })
    }

    /// Which part of a shape's area lies in it, 0 to 1.
    #[must_use]
    pub fn share_of(&self, shape: Shape<'_>) -> f64 {
        let Some((bounds, first)) = shape.bounds().zip(shape.vertices().first().copied()) else { return 0.0 };
        if !self.has_edge_in(&bounds) {
            return if self.contains(first) { 1.0 } else { 0.0 };
        }
        let rings: Vec<&[WorldPoint]> = shape
            .parts()
            .filter(|(role, _)| matches!(role, PartRole::Outer | PartRole::Hole))
            .map(|(_, points)| points)
            .collect();
        let whole = self.contours(rings.iter().copied());
        let drawn = self.contours(self.rings.iter().map(Vec::as_slice));
        let common = whole.overlay(&drawn, OverlayRule::Intersect, FillRule::EvenOdd);
        let total = area(&whole);
        if total == 0.0 {
            0.0
        } else {
            (common.iter().map(|contours| area(contours)).sum::<f64>() / total).clamp(0.0, 1.0)
        }
    }

    /// Its ground area in square metres, by the scale of its north-western corner: to some tenths of a percent for a district.
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        // Holes are wound like exteriors here: an even-odd union tells them apart.
        let drawn = self.contours(self.rings.iter().map(Vec::as_slice));
        let nothing: Vec<Vec<[f64; 2]>> = Vec::new();
        drawn
            .overlay(&nothing, OverlayRule::Subject, FillRule::EvenOdd)
            .iter()
            .map(|contours| area(contours))
            .sum()
    }

    /// Whether the box of any of its edges meets a box.
    fn has_edge_in(&self, bounds: &WorldBox) -> bool {
        if !self.bounds.meets(bounds) {
            return false;
        }
        let strips = self.strip_of(bounds.min_y.max(self.bounds.min_y))
            ..=self.strip_of(bounds.max_y.min(self.bounds.max_y));
        let meets = |(a, b): &(WorldPoint, WorldPoint)| {
            a.x.min(b.x) <= bounds.max_x
                && a.x.max(b.x) >= bounds.min_x
                && a.y.min(b.y) <= bounds.max_y
                && a.y.max(b.y) >= bounds.min_y
        };
        self.strips[strips].iter().flatten().any(meets)
    }

    fn contours<'r>(&self, rings: impl Iterator<Item = &'r [WorldPoint]>) -> Vec<Vec<[f64; 2]>> {
        let vertex = |point: &WorldPoint| {
            let metres = self.plane.metres(*point);
            [metres.east, metres.south]
        };
        rings.map(|ring| ring.iter().map(vertex).collect()).collect()
    }
}

fn open_ring(ring: &LineString<f64>) -> Vec<WorldPoint> {
    let world = |point: &Coord<f64>| WorldPoint::from(LonLat { lon: point.x, lat: point.y });
    let mut points: Vec<WorldPoint> = ring.0.iter().map(world).collect();
    points.dedup();
    while points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

/// The area of contours of which holes run the other way than exteriors.
fn area(contours: &[Vec<[f64; 2]>]) -> f64 {
    let doubled = |ring: &Vec<[f64; 2]>| {
        let shifted = ring.iter().cycle().skip(1);
        ring.iter().zip(shifted).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>()
    };
    contours.iter().map(doubled).sum::<f64>().abs() / 2.0
}

/// A point itself; the centroid of an area's first ring, or of a line's vertices.
#[must_use]
pub fn middle(shape: Shape<'_>) -> Option<WorldPoint> {
    if let Some(point) = shape.as_point() {
        return Some(point);
    }
    let (role, points) = shape.parts().next()?;
    let origin = *points.first()?;
    let offset = |point: &WorldPoint| {
        (f64::from(point.x) - f64::from(origin.x), f64::from(point.y) - f64::from(origin.y))
    };
    let (mut east, mut south, mut weight) = (0.0, 0.0, 0.0);
    if role == PartRole::Outer {
        for pair in points.windows(2) {
            let ((ax, ay), (bx, by)) = (offset(&pair[0]), offset(&pair[1]));
            let doubled = ax * by - bx * ay;
            east += (ax + bx) * doubled;
            south += (ay + by) * doubled;
            weight += 3.0 * doubled;
        }
    }
    if weight == 0.0 {
        for point in points {
            let (x, y) = offset(point);
            (east, south, weight) = (east + x, south + y, weight + 1.0);
        }
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the box of the ring")]
    let step = |from: u32, by: f64| (f64::from(from) + by / weight).round() as u32;
    Some(WorldPoint { x: step(origin.x, east), y: step(origin.y, south) })
}
