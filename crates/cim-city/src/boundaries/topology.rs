//! The arcs and nodes around a unit, with the numbers that operations name: what an editor draws with.

use std::collections::BTreeSet;

use cim_access::Scope;
use cim_coverage::{FaceNo, Level, Topology, UnitNo};
use cim_crs::{LatticePoint, LonLat, metres_per_degree};
use cim_store::level_of;
use serde::Serialize;

use super::changed_elements::{ArcState, FaceState, NodeState, UnitChange, arc_state, unit_change};
use super::session::session;
use super::shape::position;
use crate::work::failed;
use crate::{City, CityError};

/// Which part of the boundaries.
#[derive(Debug, Clone, PartialEq)]
pub struct TopologyQuery {
    /// The unit, by its code or number.
    pub unit: String,
    /// How far around its box, metres.
    pub margin_m: f64,
    /// The draft whose state is meant; the latest revision without one.
    pub changeset: Option<i64>,
}

/// A part of the boundaries. An arc is there whole when it meets the box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopologyAnswer {
    /// The revision, or the one that the draft begins from.
    pub rev: i32,
    /// The draft.
    pub changeset: Option<i64>,
    /// The unit that was asked for.
    pub unit: i64,
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// The name of the finest level.
    pub base_level: &'static str,
    /// Junctions, and one node of every closed loop.
    pub nodes: Vec<NodeState>,
    /// Borders.
    pub arcs: Vec<ArcState>,
    /// The faces on the sides of the arcs.
    pub faces: Vec<FaceState>,
    /// The units of the faces, and all units above them.
    pub units: Vec<UnitChange>,
}

/// The least and the greatest corner.
type Bounds = (LatticePoint, LatticePoint);

impl City {
    /// The boundaries around a unit, as published or as a draft has them.
    pub async fn topology(&self, _scope: &Scope, query: &TopologyQuery) -> Result<TopologyAnswer, CityError> {
        let desk = &self.inner.boundaries;
        if let Some(id) = query.changeset {
            let held = desk.sessions.hold(&self.inner.store, &desk.heads, id).await?;
            let session = session(&held)?;
            let found = around(session.current(), query, session.base.rev);
            return found.ok_or_else(|| no_unit(&query.unit));
        }
        for city_code in self.inner.store.boundary_cities().await.map_err(failed)? {
            let revision = self.head_revision(&city_code).await?;
            if !revision.clean {
                continue;
            }
            let head = desk.heads.at(&self.inner.store, &revision).await?;
            if let Some(found) = around(&head.topology, query, head.rev) {
                return Ok(found);
            }
        }
        Err(no_unit(&query.unit))
    }
}

fn no_unit(unit: &str) -> CityError {
    CityError::NotFound { what: "unit", name: unit.to_owned() }
}

/// A unit by code, finest level first, else by number.
pub(super) fn find_unit(topology: &Topology, given: &str) -> Option<UnitNo> {
    let (level, code) = match given.split_once(':') {
        Some((level, code)) => (Some(level_of(level.parse().ok()?)?), code),
        None => (None, given),
    };
    let levels = (0..=topology.base_level().0).rev().map(Level).chain([Level::OVERLAY]);
    let mut levels = levels.filter(|of| level.is_none_or(|level| level == *of));
    levels.find_map(|level| topology.unit_by_code(level, code)).or_else(|| {
        let number = UnitNo(given.parse().ok()?);
        topology.unit(number).map(|_| number)
    })
}

fn around(topology: &Topology, query: &TopologyQuery, rev: i32) -> Option<TopologyAnswer> {
    let unit = find_unit(topology, &query.unit)?;
    let bounds = with_margin(bounds_of(topology, unit)?, query.margin_m);
    let faces = faces_meeting(topology, topology.faces_of(unit), bounds);
    let arcs: BTreeSet<_> = faces.iter().flat_map(|face| topology.arcs_around(*face)).collect();
    let arcs: Vec<_> = arcs.into_iter().filter_map(|no| Some((no, topology.arc(no)?))).collect();
    let arcs: Vec<_> = arcs.into_iter().filter(|(_, arc)| meets(&arc.points, bounds)).collect();
    let nodes: BTreeSet<_> = arcs.iter().flat_map(|(_, arc)| [arc.start, arc.end]).collect();
    let sides: BTreeSet<FaceNo> = arcs.iter().flat_map(|(_, arc)| [arc.left, arc.right]).flatten().collect();
    let mut units: BTreeSet<UnitNo> = BTreeSet::from([unit]);
    for face in sides.iter().filter_map(|face| topology.face(*face)) {
        for mut above in [Some(face.base), face.overlay] {
            while let Some(next) = above.filter(|unit| units.insert(*unit)) {
                above = topology.unit(next).and_then(|unit| unit.parent);
            }
        }
    }
    let degrees = (position(bounds.0), position(bounds.1));
    Some(TopologyAnswer {
        rev,
        changeset: query.changeset,
        unit: unit.0,
        bounds: [degrees.0[0], degrees.0[1], degrees.1[0], degrees.1[1]],
        base_level: cim_store::collection_of(topology.base_level()).map_or("", |level| level.name()),
        nodes: nodes.iter().map(|no| NodeState { id: no.0, at: topology.node(*no).map(position) }).collect(),
        arcs: arcs.iter().map(|(no, arc)| arc_state(no.0, Some(arc))).collect(),
        faces: sides
            .iter()
            .filter_map(|no| Some((no, topology.face(*no)?)))
            .map(|(no, face)| FaceState {
                id: no.0,
                base: Some(face.base.0),
                overlay: face.overlay.map(|unit| unit.0),
            })
            .collect(),
        units: units.iter().map(|unit| unit_change(topology, *unit)).collect(),
    })
}

fn bounds_of(topology: &Topology, unit: UnitNo) -> Option<Bounds> {
    let arcs = topology.border_of(unit);
    let points = arcs.iter().filter_map(|arc| topology.arc(*arc)).flat_map(|arc| &arc.points);
    points.map(|point| (*point, *point)).reduce(|(low, high), (a, b)| {
        (
            LatticePoint { x: low.x.min(a.x), y: low.y.min(a.y) },
            LatticePoint { x: high.x.max(b.x), y: high.y.max(b.y) },
        )
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a margin is some kilometres")]
fn with_margin((low, high): Bounds, margin_m: f64) -> Bounds {
    let (east_m, north_m) = metres_per_degree(LonLat::from(low).lat);
    let steps = |metres_per_degree: f64| (margin_m / metres_per_degree * cim_crs::LATTICE_PER_DEGREE) as i64;
    let (x, y) = (steps(east_m), steps(north_m));
    (LatticePoint { x: low.x - x, y: low.y - y }, LatticePoint { x: high.x + x, y: high.y + y })
}

/// The faces that can be walked to from some without leaving the box.
fn faces_meeting(topology: &Topology, from: Vec<FaceNo>, bounds: Bounds) -> BTreeSet<FaceNo> {
    let mut found: BTreeSet<FaceNo> = from.iter().copied().collect();
    let mut open = from;
    while let Some(face) = open.pop() {
        for arc in topology.arcs_around(face).filter_map(|arc| topology.arc(arc)) {
            if meets(&arc.points, bounds) {
                open.extend([arc.left, arc.right].into_iter().flatten().filter(|face| found.insert(*face)));
            }
        }
    }
    found
}

fn meets(points: &[LatticePoint], (low, high): Bounds) -> bool {
    points.windows(2).any(|pair| {
        let (a, b) = (pair[0], pair[1]);
        a.x.min(b.x) <= high.x && a.x.max(b.x) >= low.x && a.y.min(b.y) <= high.y && a.y.max(b.y) >= low.y
    })
}
