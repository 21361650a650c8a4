//! Positions as fractions of the Web Mercator square: what tiles are cut from.

use cim_crs::LonLat;

/// A point of the Web Mercator square in steps of 1/2^32 of its width (under 1 cm); x from the west, y from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorldPoint {
    /// From the antimeridian eastwards.
    pub x: u32,
    /// From 85.05 degrees north southwards.
    pub y: u32,
}

/// Steps in the width of the world.
pub const WORLD_STEPS: f64 = 4_294_967_296.0;
/// The length of the equator, metres.
pub const EQUATOR_M: f64 = 40_075_016.685_578_49;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u32")]
fn step(fraction: f64) -> u32 {
    (fraction * WORLD_STEPS).round().clamp(0.0, WORLD_STEPS - 1.0) as u32
}

impl From<LonLat> for WorldPoint {
    fn from(position: LonLat) -> Self {
        let sine = position.lat.to_radians().sin();
        // atanh is exact enough near the equator and saturates at the poles, where the clamp takes over.
        let y = 0.5 - sine.atanh() / std::f64::consts::TAU;
        Self { x: step((position.lon + 180.0) / 360.0), y: step(y) }
    }
}

impl From<WorldPoint> for LonLat {
    fn from(point: WorldPoint) -> Self {
        let north = std::f64::consts::PI - f64::from(point.y) / WORLD_STEPS * std::f64::consts::TAU;
        Self { lon: f64::from(point.x) / WORLD_STEPS * 360.0 - 180.0, lat: north.sinh().atan().to_degrees() }
    }
}

/// A box of the Web Mercator square, all edges inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorldBox {
    /// Western edge.
    pub min_x: u32,
    /// Northern edge.
    pub min_y: u32,
    /// Eastern edge.
    pub max_x: u32,
    /// Southern edge.
    pub max_y: u32,
}

impl WorldBox {
    /// The whole square.
    pub const WORLD: Self = Self { min_x: 0, min_y: 0, max_x: u32::MAX, max_y: u32::MAX };

    /// The box around points; none around no points.
    #[must_use]
    pub fn around(points: &[WorldPoint]) -> Option<Self> {
        let first = points.first()?;
        let start = Self { min_x: first.x, min_y: first.y, max_x: first.x, max_y: first.y };
        Some(points.iter().fold(start, |grown, point| grown.with(*point)))
    }

    /// The box grown to hold a point.
    #[must_use]
    pub fn with(self, point: WorldPoint) -> Self {
        Self {
            min_x: self.min_x.min(point.x),
            min_y: self.min_y.min(point.y),
            max_x: self.max_x.max(point.x),
            max_y: self.max_y.max(point.y),
        }
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        self.with(WorldPoint { x: other.min_x, y: other.min_y })
            .with(WorldPoint { x: other.max_x, y: other.max_y })
    }

    /// Whether a point lies in the box, its edges included.
    #[must_use]
    pub fn contains(&self, point: WorldPoint) -> bool {
        (self.min_x..=self.max_x).contains(&point.x) && (self.min_y..=self.max_y).contains(&point.y)
    }

    /// Whether the boxes share a point.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.min_x <= other.max_x
            && other.min_x <= self.max_x
            && self.min_y <= other.max_y
            && other.min_y <= self.max_y
    }

    /// The box of everything within `radius_m` of a position, a little too large rather than too small.
    #[must_use]
    pub fn around_circle(centre: LonLat, radius_m: f64) -> Self {
        let point = WorldPoint::from(centre);
        // The scale grows towards the poles: take it at the far edge of the circle.
        let far_lat = (centre.lat.abs() + radius_m / 110_000.0).min(89.0);
        let steps = radius_m * 1.01 / (EQUATOR_M * far_lat.to_radians().cos()) * WORLD_STEPS;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range of u32"
        )]
        let reach = steps.ceil().clamp(1.0, WORLD_STEPS - 1.0) as u32;
        Self {
            min_x: point.x.saturating_sub(reach),
            min_y: point.y.saturating_sub(reach),
            max_x: point.x.saturating_add(reach),
            max_y: point.y.saturating_add(reach),
        }
    }
}

/// The place of a point along a Hilbert curve through the square: near in number means near in space.
#[must_use]
pub fn hilbert(point: WorldPoint) -> u64 {
    let (mut x, mut y) = (point.x, point.y);
    let mut place = 0_u64;
    let mut bit = 1_u32 << 31;
    while bit > 0 {
        let right = x & bit != 0;
        let below = y & bit != 0;
        place = place << 2
            | match (right, below) {
                (false, false) => 0,
                (false, true) => 1,
                (true, true) => 2,
                (true, false) => 3,
            };
        if !below {
            if right {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
        bit >>= 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_point_survives_the_way_to_degrees_and_back() {
        for x in [0, 1, 12_345, 0x8000_0000, 3_600_000_000, u32::MAX] {
            for y in [0, 77, 0x7fff_ffff, 0x8000_0000, 2_900_000_001, u32::MAX] {
                let point = WorldPoint { x, y };
                assert_eq!(WorldPoint::from(LonLat::from(point)), point);
            }
        }
    }

    #[test]
    fn the_origin_lies_in_the_middle_of_the_square() {
        let point = WorldPoint::from(LonLat { lon: 0.0, lat: 0.0 });
        assert_eq!(point, WorldPoint { x: 1 << 31, y: 1 << 31 });
    }

    #[test]
    fn the_poles_lie_on_the_edges() {
        assert_eq!(WorldPoint::from(LonLat { lon: -180.0, lat: 90.0 }).y, 0);
        assert_eq!(
            WorldPoint::from(LonLat { lon: 180.0, lat: -90.0 }),
            WorldPoint { x: u32::MAX, y: u32::MAX }
        );
    }

    #[test]
    fn neighbours_on_the_hilbert_curve_are_neighbours_in_space() {
        let cell = |x: u32, y: u32| WorldPoint { x: x << 28, y: y << 28 };
        let mut cells: Vec<_> = (0..16).flat_map(|x| (0..16).map(move |y| (x, y))).collect();
        cells.sort_by_key(|(x, y)| hilbert(cell(*x, *y)));
        for pair in cells.windows(2) {
            assert_eq!(pair[0].0.abs_diff(pair[1].0) + pair[0].1.abs_diff(pair[1].1), 1, "{pair:?}");
        }
    }
}
