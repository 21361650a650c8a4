//! Where arcs lie: square cells of the plane, so that what is near a place is found without looking at everything.

use cim_crs::LatticePoint;

use super::element::{ArcNo, FaceNo};
use super::state::Topology;
use crate::planar_graph::WestHit;
use crate::predicate::{cross, dot};

/// The side of a cell in lattice steps: about 250 m.
const CELL: i64 = 250_000;

/// The column and row of a cell.
pub(super) type Cell = (i64, i64);

fn cell_of(point: LatticePoint) -> Cell {
    (point.x.div_euclid(CELL), point.y.div_euclid(CELL))
}

/// The cells that come within `reach` steps of a line, in each direction of the plane, sorted. As many as the line is long,
/// not as its box is large: a point that is moved to the other end of the world must cost no memory of ours.
pub(super) fn cells_of(points: &[LatticePoint], reach: i64) -> Vec<Cell> {
    let mut cells = Vec::new();
    let segments = points.windows(2).map(|pair| (pair[0], pair[1]));
    let single = (points.len() == 1).then(|| (points[0], points[0]));
    for (a, b) in segments.chain(single) {
        let (west, east) = if a.x <= b.x { (a, b) } else { (b, a) };
        for column in (west.x - reach).div_euclid(CELL)..=(east.x + reach).div_euclid(CELL) {
            // What lies so near this column that a place of the column may be within reach of it.
            let from = (column * CELL - reach).clamp(west.x, east.x);
            let to = ((column + 1) * CELL + reach).clamp(west.x, east.x);
            let (one, two) = (heights_at(west, east, from), heights_at(west, east, to));
            let (low, high) = (one.0.min(two.0), one.1.max(two.1));
            let rows = (low - reach).div_euclid(CELL)..=(high + reach).div_euclid(CELL);
            cells.extend(rows.map(|row| (column, row)));
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The steps below and above a segment at a place between its ends.
fn heights_at(west: LatticePoint, east: LatticePoint, x: i64) -> (i64, i64) {
    let width = i128::from(east.x - west.x);
    if width == 0 {
        return (west.y.min(east.y), west.y.max(east.y));
    }
    let climb = i128::from(x - west.x) * i128::from(east.y - west.y);
    let below = climb.div_euclid(width);
    let above = below + i128::from(climb.rem_euclid(width) != 0);
    // Between the heights of the ends, which are steps.
    let height = |steps: i128| west.y + i64::try_from(steps).unwrap_or_default();
    (height(below), height(above))
}

impl Topology {
    /// The arcs in the cells around a line, sorted.
    pub(super) fn arcs_near(&self, points: &[LatticePoint], reach: i64) -> Vec<ArcNo> {
        let cells = cells_of(points, reach);
        let mut arcs: Vec<ArcNo> = cells.iter().flat_map(|cell| self.cells.of(cell)).copied().collect();
        arcs.sort_unstable();
        arcs.dedup();
        arcs
    }

    /// The faces on the sides of the borders that a place lies on exactly; empty when it lies on none.
    #[must_use]
    pub fn faces_touching(&self, place: LatticePoint) -> Vec<FaceNo> {
        let is_on = |a: LatticePoint, b: LatticePoint| cross(a, b, place) == 0 && dot(place, a, b) <= 0;
        let mut faces: Vec<FaceNo> = self
            .cells
            .of(&cell_of(place))
            .iter()
            .filter_map(|arc| self.arc(*arc))
            .filter(|arc| arc.points.windows(2).any(|pair| is_on(pair[0], pair[1])))
            .flat_map(|arc| [arc.left, arc.right])
            .flatten()
            .collect();
        faces.sort_unstable();
        faces.dedup();
        faces
    }

    /// The face at a place: the one east of the nearest arc to the west, looking a trifle above the place. None outside
    /// the city.
    #[must_use]
    pub fn face_at(&self, place: LatticePoint) -> Option<FaceNo> {
        let (from, row) = cell_of(place);
        let last = self.cells.least_key()?.0;
        let mut nearest: Option<(WestHit, Option<FaceNo>)> = None;
        for column in (last..=from).rev() {
            for arc in self.cells.of(&(column, row)).iter().filter_map(|arc| self.arc(*arc)) {
                for pair in arc.points.windows(2) {
                    let up = pair[0].y < pair[1].y;
                    let (low, high) = if up { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
                    if !(low.y <= place.y && place.y < high.y) {
                        continue;
                    }
                    let hit = WestHit::new(low, high, place.y);
                    if hit.is_west_of(place.x) && nearest.is_none_or(|(best, _)| hit.compare(best).is_gt()) {
                        nearest = Some((hit, if up { arc.right } else { arc.left }));
                    }
                }
            }
            // Whatever lies in the cells further west is farther away than this.
            if let Some((hit, face)) = nearest
                && !hit.is_west_of(column * CELL)
            {
                return face;
            }
        }
        nearest.and_then(|(_, face)| face)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = LatticePoint> {
        let near = -3 * CELL..3 * CELL;
        (near.clone(), near).prop_map(|(x, y)| LatticePoint { x, y })
    }

    /// Places on a segment, as near to each other as a thousandth of it.
    fn along(a: LatticePoint, b: LatticePoint) -> impl Iterator<Item = LatticePoint> {
        (0..=1_000).map(move |step| LatticePoint {
            x: a.x + (b.x - a.x) * step / 1_000,
            y: a.y + (b.y - a.y) * step / 1_000,
        })
    }

    proptest! {
        #[test]
        fn every_cell_within_reach_of_a_segment_is_there(
            (a, b) in (place(), place()), reach in 0..CELL, (dx, dy) in (-1.0..=1.0, -1.0..=1.0)
        ) {
            let cells: BTreeSet<Cell> = cells_of(&[a, b], reach).into_iter().collect();
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small numbers")]
            let aside = |share: f64| (reach as f64 * share) as i64;
            for on in along(a, b) {
                let near = LatticePoint { x: on.x + aside(dx), y: on.y + aside(dy) };
                // Rounding along the segment may leave it by a step.
                let known = (-1..=1).any(|x| (-1..=1).any(|y| {
                    cells.contains(&cell_of(LatticePoint { x: near.x + x, y: near.y + y }))
                }));
                prop_assert!(known, "{near:?} of {a:?} {b:?}");
            }
        }

        #[test]
        fn no_cell_is_farther_than_the_reach_and_a_cell(a in place(), b in place(), reach in 0..CELL) {
            for (column, row) in cells_of(&[a, b], reach) {
                let middle = LatticePoint { x: column * CELL + CELL / 2, y: row * CELL + CELL / 2 };
                let far = |on: LatticePoint| (on.x - middle.x).abs().max((on.y - middle.y).abs());
                let nearest = along(a, b).map(far).min().unwrap_or(i64::MAX);
                prop_assert!(nearest <= 2 * reach + 2 * CELL, "{nearest} {column} {row}");
            }
        }
    }

    #[test]
    fn a_line_across_the_world_has_as_many_cells_as_it_is_long() {
        let (here, there) =
            (LatticePoint { x: 0, y: 0 }, LatticePoint { x: 6_000_000_000, y: 6_000_000_000 });
        let cells = cells_of(&[here, there], 0);
        assert!((24_000..100_000).contains(&cells.len()), "{}", cells.len());
        assert_eq!(cells_of(&[here], 0), [(0, 0)]);
        let up = LatticePoint { x: 0, y: 3 * CELL };
        assert_eq!(cells_of(&[here, up], 0), [(0, 0), (0, 1), (0, 2), (0, 3)]);
    }
}
