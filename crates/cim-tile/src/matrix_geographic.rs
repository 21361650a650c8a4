//! From the Web Mercator square to the square of 360 degrees that geographic matrix sets cut.

use cim_crs::LonLat;
use cim_mirror::{WORLD_STEPS, WorldBox, WorldPoint};

use crate::Warp;

/// Pieces of the curve: enough for an error below a thousandth of a world step.
const PIECES: u32 = 2048;
/// World steps in a piece, as a power of two.
const PIECE_BITS: u32 = 32 - PIECES.trailing_zeros();

/// Moves points from the Web Mercator square to the geographic one, where y is (90 - lat) / 360; x is the same in both.
/// The latitude is read from a table of cubic pieces, so that a vertex costs no trigonometry.
pub struct GeographicSquare {
    pieces: Box<[Cubic]>,
}

/// y of the geographic square in world steps along one piece, by the way through it from 0 to 1.
#[derive(Debug, Clone, Copy)]
struct Cubic([f64; 4]);

impl Cubic {
    /// The cubic with these values and slopes at its ends.
    fn between(start: f64, start_slope: f64, end: f64, end_slope: f64) -> Self {
        let rise = end - start;
        Self([
            start,
            start_slope,
            3.0 * rise - 2.0 * start_slope - end_slope,
            start_slope + end_slope - 2.0 * rise,
        ])
    }

    fn at(self, way: f64) -> f64 {
        let [a, b, c, d] = self.0;
        ((d * way + c) * way + b) * way + a
    }
}

/// y in the geographic square at the northern end of a piece, and its slope along the piece, in world steps.
fn end_of_piece(number: u32) -> (f64, f64) {
    let north = std::f64::consts::PI - f64::from(number) / f64::from(PIECES) * std::f64::consts::TAU;
    let latitude = north.sinh().atan();
    let y = 0.25 - latitude / std::f64::consts::TAU;
    (y * WORLD_STEPS, latitude.cos() * WORLD_STEPS / f64::from(PIECES))
}

impl Default for GeographicSquare {
    fn default() -> Self {
        let piece = |number| {
            let ((start, start_slope), (end, end_slope)) = (end_of_piece(number), end_of_piece(number + 1));
            Cubic::between(start, start_slope, end, end_slope)
        };
        Self { pieces: (0..PIECES).map(piece).collect() }
    }
}

impl Warp for GeographicSquare {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the square's rows lie between 0 and half of the world's steps"
    )]
    fn moved(&self, point: WorldPoint) -> WorldPoint {
        let piece = self.pieces[(point.y >> PIECE_BITS) as usize];
        let way = f64::from(point.y & ((1 << PIECE_BITS) - 1)) / f64::from(1_u32 << PIECE_BITS);
        WorldPoint { x: point.x, y: (piece.at(way) + 0.5) as u32 }
    }

    fn source_of(&self, target: &WorldBox) -> WorldBox {
        let mercator = |y: u32| {
            let lat = 90.0 - f64::from(y) / WORLD_STEPS * 360.0;
            WorldPoint::from(LonLat { lon: 0.0, lat: lat.max(-90.0) }).y
        };
        // A step more on both sides, because steps of the two squares differ in size.
        let (min_y, max_y) =
            (mercator(target.min_y.saturating_sub(2)), mercator(target.max_y.saturating_add(2)));
        WorldBox { min_y: min_y.saturating_sub(1), max_y: max_y.saturating_add(1), ..*target }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(y: u32) -> f64 {
        (90.0 - LonLat::from(WorldPoint { x: 0, y }).lat) / 360.0 * WORLD_STEPS
    }

    #[test]
    fn a_point_goes_where_its_latitude_says() {
        let square = GeographicSquare::default();
        let mut y = 0_u32;
        for _ in 0..20_000 {
            let moved = square.moved(WorldPoint { x: 7, y });
            assert!((f64::from(moved.y) - expected(y)).abs() < 0.51, "{y}");
            assert_eq!(moved.x, 7);
            y = y.wrapping_add(214_783_931);
        }
        assert!(
            (f64::from(square.moved(WorldPoint { x: 0, y: u32::MAX }).y) - expected(u32::MAX)).abs() < 1.0
        );
    }

    #[test]
    fn the_box_of_a_target_holds_every_point_that_goes_into_it() {
        let square = GeographicSquare::default();
        let mut seed = 5_u32;
        for _ in 0..5_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let point = WorldPoint { x: 9, y: seed };
            let moved = square.moved(point);
            let target = WorldBox { min_x: 9, max_x: 9, min_y: moved.y, max_y: moved.y };
            let source = square.source_of(&target);
            assert!((source.min_y..=source.max_y).contains(&point.y), "{seed}: {source:?}");
            assert!(source.max_y - source.min_y < 60, "{source:?}");
        }
    }

    #[test]
    fn a_target_beyond_the_square_asks_for_no_more_than_there_is() {
        let square = GeographicSquare::default();
        let source = square.source_of(&WorldBox::WORLD);
        assert_eq!(source, WorldBox::WORLD);
    }
}
