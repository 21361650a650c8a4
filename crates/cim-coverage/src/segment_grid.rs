//! A uniform grid over segments: which segments may meet.

use cim_crs::LatticePoint;

/// Segments by the cells they pass through.
pub(crate) struct SegmentGrid {
    origin: LatticePoint,
    cell: i64,
    columns: i64,
    rows: i64,
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl SegmentGrid {
    /// About one cell for each segment.
    #[expect(clippy::cast_possible_truncation, reason = "cell numbers are limited to the number of segments")]
    #[expect(clippy::cast_sign_loss, reason = "cell numbers are held within the grid")]
    #[expect(clippy::cast_precision_loss, reason = "only the size of a cell comes from it")]
    pub(crate) fn new(segments: &[(LatticePoint, LatticePoint)]) -> Self {
        let ends = segments.iter().flat_map(|(a, b)| [a, b]);
        let (mut low, mut high) =
            (LatticePoint { x: i64::MAX, y: i64::MAX }, LatticePoint { x: i64::MIN, y: i64::MIN });
        for point in ends {
            low = LatticePoint { x: low.x.min(point.x), y: low.y.min(point.y) };
            high = LatticePoint { x: high.x.max(point.x), y: high.y.max(point.y) };
        }
        if segments.is_empty() {
            (low, high) = (LatticePoint { x: 0, y: 0 }, LatticePoint { x: 0, y: 0 });
        }
        let (width, height) = ((high.x - low.x + 1) as f64, (high.y - low.y + 1) as f64);
        let cell = ((width * height / (segments.len().max(1) as f64)).sqrt().ceil() as i64)
            .max(((width + height) / (4.0 * segments.len().max(1) as f64)).ceil() as i64)
            .max(1);
        let mut grid = Self {
            origin: low,
            cell,
            columns: (high.x - low.x) / cell + 1,
            rows: (high.y - low.y) / cell + 1,
            starts: Vec::new(),
            members: Vec::new(),
        };
        let mut starts = vec![0_u32; (grid.columns * grid.rows) as usize + 1];
        for &(a, b) in segments {
            grid.for_cells_of(a, b, 0, |index| starts[index + 1] += 1);
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut members = vec![0_u32; starts.last().copied().unwrap_or(0) as usize];
        let mut next = starts.clone();
        for (number, &(a, b)) in segments.iter().enumerate() {
            grid.for_cells_of(a, b, 0, |index| {
                members[next[index] as usize] = number as u32;
                next[index] += 1;
            });
        }
        grid.starts = starts;
        grid.members = members;
        grid
    }

    /// Calls with every pair that shares a cell; a pair that shares several comes several times.
    pub(crate) fn for_pairs(&self, mut call: impl FnMut(u32, u32)) {
        for pair in self.starts.windows(2) {
            let members = &self.members[pair[0] as usize..pair[1] as usize];
            for (index, &first) in members.iter().enumerate() {
                for &second in &members[index + 1..] {
                    call(first, second);
                }
            }
        }
    }

    /// Calls with every segment in the cells within `reach` of the segment from `a` to `b`; some come several times.
    pub(crate) fn for_near(&self, a: LatticePoint, b: LatticePoint, reach: i64, mut call: impl FnMut(u32)) {
        self.for_cells_of(a, b, reach, |index| {
            self.members[self.starts[index] as usize..self.starts[index + 1] as usize]
                .iter()
                .for_each(|&m| call(m));
        });
    }

    /// The cells that a segment passes through, row by row, with a rounding margin of one lattice step.
    #[expect(clippy::cast_possible_truncation, reason = "cell numbers are held within the grid")]
    #[expect(clippy::cast_sign_loss, reason = "cell numbers are held within the grid")]
    fn for_cells_of(&self, a: LatticePoint, b: LatticePoint, reach: i64, mut call: impl FnMut(usize)) {
        let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
        let column = |x: i64| ((x - self.origin.x).div_euclid(self.cell)).clamp(0, self.columns - 1);
        let row = |y: i64| ((y - self.origin.y).div_euclid(self.cell)).clamp(0, self.rows - 1);
        let (first, last) = (row(low.y - reach), row(high.y + reach));
        let (west, east) = (a.x.min(b.x) - reach, a.x.max(b.x) + reach);
        for row in first..=last {
            let bottom = self.origin.y + row * self.cell - reach - 1;
            let top = bottom + self.cell + 2 * reach + 2;
            let (x1, x2) =
                if low.y == high.y { (west, east) } else { (x_at(low, high, bottom), x_at(low, high, top)) };
            let from = column((x1.min(x2) - reach - 1).max(west));
            let to = column((x1.max(x2) + reach + 1).min(east));
            for column in from..=to {
                call((row * self.columns + column) as usize);
            }
        }
    }
}

/// The x of a segment at a height, held to its ends, to one lattice step.
#[expect(clippy::cast_possible_truncation, reason = "a part of a difference of two i64 coordinates")]
fn x_at(low: LatticePoint, high: LatticePoint, y: i64) -> i64 {
    if y <= low.y {
        low.x
    } else if y >= high.y {
        high.x
    } else {
        low.x + (i128::from(high.x - low.x) * i128::from(y - low.y) / i128::from(high.y - low.y)) as i64
    }
}
