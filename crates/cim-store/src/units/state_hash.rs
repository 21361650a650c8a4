//! A hash of all units and borders that does not depend on the order they came in: equal states have equal hashes.

use cim_coverage::FaceId;
use cim_crs::LatticePoint;
use sha2::{Digest, Sha256};

use super::UnitsLoad;
use super::elements::StoredElements;
use super::hierarchy::Hierarchy;
use super::level::collection_of;
use crate::copy_format;

/// The codes of a face's units.
type SideCodes<'a> = (&'a str, &'a str);

/// SHA-256 over the canonical form of a load.
pub(super) fn of(load: &UnitsLoad, hierarchy: &Hierarchy<'_>) -> Vec<u8> {
    let with_polygons = load.coverage.is_none();
    let mut parts: Vec<Vec<u8>> = load.units.iter().map(|unit| unit_part(unit, with_polygons)).collect();
    if let Some(coverage) = &load.coverage {
        let code = |place: Option<usize>| place.map_or("", |place| load.units[place].code.as_str());
        let side = |face: Option<FaceId>| {
            let face = coverage.faces[face?.index()];
            Some((code(hierarchy.base_unit(face.base)), code(hierarchy.overlay_unit(face.overlay))))
        };
        parts.extend(coverage.arcs.iter().map(|arc| arc_part(&arc.points, side(arc.left), side(arc.right))));
    }
    finish(load.base_level.name(), parts)
}

/// SHA-256 over the canonical form of the elements of a coverage: the same as of the load that they came from.
#[must_use]
pub fn state_hash(base_level: &str, elements: &StoredElements) -> Vec<u8> {
    let unit_place = |no| elements.units.binary_search_by_key(&no, |(unit, _)| *unit).ok();
    let code = |no| unit_place(no).map_or("", |place| elements.units[place].1.code.as_str());
    let side = |face: Option<_>| {
        let place = elements.faces.binary_search_by_key(&face?, |(no, _)| *no).ok()?;
        let ground = elements.faces[place].1;
        Some((code(ground.base), ground.overlay.map_or("", code)))
    };
    let units = elements.units.iter().map(|(_, unit)| {
        texts([
            collection_of(unit.level).map(|level| level.name()),
            Some(&unit.code),
            Some(&unit.name),
            unit.kind.as_deref(),
            unit.class.as_deref(),
            unit.parent_code.as_deref(),
        ])
        .to_vec()
    });
    let arcs = elements.arcs.iter().map(|(_, arc)| arc_part(&arc.points, side(arc.left), side(arc.right)));
    finish(base_level, units.chain(arcs).collect())
}

fn finish(base_level: &str, mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(base_level);
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn unit_part(unit: &super::UnitRow, with_polygons: bool) -> Vec<u8> {
    let mut bytes = texts([
        Some(unit.collection.name()),
        Some(&unit.code),
        Some(&unit.name),
        unit.kind.as_deref(),
        unit.urban_rural_class.as_deref(),
        unit.parent_code.as_deref(),
    ]);
    if with_polygons {
        copy_format::polygons(unit.polygons.clone(), &mut bytes);
    }
    bytes.to_vec()
}

fn texts(texts: [Option<&str>; 6]) -> bytes::BytesMut {
    let mut bytes = bytes::BytesMut::new();
    texts.into_iter().for_each(|text| copy_format::text(text, &mut bytes));
    bytes
}

/// The same for either direction, and for a loop wherever it starts.
fn arc_part(points: &[LatticePoint], left: Option<SideCodes<'_>>, right: Option<SideCodes<'_>>) -> Vec<u8> {
    let from_least = from_least(points);
    let points = from_least.as_deref().unwrap_or(points);
    let forth = one_way(points.iter(), left, right);
    let back = one_way(points.iter().rev(), right, left);
    forth.min(back)
}

/// A loop that starts at another point than its least, turned so that it starts there.
fn from_least(points: &[LatticePoint]) -> Option<Vec<LatticePoint>> {
    let is_loop = points.len() > 2 && points.first() == points.last();
    let ring = is_loop.then(|| &points[..points.len() - 1])?;
    let (least, _) =
        ring.iter().enumerate().min_by_key(|(_, point)| **point).filter(|(place, _)| *place > 0)?;
    let (head, tail) = ring.split_at(least);
    Some([tail, head, &tail[..1]].concat())
}

fn one_way<'a>(
    points: impl Iterator<Item = &'a LatticePoint>,
    left: Option<SideCodes<'_>>,
    right: Option<SideCodes<'_>>,
) -> Vec<u8> {
    let mut bytes: Vec<u8> = points.flat_map(|point| [point.x, point.y]).flat_map(i64::to_be_bytes).collect();
    for side in [left, right] {
        match side {
            None => bytes.push(0),
            Some((base, overlay)) => {
                bytes.push(1);
                bytes.extend_from_slice(base.as_bytes());
                bytes.push(0x1f);
                bytes.extend_from_slice(overlay.as_bytes());
            }
        }
    }
    bytes
}
