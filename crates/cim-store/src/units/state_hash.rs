//! A hash of all units and borders that does not depend on the order they came in: equal states have equal hashes.
//!
//! It is the sum, modulo 2^256, of the SHA-256 of every part, hashed once more with the finest level: so a publication
//! that changes ten parts takes ten from the sum and adds ten, whatever the size of the city.

use cim_coverage::{FaceId, FaceNo, Topology, UnitState};
use cim_crs::LatticePoint;
use cim_model::Collection;
use sha2::{Digest, Sha256};

use super::UnitsLoad;
use super::hierarchy::Hierarchy;
use super::level::collection_of;
use crate::copy_format;

/// The codes of a face's units: the finest one, and the overlay or an empty text.
pub type SideCodes<'a> = (&'a str, &'a str);

/// The sum over the parts of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateSum([u64; 4]);

impl StateSum {
    /// The sum over all parts of a state.
    #[must_use]
    pub fn of(topology: &Topology) -> Self {
        let mut sum = Self::default();
        topology.units().for_each(|(_, unit)| sum.add_unit(unit));
        for (_, arc) in topology.arcs() {
            sum.add_arc(&arc.points, side_codes(topology, arc.left), side_codes(topology, arc.right));
        }
        sum
    }

    /// Adds a unit.
    pub fn add_unit(&mut self, unit: &UnitState) {
        self.add(&unit_bytes(unit));
    }

    /// Takes a unit away.
    pub fn take_unit(&mut self, unit: &UnitState) {
        self.take(&unit_bytes(unit));
    }

    /// Adds an arc with the units of its sides.
    pub fn add_arc(
        &mut self,
        points: &[LatticePoint],
        left: Option<SideCodes<'_>>,
        right: Option<SideCodes<'_>>,
    ) {
        self.add(&arc_bytes(points, left, right));
    }

    /// Takes an arc away.
    pub fn take_arc(
        &mut self,
        points: &[LatticePoint],
        left: Option<SideCodes<'_>>,
        right: Option<SideCodes<'_>>,
    ) {
        self.take(&arc_bytes(points, left, right));
    }

    /// The hash of the state.
    #[must_use]
    pub fn finish(&self, base_level: &str) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(base_level);
        self.0.iter().for_each(|limb| hash.update(limb.to_be_bytes()));
        hash.finalize().to_vec()
    }

    fn add(&mut self, part: &[u8]) {
        let mut carry = false;
        for (limb, other) in self.0.iter_mut().zip(limbs(part)) {
            let (sum, over) = limb.overflowing_add(other);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            (*limb, carry) = (sum, over || again);
        }
    }

    fn take(&mut self, part: &[u8]) {
        let mut borrow = false;
        for (limb, other) in self.0.iter_mut().zip(limbs(part)) {
            let (rest, under) = limb.overflowing_sub(other);
            let (rest, again) = rest.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (rest, under || again);
        }
    }
}

/// The codes of the units of a face.
#[must_use]
pub fn side_codes(topology: &Topology, face: Option<FaceNo>) -> Option<SideCodes<'_>> {
    let ground = topology.face(face?)?;
    let code = |unit| topology.unit(unit).map_or("", |unit| unit.code.as_str());
    Some((code(ground.base), ground.overlay.map_or("", code)))
}

/// The SHA-256 of a part, the lowest limb first.
fn limbs(part: &[u8]) -> [u64; 4] {
    let digest = Sha256::digest(part);
    let mut limbs = [0; 4];
    for (limb, bytes) in limbs.iter_mut().zip(digest.chunks_exact(8)) {
        *limb = bytes.iter().fold(0, |limb, byte| limb << 8 | u64::from(*byte));
    }
    limbs
}

/// The hash of a load.
pub(super) fn of(load: &UnitsLoad, hierarchy: &Hierarchy<'_>) -> Vec<u8> {
    let mut sum = StateSum::default();
    let with_polygons = load.coverage.is_none();
    load.units.iter().for_each(|unit| sum.add(&row_bytes(unit, with_polygons)));
    if let Some(coverage) = &load.coverage {
        let code = |place: Option<usize>| place.map_or("", |place| load.units[place].code.as_str());
        let side = |face: Option<FaceId>| {
            let face = coverage.faces[face?.index()];
            Some((code(hierarchy.base_unit(face.base)), code(hierarchy.overlay_unit(face.overlay))))
        };
        coverage.arcs.iter().for_each(|arc| sum.add_arc(&arc.points, side(arc.left), side(arc.right)));
    }
    sum.finish(load.base_level.name())
}

fn unit_bytes(unit: &UnitState) -> Vec<u8> {
    texts([
        collection_of(unit.level).map(Collection::name),
        Some(&unit.code),
        Some(&unit.name),
        unit.kind.as_deref(),
        unit.class.as_deref(),
        unit.parent_code.as_deref(),
    ])
    .to_vec()
}

fn row_bytes(unit: &super::UnitRow, with_polygons: bool) -> Vec<u8> {
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
    for text in texts {
        copy_format::text(text, &mut bytes);
    }
    bytes
}

/// The same for either direction, and for a loop wherever it starts.
fn arc_bytes(points: &[LatticePoint], left: Option<SideCodes<'_>>, right: Option<SideCodes<'_>>) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i64, y: i64) -> LatticePoint {
        LatticePoint { x, y }
    }

    #[test]
    fn what_is_added_and_taken_away_again_leaves_no_trace() {
        let mut sum = StateSum::default();
        sum.add_arc(&[at(0, 0), at(5, 0)], Some(("a", "")), None);
        let before = sum;
        for step in 0..50 {
            sum.add_arc(&[at(step, 1), at(5, 7)], Some(("a", "")), Some(("b", "p")));
        }
        assert_ne!(sum, before);
        for step in 0..50 {
            sum.take_arc(&[at(step, 1), at(5, 7)], Some(("a", "")), Some(("b", "p")));
        }
        assert_eq!(sum, before);
    }

    #[test]
    fn neither_direction_nor_the_start_of_a_loop_matters_but_every_side_does() {
        let of = |points: &[LatticePoint], left, right| {
            let mut sum = StateSum::default();
            sum.add_arc(points, left, right);
            sum.finish("micro_grid")
        };
        let (a, b) = (Some(("a", "")), Some(("b", "")));
        assert_eq!(of(&[at(0, 0), at(5, 0)], a, b), of(&[at(5, 0), at(0, 0)], b, a));
        assert_ne!(of(&[at(0, 0), at(5, 0)], a, b), of(&[at(0, 0), at(5, 0)], b, a));
        assert_ne!(of(&[at(0, 0), at(5, 0)], a, b), of(&[at(0, 0), at(5, 0)], a, Some(("b", "p"))));
        let ring = [at(0, 0), at(5, 0), at(5, 5), at(0, 0)];
        let turned = [at(5, 5), at(0, 0), at(5, 0), at(5, 5)];
        assert_eq!(of(&ring, a, None), of(&turned, a, None));
    }
}
