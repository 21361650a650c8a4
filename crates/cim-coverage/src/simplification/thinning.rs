//! One line with fewer points: Douglas-Peucker in metres, with fixed ends.

use cim_crs::LatticePoint;

use crate::area::degrees;
use crate::label_point::distance_squared;

/// After so many refinements, a thirtieth of the tolerance, a line has all its points.
const LAST_STEP: u32 = 6;

/// How lines are thinned: how far a dropped point may lie from them, and how long a degree is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) tolerance_m: f64,
    pub(super) metres_per_degree: (f64, f64),
}

impl Scale {
    /// A line after so many refinements, each of which halves the tolerance.
    pub(super) fn thin(&self, points: &[LatticePoint], step: u32) -> Vec<LatticePoint> {
        if step >= LAST_STEP {
            return points.to_vec();
        }
        thin(points, self.tolerance_m / f64::from(1_u32 << step), self.metres_per_degree)
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
