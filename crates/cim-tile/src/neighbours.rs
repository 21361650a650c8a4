//! Which units touch, for layers that are no exact partition.

use std::collections::HashMap;

use cim_mirror::{Shapes, WorldPoint};

/// For every unit the units that share a vertex with it; units without a shape have no neighbours.
pub(crate) fn neighbours_by_vertex<'a>(units: impl Iterator<Item = Option<&'a Shapes>>) -> Vec<Vec<u32>> {
    let mut neighbours: Vec<Vec<u32>> = Vec::new();
    let mut owners: HashMap<WorldPoint, Vec<u32>> = HashMap::new();
    for (place, shapes) in (0_u32..).zip(units) {
        neighbours.push(Vec::new());
        let Some(shapes) = shapes else { continue };
        for point in shapes.get(0).vertices() {
            let at = owners.entry(*point).or_default();
            for other in at.iter().filter(|other| **other != place) {
                neighbours[place as usize].push(*other);
                neighbours[*other as usize].push(place);
            }
            if at.last() != Some(&place) {
                at.push(place);
            }
        }
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}
