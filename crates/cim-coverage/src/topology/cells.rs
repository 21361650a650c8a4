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

/// The cells that the boxes of a line's segments touch, sorted; `reach` steps more on every side.
pub(super) fn cells_of(points: &[LatticePoint], reach: i64) -> Vec<Cell> {
    let mut cells = Vec::new();
    let segments = points.windows(2).map(|pair| (pair[0], pair[1]));
    let single = (points.len() == 1).then(|| (points[0], points[0]));
    for (a, b) in segments.chain(single) {
        let low = LatticePoint { x: a.x.min(b.x) - reach, y: a.y.min(b.y) - reach };
        let high = LatticePoint { x: a.x.max(b.x) + reach, y: a.y.max(b.y) + reach };
        let ((west, south), (east, north)) = (cell_of(low), cell_of(high));
        for column in west..=east {
            cells.extend((south..=north).map(|row| (column, row)));
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells
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
