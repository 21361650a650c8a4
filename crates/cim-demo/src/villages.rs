//! Towns and villages as groups of cells, grown from real and invented places.

use crate::cell_graph::CellGraph;
use crate::divisions::{Divisions, TownKind};
use crate::growth::{FREE, grow, join_strays, smooth};
use crate::network::Network;
use crate::plane::{P, ring_contains};
use crate::village_seeds::grow_villages;

impl Network {
    /// Gives every land cell to a village.
    pub(crate) fn found_villages(&mut self, divisions: &Divisions) {
        let graph = self.cell_graph();
        let town_of = self.grow_towns(&graph, divisions);
        let mut village_of = vec![FREE; graph.faces.len()];
        for (town, unit) in divisions.towns.iter().enumerate() {
            let cells: Vec<usize> = (0..graph.faces.len()).filter(|&cell| town_of[cell] == town).collect();
            grow_villages(&graph, divisions, &unit.villages, &cells, &mut village_of);
        }
        smooth(&graph, &mut village_of, |a, b| divisions.villages[a].town == divisions.villages[b].town);
        join_strays(&graph, &mut village_of);
        for (cell, &face) in graph.faces.iter().enumerate() {
            self.mesh.tags[face as usize].village = village_of[cell] as u16;
        }
        self.share_out_water();
    }

    fn grow_towns(&self, graph: &CellGraph, divisions: &Divisions) -> Vec<usize> {
        let mut owner = place_enclaves(graph, divisions);
        let quota: Vec<f64> = divisions
            .towns
            .iter()
            .map(|unit| if unit.quota_km2 > 5.0 { unit.quota_km2 } else { 0.0 })
            .collect();
        let mut anchors: Vec<Vec<P>> = divisions.towns.iter().map(|unit| unit.anchors.clone()).collect();
        for village in &divisions.villages {
            anchors[village.town as usize].extend(village.known);
        }
        let mut starts = Vec::new();
        for (town, points) in anchors.iter().enumerate().filter(|&(town, _)| quota[town] > 0.0) {
            for &point in points {
                let cell = (0..graph.faces.len()).find(|&cell| {
                    graph.centre[cell].distance(point) < 1500.0
                        && ring_contains(&self.mesh.ring_points(graph.faces[cell]), point)
                });
                if let Some(cell) = cell {
                    starts.push((cell, town));
                }
            }
        }
        // A built-up zone belongs to its town as a whole.
        for cell in 0..graph.faces.len() {
            let zone = self.mesh.tags[graph.faces[cell] as usize].zone;
            if zone > 0 {
                let digits = self.field.zones[zone as usize - 1].town;
                let town = divisions.towns.iter().position(|unit| unit.code.ends_with(digits));
                starts.extend(town.map(|town| (cell, town)));
            }
        }
        grow(
            graph,
            &quota,
            &starts,
            |town, cell| {
                anchors[town].iter().map(|&at| at.distance(graph.centre[cell])).fold(f64::MAX, f64::min)
            },
            &mut owner,
            |_| true,
        );
        smooth(graph, &mut owner, |a, b| quota[a] > 0.0 && quota[b] > 0.0);
        join_strays(graph, &mut owner);
        owner
    }
}

/// The enclaves: the few cells around their place, and never more.
fn place_enclaves(graph: &CellGraph, divisions: &Divisions) -> Vec<usize> {
    let mut owner = vec![FREE; graph.faces.len()];
    let mut area = vec![0.0; divisions.towns.len()];
    for (town, unit) in divisions.towns.iter().enumerate() {
        if !matches!(unit.kind, TownKind::Enclave | TownKind::Farm) || unit.quota_km2 > 5.0 {
            continue;
        }
        while area[town] < unit.quota_km2 {
            let next = (0..graph.faces.len())
                .filter(|&cell| owner[cell] == FREE)
                .filter(|&cell| {
                    area[town] == 0.0 || graph.near[cell].iter().any(|&(other, _)| owner[other] == town)
                })
                .min_by(|&a, &b| {
                    let distance = |cell: usize| graph.centre[cell].distance(unit.anchors[0]);
                    distance(a).total_cmp(&distance(b))
                });
            let Some(next) = next else { break };
            owner[next] = town;
            area[town] += graph.area_km2[next];
        }
    }
    owner
}
