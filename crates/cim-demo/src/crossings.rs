//! Crossings: vertices where roads meet, with their arms and names.

use crate::lines::LineClass;
use crate::mesh::OUTSIDE;
use crate::network::Network;
use crate::plane::P;

/// A place where roads or waters meet.
#[derive(Clone, Debug)]
pub(crate) struct Crossing {
    pub(crate) at: P,
    /// Directions of the arms that are roads.
    pub(crate) arms: Vec<P>,
    /// The lines of the arms, different ones only.
    pub(crate) lines: Vec<u32>,
    /// Rivers that meet here.
    pub(crate) rivers: usize,
    pub(crate) widest_m: f64,
    pub(crate) face: u32,
}

/// Every crossing of the network.
pub(crate) fn crossings(network: &Network) -> Vec<Crossing> {
    let mesh = &network.mesh;
    let mut all = Vec::new();
    for vertex in 0..mesh.points.len() as u32 {
        let outgoing = mesh.outgoing(vertex);
        if outgoing.len() < 3 {
            continue;
        }
        let mut crossing = Crossing {
            at: mesh.points[vertex as usize],
            arms: Vec::new(),
            lines: Vec::new(),
            rivers: 0,
            widest_m: 0.0,
            face: OUTSIDE,
        };
        for half in outgoing {
            let line = mesh.line(half);
            let facts = &network.lines[line as usize];
            if mesh.face(half) != OUTSIDE {
                crossing.face = mesh.face(half);
            }
            match facts.class {
                LineClass::River => crossing.rivers += 1,
                class if class.is_road() && class != LineClass::Track && class != LineClass::Motorway => {
                    crossing.arms.push((mesh.to(half) - mesh.from(half)).unit());
                    crossing.widest_m = crossing.widest_m.max(facts.width_m);
                    if !crossing.lines.contains(&line) {
                        crossing.lines.push(line);
                    }
                }
                _ => {}
            }
        }
        if crossing.face != OUTSIDE {
            all.push(crossing);
        }
    }
    all
}
