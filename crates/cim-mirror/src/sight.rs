//! Whether one place can be seen from another over the roofs between them.

use cim_crs::LonLat;

use crate::plane::{Metres, Plane};
use crate::{PartRole, Row, View, WorldBox, WorldPoint};

/// Shorter stretches inside a footprint are a touch of its corner.
const TOUCH_M: f64 = 0.02;

/// A place above the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eye {
    /// Where.
    pub at: LonLat,
    /// Metres above the ground.
    pub height_m: f64,
}

/// How high something stands, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Height {
    /// Measured, in metres.
    Measured(f64),
    /// Taken from the number of floors, in metres.
    Assumed(f64),
    /// Not known at all.
    Unknown,
}

/// What stands between two places.
#[derive(Debug, Clone, Copy)]
pub enum Sight<'a> {
    /// Nothing that is known.
    Clear,
    /// This building hides the one from the other.
    Blocked(Row<'a>),
    /// This building would hide it by its number of floors, or may do so because its height is not known.
    Assumed(Row<'a>),
}

/// Buildings that may stand in the way, with their heights.
pub struct Skyline<'a, H> {
    view: &'a View,
    height: H,
}

impl<'a, H: Fn(Row<'a>) -> Height> Skyline<'a, H> {
    /// Buildings of a view; `height` says how high each stands.
    pub fn new(view: &'a View, height: H) -> Self {
        Self { view, height }
    }

    /// What stands between two places, over flat ground: the nearest building to `from` that surely hides `to`, else the
    /// nearest that may. A building that holds one of the two places does not hide it: cameras hang on walls, and what
    /// happens in a building is seen at its walls. Time linear in the vertices of the buildings in the box around both.
    #[must_use]
    pub fn sight(&self, from: Eye, to: Eye) -> Sight<'a> {
        let plane = Plane::around(from.at);
        let (start, end) = (WorldPoint::from(from.at), WorldPoint::from(to.at));
        let Some(bounds) = WorldBox::around(&[start, end]) else { return Sight::Clear };
        let line = Line::new(plane.metres(end), from.height_m, to.height_m);
        let mut surely: Option<(f64, Row<'a>)> = None;
        let mut maybe: Option<(f64, Row<'a>)> = None;
        for row in self.view.meeting(&bounds) {
            let Some(stretch) = line.stretch_in(row, &plane) else { continue };
            let (best, height) = match (self.height)(row) {
                Height::Measured(height_m) => (&mut surely, height_m),
                Height::Assumed(height_m) => (&mut maybe, height_m),
                Height::Unknown => (&mut maybe, f64::INFINITY),
            };
            let is_nearer = best.is_none_or(|(before, _)| stretch.from < before);
            if is_nearer && height > stretch.lowest_m && !holds_either(row, start, end) {
                *best = Some((stretch.from, row));
            }
        }
        match (surely, maybe) {
            (Some((_, row)), _) => Sight::Blocked(row),
            (None, Some((_, row))) => Sight::Assumed(row),
            (None, None) => Sight::Clear,
        }
    }
}

fn holds_either(row: Row<'_>, start: WorldPoint, end: WorldPoint) -> bool {
    row.shape().contains(start) || row.shape().contains(end)
}

/// The line from the origin of a plane to a place in it.
struct Line {
    to: Metres,
    length_m: f64,
    from_height_m: f64,
    to_height_m: f64,
}

/// A part of a line over a footprint.
struct Stretch {
    /// Where it begins, as a part of the line.
    from: f64,
    /// The lowest height of the line over the footprint.
    lowest_m: f64,
}

impl Line {
    fn new(to: Metres, from_height_m: f64, to_height_m: f64) -> Self {
        Self { to, length_m: to.east.hypot(to.south), from_height_m, to_height_m }
    }

    fn height_m(&self, part: f64) -> f64 {
        self.from_height_m + (self.to_height_m - self.from_height_m) * part
    }

    /// Positive on one side of the line, negative on the other.
    fn side(&self, point: Metres) -> f64 {
        self.to.east * point.south - self.to.south * point.east
    }

    /// What of the line lies over the row's footprint: from where it first enters to where it last leaves, and how low the
    /// line runs over those parts that are inside.
    fn stretch_in(&self, row: Row<'_>, plane: &Plane) -> Option<Stretch> {
        let mut crossings = self.crossings(row, plane);
        if crossings.is_empty() {
            return None;
        }
        crossings.extend([0.0, 1.0]);
        crossings.sort_by(f64::total_cmp);
        let mut found: Option<Stretch> = None;
        for pair in crossings.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let middle = f64::midpoint(from, to);
            let at = Metres { east: self.to.east * middle, south: self.to.south * middle };
            if (to - from) * self.length_m < TOUCH_M || !row.shape().contains(plane.point_at(at)) {
                continue;
            }
            let lowest_m = self.height_m(from).min(self.height_m(to));
            found = Some(match found {
                Some(before) => Stretch { from: before.from, lowest_m: before.lowest_m.min(lowest_m) },
                None => Stretch { from, lowest_m },
            });
        }
        found
    }

    /// Where the line crosses the edges of the footprint, as parts of the line.
    fn crossings(&self, row: Row<'_>, plane: &Plane) -> Vec<f64> {
        let mut crossings = Vec::new();
        for (role, points) in row.shape().parts() {
            let Some(last) = points.last().filter(|_| role != PartRole::Point) else { continue };
            let mut before = plane.metres(*last);
            let mut side_before = self.side(before);
            for point in points {
                let here = plane.metres(*point);
                let side = self.side(here);
                if (side > 0.0) != (side_before > 0.0) {
                    let share = side_before / (side_before - side);
                    let east = before.east + (here.east - before.east) * share;
                    let south = before.south + (here.south - before.south) * share;
                    let part = (east * self.to.east + south * self.to.south) / self.length_m.powi(2);
                    if (0.0..=1.0).contains(&part) {
                        crossings.push(part);
                    }
                }
                (before, side_before) = (here, side);
            }
        }
        crossings
    }
}
