//! The three grid layers: comprehensive and micro grids as nested groups of faces, exclusive grids over them.

use std::collections::BTreeMap;

use crate::buildings::Building;
use crate::divisions::Divisions;
use crate::mesh::{Ground, OUTSIDE, Plot};
use crate::network::Network;
use crate::partition::Pieces;
use crate::plane::{P, ring_centroid};

pub(crate) const COMPREHENSIVE_GRIDS: usize = 969;
pub(crate) const MICRO_GRIDS: usize = 5_783;
pub(crate) const EXCLUSIVE_GRIDS: usize = 100;

/// A block with more households may be divided between comprehensive grids.
const WHOLE_BLOCK_HOUSEHOLDS: f64 = 170.0;

/// A comprehensive or micro grid.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    pub(crate) code: String,
    pub(crate) name: String,
    /// Index of the village, or of the comprehensive grid.
    pub(crate) parent: u32,
    pub(crate) households: u32,
    pub(crate) label: P,
}

/// An exclusive grid.
#[derive(Clone, Debug)]
pub(crate) struct ExclusiveGrid {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) village: u16,
    pub(crate) blocks: Vec<u32>,
    pub(crate) centre: P,
}

/// Who belongs where, by face.
pub(crate) struct Grids {
    pub(crate) comprehensive: Vec<Grid>,
    pub(crate) micro: Vec<Grid>,
    pub(crate) exclusive: Vec<ExclusiveGrid>,
    pub(crate) micro_of_face: Vec<u32>,
    pub(crate) exclusive_of_face: Vec<Option<u32>>,
}

/// Whole numbers proportional to weights with an exact sum; every one at least 1 and at most its limit.
pub(crate) fn share_out(weights: &[f64], limits: &[usize], total: usize) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let scale = total as f64 / sum;
    let mut shares: Vec<usize> =
        weights.iter().zip(limits).map(|(weight, &limit)| ((weight * scale).round() as usize).clamp(1, limit.max(1))).collect();
    let mut have: usize = shares.iter().sum();
    while have != total {
        let more = have < total;
        let best = (0..shares.len())
            .filter(|&at| if more { shares[at] < limits[at] } else { shares[at] > 1 })
            .max_by(|&a, &b| {
                let need = |at: usize| {
                    let load = weights[at] / (shares[at] as f64 + if more { 0.5 } else { -0.5 });
                    if more { load } else { -load }
                };
                need(a).total_cmp(&need(b))
            });
        let Some(best) = best else { break };
        if more {
            shares[best] += 1;
            have += 1;
        } else {
            shares[best] -= 1;
            have -= 1;
        }
    }
    shares
}

impl Network {
    /// Draws all three layers.
    pub(crate) fn draw_grids(&self, divisions: &Divisions, stock: &[Building]) -> Grids {
        let count = self.mesh.face_count() as usize;
        let mut households = vec![0.0; count];
        for house in stock {
            households[house.face as usize] += f64::from(house.households);
        }
        let centres: Vec<P> =
            (0..self.mesh.face_count()).map(|face| ring_centroid(&self.mesh.ring_points(face))).collect();
        let mut near: Vec<Vec<(u32, f64)>> = vec![Vec::new(); count];
        for edge in 0..self.mesh.edge_count() {
            let half = edge * 2;
            let (a, b) = (self.mesh.face(half), self.mesh.face(half ^ 1));
            if a != OUTSIDE && b != OUTSIDE && a != b {
                let length = self.mesh.from(half).distance(self.mesh.to(half))
                    * if self.lines[self.mesh.line(half) as usize].class.is_water() { 0.6 } else { 1.0 };
                near[a as usize].push((b, length));
                near[b as usize].push((a, length));
            }
        }
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); divisions.villages.len()];
        for face in 1..self.mesh.face_count() {
            members[self.mesh.tags[face as usize].village as usize].push(face);
        }
        let layer = Layer { households: &households, centres: &centres, near: &near };
        let weights: Vec<f64> = members.iter().map(|faces| layer.weight(faces)).collect();
        let limits: Vec<usize> = members.iter().map(Vec::len).collect();
        let shares = share_out(&weights, &limits, COMPREHENSIVE_GRIDS);
        let mut groups: Vec<(u32, Vec<u32>)> = Vec::new();
        for (village, faces) in members.iter().enumerate() {
            for part in self.divide_by_blocks(&layer, faces, shares[village]) {
                groups.push((village as u32, part));
            }
        }
        let comprehensive = number_grids(&groups, &layer, |village, number| {
            let village = &divisions.villages[village as usize];
            (format!("{}Z{number:02}", village.code), format!("{}{}网格", village.short, chinese_number(number)))
        });
        let weights: Vec<f64> = groups.iter().map(|(_, faces)| layer.weight(faces)).collect();
        let limits: Vec<usize> = groups
            .iter()
            .map(|(_, faces)| faces.iter().filter(|&&face| households[face as usize] >= 4.0).count().max(1))
            .collect();
        let shares = share_out(&weights, &limits, MICRO_GRIDS);
        let mut small: Vec<(u32, Vec<u32>)> = Vec::new();
        for (grid, (_, faces)) in groups.iter().enumerate() {
            for part in layer.divide(faces, shares[grid]) {
                small.push((grid as u32, part));
            }
        }
        let micro = number_grids(&small, &layer, |grid, number| {
            let grid = &comprehensive[grid as usize];
            (format!("{}W{number:02}", grid.code), format!("{}{number}号微网格", grid.name))
        });
        let mut micro_of_face = vec![u32::MAX; count];
        for (number, (_, faces)) in (0u32..).zip(&small) {
            for &face in faces {
                micro_of_face[face as usize] = number;
            }
        }
        let (exclusive, exclusive_of_face) = self.draw_exclusive(divisions, &centres);
        Grids { comprehensive, micro, exclusive, micro_of_face, exclusive_of_face }
    }

    /// Divides a village into comprehensive grids. Blocks stay whole unless they hold too many households.
    fn divide_by_blocks(&self, layer: &Layer<'_>, faces: &[u32], parts: usize) -> Vec<Vec<u32>> {
        let block_of = |face: u32| self.mesh.tags[face as usize].block;
        let mut load: BTreeMap<u32, f64> = BTreeMap::new();
        for &face in faces {
            *load.entry(block_of(face)).or_default() += layer.households[face as usize];
        }
        let mut atoms: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        for &face in faces {
            let block = block_of(face);
            let whole = load[&block] <= WHOLE_BLOCK_HOUSEHOLDS;
            atoms.entry((block, if whole { 0 } else { face })).or_default().push(face);
        }
        let atoms: Vec<Vec<u32>> = atoms.into_values().collect();
        if atoms.len() < parts * 2 {
            return layer.divide(faces, parts);
        }
        let mut atom_of: BTreeMap<u32, u32> = BTreeMap::new();
        for (number, atom) in (0u32..).zip(&atoms) {
            atom_of.extend(atom.iter().map(|&face| (face, number)));
        }
        let households: Vec<f64> =
            atoms.iter().map(|atom| atom.iter().map(|&face| layer.households[face as usize]).sum()).collect();
        let centres: Vec<P> = atoms
            .iter()
            .map(|atom| {
                let sum = atom.iter().fold(P::default(), |sum, &face| sum + layer.centres[face as usize]);
                sum * (1.0 / atom.len() as f64)
            })
            .collect();
        let near: Vec<Vec<(u32, f64)>> = atoms
            .iter()
            .enumerate()
            .map(|(number, atom)| {
                let mut shared: BTreeMap<u32, f64> = BTreeMap::new();
                for &(other, length) in atom.iter().flat_map(|&face| &layer.near[face as usize]) {
                    if let Some(&other) = atom_of.get(&other).filter(|&&other| other as usize != number) {
                        *shared.entry(other).or_default() += length;
                    }
                }
                shared.into_iter().collect()
            })
            .collect();
        let numbers: Vec<u32> = (0..atoms.len() as u32).collect();
        Layer { households: &households, centres: &centres, near: &near }
            .divide(&numbers, parts)
            .into_iter()
            .map(|group| group.into_iter().flat_map(|number| atoms[number as usize].iter().copied()).collect())
            .collect()
    }

    /// One hundred compounds: parks of works, markets, schools, hospitals, the port, scenic places.
    fn draw_exclusive(&self, divisions: &Divisions, centres: &[P]) -> (Vec<ExclusiveGrid>, Vec<Option<u32>>) {
        let kinds: [(Plot, &'static str, usize, &str); 5] = [
            (Plot::School, "school", 38, "学校"),
            (Plot::Hospital, "hospital", 9, "医院"),
            (Plot::Market, "market", 19, "市场"),
            (Plot::Halls, "park", 24, "产业园"),
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
                    if taken == wanted + missing || chosen.iter().any(|other| other.distance(centre) < apart) {
                        continue;
                    }
                    let faces = self.cluster(block, plot, if plot == Plot::Halls { 6 } else { 1 }, &of_face);
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
                        blocks: faces,
                        centre,
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

struct Layer<'a> {
    households: &'a [f64],
    centres: &'a [P],
    near: &'a [Vec<(u32, f64)>],
}

impl Layer<'_> {
    fn weight(&self, faces: &[u32]) -> f64 {
        faces.iter().map(|&face| self.households[face as usize]).sum::<f64>() + 0.001
    }

    fn divide(&self, faces: &[u32], parts: usize) -> Vec<Vec<u32>> {
        let index: BTreeMap<u32, usize> = faces.iter().enumerate().map(|(at, &face)| (face, at)).collect();
        let pieces = Pieces {
            weight: faces.iter().map(|&face| self.households[face as usize]).collect(),
            centre: faces.iter().map(|&face| self.centres[face as usize]).collect(),
            near: faces
                .iter()
                .map(|&face| {
                    self.near[face as usize]
                        .iter()
                        .filter_map(|(other, length)| Some((*index.get(other)?, *length)))
                        .collect()
                })
                .collect(),
        };
        let mut groups = vec![Vec::new(); parts.min(faces.len()).max(1)];
        for (at, part) in pieces.divide(parts).into_iter().enumerate() {
            groups[part].push(faces[at]);
        }
        // Numbers run from west to east, then north to south, as the standards want.
        groups.sort_by(|a, b| {
            let middle = |group: &Vec<u32>| {
                let sum = group.iter().fold(P::default(), |sum, &face| sum + self.centres[face as usize]);
                sum * (1.0 / group.len() as f64)
            };
            let (a, b) = (middle(a), middle(b));
            (a.x - 0.8 * a.y).total_cmp(&(b.x - 0.8 * b.y))
        });
        groups
    }
}

fn number_grids(
    groups: &[(u32, Vec<u32>)],
    layer: &Layer<'_>,
    name: impl Fn(u32, usize) -> (String, String),
) -> Vec<Grid> {
    let mut number = 0;
    let mut previous = u32::MAX;
    groups
        .iter()
        .map(|(parent, faces)| {
            number = if *parent == previous { number + 1 } else { 1 };
            previous = *parent;
            let (code, name) = name(*parent, number);
            let heart = faces
                .iter()
                .copied()
                .max_by(|&a, &b| layer.households[a as usize].total_cmp(&layer.households[b as usize]))
                .unwrap_or(faces[0]);
            Grid {
                code,
                name,
                parent: *parent,
                households: layer.weight(faces) as u32,
                label: layer.centres[heart as usize],
            }
        })
        .collect()
}

/// A number from 1 to 99 in Chinese.
pub(crate) fn chinese_number(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        _ => format!("{}十{}", DIGITS[number / 10 % 10], DIGITS[number % 10]),
    }
}
