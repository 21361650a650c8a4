//! The Gauss-Kruger zones of CGCS2000, by EPSG number.

use crate::transverse_mercator::{CGCS2000_ELLIPSOID, Zone};

/// The zone with this EPSG number: 4491-4501 and 4502-4512 are six degrees wide, 4513-4533 and 4534-4554 three;
/// the first series of each pair writes the zone number in front of x.
#[expect(clippy::cast_lossless, reason = "f64::from(u32) reads worse in a table")]
pub(crate) fn zone(epsg: u32) -> Option<Zone> {
    let (meridian_deg, prefix) = match epsg {
        4491..=4501 => (75 + 6 * (epsg - 4491), 13 + (epsg - 4491)),
        4502..=4512 => (75 + 6 * (epsg - 4502), 0),
        4513..=4533 => (75 + 3 * (epsg - 4513), 25 + (epsg - 4513)),
        4534..=4554 => (75 + 3 * (epsg - 4534), 0),
        _ => return None,
    };
    Some(Zone {
        ellipsoid: CGCS2000_ELLIPSOID,
        central_meridian_deg: meridian_deg as f64,
        latitude_of_origin_deg: 0.0,
        scale: 1.0,
        false_easting: prefix as f64 * 1e6 + 500_000.0,
        false_northing: 0.0,
        metres_per_unit: 1.0,
    })
}
