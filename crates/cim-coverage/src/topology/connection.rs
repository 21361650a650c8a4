//! Proves that every face hangs together: exactly one ring runs around it from outside.

use std::collections::BTreeMap;

use cim_crs::LatticePoint;

use super::element::{BorderArc, FaceNo};
use crate::planar_graph::as_number;
use crate::predicate::{compare_angles, cross};

/// The faces around which not one ring runs counter-clockwise. The arcs must be a plane drawing.
pub(super) fn torn_faces(arcs: &[&BorderArc]) -> Vec<FaceNo> {
    let Some(origin) = arcs.first().map(|arc| arc.points[0]) else { return Vec::new() };
    let area_of = |arc: &&BorderArc| -> i128 {
        arc.points.windows(2).map(|pair| cross(origin, pair[0], pair[1])).sum()
    };
    let areas: Vec<i128> = arcs.iter().map(area_of).collect();
    let next = following(arcs);
    let mut seen = vec![false; next.len()];
    let mut rings: BTreeMap<FaceNo, u32> = BTreeMap::new();
    for first in 0..next.len() {
        let mut area = 0;
        let mut walk = first;
        while !seen[walk] {
            seen[walk] = true;
            area += if walk % 2 == 0 { areas[walk / 2] } else { -areas[walk / 2] };
            walk = next[walk] as usize;
        }
        let arc = arcs[first / 2];
        if let Some(face) = if first % 2 == 0 { arc.left } else { arc.right } {
            *rings.entry(face).or_default() += u32::from(area > 0);
        }
    }
    rings.into_iter().filter(|(_, count)| *count != 1).map(|(face, _)| face).collect()
}

/// The walk that follows each walk around the face on its left. Walk 2n runs along arc n, walk 2n + 1 against it.
fn following(arcs: &[&BorderArc]) -> Vec<u32> {
    let mut spokes: Vec<(LatticePoint, LatticePoint, u32)> = Vec::with_capacity(arcs.len() * 2);
    for (number, arc) in arcs.iter().enumerate() {
        let last = arc.points.len() - 1;
        let walk = as_number(2 * number);
        spokes.push((arc.points[0], arc.points[1], walk));
        spokes.push((arc.points[last], arc.points[last - 1], walk + 1));
    }
    spokes.sort_unstable_by(|one, other| {
        one.0.cmp(&other.0).then_with(|| compare_angles(one.0, one.1, other.1))
    });
    let mut next = vec![0; spokes.len()];
    for group in spokes.chunk_by(|one, other| one.0 == other.0) {
        for (place, spoke) in group.iter().enumerate() {
            // The face left of the way in lies clockwise of the way back.
            let (_, _, out) = group[(place + group.len() - 1) % group.len()];
            next[(spoke.2 ^ 1) as usize] = out;
        }
    }
    next
}
