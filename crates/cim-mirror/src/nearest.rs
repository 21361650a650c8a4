//! The rows nearest to a position, with true metres.

use cim_crs::{LonLat, bearing_deg, distance_m};

use crate::plane::Plane;
use crate::{PartRole, Row, Shape, View, WorldBox, WorldPoint};

/// A row and how far it is.
#[derive(Debug, Clone, Copy)]
pub struct Near<'a> {
    /// The row.
    pub row: Row<'a>,
    /// Geodesic metres to its nearest point.
    pub distance_m: f64,
    /// Degrees clockwise from north, towards the nearest point; 0 on the spot.
    pub bearing_deg: f64,
    /// The nearest point.
    pub at: LonLat,
}

/// The nearest rows, nearest first, equal distances by id; and how many lie within the radius in all.
pub fn nearest<'a>(
    view: &'a View,
    from: LonLat,
    radius_m: f64,
    limit: usize,
    wanted: impl Fn(Row<'a>) -> bool,
) -> (Vec<Near<'a>>, usize) {
    let centre = Centre::new(from);
    // The plane distance is within 1 % of the true one: enough to leave most rows out.
    let reach = (radius_m * 1.01 + 0.05).powi(2);
    let mut near: Vec<(f64, WorldPoint, Row<'a>)> = view
        .meeting(&WorldBox::around_circle(from, radius_m))
        .filter(|row| wanted(*row))
        .filter_map(|row| centre.nearest_point(row.shape()).map(|(squared, point)| (squared, point, row)))
        .filter(|(squared, ..)| *squared <= reach)
        .collect();
    let total = count_within(&centre, &near, radius_m);
    keep_nearest(&mut near, limit);
    let mut found: Vec<Near<'a>> = near
        .into_iter()
        .map(|(_, point, row)| centre.measured(point, row))
        .filter(|near| near.distance_m <= radius_m)
        .collect();
    found.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.row.id().cmp(&b.row.id())));
    found.truncate(limit);
    (found, total)
}

/// The first radius of [`nearest_few`].
const FIRST_RADIUS_M: f64 = 250.0;
/// No two places are farther apart.
const WORLD_RADIUS_M: f64 = 20_100_000.0;

/// The nearest rows however far they are, nearest first: circles are looked through, each four times as wide as the one
/// before, until one holds enough.
pub fn nearest_few<'a>(
    view: &'a View,
    from: LonLat,
    limit: usize,
    wanted: impl Fn(Row<'a>) -> bool,
) -> Vec<Near<'a>> {
    let mut radius_m = FIRST_RADIUS_M;
    loop {
        let (found, _) = nearest(view, from, radius_m, limit, &wanted);
        if found.len() >= limit || radius_m >= WORLD_RADIUS_M {
            return found;
        }
        radius_m = if radius_m > 100_000.0 { WORLD_RADIUS_M } else { radius_m * 4.0 };
    }
}

fn count_within(centre: &Centre, near: &[(f64, WorldPoint, Row<'_>)], radius_m: f64) -> usize {
    let surely = (radius_m * 0.99 - 0.05).max(0.0).powi(2);
    near.iter()
        .filter(|(squared, point, row)| {
            *squared < surely || centre.measured(*point, *row).distance_m <= radius_m
        })
        .count()
}

/// Leaves the rows that may be among the nearest `limit` when measured exactly.
fn keep_nearest(near: &mut Vec<(f64, WorldPoint, Row<'_>)>, limit: usize) {
    if near.len() <= limit || limit == 0 {
        return;
    }
    let (_, (last, ..), _) = near.select_nth_unstable_by(limit - 1, |a, b| a.0.total_cmp(&b.0));
    let bound = (last.sqrt() * 1.02 + 0.1).powi(2);
    near.retain(|(squared, ..)| *squared <= bound);
}

/// A position with the plane around it.
struct Centre {
    position: LonLat,
    point: WorldPoint,
    plane: Plane,
}

impl Centre {
    fn new(position: LonLat) -> Self {
        let plane = Plane::around(position);
        Self { position, point: plane.point, plane }
    }

    fn measured<'a>(&self, point: WorldPoint, row: Row<'a>) -> Near<'a> {
        let on_the_spot = point == self.point;
        let at = if on_the_spot { self.position } else { LonLat::from(point) };
        let distance = if on_the_spot { 0.0 } else { distance_m(self.position, at) };
        let bearing = if on_the_spot { 0.0 } else { bearing_deg(self.position, at) };
        Near { row, distance_m: distance, bearing_deg: bearing, at }
    }

    /// The squared plane metres to a shape and its nearest point; the centre itself inside an area.
    fn nearest_point(&self, shape: Shape<'_>) -> Option<(f64, WorldPoint)> {
        if let Some(point) = shape.as_point() {
            return Some((self.plane.squared_metres(self.plane.steps(point)), point));
        }
        let mut best: Option<(f64, WorldPoint)> = None;
        let mut crossings = 0_u32;
        for (role, points) in shape.parts() {
            let is_ring = matches!(role, PartRole::Outer | PartRole::Hole);
            let mut before = if is_ring { points.last() } else { points.first() }.copied()?;
            for point in points {
                let candidate = self.nearest_on(before, *point);
                if best.is_none_or(|(squared, _)| candidate.0 < squared) {
                    best = Some(candidate);
                }
                crossings += u32::from(is_ring && self.crosses(before, *point));
                before = *point;
            }
        }
        if crossings % 2 == 1 { Some((0.0, self.point)) } else { best }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the point lies between two others"
    )]
    fn nearest_on(&self, a: WorldPoint, b: WorldPoint) -> (f64, WorldPoint) {
        let ((ax, ay), (bx, by)) = (self.plane.steps(a), self.plane.steps(b));
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (px, py) = (ax + dx * along, ay + dy * along);
        let point = WorldPoint {
            x: (f64::from(self.point.x) + px).round() as u32,
            y: (f64::from(self.point.y) + py).round() as u32,
        };
        (self.plane.squared_metres((px, py)), point)
    }

    /// Whether a ray eastwards from the centre crosses the segment.
    fn crosses(&self, a: WorldPoint, b: WorldPoint) -> bool {
        if (a.y > self.point.y) == (b.y > self.point.y) {
            return false;
        }
        let ((ax, ay), (bx, by)) = (self.plane.steps(a), self.plane.steps(b));
        ax - ay * (bx - ax) / (by - ay) > 0.0
    }
}
