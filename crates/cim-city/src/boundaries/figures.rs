//! What a grid of a draft holds: people, buildings, work and cameras, and how its ground is shaped.

use std::f64::consts::PI;

use cim_coverage::{LatticePolygon, Topology, UnitNo, area_m2};
use cim_crs::LonLat;
use cim_mirror::Area;
use cim_model::Collection;
use cim_store::{collection_of, multi_polygon};
use cim_tile::is_open;
use serde::Serialize;

use super::refused::EditFinding;
use crate::version::Version;

/// The households that a comprehensive grid should have, as the guidance for grids says.
pub const HOUSEHOLD_BAND: std::ops::RangeInclusive<i64> = 300..=500;

/// One unit of a draft with what lies in it now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitFigures {
    /// Its number.
    pub id: i64,
    /// Its collection's name.
    pub level: &'static str,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code of the unit it belongs to.
    pub parent_code: Option<String>,
    /// Its ground in square metres.
    pub area_m2: f64,
    /// The pieces that its ground lies in.
    pub parts: usize,
    /// 1 for a circle, towards 0 for a thread (Polsby and Popper: 4 pi times the area over the square of the border's length).
    pub compactness: f64,
    /// Households of its buildings.
    pub households: i64,
    /// People who live in its buildings.
    pub population: i64,
    /// Buildings whose middle lies in it.
    pub buildings: u64,
    /// Cases in it.
    pub cases: u64,
    /// Of those, the ones still to be done.
    pub open_cases: u64,
    /// Cameras in it.
    pub cameras: u64,
    /// For comprehensive grids: `below`, `within` or `above` 300 to 500 households.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<&'static str>,
}

/// The figures of a unit.
pub(super) fn figures(version: &Version, topology: &Topology, unit: UnitNo) -> Option<UnitFigures> {
    let state = topology.unit(unit)?;
    let level = collection_of(state.level)?;
    let polygons = topology.polygons_of(unit);
    let ground = polygons.iter().map(area_m2).sum::<f64>();
    let border_m: f64 = polygons.iter().map(border_length_m).sum();
    let mut figures = UnitFigures {
        id: unit.0,
        level: level.name(),
        code: state.code.clone(),
        name: state.name.clone(),
        parent_code: state.parent_code.clone(),
        area_m2: (ground * 10.0).round() / 10.0,
        parts: topology.part_count(unit),
        compactness: if border_m > 0.0 {
            (4.0 * PI * ground / (border_m * border_m) * 1000.0).round() / 1000.0
        } else {
            0.0
        },
        households: 0,
        population: 0,
        buildings: 0,
        cases: 0,
        open_cases: 0,
        cameras: 0,
        band: None,
    };
    if let Some(area) = Area::new(&multi_polygon(&polygons)) {
        figures.count(version, &area);
    }
    if level == Collection::ComprehensiveGrid {
        let (least, most) = (*HOUSEHOLD_BAND.start(), *HOUSEHOLD_BAND.end());
        figures.band = Some(match figures.households {
            few if few < least => "below",
            many if many > most => "above",
            _ => "within",
        });
    }
    Some(figures)
}

impl UnitFigures {
    fn count(&mut self, version: &Version, area: &Area) {
        let buildings = version.view(Collection::Building);
        let place = |name| Collection::Building.spec().position(name);
        let (households, population) = (place("household_count"), place("population"));
        for inside in area.rows(buildings) {
            let number = |place: Option<usize>| place.and_then(|place| inside.row.int(place)).unwrap_or(0);
            self.buildings += 1;
            self.households += number(households);
            self.population += number(population);
        }
        let state = Collection::Case.spec().position("state");
        for inside in area.rows(version.view(Collection::Case)) {
            self.cases += 1;
            self.open_cases += u64::from(is_open(state.and_then(|place| inside.row.text(place))));
        }
        self.cameras = area.rows(version.view(Collection::Camera)).count() as u64;
    }

    /// What a planner should look at again; none of it stops a draft.
    pub(super) fn warnings(&self) -> Vec<EditFinding> {
        let mut found = Vec::new();
        let mut warn = |rule, message: String| {
            found.push(EditFinding {
                severity: "warning",
                units: vec![self.code.clone()],
                ..EditFinding::of_rule(rule, message)
            });
        };
        if let Some(side @ ("below" | "above")) = self.band {
            let (code, households) = (&self.code, self.households);
            warn(
                "household_band",
                format!("{code} has {households} households, {side} the band of 300 to 500"),
            );
        }
        if self.parts > 1 {
            warn("not_contiguous", format!("{} lies in {} pieces", self.code, self.parts));
        }
        found
    }
}

fn border_length_m(polygon: &LatticePolygon) -> f64 {
    let ring_m = |ring: &Vec<cim_crs::LatticePoint>| {
        let shifted = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(shifted)
            .map(|(a, b)| cim_crs::near_distance_m(LonLat::from(*a), LonLat::from(*b)))
            .sum::<f64>()
    };
    std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring_m).sum()
}
