//! The exact integer lattice of 1e-8 degree (about 1 mm) on which borders are stored.

use crate::LonLat;

/// Lattice steps in one degree.
pub const LATTICE_PER_DEGREE: f64 = 1e8;

/// A point of the lattice: CGCS2000 degrees times 1e8. Both numbers are below 2^35, so f64 holds them exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatticePoint {
    /// Longitude steps, -180e8 to 180e8.
    pub x: i64,
    /// Latitude steps, -90e8 to 90e8.
    pub y: i64,
}

impl From<LonLat> for LatticePoint {
    #[expect(clippy::cast_possible_truncation, reason = "a checked position times 1e8 fits 36 bits")]
    fn from(position: LonLat) -> Self {
        Self {
            x: (position.lon * LATTICE_PER_DEGREE).round() as i64,
            y: (position.lat * LATTICE_PER_DEGREE).round() as i64,
        }
    }
}

impl From<LatticePoint> for LonLat {
    #[expect(clippy::cast_precision_loss, reason = "lattice numbers are below 2^53")]
    fn from(point: LatticePoint) -> Self {
        Self { lon: point.x as f64 / LATTICE_PER_DEGREE, lat: point.y as f64 / LATTICE_PER_DEGREE }
    }
}
