//! GCJ-02 and BD-09, the shifted systems of Chinese web maps, both ways.
//!
//! The transform is known from its published reverse engineering only (eviltransform and others agree with it). The
//! inverse has no closed form; the usual one-step formula is off by up to 4.6 m, so it is iterated to below 0.1 mm.

use std::f64::consts::PI;

use crate::CrsError;

/// The size of the Krassowsky ellipsoid, with the square of an eccentricity that is almost its own: so it is published.
const SEMI_MAJOR_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// 1e-10 degree is 0.01 mm.
const CONVERGED_DEG: f64 = 1e-10;
const BAIDU_PI: f64 = PI * 3000.0 / 180.0;

/// The box in which the web maps apply the shift. It is wider than the country; nothing narrower is published.
pub(crate) fn is_in_china(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

pub(crate) fn wgs84_to_gcj02(lon: f64, lat: f64) -> Result<(f64, f64), CrsError> {
    if is_in_china(lon, lat) {
        Ok(shifted(lon, lat))
    } else {
        Err(CrsError::OutsideChina { system: "GCJ-02", x: lon, y: lat })
    }
}

pub(crate) fn gcj02_to_wgs84(x: f64, y: f64) -> Result<(f64, f64), CrsError> {
    let (lon, lat) = if is_in_china(x, y) { inverted(x, y, shifted) } else { (f64::NAN, f64::NAN) };
    if is_in_china(lon, lat) {
        Ok((lon, lat))
    } else {
        Err(CrsError::OutsideChina { system: "GCJ-02", x, y })
    }
}

pub(crate) fn wgs84_to_bd09(lon: f64, lat: f64) -> Result<(f64, f64), CrsError> {
    if is_in_china(lon, lat) {
        let (x, y) = shifted(lon, lat);
        Ok(shifted_again(x, y))
    } else {
        Err(CrsError::OutsideChina { system: "BD-09", x: lon, y: lat })
    }
}

pub(crate) fn bd09_to_wgs84(x: f64, y: f64) -> Result<(f64, f64), CrsError> {
    let (lon, lat) = if is_in_china(x, y) {
        let (gcj_lon, gcj_lat) = inverted(x, y, shifted_again);
        inverted(gcj_lon, gcj_lat, shifted)
    } else {
        (f64::NAN, f64::NAN)
    };
    if is_in_china(lon, lat) { Ok((lon, lat)) } else { Err(CrsError::OutsideChina { system: "BD-09", x, y }) }
}

/// The point that `shift` sends to (x, y), by fixed-point steps: each one leaves about a thousandth of the error.
fn inverted(x: f64, y: f64, shift: fn(f64, f64) -> (f64, f64)) -> (f64, f64) {
    let (mut lon, mut lat) = (x, y);
    for _ in 0..30 {
        let (at_x, at_y) = shift(lon, lat);
        let (step_x, step_y) = (x - at_x, y - at_y);
        lon += step_x;
        lat += step_y;
        if step_x.abs().max(step_y.abs()) < CONVERGED_DEG {
            break;
        }
    }
    (lon, lat)
}

/// GCJ-02 from WGS 84.
fn shifted(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let root = 0.1 * x.abs().sqrt();
    let waves = 20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 2.0 * root
        + (waves
            + 20.0 * (y * PI).sin()
            + 40.0 * (y / 3.0 * PI).sin()
            + 160.0 * (y / 12.0 * PI).sin()
            + 320.0 * (y / 30.0 * PI).sin())
            * 2.0
            / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + root
        + (waves
            + 20.0 * (x * PI).sin()
            + 40.0 * (x / 3.0 * PI).sin()
            + 150.0 * (x / 12.0 * PI).sin()
            + 300.0 * (x / 30.0 * PI).sin())
            * 2.0
            / 3.0;
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let magic = 1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat;
    let meridian_radius = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (magic * magic.sqrt());
    let parallel_radius = SEMI_MAJOR_M / magic.sqrt() * cos_lat;
    (lon + (east / parallel_radius).to_degrees(), lat + (north / meridian_radius).to_degrees())
}

/// BD-09 from GCJ-02.
fn shifted_again(x: f64, y: f64) -> (f64, f64) {
    let distance = x.hypot(y) + 0.000_02 * (y * BAIDU_PI).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * BAIDU_PI).cos();
    (distance * angle.cos() + 0.0065, distance * angle.sin() + 0.006)
}
