//! The cells of the land as a graph: what borders what, and for how long.

use std::collections::BTreeMap;

use crate::field::ZoneRank;
use crate::lines::LineClass;
use crate::mesh::Ground;
use crate::network::Network;
use crate::plane::{P, ring_centroid};

/// Cells of land as a graph.
pub(crate) struct CellGraph {
    pub(crate) faces: Vec<u32>,
    pub(crate) centre: Vec<P>,
    pub(crate) area_km2: Vec<f64>,
    pub(crate) built_up: Vec<bool>,
    /// Neighbour and length of the common border; less over a river.
    pub(crate) near: Vec<Vec<(usize, f64)>>,
    pub(crate) outside_m: Vec<f64>,
}

impl Network {
    /// The graph of all land cells.
    pub(crate) fn cell_graph(&self) -> CellGraph {
        let mesh = &self.mesh;
        let faces: Vec<u32> =
            (1..mesh.face_count()).filter(|&face| mesh.tags[face as usize].ground == Ground::Land).collect();
        let index: BTreeMap<u32, usize> = faces.iter().enumerate().map(|(at, &face)| (face, at)).collect();
        let mut near = vec![BTreeMap::<usize, f64>::new(); faces.len()];
        let mut outside_m = vec![0.0; faces.len()];
        for edge in 0..mesh.edge_count() {
            let half = edge * 2;
            let length = mesh.from(half).distance(mesh.to(half));
            let ease = match self.lines[mesh.line(half) as usize].class {
                LineClass::River => 0.25,
                LineClass::Motorway => 0.5,
                _ => 1.0,
            };
            match (index.get(&mesh.face(half)), index.get(&mesh.face(half ^ 1))) {
                (Some(&a), Some(&b)) => {
                    *near[a].entry(b).or_default() += length * ease;
                    *near[b].entry(a).or_default() += length * ease;
                }
                (Some(&a), None) | (None, Some(&a)) => outside_m[a] += length,
                (None, None) => {}
            }
        }
        let rings: Vec<Vec<P>> = faces.iter().map(|&face| mesh.ring_points(face)).collect();
        CellGraph {
            centre: rings.iter().map(|ring| ring_centroid(ring)).collect(),
            area_km2: faces.iter().map(|&face| mesh.area(face) / 1e6).collect(),
            built_up: faces
                .iter()
                .map(|&face| {
                    let zone = mesh.tags[face as usize].zone;
                    zone > 0
                        && (self.field.zones[zone as usize - 1].rank != ZoneRank::Hamlet
                            || self.field.zones[zone as usize - 1].name == "滨江")
                })
                .collect(),
            near: near.into_iter().map(|list| list.into_iter().collect()).collect(),
            outside_m,
            faces,
        }
    }
}
