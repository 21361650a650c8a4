//! Layers made for tests: grids with bent borders, merged cells, holes and islands, all exact by construction.

#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_coverage::{LatticePolygon, LayerUnit, Ring};
use cim_crs::LatticePoint;

/// A small generator of pseudo-random numbers (Knuth's MMIX), so that every case can be made again from its seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A number from -reach to reach.
    pub(crate) fn around_zero(&mut self, reach: i64) -> i64 {
        let width = u64::try_from(2 * reach + 1).unwrap();
        i64::try_from(self.next() % width).unwrap() - reach
    }
}

pub(crate) fn point(x: i64, y: i64) -> LatticePoint {
    LatticePoint { x, y }
}

pub(crate) fn unit(key: &str, polygons: Vec<LatticePolygon>) -> LayerUnit {
    LayerUnit { key: key.to_owned(), parent: None, polygons }
}

pub(crate) fn rectangle(west: i64, south: i64, east: i64, north: i64) -> Ring {
    vec![point(west, south), point(east, south), point(east, north), point(west, north)]
}

pub(crate) fn polygon(outer: Ring) -> LatticePolygon {
    LatticePolygon { outer, holes: Vec::new() }
}

/// Where Haimen lies.
pub(crate) const ORIGIN: LatticePoint = LatticePoint { x: 12_100_000_000, y: 3_180_000_000 };
/// About 100 m.
pub(crate) const CELL: i64 = 100_000;

/// A grid of cells whose corners are moved at random and whose sides have `bends` points each.
pub(crate) struct BentGrid {
    columns: i64,
    rows: i64,
    bends: i64,
    seed: u64,
}

impl BentGrid {
    pub(crate) fn new(columns: i64, rows: i64, bends: i64, seed: u64) -> Self {
        Self { columns, rows, bends, seed }
    }

    fn corner(&self, column: i64, row: i64) -> LatticePoint {
        let mut random = self.random(column, row, 0);
        point(
            ORIGIN.x + column * CELL + random.around_zero(CELL / 4),
            ORIGIN.y + row * CELL + random.around_zero(CELL / 4),
        )
    }

    fn random(&self, column: i64, row: i64, kind: u64) -> Random {
        let place = u64::try_from(row * (self.columns + 1) + column).unwrap();
        let mut random = Random(self.seed ^ (place * 4 + kind).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        random.next();
        random
    }

    /// The points between two corners, in the direction of the lesser one to the greater one.
    fn side(&self, from: (i64, i64), to: (i64, i64)) -> Ring {
        let (a, b) = (self.corner(from.0, from.1), self.corner(to.0, to.1));
        let mut random = self.random(from.0, from.1, if from.1 == to.1 { 1 } else { 2 });
        let reach = CELL / (20 * (self.bends + 1));
        let mut points = vec![a];
        for bend in 1..=self.bends {
            let between = |from: i64, to: i64| from + (to - from) * bend / (self.bends + 1);
            points.push(point(
                between(a.x, b.x) + random.around_zero(reach),
                between(a.y, b.y) + random.around_zero(reach),
            ));
        }
        points
    }

    pub(crate) fn cell(&self, column: i64, row: i64) -> Ring {
        let reversed = |from, to, end: (i64, i64)| {
            let mut side = self.side(from, to);
            side.push(self.corner(end.0, end.1));
            side.reverse();
            side.pop();
            side
        };
        let (west, east, south, north) = (column, column + 1, row, row + 1);
        let mut ring = self.side((west, south), (east, south));
        ring.extend(self.side((east, south), (east, north)));
        ring.extend(reversed((west, north), (east, north), (east, north)));
        ring.extend(reversed((west, south), (west, north), (west, north)));
        ring
    }

    /// One unit for each cell, keyed `row-column`; the cells for which `merged` gives the same name become one unit,
    /// given as several touching polygons.
    pub(crate) fn units(&self, merged: impl Fn(i64, i64) -> String) -> Vec<LayerUnit> {
        let mut units: Vec<LayerUnit> = Vec::new();
        for row in 0..self.rows {
            for column in 0..self.columns {
                let key = merged(row, column);
                let piece = polygon(self.cell(column, row));
                match units.iter_mut().find(|unit| unit.key == key) {
                    Some(unit) => unit.polygons.push(piece),
                    None => units.push(unit(&key, vec![piece])),
                }
            }
        }
        units
    }

    pub(crate) fn cells(&self) -> Vec<LayerUnit> {
        (0..self.rows)
            .flat_map(|row| (0..self.columns).map(move |column| (row, column)))
            .map(|(row, column)| unit(&format!("{row}-{column}"), vec![polygon(self.cell(column, row))]))
            .collect()
    }
}

/// Moves every vertex of every unit on its own by up to `reach` steps.
pub(crate) fn jittered(units: &[LayerUnit], reach: i64, seed: u64) -> Vec<LayerUnit> {
    let mut random = Random(seed);
    let mut units = units.to_vec();
    for ring in units
        .iter_mut()
        .flat_map(|unit| &mut unit.polygons)
        .flat_map(|polygon| std::iter::once(&mut polygon.outer).chain(&mut polygon.holes))
    {
        for vertex in ring {
            vertex.x += random.around_zero(reach);
            vertex.y += random.around_zero(reach);
        }
    }
    units
}
