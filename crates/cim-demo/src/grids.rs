//! The three grid layers: comprehensive and micro grids as nested groups of faces, exclusive grids over them.

use crate::buildings::Building;
use crate::divisions::Divisions;
use crate::exclusive::ExclusiveGrid;
use crate::layer::Layer;
use crate::mesh::OUTSIDE;
use crate::network::Network;
use crate::plane::{P, ring_centroid};

pub(crate) const COMPREHENSIVE_GRIDS: usize = 969;
pub(crate) const MICRO_GRIDS: usize = 5_783;

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
    let mut shares: Vec<usize> = weights
        .iter()
        .zip(limits)
        .map(|(weight, &limit)| ((weight * scale).round() as usize).clamp(1, limit.max(1)))
        .collect();
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
    /// The neighbours of every face with the length of the common border, less over waters.
    fn borders(&self) -> Vec<Vec<(u32, f64)>> {
        let mut near: Vec<Vec<(u32, f64)>> = vec![Vec::new(); self.mesh.face_count() as usize];
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
        near
    }

    /// Draws all three layers.
    pub(crate) fn draw_grids(&self, divisions: &Divisions, stock: &[Building]) -> Grids {
        let count = self.mesh.face_count() as usize;
        let mut households = vec![0.0; count];
        for house in stock {
            households[house.face as usize] += f64::from(house.households);
        }
        let centres: Vec<P> =
            (0..self.mesh.face_count()).map(|face| ring_centroid(&self.mesh.ring_points(face))).collect();
        let near = self.borders();
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
            (
                format!("{}Z{number:02}", village.code),
                format!("{}{}网格", village.short, chinese_number(number)),
            )
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
