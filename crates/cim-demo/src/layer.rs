//! Dividing faces into grids by households, blocks kept whole where they can be.

use std::collections::BTreeMap;

use crate::network::Network;
use crate::partition::Pieces;
use crate::plane::P;

/// A block with more households may be divided between comprehensive grids.
const WHOLE_BLOCK_HOUSEHOLDS: f64 = 170.0;

/// Faces, or groups of them, with their households: what grids are divided from.
pub(crate) struct Layer<'a> {
    pub(crate) households: &'a [f64],
    pub(crate) centres: &'a [P],
    pub(crate) near: &'a [Vec<(u32, f64)>],
}

impl Layer<'_> {
    /// Households on some faces, a little more than none.
    pub(crate) fn weight(&self, faces: &[u32]) -> f64 {
        faces.iter().map(|&face| self.households[face as usize]).sum::<f64>() + 0.001
    }

    /// Divides faces into parts, numbered from the north-west.
    pub(crate) fn divide(&self, faces: &[u32], parts: usize) -> Vec<Vec<u32>> {
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

impl Network {
    /// Divides a village into comprehensive grids. Blocks stay whole unless they hold too many households.
    pub(crate) fn divide_by_blocks(&self, layer: &Layer<'_>, faces: &[u32], parts: usize) -> Vec<Vec<u32>> {
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
            .map(|group| {
                group.into_iter().flat_map(|number| atoms[number as usize].iter().copied()).collect()
            })
            .collect()
    }
}
