//! River and sea, shared out between the villages on the shore.

use std::collections::BTreeMap;

use crate::cut::{CutRule, Start};
use crate::lines::LineClass;
use crate::mesh::{Ground, OUTSIDE};
use crate::network::{NO_VILLAGE, Network};
use crate::plane::p;

impl Network {
    /// River and sea: cut where two villages meet on the shore, each part to the village beside it.
    pub(crate) fn share_out_water(&mut self) {
        let rule = CutRule { snap_m: 30.0, least_area_m2: 60_000.0, step_m: 400.0, clearance_m: 60.0 };
        let line = self.add_line(LineClass::Outline, "", 0.0, 0);
        let mut meets = Vec::new();
        for edge in 0..self.mesh.edge_count() {
            for half in [edge * 2, edge * 2 + 1] {
                let water = self.mesh.face(half);
                if water == OUTSIDE || self.mesh.tags[water as usize].ground != Ground::Water {
                    continue;
                }
                let next = self.mesh.next(half);
                let (here, there) = (self.mesh.face(half ^ 1), self.mesh.face(next ^ 1));
                let (a, b) = (self.mesh.tags[here as usize].village, self.mesh.tags[there as usize].village);
                if here != OUTSIDE && there != OUTSIDE && a != b && a != NO_VILLAGE && b != NO_VILLAGE {
                    meets.push(self.mesh.origin(next));
                }
            }
        }
        for vertex in meets {
            let direction = p(0.32, -1.0).unit();
            let face = self.mesh.face_towards(vertex, direction);
            if face != OUTSIDE && self.mesh.tags[face as usize].ground == Ground::Water {
                self.mesh.cut_along(face, Start::Vertex(vertex), line, &rule, &|_| direction);
            }
        }
        for face in 1..self.mesh.face_count() {
            if self.mesh.tags[face as usize].ground == Ground::Water {
                let mut shared: BTreeMap<u16, f64> = BTreeMap::new();
                for half in self.mesh.ring(face) {
                    let other = self.mesh.face(half ^ 1);
                    let tag = self.mesh.tags[other as usize];
                    if other != OUTSIDE && tag.ground == Ground::Land {
                        *shared.entry(tag.village).or_default() +=
                            self.mesh.from(half).distance(self.mesh.to(half));
                    }
                }
                let best = shared.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
                self.mesh.tags[face as usize].village = best.map_or(NO_VILLAGE, |(village, _)| village);
            }
        }
        self.adopt_strays();
    }

    /// Water that touches no land goes to the village of the water beside it.
    fn adopt_strays(&mut self) {
        for _ in 0..8 {
            for face in 1..self.mesh.face_count() {
                if self.mesh.tags[face as usize].village == NO_VILLAGE {
                    let village = self
                        .mesh
                        .ring(face)
                        .into_iter()
                        .map(|half| self.mesh.face(half ^ 1))
                        .filter(|&other| other != OUTSIDE)
                        .map(|other| self.mesh.tags[other as usize].village)
                        .find(|&village| village != NO_VILLAGE);
                    self.mesh.tags[face as usize].village = village.unwrap_or(NO_VILLAGE);
                }
            }
        }
    }
}
