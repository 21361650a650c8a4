//! What a camera's fields say about where it looks, and which of that is assumed.

use cim_crs::LonLat;
use cim_mirror::{Eye, Row, Sector, middle};

/// Where a field is not known: a camera on a pole, a lens of the usual width, and the range at which a person can be told.
const USUAL_MOUNT_HEIGHT_M: f64 = 6.0;
const USUAL_FIELD_ANGLE_DEG: f64 = 90.0;
const USUAL_RANGE_M: f64 = 80.0;
/// However far a camera is said to see, it tells nothing farther away.
const FARTHEST_M: f64 = 2_000.0;
/// A direction code names one of eight directions: the axis may point this far to either side.
const DIRECTION_CODE_ERROR_DEG: f64 = 22.5;
/// GB/T 28181 kinds that turn: dome, remote-controlled bullet, remote-controlled half dome.
const TURNING_KINDS: &[i64] = &[1, 4, 5];

/// How a camera looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lens {
    pub(crate) eye: Eye,
    /// Where it looks and how far to both sides, degrees; none when it turns, or may look anywhere.
    pub(crate) looks: Option<(f64, f64)>,
    pub(crate) range_m: f64,
    /// The direction is not surveyed: what is said of it holds only as far as was assumed.
    pub(crate) is_direction_assumed: bool,
    /// The mount height or the range are not known.
    pub(crate) is_reach_assumed: bool,
}

impl Lens {
    pub(crate) fn of(camera: Row<'_>) -> Option<Self> {
        let at = LonLat::from(middle(camera.shape())?);
        let mount = camera.float_of("mount_height_m").filter(|height| *height > 0.0);
        let range = camera.float_of("range_m").filter(|range| *range > 0.0);
        let (looks, is_direction_assumed) = looks(camera);
        Some(Self {
            eye: Eye { at, height_m: mount.unwrap_or(USUAL_MOUNT_HEIGHT_M) },
            looks,
            range_m: range.unwrap_or(USUAL_RANGE_M).min(FARTHEST_M),
            is_direction_assumed,
            is_reach_assumed: mount.is_none() || range.is_none(),
        })
    }

    /// Whether something in this direction and distance lies in its sector.
    pub(crate) fn covers(&self, bearing_deg: f64, distance_m: f64) -> bool {
        let is_towards = |(azimuth, half): (f64, f64)| {
            let turned = (bearing_deg - azimuth).rem_euclid(360.0);
            turned.min(360.0 - turned) <= half
        };
        distance_m <= self.range_m && (distance_m == 0.0 || self.looks.is_none_or(is_towards))
    }

    pub(crate) fn sector(&self, target_height_m: f64) -> Sector {
        Sector { eye: self.eye, looks: self.looks, range_m: self.range_m, target_height_m }
    }
}

/// Where a camera looks, when that is one direction, and how far it sees.
pub(crate) fn lens_of(camera: Row<'_>) -> Option<(Option<f64>, f64)> {
    Lens::of(camera).map(|lens| (lens.looks.map(|(azimuth, _)| azimuth), lens.range_m))
}

/// Where it looks and how far to both sides, and whether that is assumed.
fn looks(camera: Row<'_>) -> (Option<(f64, f64)>, bool) {
    if camera.int_of("ptz_type").is_some_and(|kind| TURNING_KINDS.contains(&kind)) {
        return (None, false);
    }
    let angle = camera.float_of("field_angle_deg").filter(|angle| *angle > 0.0);
    let half = (angle.unwrap_or(USUAL_FIELD_ANGLE_DEG) / 2.0).min(180.0);
    if let Some(azimuth) = camera.float_of("azimuth_deg") {
        return (Some((azimuth, half)), angle.is_none());
    }
    match camera.int_of("direction_type").and_then(azimuth_of_code) {
        Some(azimuth) => (Some((azimuth, (half + DIRECTION_CODE_ERROR_DEG).min(180.0))), true),
        None => (None, true),
    }
}

/// The azimuth of a GB/T 28181 direction type: where the optical axis points to.
fn azimuth_of_code(code: i64) -> Option<f64> {
    Some(match code {
        1 => 90.0,
        2 => 270.0,
        3 => 180.0,
        4 => 0.0,
        5 => 135.0,
        6 => 45.0,
        7 => 225.0,
        8 => 315.0,
        _ => return None,
    })
}
