//! Small topologies whose outcome is known: squares of 10 m that are micro grids `a1.1` (grid a1, village a) and so on.
//!
//! ```text
//! a1.3 a1.4 a2.2 b1.2
//! a1.1 a1.2 a2.1 b1.1
//! ```

#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_coverage::{ArcNo, LatticePolygon, LayerUnit, Level, NodeNo, Operation, Topology, UnitNo};
use cim_crs::LatticePoint;

use crate::nested_grid::{GRID, MICRO, VILLAGE, topology};
use crate::sample_layers::{ORIGIN, point, polygon, rectangle, unit};

/// A place in about metres from the south-west corner.
pub(crate) fn at(x: i64, y: i64) -> LatticePoint {
    point(ORIGIN.x + x * 1_000, ORIGIN.y + y * 1_000)
}

pub(crate) fn block(code: &str, west: i64, south: i64, east: i64, north: i64) -> LayerUnit {
    let (low, high) = (at(west, south), at(east, north));
    unit(code, vec![polygon(rectangle(low.x, low.y, high.x, high.y))])
}

pub(crate) fn squares() -> Topology {
    let rows = [["a1.1", "a1.2", "a2.1", "b1.1"], ["a1.3", "a1.4", "a2.2", "b1.2"]];
    let blocks: Vec<LayerUnit> = (0..)
        .zip(rows)
        .flat_map(|(row, codes)| {
            (0..).zip(codes).map(move |(column, code)| {
                block(code, column * 10, row * 10, column * 10 + 10, row * 10 + 10)
            })
        })
        .collect();
    topology(&blocks)
}

/// A square with a square island and one around both.
pub(crate) fn islands() -> Topology {
    let hole = |a: i64, b: i64| {
        let (low, high) = (at(a, a), at(b, b));
        rectangle(low.x, low.y, high.x, high.y)
    };
    topology(&[
        unit("a1.1", vec![LatticePolygon { outer: hole(0, 40), holes: vec![hole(10, 30)] }]),
        unit("a1.2", vec![LatticePolygon { outer: hole(10, 30), holes: vec![hole(15, 25)] }]),
        unit("a1.3", vec![polygon(hole(15, 25))]),
    ])
}

pub(crate) fn no(topology: &Topology, code: &str) -> UnitNo {
    let levels = [VILLAGE, GRID, MICRO, Level::OVERLAY];
    levels.into_iter().find_map(|level| topology.unit_by_code(level, code)).unwrap()
}

pub(crate) fn arc_between(topology: &Topology, one: &str, other: &str) -> ArcNo {
    let border = topology.border_of(no(topology, one));
    let beside = topology.border_of(no(topology, other));
    border.into_iter().find(|arc| beside.contains(arc)).unwrap()
}

pub(crate) fn outline_arc(topology: &Topology, code: &str) -> ArcNo {
    let is_outline = |arc: &ArcNo| {
        let arc = topology.arc(*arc).unwrap();
        arc.left.is_none() || arc.right.is_none()
    };
    topology.border_of(no(topology, code)).into_iter().find(is_outline).unwrap()
}

pub(crate) fn node_at(topology: &Topology, place: LatticePoint) -> NodeNo {
    topology.nodes().find(|(_, other)| *other == place).unwrap().0
}

pub(crate) fn split(topology: &Topology, code: &str, line: Vec<LatticePoint>) -> Operation {
    Operation::Split { unit: no(topology, code), line, snap_m: 0.5, name: None, code: None }
}

pub(crate) fn carve(ring: Vec<LatticePoint>) -> Operation {
    Operation::Carve { ring, name: "Park".to_owned(), kind: None, parent: None, code: None }
}

pub(crate) fn square(west: i64, south: i64, east: i64, north: i64) -> Vec<LatticePoint> {
    vec![at(west, south), at(east, south), at(east, north), at(west, north)]
}
