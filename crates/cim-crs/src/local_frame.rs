//! A flat frame in metres around one position, for kernels that need plane geometry.

use crate::LonLat;
use crate::geodesic::metres_per_degree;

/// Metres east and north of a position.
///
/// # Drawbacks
/// The frame is a linear map of degrees: straight lines stay straight, and it is exact at its origin only. Below 60
/// degrees of latitude lengths are off by at most 0.03 % one kilometre away from it and 0.3 % ten kilometres away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalFrame {
    origin: LonLat,
    east_m: f64,
    north_m: f64,
}

impl LocalFrame {
    /// The frame around a position.
    #[must_use]
    pub fn around(origin: LonLat) -> Self {
        let (east_m, north_m) = metres_per_degree(origin.lat);
        Self { origin, east_m, north_m }
    }

    /// Metres east and north of the origin.
    #[must_use]
    pub fn to_metres(&self, position: LonLat) -> (f64, f64) {
        ((position.lon - self.origin.lon) * self.east_m, (position.lat - self.origin.lat) * self.north_m)
    }

    /// The position this many metres east and north of the origin; beyond the poles it is held at them, and longitudes wrap.
    #[must_use]
    pub fn to_lonlat(&self, east_m: f64, north_m: f64) -> LonLat {
        let lon = self.origin.lon + east_m / self.east_m;
        let lat = (self.origin.lat + north_m / self.north_m).clamp(-90.0, 90.0);
        let lon = if (-180.0..=180.0).contains(&lon) { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 };
        LonLat { lon, lat }
    }

    /// Metres per degree of longitude and of latitude.
    #[must_use]
    pub fn scale(&self) -> (f64, f64) {
        (self.east_m, self.north_m)
    }
}
