//! The ground of units: their faces, borders and polygons, derived from the arcs.

use std::collections::BTreeSet;

use cim_crs::LatticePoint;

use super::element::{ArcNo, BorderArc, FaceNo, UnitNo};
use super::state::Topology;
use crate::coverage::{Coverage, CoverageArc, Face, FaceId};
use crate::derivation::polygons_along;
use crate::layer::LatticePolygon;
use crate::planar_graph::as_number;
use crate::predicate::cross;

/// A coverage with dense numbers, and the lasting number behind each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainCoverage {
    /// The coverage: its faces name their units by place in the lists below.
    pub coverage: Coverage,
    /// The units of the finest level.
    pub base_units: Vec<UnitNo>,
    /// The overlay units.
    pub overlay_units: Vec<UnitNo>,
    /// The faces, as [`Coverage::faces`].
    pub faces: Vec<FaceNo>,
    /// The arcs, as [`Coverage::arcs`].
    pub arcs: Vec<ArcNo>,
}

impl Topology {
    /// The faces of a unit of any level, sorted.
    #[must_use]
    pub fn faces_of(&self, unit: UnitNo) -> Vec<FaceNo> {
        if self.unit(unit).is_some_and(|state| state.level.is_overlay()) {
            return self.faces_of_overlay.of(&unit).to_vec();
        }
        let units = self.base_units_of(unit);
        let mut faces: Vec<FaceNo> =
            units.iter().flat_map(|unit| self.faces_of_base.of(unit)).copied().collect();
        faces.sort_unstable();
        faces
    }

    /// The arcs with the unit on exactly one side, sorted.
    #[must_use]
    pub fn border_of(&self, unit: UnitNo) -> Vec<ArcNo> {
        self.border_around(&self.faces_of(unit))
    }

    /// The arcs with exactly one side in sorted faces, sorted.
    pub(super) fn border_around(&self, faces: &[FaceNo]) -> Vec<ArcNo> {
        let mut arcs: Vec<ArcNo> = faces.iter().flat_map(|face| self.arcs_around(*face)).collect();
        arcs.sort_unstable();
        // An arc that comes twice has both sides inside.
        arcs.chunk_by(|one, other| one == other)
            .filter(|group| group.len() == 1)
            .map(|group| group[0])
            .collect()
    }

    /// The polygons of a unit, in the one order that [`Coverage::polygons_by`] gives too.
    #[must_use]
    pub fn polygons_of(&self, unit: UnitNo) -> Vec<LatticePolygon> {
        let faces = self.faces_of(unit);
        let border = self.border_around(&faces);
        let arcs: Vec<&BorderArc> = border.iter().filter_map(|no| self.arc(*no)).map(|arc| &**arc).collect();
        let points: Vec<&[LatticePoint]> = arcs.iter().map(|arc| arc.points.as_slice()).collect();
        let is_inside = |face: Option<FaceNo>| face.is_some_and(|face| faces.binary_search(&face).is_ok());
        let walks: Vec<(u32, bool)> =
            (0..).zip(&arcs).map(|(number, arc)| (number, !is_inside(arc.left))).collect();
        polygons_along(&points, &walks)
    }

    /// In how many pieces a unit lies. Pieces that touch in a point are two.
    #[must_use]
    pub fn part_count(&self, unit: UnitNo) -> usize {
        self.parts_of(&self.faces_of(unit)).len()
    }

    /// The connected pieces of sorted faces.
    pub(super) fn parts_of(&self, faces: &[FaceNo]) -> Vec<Vec<FaceNo>> {
        let mut left: BTreeSet<FaceNo> = faces.iter().copied().collect();
        let mut parts = Vec::new();
        while let Some(first) = left.pop_first() {
            let mut part = vec![first];
            let mut next = 0;
            while next < part.len() {
                let face = part[next];
                next += 1;
                for other in self.arcs_around(face).filter_map(|arc| self.beyond(arc, face)) {
                    if left.remove(&other) {
                        part.push(other);
                    }
                }
            }
            parts.push(part);
        }
        parts
    }

    /// The face on the other side of an arc.
    pub(super) fn beyond(&self, arc: ArcNo, face: FaceNo) -> Option<FaceNo> {
        let arc = self.arc(arc)?;
        if arc.left == Some(face) { arc.right } else { arc.left }
    }

    /// All of it as a coverage with dense numbers.
    #[must_use]
    pub fn coverage(&self) -> PlainCoverage {
        let of_level = |overlay: bool| {
            let units = self.units().filter(move |(_, unit)| {
                if overlay { unit.level.is_overlay() } else { unit.level == self.base_level }
            });
            units.map(|(no, _)| no).collect::<Vec<UnitNo>>()
        };
        let (base_units, overlay_units) = (of_level(false), of_level(true));
        let faces: Vec<FaceNo> = self.faces.keys().copied().collect();
        let place = |units: &[UnitNo], unit: UnitNo| as_number(units.partition_point(|other| *other < unit));
        let plain_faces = self
            .faces()
            .map(|(_, face)| Face {
                base: place(&base_units, face.base),
                overlay: face.overlay.map(|unit| place(&overlay_units, unit)),
            })
            .collect();
        let id = |face: Option<FaceNo>| {
            face.map(|face| FaceId(as_number(faces.partition_point(|other| *other < face))))
        };
        let plain_arcs = self
            .arcs
            .values()
            .map(|arc| CoverageArc { points: arc.points.clone(), left: id(arc.left), right: id(arc.right) })
            .collect();
        let coverage = Coverage { arcs: plain_arcs, faces: plain_faces };
        let arcs = self.arcs.keys().copied().collect();
        PlainCoverage { coverage, base_units, overlay_units, faces, arcs }
    }
}

impl Topology {
    /// Twice the area of a face in squared lattice steps, exactly.
    pub(super) fn doubled_face_area(&self, face: FaceNo) -> i128 {
        let arcs = || self.arcs_around(face).filter_map(|no| self.arc(no));
        let Some(origin) = arcs().next().map(|arc| arc.points[0]) else { return 0 };
        arcs()
            .map(|arc| {
                let area: i128 = arc.points.windows(2).map(|pair| cross(origin, pair[0], pair[1])).sum();
                if arc.left == Some(face) { area } else { -area }
            })
            .sum()
    }
}
