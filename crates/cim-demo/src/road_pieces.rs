//! Roads as they are drawn: trimmed at banks, carried over waters by bridges, and the roads along the banks.

use std::collections::BTreeMap;

use cim_crs::LatticePoint;

use crate::lines::{LineClass, NetLine};
use crate::network::Network;
use crate::plane::P;

/// A drawn piece of road.
#[derive(Clone, Debug)]
pub(crate) struct RoadPiece {
    pub(crate) name: String,
    pub(crate) class: &'static str,
    pub(crate) width_m: f64,
    pub(crate) bridge: bool,
    pub(crate) path: Vec<P>,
}

/// One road's end at a water.
struct End {
    bank: P,
    inward: P,
    line: u32,
}

fn class_name(class: LineClass) -> Option<&'static str> {
    Some(match class {
        LineClass::Motorway => "motorway",
        LineClass::Trunk => "trunk",
        LineClass::Main => "main",
        LineClass::Street => "street",
        LineClass::Lane => "lane",
        LineClass::Track => "track",
        LineClass::Path => "path",
        _ => return None,
    })
}

/// All roads of the network.
pub(crate) fn road_pieces(network: &Network) -> Vec<RoadPiece> {
    let wet = wet_vertices(network);
    let mut ends: BTreeMap<LatticePoint, Vec<End>> = BTreeMap::new();
    let mut pieces = Vec::new();
    for stroke in &network.strokes {
        let line = &network.lines[stroke.line as usize];
        let Some(class) = class_name(line.class) else { continue };
        let mut path = stroke.path.clone();
        for _ in 0..2 {
            let end = path[0].lattice();
            if line.class != LineClass::Motorway
                && let Some(&half_width) = wet.get(&end)
                && let Some(bank) = trim(&mut path, half_width + 3.0)
            {
                let inward = (path[0] - bank.0).unit();
                ends.entry(end).or_default().push(End { bank: path[0], inward, line: stroke.line });
            }
            path.reverse();
        }
        if path.len() > 1 {
            pieces.push(RoadPiece {
                name: line.name.clone(),
                class,
                width_m: line.width_m,
                bridge: false,
                path,
            });
        }
    }
    for at in ends.values() {
        pieces.extend(bridge(network, at));
    }
    bank_roads(network, &mut pieces);
    pieces
}

/// Vertices that lie on waters and motorways, with half the width of these.
fn wet_vertices(network: &Network) -> BTreeMap<LatticePoint, f64> {
    let mut wet: BTreeMap<LatticePoint, f64> = BTreeMap::new();
    let mesh = &network.mesh;
    for half in 0..mesh.edge_count() * 2 {
        let line = &network.lines[mesh.line(half) as usize];
        if line.class.is_water() || line.class == LineClass::Motorway {
            let width = wet.entry(mesh.from(half).lattice()).or_default();
            *width = width.max(line.width_m * 0.5);
        }
    }
    wet
}

/// Cuts a length off the start of a path; answers the old start.
fn trim(path: &mut Vec<P>, length_m: f64) -> Option<(P, P)> {
    let start = path[0];
    while path.len() > 1 && path[1].distance(start) <= length_m {
        path.remove(1);
    }
    let next = *path.get(1)?;
    path[0] = start + (next - start).unit() * length_m;
    Some((start, next))
}

/// A bridge between the two ends that face each other best, of the more important road.
fn bridge(network: &Network, ends: &[End]) -> Option<RoadPiece> {
    let mut best: Option<(f64, &End, &End)> = None;
    for (index, a) in ends.iter().enumerate() {
        for b in &ends[index + 1..] {
            let facing = a.inward.dot(b.inward);
            if facing < -0.6 && best.is_none_or(|(least, _, _)| facing < least) {
                best = Some((facing, a, b));
            }
        }
    }
    let (_, a, b) = best?;
    let more = |end: &End| &network.lines[end.line as usize];
    let line: &NetLine = if more(a).width_m >= more(b).width_m { more(a) } else { more(b) };
    Some(RoadPiece {
        name: line.name.clone(),
        class: class_name(line.class)?,
        width_m: line.width_m,
        bridge: true,
        path: vec![a.bank, b.bank],
    })
}

/// The roads on the banks of rivers and canals.
fn bank_roads(network: &Network, pieces: &mut Vec<RoadPiece>) {
    for stroke in &network.strokes {
        let line = &network.lines[stroke.line as usize];
        if let Some((path, width_m)) = bank_road_path(line, &stroke.path) {
            let name = if line.class == LineClass::River {
                format!("{}堤顶路", line.name)
            } else {
                String::new()
            };
            pieces.push(RoadPiece { name, class: "lane", width_m, bridge: false, path });
        }
    }
}

/// The road along a piece of water, and its width.
pub(crate) fn bank_road_path(line: &NetLine, path: &[P]) -> Option<(Vec<P>, f64)> {
    if line.bank_road == 0 || !line.class.is_water() || path.len() < 2 {
        return None;
    }
    let offset = line.width_m * 0.5 + 5.5;
    let sided = (0..path.len())
        .map(|index| {
            let before = path[index.saturating_sub(1)];
            let after = path[(index + 1).min(path.len() - 1)];
            let left = (after - before).unit().left();
            // The side is named by where it lies, not by how the line was drawn.
            let northwest = left.y - left.x * 0.999 > 0.0;
            let side = if northwest == (line.bank_road > 0) { 1.0 } else { -1.0 };
            path[index] + left * (side * offset)
        })
        .collect();
    Some((sided, if line.class == LineClass::River { 6.0 } else { 4.5 }))
}
