//! Entrances for fuzzing: any bytes in the place of a `.prj` text or the name of a coordinate system.

use crate::{Crs, LonLat, Transform};

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[("prj", prj)];

/// The text of a `.prj`, or a name; positions go through the system that it describes, however odd its numbers are.
pub fn prj(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let named = text.parse::<Crs>().and_then(Transform::new);
    for transform in [Transform::from_prj(&text), named].into_iter().flatten() {
        for (x, y) in [(121.17, 31.89), (40_517_000.0, 3_529_000.0), (0.0, 0.0), (-1e300, f64::NAN)] {
            if let Ok(position) = transform.to_lonlat(x, y) {
                LonLat::new(position.lon, position.lat).expect("a position lies in the world");
                let _ = transform.from_lonlat(position);
            }
        }
    }
}
