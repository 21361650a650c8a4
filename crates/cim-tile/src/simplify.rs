//! Leaving out the vertices of a line that the eye cannot tell from a straight one.

use crate::clip::Step;

/// Douglas and Peucker's selection in tile steps; ends stay. A ring is opened at its first vertex and the one farthest from it.
///
/// # Drawbacks
/// Works line by line: neighbours that share a border must be simplified arc by arc instead, before they get here.
pub(crate) fn simplify(points: &mut Vec<Step>, is_ring: bool, tolerance: i64, keep: &mut Vec<bool>) {
    if points.len() < if is_ring { 5 } else { 3 } {
        return;
    }
    keep.clear();
    keep.resize(points.len(), false);
    let last = points.len() - 1;
    keep[0] = true;
    if is_ring {
        let far = (0..points.len()).max_by_key(|place| squared(points[0], points[*place])).unwrap_or(0);
        keep[far] = true;
        select(points, 0, far, tolerance, keep);
        points.push(points[0]);
        keep.push(false);
        select(points, far, last + 1, tolerance, keep);
        points.pop();
        keep.pop();
    } else {
        keep[last] = true;
        select(points, 0, last, tolerance, keep);
    }
    let mut place = 0;
    points.retain(|_| {
        place += 1;
        keep[place - 1]
    });
}

fn squared(a: Step, b: Step) -> i64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    dx.saturating_mul(dx).saturating_add(dy.saturating_mul(dy))
}

fn select(points: &[Step], first: usize, last: usize, tolerance: i64, keep: &mut [bool]) {
    let mut open = vec![(first, last)];
    while let Some((from, to)) = open.pop() {
        let mut worst = (tolerance * tolerance, None);
        for place in from + 1..to {
            let distance = to_segment_squared(points[place], points[from], points[to]);
            if distance > worst.0 {
                worst = (distance, Some(place));
            }
        }
        if let Some(place) = worst.1 {
            keep[place] = true;
            open.push((from, place));
            open.push((place, to));
        }
    }
}

/// The squared distance to a segment, rounded down.
fn to_segment_squared(point: Step, a: Step, b: Step) -> i64 {
    let (dx, dy) = (i128::from(b.0 - a.0), i128::from(b.1 - a.1));
    let (px, py) = (i128::from(point.0 - a.0), i128::from(point.1 - a.1));
    let length = dx * dx + dy * dy;
    let dot = px * dx + py * dy;
    if length == 0 || dot <= 0 {
        return squared(point, a);
    }
    if dot >= length {
        return squared(point, b);
    }
    let cross = px * dy - py * dx;
    i64::try_from(cross * cross / length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_the_tolerance_goes_and_corners_stay() {
        let mut line = vec![(0, 0), (10, 1), (20, 0), (30, 20), (40, 0)];
        simplify(&mut line, false, 2, &mut Vec::new());
        assert_eq!(line, [(0, 0), (20, 0), (30, 20), (40, 0)]);
    }

    #[test]
    fn a_ring_keeps_its_corners() {
        let mut ring = vec![(0, 0), (50, 1), (100, 0), (100, 100), (0, 100), (1, 50)];
        simplify(&mut ring, true, 3, &mut Vec::new());
        assert_eq!(ring, [(0, 0), (100, 0), (100, 100), (0, 100)]);
    }
}
