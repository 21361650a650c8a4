//! Exclusive grids: compounds and parks of works that answer for themselves.

use std::collections::BTreeMap;

use crate::divisions::Divisions;
use crate::mesh::{Ground, OUTSIDE, Plot};
use crate::network::Network;
use crate::plane::P;

/// An exclusive grid.
#[derive(Clone, Debug)]
pub(crate) struct ExclusiveGrid {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) village: u16,
}

impl Network {
    /// One hundred compounds: parks of works, markets, schools, hospitals, the port, scenic places.
    pub(crate) fn draw_exclusive(
        &self,
        divisions: &Divisions,
        centres: &[P],
    ) -> (Vec<ExclusiveGrid>, Vec<Option<u32>>) {
        let kinds: [(Plot, &'static str, usize, &str); 6] = [
            (Plot::Port, "port", 4, "港区"),
            (Plot::School, "school", 38, "学校"),
            (Plot::Hospital, "hospital", 9, "医院"),
            (Plot::Market, "market", 19, "市场"),
            (Plot::Halls, "park", 20, "产业园"),
            (Plot::Park, "scenic", 10, "公园"),
        ];
        let mut blocks: BTreeMap<(Plot, u32), Vec<u32>> = BTreeMap::new();
        for face in 1..self.mesh.face_count() {
            let tag = self.mesh.tags[face as usize];
            if tag.ground == Ground::Land {
                blocks.entry((tag.plot, tag.block)).or_default().push(face);
            }
        }
        let mut grids = Vec::new();
        let mut of_face = vec![None; self.mesh.face_count() as usize];
        let mut missing = 0;
        for (plot, kind, wanted, word) in kinds {
            let mut all: Vec<u32> =
                blocks.keys().filter(|(which, _)| *which == plot).map(|&(_, block)| block).collect();
            all.sort_by(|&a, &b| self.mesh.area(b).total_cmp(&self.mesh.area(a)));
            let mut taken = 0;
            let mut chosen: Vec<P> = Vec::new();
            for apart in [1500.0, 700.0, 250.0] {
                for &block in &all {
                    let centre = centres[block as usize];
                    if taken == wanted + missing || chosen.iter().any(|other| other.distance(centre) < apart)
                    {
                        continue;
                    }
                    let faces = self.cluster(
                        block,
                        plot,
                        if matches!(plot, Plot::Halls | Plot::Port) { 6 } else { 1 },
                        &of_face,
                    );
                    if faces.is_empty() {
                        continue;
                    }
                    chosen.push(centre);
                    taken += 1;
                    let village = self.mesh.tags[block as usize].village;
                    for &face in &faces {
                        of_face[face as usize] = Some(grids.len() as u32);
                    }
                    let unit = &divisions.villages[village as usize];
                    grids.push(ExclusiveGrid {
                        code: format!("{}S{:03}", &unit.code, grids.len() + 1),
                        name: format!("{}{word}专属网格", unit.short),
                        kind,
                        village,
                    });
                }
            }
            missing = wanted + missing - taken;
        }
        (grids, of_face)
    }

    /// A block and up to `most` neighbours of the same use that are still free.
    fn cluster(&self, block: u32, plot: Plot, most: usize, taken: &[Option<u32>]) -> Vec<u32> {
        let mut faces = vec![block];
        let mut at = 0;
        if taken[block as usize].is_some() {
            return Vec::new();
        }
        while at < faces.len() && faces.len() < most {
            for half in self.mesh.ring(faces[at]) {
                let other = self.mesh.face(half ^ 1);
                let tag = self.mesh.tags[other as usize];
                if other != OUTSIDE
                    && tag.plot == plot
                    && tag.ground == Ground::Land
                    && taken[other as usize].is_none()
                    && !faces.contains(&other)
                    && faces.len() < most
                {
                    faces.push(other);
                }
            }
            at += 1;
        }
        faces
    }
}
