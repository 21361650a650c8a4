//! Web Mercator (EPSG:3857): the square of the map tiles.

use std::f64::consts::PI;

use crate::LonLat;

const RADIUS_M: f64 = 6_378_137.0;

/// Half the side of the square: the x of longitude 180.
pub const WEB_MERCATOR_HALF_WORLD_M: f64 = PI * RADIUS_M;

/// The latitude at which the square ends.
pub const WEB_MERCATOR_MAX_LATITUDE_DEG: f64 = 85.051_128_779_806_59;

/// Metres in Web Mercator; latitudes beyond the square are held at its edge, because the poles lie at infinity.
#[must_use]
pub fn to_web_mercator(position: LonLat) -> (f64, f64) {
    let lat = position.lat.clamp(-WEB_MERCATOR_MAX_LATITUDE_DEG, WEB_MERCATOR_MAX_LATITUDE_DEG).to_radians();
    (RADIUS_M * position.lon.to_radians(), RADIUS_M * lat.tan().asinh())
}

/// The position of a Web Mercator coordinate; it may lie outside the world.
pub(crate) fn from_web_mercator(x: f64, y: f64) -> (f64, f64) {
    ((x / RADIUS_M).to_degrees(), (y / RADIUS_M).sinh().atan().to_degrees())
}
