//! The plane around a position: metres east and south of it, for geometry of a few kilometres.

use cim_crs::LonLat;

use crate::world::{EQUATOR_M, WORLD_STEPS};
use crate::{PartRole, Shape, WorldPoint};

/// Metres east and south of a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metres {
    /// Eastwards.
    pub east: f64,
    /// Southwards, as y runs in the square.
    pub south: f64,
}

/// The plane that touches the ground at a position. Lines that are straight on the map are straight in it.
///
/// # Drawbacks
/// Lengths are those of the sphere: off by up to 0.7 % against the ellipsoid, in one direction more than in the other.
#[derive(Debug, Clone, Copy)]
pub struct Plane {
    pub(crate) point: WorldPoint,
    metres_per_step: f64,
}

impl Plane {
    /// The plane around a position.
    #[must_use]
    pub fn around(position: LonLat) -> Self {
        let metres_per_step = EQUATOR_M / WORLD_STEPS * position.lat.to_radians().cos();
        Self { point: position.into(), metres_per_step }
    }

    /// Where a point lies in it.
    #[must_use]
    #[inline]
    pub fn metres(&self, point: WorldPoint) -> Metres {
        let (x, y) = self.steps(point);
        Metres { east: x * self.metres_per_step, south: y * self.metres_per_step }
    }

    /// The point at a place in it; held at the edge of the square.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range of u32"
    )]
    pub fn point_at(&self, metres: Metres) -> WorldPoint {
        let step = |from: u32, metres: f64| {
            (f64::from(from) + metres / self.metres_per_step).round().clamp(0.0, WORLD_STEPS - 1.0) as u32
        };
        WorldPoint { x: step(self.point.x, metres.east), y: step(self.point.y, metres.south) }
    }

    #[inline]
    pub(crate) fn steps(&self, point: WorldPoint) -> (f64, f64) {
        (f64::from(point.x) - f64::from(self.point.x), f64::from(point.y) - f64::from(self.point.y))
    }

    pub(crate) fn squared_metres(&self, (x, y): (f64, f64)) -> f64 {
        (x * x + y * y) * self.metres_per_step * self.metres_per_step
    }
}

impl Shape<'_> {
    /// Whether a point lies in the shape's rings, holes taken out; on a border either may be said.
    #[must_use]
    pub fn contains(self, point: WorldPoint) -> bool {
        let mut inside = false;
        for (role, points) in self.parts() {
            if !matches!(role, PartRole::Outer | PartRole::Hole) {
                continue;
            }
            let Some(mut before) = points.last().copied() else { continue };
            for vertex in points {
                inside ^= crosses_east_of(point, before, *vertex);
                before = *vertex;
            }
        }
        inside
    }
}

/// Whether a ray eastwards from a point crosses a segment, exactly.
pub(crate) fn crosses_east_of(point: WorldPoint, a: WorldPoint, b: WorldPoint) -> bool {
    if (a.y > point.y) == (b.y > point.y) {
        return false;
    }
    let offset = |from: u32, to: u32| i128::from(from) - i128::from(to);
    let (ax, ay) = (offset(a.x, point.x), offset(a.y, point.y));
    let (bx, by) = (offset(b.x, point.x), offset(b.y, point.y));
    // Where the segment crosses the ray's line: ax + (bx - ax) * ay / (ay - by), which is to be above 0.
    let cross = ax * (ay - by) + (bx - ax) * ay;
    (cross > 0) == (ay > by)
}
