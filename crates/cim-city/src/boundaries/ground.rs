//! Which unit of a state a place belongs to, for the part of a city that a draft touches.

use std::collections::BTreeSet;

use cim_coverage::{FaceNo, Level, Topology, UnitNo};
use cim_crs::LatticePoint;
use cim_mirror::{Cover, Covered};
use cim_store::multi_polygon;

/// Half a step of the mirror's places (360 degrees by 2^32) in steps of the lattice (1e-8 degree), rounded up.
const MIRROR_STEP: i64 = 5;

/// Units of the finest level, and the overlay units over them, that can be asked for a place.
pub(super) struct Ground<'a> {
    topology: &'a Topology,
    base: Layer,
    overlay: Layer,
}

/// Areas in the order of their codes: exactly on a border the lowest code wins, as everywhere.
struct Layer {
    cover: Cover,
    units: Vec<UnitNo>,
}

/// Where a place belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Belonging {
    pub(super) base: Option<UnitNo>,
    pub(super) overlay: Option<UnitNo>,
}

impl Layer {
    fn new(topology: &Topology, units: impl Iterator<Item = UnitNo>) -> Self {
        let mut areas: Vec<_> = units
            .filter_map(|unit| Some((topology.unit(unit)?.code.clone(), unit)))
            .map(|(code, unit)| (code, unit, multi_polygon(&topology.polygons_of(unit))))
            .filter(|(_, _, polygons)| !polygons.0.is_empty())
            .collect();
        areas.sort_by(|one, other| one.0.cmp(&other.0));
        let cover = Cover::new(areas.iter().map(|(code, _, polygons)| (code.as_str(), polygons)));
        Self { cover, units: areas.iter().map(|(_, unit, _)| *unit).collect() }
    }

    fn unit(&self, covered: Option<Covered<'_>>) -> Option<UnitNo> {
        self.units.get(covered?.place).copied()
    }
}

impl<'a> Ground<'a> {
    /// The ground of some units of the finest level.
    pub(super) fn new(topology: &'a Topology, base_units: &BTreeSet<UnitNo>) -> Self {
        let there = base_units.iter().copied().filter(|unit| topology.unit(*unit).is_some());
        let faces = there.clone().flat_map(|unit| topology.faces_of(unit));
        let overlays: BTreeSet<UnitNo> =
            faces.filter_map(|face: FaceNo| topology.face(face)?.overlay).collect();
        Self {
            topology,
            base: Layer::new(topology, there),
            overlay: Layer::new(topology, overlays.into_iter()),
        }
    }

    /// The finest level.
    pub(super) fn base_level(&self) -> Level {
        self.topology.base_level()
    }

    pub(super) fn at(&self, point: LatticePoint) -> Belonging {
        let (base, overlay) = (self.base.cover.find(point), self.overlay.cover.find(point));
        Belonging { base: self.base.unit(base), overlay: self.overlay.unit(overlay) }
    }

    /// Where a place of the mirror belongs; none where a border is so near that only the exact place tells.
    pub(super) fn surely_at(&self, point: LatticePoint) -> Option<Belonging> {
        let (base, overlay) = (self.base.cover.find(point), self.overlay.cover.find(point));
        let is_unsure = self.base.cover.is_border_near(base, point, MIRROR_STEP)
            || self.overlay.cover.is_border_near(overlay, point, MIRROR_STEP);
        (!is_unsure).then(|| Belonging { base: self.base.unit(base), overlay: self.overlay.unit(overlay) })
    }

    /// The code of the unit of a level that a belonging means.
    pub(super) fn code(&self, belonging: Belonging, level: Level) -> Option<&'a str> {
        let unit = if level.is_overlay() {
            belonging.overlay
        } else {
            belonging.base.and_then(|base| self.topology.ancestor(base, level))
        };
        self.topology.unit(unit?).map(|unit| unit.code.as_str())
    }
}
