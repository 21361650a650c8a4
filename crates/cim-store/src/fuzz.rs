//! Entrances for fuzzing: any bytes in the place of a geometry or a snapshot of the database.

use cim_model::GeometryKind;

use crate::{Snapshot, ewkb};

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[("ewkb", ewkb)];

/// Extended well-known binary as PostGIS sends it, or the text of a snapshot.
pub fn ewkb(bytes: &[u8]) {
    if let Ok(geometry) = ewkb::read(bytes) {
        let mut written = Vec::new();
        let wrote = ewkb::write(&geometry, GeometryKind::Any, &mut written);
        assert_eq!(wrote, Ok(()), "what is read can be written");
        ewkb::read(&written).expect("what is written can be read");
    }
    if let Ok(snapshot) = String::from_utf8_lossy(bytes).parse::<Snapshot>() {
        assert_eq!(snapshot.to_string().parse().ok(), Some(snapshot));
    }
}
