//! The outline of the district from its control points.

use crate::plane::{P, ring_area};

const CONTROL_POINTS: &str = include_str!("../../../data/haimen/outline_control_points.csv");

/// The outline, counter-clockwise.
pub(crate) fn outline() -> Vec<P> {
    let mut ring: Vec<P> = CONTROL_POINTS
        .lines()
        .skip(1)
        .filter_map(|row| {
            let mut cells = row.split(',').skip(1);
            Some(P::at(cells.next()?.trim().parse().ok()?, cells.next()?.trim().parse().ok()?))
        })
        .collect();
    if ring_area(&ring) < 0.0 {
        ring.reverse();
    }
    ring
}
