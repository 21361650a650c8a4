//! A hash of all units and borders that does not depend on the order they came in: equal states have equal hashes.

use cim_crs::LatticePoint;
use sha2::{Digest, Sha256};

use super::UnitsLoad;
use super::hierarchy::Hierarchy;
use crate::copy_format;

/// SHA-256 over the canonical form of a load.
pub(super) fn of(load: &UnitsLoad, hierarchy: &Hierarchy<'_>) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> =
        load.units.iter().map(|unit| unit_bytes(unit, load.coverage.is_none())).collect();
    if let Some(coverage) = &load.coverage {
        let side = |face: Option<cim_coverage::FaceId>| {
            let face = coverage.faces[face?.index()];
            let code = |place: Option<usize>| place.map_or("", |place| load.units[place].code.as_str());
            let (base, overlay) = (hierarchy.base_unit(face.base), hierarchy.overlay_unit(face.overlay));
            Some(format!("{}\u{1f}{}", code(base), code(overlay)))
        };
        parts.extend(coverage.arcs.iter().map(|arc| {
            let forth = arc_bytes(arc.points.iter(), side(arc.left), side(arc.right));
            let back = arc_bytes(arc.points.iter().rev(), side(arc.right), side(arc.left));
            forth.min(back)
        }));
    }
    parts.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(load.base_level.name());
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn unit_bytes(unit: &super::UnitRow, with_polygons: bool) -> Vec<u8> {
    let mut bytes = bytes::BytesMut::new();
    for text in [
        Some(unit.collection.name()),
        Some(&unit.code),
        Some(&unit.name),
        unit.kind.as_deref(),
        unit.urban_rural_class.as_deref(),
        unit.parent_code.as_deref(),
    ] {
        copy_format::text(text, &mut bytes);
    }
    if with_polygons {
        copy_format::polygons(unit.polygons.clone(), &mut bytes);
    }
    bytes.to_vec()
}

fn arc_bytes<'a>(
    points: impl Iterator<Item = &'a LatticePoint>,
    left: Option<String>,
    right: Option<String>,
) -> Vec<u8> {
    let numbers = points.flat_map(|point| [point.x, point.y]).flat_map(i64::to_be_bytes);
    let sides =
        [left, right].map(|side| side.map_or_else(|| vec![0], |side| [&[1], side.as_bytes()].concat()));
    numbers.chain(sides.concat()).collect()
}
