//! Which unit of a state a place belongs to, for the part of a city that a draft touches.

use std::collections::BTreeSet;

use cim_coverage::{FaceNo, Level, Topology, UnitNo};
use cim_crs::LatticePoint;
use cim_mirror::Cover;
use cim_store::multi_polygon;

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

    fn find(&self, point: LatticePoint) -> Option<UnitNo> {
        self.units.get(self.cover.find(point)?.place).copied()
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
        Belonging { base: self.base.find(point), overlay: self.overlay.find(point) }
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
