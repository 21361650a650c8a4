//! The ground that a camera sees: its sector, cut by the shadows of the buildings in it.

use cim_crs::LonLat;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

use crate::plane::{Metres, Plane};
use crate::{Eye, Height, PartRole, Row, View, WorldBox, WorldPoint};

/// The angle between two vertices of an arc: its chord is off by less than 0.02 % of the range.
const ARC_STEP_DEG: f64 = 2.0;
/// A wall whose line passes nearer to the eye than this throws no shadow of its own: the walls beside it do.
const EDGE_ON_M: f64 = 0.01;
/// A shadow reaches at most this many ranges from the eye: what lies beyond would only cost digits.
const MOST_RANGES: f64 = 200.0;

/// What a camera covers before anything stands in its way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sector {
    /// The camera.
    pub eye: Eye,
    /// Where it looks, degrees clockwise from north, and how far to both sides; none when it turns or may look anywhere.
    pub looks: Option<(f64, f64)>,
    /// How far it sees.
    pub range_m: f64,
    /// How high above the ground that lies which is looked at.
    pub target_height_m: f64,
}

/// The parts of a sector in degrees of longitude and latitude; they cover it without overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct VisibleArea {
    /// Seen.
    pub clear: MultiPolygon<f64>,
    /// Seen unless a building is as high as its floors make it, or has a height that is not known.
    pub assumed: MultiPolygon<f64>,
    /// Hidden behind or in buildings of measured height.
    pub blocked: MultiPolygon<f64>,
}

type Contour = Vec<[f64; 2]>;

/// Cuts a sector by buildings. Time about n log n in the walls within range.
pub fn visible_area<'a>(
    sector: &Sector,
    buildings: &'a View,
    height: impl Fn(Row<'a>) -> Height,
) -> VisibleArea {
    let plane = Plane::around(sector.eye.at);
    let (mut hidden, mut maybe) = (Vec::new(), Vec::new());
    for row in buildings.meeting(&WorldBox::around_circle(sector.eye.at, sector.range_m)) {
        if row.shape().contains(plane.point) {
            continue;
        }
        match height(row) {
            Height::Measured(height_m) => sector.add_shadow(row, height_m, &plane, &mut hidden),
            Height::Assumed(height_m) => sector.add_shadow(row, height_m, &plane, &mut maybe),
            Height::Unknown => sector.add_shadow(row, f64::INFINITY, &plane, &mut maybe),
        }
    }
    let whole = vec![sector.outline()];
    let seen = cut(&whole, &hidden, OverlayRule::Difference);
    let blocked = cut(&whole, &hidden, OverlayRule::Intersect);
    let flat: Vec<Contour> = seen.iter().flatten().cloned().collect();
    VisibleArea {
        clear: on_the_map(&cut(&flat, &maybe, OverlayRule::Difference), &plane),
        assumed: on_the_map(&cut(&flat, &maybe, OverlayRule::Intersect), &plane),
        blocked: on_the_map(&blocked, &plane),
    }
}

impl Sector {
    /// The sector without buildings, in metres.
    fn outline(&self) -> Contour {
        let (azimuth, half) = self.looks.filter(|(_, half)| *half < 180.0).unwrap_or((0.0, 180.0));
        let is_round = half >= 180.0;
        let steps = (2.0 * half / ARC_STEP_DEG).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 180 steps")]
        let count = steps as u32 + u32::from(!is_round);
        let on_arc = |place: u32| {
            let (sin, cos) = (azimuth - half + 2.0 * half * f64::from(place) / steps).to_radians().sin_cos();
            [sin * self.range_m, -cos * self.range_m]
        };
        let arc = (0..count).map(on_arc);
        positive(if is_round { arc.collect() } else { std::iter::once([0.0, 0.0]).chain(arc).collect() })
    }

    /// Between which multiples of its own distance a wall of a height hides the target.
    fn shadow_of(&self, height_m: f64) -> Option<(f64, f64)> {
        let (eye, target) = (self.eye.height_m, self.target_height_m);
        if target <= eye {
            let far = if height_m >= eye { f64::INFINITY } else { (eye - target) / (eye - height_m) };
            (height_m > target).then_some((1.0, far))
        } else {
            (height_m > eye).then(|| (((target - eye) / (height_m - eye)).max(1.0), f64::INFINITY))
        }
    }

    fn add_shadow(&self, row: Row<'_>, height_m: f64, plane: &Plane, shadows: &mut Vec<Contour>) {
        let Some((near, far)) = self.shadow_of(height_m) else { return };
        for (role, points) in row.shape().parts() {
            let Some(last) = points.last().filter(|_| matches!(role, PartRole::Outer | PartRole::Hole))
            else {
                continue;
            };
            let mut before = plane.metres(*last);
            let mut footprint = Contour::new();
            for point in points {
                let here = plane.metres(*point);
                shadows.extend(self.shadow_of_wall(before, here, near, far));
                footprint.push([here.east, here.south]);
                before = here;
            }
            // From above, a roof hides nothing on it.
            if role == PartRole::Outer && height_m > self.target_height_m {
                shadows.push(positive(footprint));
            }
        }
    }

    /// The ground behind a wall: the wall moved away from the eye to both multiples of its distance.
    fn shadow_of_wall(&self, a: Metres, b: Metres, near: f64, far: f64) -> Option<Contour> {
        let length = (b.east - a.east).hypot(b.south - a.south);
        let away = (a.east * b.south - a.south * b.east).abs() / length;
        if length == 0.0 || away < EDGE_ON_M {
            return None;
        }
        // Beyond the range nothing needs to be hidden.
        let farthest = a.east.hypot(a.south).max(b.east.hypot(b.south));
        let far = far.min(2.0 * self.range_m / away).min(MOST_RANGES * self.range_m / farthest).max(near);
        let moved = |point: Metres, by: f64| [point.east * by, point.south * by];
        Some(positive(vec![moved(a, near), moved(b, near), moved(b, far), moved(a, far)]))
    }
}

/// The contour in the direction in which all contours run, so that overlapping ones add up.
fn positive(mut contour: Contour) -> Contour {
    let shifted = contour.iter().cycle().skip(1);
    let doubled: f64 = contour.iter().zip(shifted).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
    if doubled < 0.0 {
        contour.reverse();
    }
    contour
}

fn cut(subject: &Vec<Contour>, by: &Vec<Contour>, rule: OverlayRule) -> Vec<Vec<Contour>> {
    subject.overlay(by, rule, FillRule::NonZero)
}

/// From metres, y southwards, to degrees: exteriors counter-clockwise on the map, as `GeoJSON` has them.
fn on_the_map(shapes: &[Vec<Contour>], plane: &Plane) -> MultiPolygon<f64> {
    let ring = |contour: &Contour| {
        let mut points: Vec<Coord<f64>> = contour
            .iter()
            .rev()
            .map(|[east, south]| degrees(plane.point_at(Metres { east: *east, south: *south })))
            .collect();
        points.extend(points.first().copied());
        LineString(points)
    };
    let polygon = |contours: &Vec<Contour>| {
        let (exterior, holes) = contours.split_first()?;
        Some(Polygon::new(ring(exterior), holes.iter().map(ring).collect()))
    };
    MultiPolygon(shapes.iter().filter_map(polygon).collect())
}

fn degrees(point: WorldPoint) -> Coord<f64> {
    let LonLat { lon, lat } = point.into();
    Coord { x: lon, y: lat }
}
