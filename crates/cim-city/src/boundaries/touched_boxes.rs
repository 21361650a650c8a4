//! The boxes in which a draft changes anything: apart from each other, so that what lies between far places is not looked at.

use std::collections::BTreeSet;

use cim_coverage::{Topology, UnitNo};
use cim_crs::LonLat;
use cim_mirror::{WorldBox, WorldPoint};

/// Above so many units one box around all is as good, and cheaper to find.
const MOST_APART: usize = 256;

/// Boxes around units in all states of them; no two of them meet.
pub(super) fn touched_boxes(states: &[&Topology], units: &BTreeSet<UnitNo>) -> Vec<WorldBox> {
    let boxes = states.iter().flat_map(|state| units.iter().filter_map(|unit| bounds_of(state, *unit)));
    if units.len() > MOST_APART { boxes.reduce(WorldBox::union).into_iter().collect() } else { apart(boxes) }
}

/// Boxes that meet become one, until none do; quadratic in their number.
fn apart(boxes: impl Iterator<Item = WorldBox>) -> Vec<WorldBox> {
    let mut apart: Vec<WorldBox> = Vec::new();
    for mut one in boxes {
        while let Some(place) = apart.iter().position(|other| other.meets(&one)) {
            one = one.union(apart.swap_remove(place));
        }
        apart.push(one);
    }
    apart
}

fn bounds_of(topology: &Topology, unit: UnitNo) -> Option<WorldBox> {
    let arcs = topology.border_of(unit).into_iter().filter_map(|arc| topology.arc(arc));
    let points: Vec<WorldPoint> =
        arcs.flat_map(|arc| arc.points.iter().map(|point| WorldPoint::from(LonLat::from(*point)))).collect();
    WorldBox::around(&points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: u32, y: u32, size: u32) -> WorldBox {
        let corners = [WorldPoint { x, y }, WorldPoint { x: x + size, y: y + size }];
        WorldBox::around(&corners).unwrap()
    }

    #[test]
    fn boxes_that_meet_become_one_and_far_ones_stay_apart() {
        let far = square(1_000, 1_000, 5);
        // The last one joins the first two.
        let found = apart([square(0, 0, 10), square(20, 0, 10), far, square(5, 0, 20)].into_iter());
        assert_eq!(found.len(), 2);
        assert!(found.contains(&far));
        assert!(found.contains(&square(0, 0, 10).union(square(20, 0, 10)).union(square(5, 0, 20))));
    }
}
