//! The segments of arcs by the rows of height they pass through, to look west from many points.

use cim_crs::LatticePoint;

use crate::coverage::FaceId;
use crate::planar_graph::WestHit;
use crate::validation::ArcView;

/// A segment with its lower end first, and the face on its east.
type Rising = (LatticePoint, LatticePoint, Option<FaceId>);

pub(crate) struct ArcRows {
    bottom: i64,
    height: i64,
    rows: Vec<Vec<Rising>>,
}

impl ArcRows {
    /// So many rows: more of them make looking faster and making slower.
    pub(crate) fn new(arcs: &[ArcView<'_>], count: i64) -> Self {
        let heights = || arcs.iter().flat_map(|arc| arc.points).map(|point| point.y);
        let (bottom, top) = (heights().min().unwrap_or(0), heights().max().unwrap_or(0));
        let mut rows = Self { bottom, height: (top - bottom) / count.max(1) + 1, rows: Vec::new() };
        rows.rows = vec![Vec::new(); rows.row(top) + 1];
        for arc in arcs {
            for pair in arc.points.windows(2) {
                let rising = if pair[0].y < pair[1].y {
                    (pair[0], pair[1], arc.right)
                } else {
                    (pair[1], pair[0], arc.left)
                };
                // A level segment is never looked at: the look goes a trifle above the vertices.
                if rising.0.y < rising.1.y {
                    for row in rows.row(rising.0.y)..=rows.row(rising.1.y) {
                        rows.rows[row].push(rising);
                    }
                }
            }
        }
        rows
    }

    fn row(&self, y: i64) -> usize {
        usize::try_from((y - self.bottom) / self.height).unwrap_or(0)
    }

    /// The face on the east side of the nearest arc west of a point, looking a trifle above it; none when there is no arc.
    pub(crate) fn face_east_of_nearest(&self, point: LatticePoint) -> Option<FaceId> {
        let mut nearest: Option<(WestHit, Option<FaceId>)> = None;
        for &(low, high, east) in self.rows.get(self.row(point.y))? {
            if !(low.y <= point.y && point.y < high.y) || low.x.min(high.x) >= point.x {
                continue;
            }
            let hit = WestHit::new(low, high, point.y);
            if hit.is_west_of(point.x) && nearest.is_none_or(|(best, _)| hit.compare(best).is_gt()) {
                nearest = Some((hit, east));
            }
        }
        nearest.and_then(|(_, face)| face)
    }
}
