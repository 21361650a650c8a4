//! Which face holds a point, answered by a coarse raster of faces.

use crate::mesh::{Mesh, OUTSIDE};
use crate::plane::{P, ring_contains};

const CELL_M: f64 = 400.0;

/// The raster.
pub(crate) struct FaceIndex {
    low: P,
    columns: usize,
    rows: usize,
    cells: Vec<Vec<u32>>,
    rings: Vec<Vec<P>>,
}

impl FaceIndex {
    pub(crate) fn of(mesh: &Mesh) -> Self {
        let rings: Vec<Vec<P>> = (0..mesh.face_count()).map(|face| mesh.ring_points(face)).collect();
        let low = mesh
            .points
            .iter()
            .fold(P { x: f64::MAX, y: f64::MAX }, |low, at| P { x: low.x.min(at.x), y: low.y.min(at.y) });
        let high = mesh.points.iter().fold(low, |high, at| P { x: high.x.max(at.x), y: high.y.max(at.y) });
        let columns = ((high.x - low.x) / CELL_M) as usize + 1;
        let rows = ((high.y - low.y) / CELL_M) as usize + 1;
        let mut index = Self { low, columns, rows, cells: vec![Vec::new(); columns * rows], rings };
        for face in OUTSIDE + 1..mesh.face_count() {
            let ring = &index.rings[face as usize];
            let from = ring.iter().fold(high, |low, at| P { x: low.x.min(at.x), y: low.y.min(at.y) });
            let to = ring.iter().fold(low, |high, at| P { x: high.x.max(at.x), y: high.y.max(at.y) });
            let (a, b) = (index.cell(from), index.cell(to));
            for row in a.1..=b.1 {
                for column in a.0..=b.0 {
                    index.cells[row * columns + column].push(face);
                }
            }
        }
        index
    }

    fn cell(&self, at: P) -> (usize, usize) {
        let column = ((at.x - self.low.x) / CELL_M).clamp(0.0, self.columns as f64 - 1.0) as usize;
        let row = ((at.y - self.low.y) / CELL_M).clamp(0.0, self.rows as f64 - 1.0) as usize;
        (column, row)
    }

    /// The face at a point, none outside.
    pub(crate) fn face_at(&self, at: P) -> Option<u32> {
        let (column, row) = self.cell(at);
        self.cells[row * self.columns + column]
            .iter()
            .copied()
            .find(|&face| ring_contains(&self.rings[face as usize], at))
    }
}
