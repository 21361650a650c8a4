//! How two segments meet, exactly; and which segments of many meet at all.

use std::cmp::Ordering;

use geo_types::Coord;

/// A directed segment of ring `ring`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) a: Coord<f64>,
    pub(super) b: Coord<f64>,
    pub(super) ring: u32,
    /// Its place in its ring.
    pub(super) place: u32,
}

/// How two segments meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meeting {
    Apart,
    /// They share one point, which is an end of at least one of them.
    Touch(Coord<f64>),
    /// Their inner parts cross.
    Cross(Coord<f64>),
    /// They share more than a point.
    Overlap(Coord<f64>),
}

/// Above this many segments a sweep beats comparing all pairs.
const ALL_PAIRS_UP_TO: usize = 24;

fn side(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> Ordering {
    let point = |coord: Coord<f64>| robust::Coord { x: coord.x, y: coord.y };
    let turn = robust::orient2d(point(a), point(b), point(c));
    turn.partial_cmp(&0.0).unwrap_or(Ordering::Equal)
}

fn boxes_are_apart(s: &Segment, t: &Segment) -> bool {
    s.a.x.max(s.b.x) < t.a.x.min(t.b.x)
        || t.a.x.max(t.b.x) < s.a.x.min(s.b.x)
        || s.a.y.max(s.b.y) < t.a.y.min(t.b.y)
        || t.a.y.max(t.b.y) < s.a.y.min(s.b.y)
}

fn in_box(s: &Segment, p: Coord<f64>) -> bool {
    (s.a.x.min(s.b.x)..=s.a.x.max(s.b.x)).contains(&p.x)
        && (s.a.y.min(s.b.y)..=s.a.y.max(s.b.y)).contains(&p.y)
}

/// How two segments of some length meet.
pub(super) fn meeting(s: &Segment, t: &Segment) -> Meeting {
    if boxes_are_apart(s, t) {
        return Meeting::Apart;
    }
    let (ta, tb) = (side(s.a, s.b, t.a), side(s.a, s.b, t.b));
    if ta == tb && ta != Ordering::Equal {
        return Meeting::Apart;
    }
    let (sa, sb) = (side(t.a, t.b, s.a), side(t.a, t.b, s.b));
    if sa == sb && sa != Ordering::Equal {
        return Meeting::Apart;
    }
    if ta == Ordering::Equal && tb == Ordering::Equal {
        return collinear_meeting(s, t);
    }
    for (on, point) in [(ta, t.a), (tb, t.b), (sa, s.a), (sb, s.b)] {
        if on == Ordering::Equal {
            return Meeting::Touch(point);
        }
    }
    Meeting::Cross(middle(s.a, t.a))
}

fn middle(a: Coord<f64>, b: Coord<f64>) -> Coord<f64> {
    Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) }
}

fn collinear_meeting(s: &Segment, t: &Segment) -> Meeting {
    let mut shared: Vec<Coord<f64>> = Vec::with_capacity(4);
    for (segment, point) in [(s, t.a), (s, t.b), (t, s.a), (t, s.b)] {
        if in_box(segment, point) && !shared.contains(&point) {
            shared.push(point);
        }
    }
    match shared.as_slice() {
        [] => Meeting::Apart,
        [one] => Meeting::Touch(*one),
        [first, ..] => Meeting::Overlap(*first),
    }
}

/// Calls `visit` for every pair that meets, until it says stop by `false`.
pub(super) fn visit_meetings(
    segments: &mut [Segment],
    mut visit: impl FnMut(&Segment, &Segment, Meeting) -> bool,
) {
    let mut offer = |s: &Segment, t: &Segment| match meeting(s, t) {
        Meeting::Apart => true,
        met => visit(s, t, met),
    };
    if segments.len() <= ALL_PAIRS_UP_TO {
        for (index, s) in segments.iter().enumerate() {
            for t in &segments[index + 1..] {
                if !offer(s, t) {
                    return;
                }
            }
        }
        return;
    }
    sweep(segments, &mut offer);
}

fn left(s: &Segment) -> f64 {
    s.a.x.min(s.b.x)
}

fn right(s: &Segment) -> f64 {
    s.a.x.max(s.b.x)
}

/// Segments in order of their left end, compared with those that have not ended yet.
fn sweep(segments: &mut [Segment], offer: &mut impl FnMut(&Segment, &Segment) -> bool) {
    segments.sort_unstable_by(|s, t| left(s).total_cmp(&left(t)));
    let mut active: Vec<usize> = Vec::new();
    for index in 0..segments.len() {
        let start = left(&segments[index]);
        active.retain(|open| right(&segments[*open]) >= start);
        for open in &active {
            if !offer(&segments[*open], &segments[index]) {
                return;
            }
        }
        active.push(index);
    }
}

/// Whether a point lies inside a ring; `None` on its border.
pub(crate) fn lies_inside(point: Coord<f64>, ring: &[Coord<f64>]) -> Option<bool> {
    let mut inside = false;
    for pair in ring.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let turn = side(a, b, point);
        if turn == Ordering::Equal && in_box(&Segment { a, b, ring: 0, place: 0 }, point) {
            return None;
        }
        if (a.y > point.y) != (b.y > point.y) && ((turn == Ordering::Greater) == (b.y > a.y)) {
            inside = !inside;
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(a: (f64, f64), b: (f64, f64)) -> Segment {
        Segment { a: a.into(), b: b.into(), ring: 0, place: 0 }
    }

    #[test]
    fn segments_meet_as_they_should() {
        let base = segment((0.0, 0.0), (4.0, 0.0));
        for (other, expected) in [
            (segment((1.0, 1.0), (3.0, 1.0)), "apart"),
            (segment((1.0, -1.0), (1.0, 1.0)), "cross"),
            (segment((1.0, 0.0), (1.0, 1.0)), "touch"),
            (segment((4.0, 0.0), (5.0, 0.0)), "touch"),
            (segment((3.0, 0.0), (5.0, 0.0)), "overlap"),
            (segment((5.0, 0.0), (6.0, 0.0)), "apart"),
            (segment((4.0, 0.0), (0.0, 0.0)), "overlap"),
        ] {
            let met = match meeting(&base, &other) {
                Meeting::Apart => "apart",
                Meeting::Touch(_) => "touch",
                Meeting::Cross(_) => "cross",
                Meeting::Overlap(_) => "overlap",
            };
            assert_eq!(met, expected, "{other:?}");
        }
    }

    #[test]
    fn a_point_is_inside_outside_or_on_the_border() {
        let ring: Vec<Coord<f64>> =
            [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)].map(Coord::from).to_vec();
        assert_eq!(lies_inside((2.0, 2.0).into(), &ring), Some(true));
        assert_eq!(lies_inside((5.0, 2.0).into(), &ring), Some(false));
        assert_eq!(lies_inside((4.0, 2.0).into(), &ring), None);
        assert_eq!(lies_inside((-1.0, 4.0).into(), &ring), Some(false));
    }
}
