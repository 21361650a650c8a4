//! Takes away what would stand on a wide road or in a river that is not the next line but the one behind it.

use std::collections::BTreeMap;

use crate::buildings::Building;
use crate::lines::LineClass;
use crate::network::Network;
use crate::plane::{P, segment_distance};
use crate::road_pieces::bank_road_path;

const CELL_M: f64 = 250.0;

/// Column and row of the raster.
type Cell = (i64, i64);

/// Segments of wide lines by raster cell, each with the room it takes to either side.
pub(crate) struct WideLines {
    cells: BTreeMap<Cell, Vec<(P, P, f64)>>,
}

fn cell(at: P) -> Cell {
    ((at.x / CELL_M).floor() as i64, (at.y / CELL_M).floor() as i64)
}

impl WideLines {
    pub(crate) fn of(network: &Network) -> Self {
        let mut wide = Self { cells: BTreeMap::new() };
        for stroke in &network.strokes {
            let line = &network.lines[stroke.line as usize];
            if line.class.is_road() || line.class.is_water() {
                let beside = if matches!(line.class, LineClass::Motorway) { 20.0 } else { 1.5 };
                wide.add(&stroke.path, line.width_m * 0.5 + beside);
            }
            if let Some((path, width_m)) = bank_road_path(line, &stroke.path) {
                wide.add(&path, width_m * 0.5 + 1.0);
            }
        }
        wide
    }

    fn add(&mut self, path: &[P], room_m: f64) {
        for pair in path.windows(2) {
            let steps = (pair[0].distance(pair[1]) / (CELL_M * 0.5)).ceil().max(1.0);
            let mut last = None;
            for step in 0..=steps as usize {
                let at = cell(pair[0].lerp(pair[1], step as f64 / steps));
                if last != Some(at) {
                    self.cells.entry(at).or_default().push((pair[0], pair[1], room_m));
                    last = Some(at);
                }
            }
        }
    }

    /// Whether a building stands in nobody's way.
    pub(crate) fn leaves_clear(&self, house: &Building) -> bool {
        let rect = &house.rect;
        let reach = rect.radius();
        let (column, row) = cell(rect.centre);
        (-1..=1).all(|dx| {
            (-1..=1).all(|dy| {
                self.cells.get(&(column + dx, row + dy)).is_none_or(|list| {
                    list.iter().all(|&(a, b, room_m)| {
                        segment_distance(rect.centre, a, b) > reach + room_m
                            || (rect.corners().iter().all(|&corner| segment_distance(corner, a, b) > room_m)
                                && !rect.meets(a, b))
                    })
                })
            })
        })
    }
}
