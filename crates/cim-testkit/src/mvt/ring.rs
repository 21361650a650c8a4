//! Rings: which are exterior, which are holes, and which are neither (specification 4.3.4.4).

use std::collections::BTreeSet;

use super::feature::{Point, Polygon};
use super::finding::{Fault, Notes};

/// Sorts rings into polygons; a ring with a fault is left out, and with an exterior its holes.
pub(super) fn polygons_of(rings: Vec<Vec<Point>>, notes: &mut Notes) -> Vec<Polygon> {
    let mut polygons: Vec<Polygon> = Vec::new();
    let mut exterior_is_shown = None;
    for ring in rings {
        let doubled = doubled_area(&ring);
        if let Some(fault) = fault_of(&ring, doubled) {
            notes.add(fault);
            if doubled >= 0 {
                exterior_is_shown = Some(false);
            }
        } else if doubled > 0 {
            exterior_is_shown = Some(true);
            polygons.push(Polygon { exterior: ring, holes: Vec::new() });
        } else {
            match (exterior_is_shown, polygons.last_mut()) {
                (Some(true), Some(polygon)) => polygon.holes.push(ring),
                (None, _) => notes.add(Fault::HoleFirst),
                _ => {}
            }
        }
    }
    polygons
}

fn fault_of(ring: &[Point], doubled: i128) -> Option<Fault> {
    if ring.first() == ring.last() {
        return Some(Fault::RingClosedTwice);
    }
    if ring.windows(2).any(|pair| pair[0] == pair[1]) {
        return Some(Fault::LineStandsStill);
    }
    if ring.iter().collect::<BTreeSet<_>>().len() < 3 {
        return Some(Fault::RingTooShort);
    }
    (doubled == 0).then_some(Fault::RingWithoutArea)
}

/// Twice the area by the surveyor's formula; positive is an exterior ring.
fn doubled_area(ring: &[Point]) -> i128 {
    let after = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(after)
        .map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y))
        .sum()
}
