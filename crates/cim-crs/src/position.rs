//! A position on the earth in the one system everything is stored in: CGCS2000 longitude and latitude.

use crate::Crs;

/// Longitude and latitude in degrees, CGCS2000 (EPSG:4490), which is WGS 84 to within a metre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Degrees east, -180 to 180.
    pub lon: f64,
    /// Degrees north, -90 to 90.
    pub lat: f64,
}

/// Why a pair of numbers is no position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PositionError {
    /// NaN or infinite.
    #[error("coordinate ({lon}, {lat}) is not a number")]
    NotFinite {
        /// The first number given.
        lon: f64,
        /// The second number given.
        lat: f64,
    },
    /// Outside the world.
    #[error("coordinate ({lon}, {lat}) lies outside the world: longitude is -180 to 180, latitude -90 to 90")]
    OutsideWorld {
        /// The first number given.
        lon: f64,
        /// The second number given.
        lat: f64,
    },
}

impl LonLat {
    /// A checked position.
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionError> {
        if !lon.is_finite() || !lat.is_finite() {
            return Err(PositionError::NotFinite { lon, lat });
        }
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::OutsideWorld { lon, lat });
        }
        Ok(Self { lon, lat })
    }
}

/// A coordinate that knows its system, as it came from a user or a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrsPoint {
    /// The system.
    pub crs: Crs,
    /// East: longitude or easting.
    pub x: f64,
    /// North: latitude or northing.
    pub y: f64,
}
