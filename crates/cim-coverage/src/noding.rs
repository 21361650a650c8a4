//! Splits segments until they meet at their ends only.

use cim_crs::LatticePoint;

use crate::planar_graph::as_number;
use crate::predicate::{dot, drawn_meeting, meeting};
use crate::segment_grid::SegmentGrid;

/// One unit's use of a segment. `a` is the lesser point; `sign` is 1 when the unit's ring runs from `a` to `b`, else -1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SegmentUse {
    pub(crate) a: LatticePoint,
    pub(crate) b: LatticePoint,
    pub(crate) unit: u32,
    pub(crate) sign: i32,
}

impl SegmentUse {
    pub(crate) fn new(from: LatticePoint, to: LatticePoint, unit: u32, sign: i32) -> Self {
        if from < to {
            Self { a: from, b: to, unit, sign }
        } else {
            Self { a: to, b: from, unit, sign: -sign }
        }
    }
}

/// Real layers need three to six rounds.
const MAX_ROUNDS: usize = 40;
/// From this round on segments are drawn to new vertices that they pass within one step: where three lines run within a
/// step of each other, each rounded crossing would otherwise make the next one, on and on along the lines.
const FIRST_DRAWN_ROUND: usize = 2;

/// Splits all uses at every point where their segments meet, sums what remains by segment and unit, and sorts it.
/// The answer is false when rounding did not settle, which no input has shown yet.
pub(crate) fn node(uses: &mut Vec<SegmentUse>) -> bool {
    let mut fresh: Option<Vec<(LatticePoint, LatticePoint)>> = None;
    for round in 0..MAX_ROUNDS {
        sum_up(uses);
        let (segments, starts) = distinct_segments(uses);
        let mut splits = match fresh {
            None => all_splits(&segments),
            Some(fresh) => splits_beside(&fresh, &segments, round >= FIRST_DRAWN_ROUND),
        };
        if splits.is_empty() {
            return true;
        }
        splits.sort_unstable();
        splits.dedup();
        fresh = Some(apply(uses, &segments, &starts, &splits));
    }
    false
}

fn all_splits(segments: &[(LatticePoint, LatticePoint)]) -> Vec<(u32, LatticePoint)> {
    let mut splits = Vec::new();
    for_meetings(segments, |first, second, found| {
        splits.extend(found.split_first.into_iter().flatten().map(|at| (first, at)));
        splits.extend(found.split_second.into_iter().flatten().map(|at| (second, at)));
    });
    splits
}

/// The splits that pieces of the last round make necessary: all other pairs have been looked at before.
fn splits_beside(
    fresh: &[(LatticePoint, LatticePoint)],
    segments: &[(LatticePoint, LatticePoint)],
    drawn: bool,
) -> Vec<(u32, LatticePoint)> {
    let grid = SegmentGrid::new(segments);
    let mut splits = Vec::new();
    for piece in fresh {
        // A piece may have been cancelled by another.
        let Ok(number) = segments.binary_search(piece) else { continue };
        let first = as_number(number);
        let (a, b) = *piece;
        grid.for_near(a, b, 1, |second| {
            let (c, d) = segments[second as usize];
            let found = if drawn { drawn_meeting(a, b, c, d) } else { meeting(a, b, c, d) };
            splits.extend(found.split_first.into_iter().flatten().map(|at| (first, at)));
            splits.extend(found.split_second.into_iter().flatten().map(|at| (second, at)));
        });
    }
    splits
}

/// Calls with every pair of segments that meet other than at a common end.
pub(crate) fn for_meetings(
    segments: &[(LatticePoint, LatticePoint)],
    mut call: impl FnMut(u32, u32, crate::predicate::Meeting),
) {
    let grid = SegmentGrid::new(segments);
    grid.for_pairs(|first, second| {
        let ((a, b), (c, d)) = (segments[first as usize], segments[second as usize]);
        let found = meeting(a, b, c, d);
        if !found.is_empty() {
            call(first, second, found);
        }
    });
}

/// Adds up the uses of one segment by one unit, and drops those that cancel.
fn sum_up(uses: &mut Vec<SegmentUse>) {
    uses.sort_unstable();
    let mut kept = 0;
    let mut index = 0;
    while index < uses.len() {
        let mut sum = uses[index];
        index += 1;
        while let Some(next) =
            uses.get(index).filter(|next| (next.a, next.b, next.unit) == (sum.a, sum.b, sum.unit))
        {
            sum.sign += next.sign;
            index += 1;
        }
        if sum.sign != 0 {
            uses[kept] = sum;
            kept += 1;
        }
    }
    uses.truncate(kept);
}

/// The segments in use, each once, and where the uses of each begin.
pub(crate) fn distinct_segments(uses: &[SegmentUse]) -> (Vec<(LatticePoint, LatticePoint)>, Vec<usize>) {
    let mut segments = Vec::with_capacity(uses.len());
    let mut starts = Vec::with_capacity(uses.len() + 1);
    for (index, one) in uses.iter().enumerate() {
        if segments.last() != Some(&(one.a, one.b)) {
            segments.push((one.a, one.b));
            starts.push(index);
        }
    }
    starts.push(uses.len());
    (segments, starts)
}

fn apply(
    uses: &mut Vec<SegmentUse>,
    segments: &[(LatticePoint, LatticePoint)],
    starts: &[usize],
    splits: &[(u32, LatticePoint)],
) -> Vec<(LatticePoint, LatticePoint)> {
    let mut pieces = Vec::new();
    let mut fresh = Vec::new();
    for group in splits.chunk_by(|one, other| one.0 == other.0) {
        let segment = group[0].0 as usize;
        let (a, b) = segments[segment];
        let mut points: Vec<LatticePoint> = group.iter().map(|(_, at)| *at).collect();
        points.sort_by_key(|point| dot(a, b, *point));
        points.insert(0, a);
        points.push(b);
        fresh.extend(points.windows(2).map(|pair| (pair[0].min(pair[1]), pair[0].max(pair[1]))));
        for one in &mut uses[starts[segment]..starts[segment + 1]] {
            for pair in points.windows(2) {
                pieces.push(SegmentUse::new(pair[0], pair[1], one.unit, one.sign));
            }
            // Cancelled uses are dropped by the next sum.
            one.sign = 0;
        }
    }
    uses.append(&mut pieces);
    fresh.sort_unstable();
    fresh.dedup();
    fresh
}
