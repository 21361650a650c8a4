//! Fewer points for small scales: every arc once, so that neighbours always share the same line.

use cim_crs::{LatticePoint, LonLat, metres_per_degree};

use crate::area::degrees;
use crate::coverage::Coverage;
use crate::label_point::distance_squared;
use crate::validation::{ArcView, defects};

impl Coverage {
    /// The points of every arc, in the order of `arcs`, thinned (Douglas-Peucker) so that no dropped point lies farther
    /// than `tolerance_m` from the line. Nodes stay, and the result is a valid partition with the same faces: where
    /// thinned lines would cross, or an island would change sides, the arcs concerned keep more of their points.
    #[must_use]
    pub fn simplify_arcs(&self, tolerance_m: f64) -> Vec<Vec<LatticePoint>> {
        let scale = self.metres_per_degree();
        let mut tolerances = vec![tolerance_m; self.arcs.len()];
        let mut thinned: Vec<Vec<LatticePoint>> =
            self.arcs.iter().map(|arc| thin(&arc.points, tolerance_m, scale)).collect();
        loop {
            let views: Vec<ArcView<'_>> = self
                .arcs
                .iter()
                .zip(&thinned)
                .map(|(arc, points)| ArcView { points, left: arc.left, right: arc.right })
                .collect();
            let mut wrong: Vec<u32> = defects(&views).into_iter().flat_map(|defect| defect.arcs).collect();
            wrong.sort_unstable();
            wrong.dedup();
            let mut changed = false;
            for arc in wrong {
                let arc = arc as usize;
                let tolerance = &mut tolerances[arc];
                let original = &self.arcs[arc].points;
                if thinned[arc].len() < original.len() {
                    changed = true;
                    // After five steps a thirtieth of the tolerance did not help: take the arc as it is.
                    *tolerance = if *tolerance * 30.0 < tolerance_m { 0.0 } else { *tolerance / 2.0 };
                    thinned[arc] =
                        if *tolerance > 0.0 { thin(original, *tolerance, scale) } else { original.clone() };
                }
            }
            if !changed {
                return self.with_originals_around_defects(thinned);
            }
        }
    }

    /// Defects between arcs that have all their points come from others that cut through: an island that changed sides.
    /// All arcs of the faces concerned get their points back until the partition holds.
    fn with_originals_around_defects(&self, mut thinned: Vec<Vec<LatticePoint>>) -> Vec<Vec<LatticePoint>> {
        loop {
            let views: Vec<ArcView<'_>> = self
                .arcs
                .iter()
                .zip(&thinned)
                .map(|(arc, points)| ArcView { points, left: arc.left, right: arc.right })
                .collect();
            let found = defects(&views);
            let mut faces: Vec<_> = found
                .iter()
                .flat_map(|defect| defect.arcs)
                .flat_map(|arc| [self.arcs[arc as usize].left, self.arcs[arc as usize].right])
                .collect();
            faces.sort_unstable();
            faces.dedup();
            let mut changed = false;
            for (arc, points) in self.arcs.iter().zip(&mut thinned) {
                let concerned =
                    faces.binary_search(&arc.left).is_ok() || faces.binary_search(&arc.right).is_ok();
                if concerned && points.len() < arc.points.len() {
                    points.clone_from(&arc.points);
                    changed = true;
                }
            }
            if found.is_empty() || !changed {
                return if found.is_empty() {
                    thinned
                } else {
                    self.arcs.iter().map(|arc| arc.points.clone()).collect()
                };
            }
        }
    }

    fn metres_per_degree(&self) -> (f64, f64) {
        let heights = self.arcs.iter().flat_map(|arc| &arc.points).map(|point| LonLat::from(*point).lat);
        let (low, high) =
            heights.fold((90.0_f64, -90.0_f64), |(low, high), lat| (low.min(lat), high.max(lat)));
        metres_per_degree(if low <= high { f64::midpoint(low, high) } else { 0.0 })
    }
}

/// Douglas-Peucker with fixed ends; a closed line keeps a triangle.
fn thin(points: &[LatticePoint], tolerance_m: f64, scale: (f64, f64)) -> Vec<LatticePoint> {
    let Some(&origin) = points.first() else { return Vec::new() };
    let metres: Vec<(f64, f64)> = points
        .iter()
        .map(|point| (degrees(point.x - origin.x) * scale.0, degrees(point.y - origin.y) * scale.1))
        .collect();
    let last = points.len() - 1;
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[last] = true;
    let mut open = vec![(0, last)];
    if points[0] == points[last] && last >= 3 {
        let far = farthest(&metres, 0, last).0;
        keep[far] = true;
        let one = (far > 1).then(|| farthest(&metres, 0, far));
        let other = (last - far > 1).then(|| farthest(&metres, far, last));
        let third = one.into_iter().chain(other).max_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((index, _)) = third {
            keep[index] = true;
        }
        let mut kept: Vec<usize> = (0..=last).filter(|index| keep[*index]).collect();
        kept.dedup();
        open = kept.windows(2).map(|pair| (pair[0], pair[1])).collect();
    }
    while let Some((from, to)) = open.pop() {
        if to - from < 2 {
            continue;
        }
        let (index, distance_squared) = farthest(&metres, from, to);
        if distance_squared > tolerance_m * tolerance_m {
            keep[index] = true;
            open.extend([(from, index), (index, to)]);
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

/// The point between two others that is farthest from the line between them, and the square of its distance.
fn farthest(metres: &[(f64, f64)], from: usize, to: usize) -> (usize, f64) {
    let mut best = (from + 1, -1.0);
    for index in from + 1..to {
        let distance = distance_squared(metres[index], metres[from], metres[to]);
        if distance > best.1 {
            best = (index, distance);
        }
    }
    best
}
