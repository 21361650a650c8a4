//! Exact geometry of lattice points: no tolerance, no rounding but where an intersection is put on the lattice.

use std::cmp::Ordering;

use cim_crs::LatticePoint;

/// Twice the signed area of the triangle: positive when `c` lies left of the way from `a` to `b`.
pub(crate) fn cross(a: LatticePoint, b: LatticePoint, c: LatticePoint) -> i128 {
    product(b.x - a.x, c.y - a.y) - product(b.y - a.y, c.x - a.x)
}

/// The scalar product of the ways from `a` to `b` and from `a` to `c`.
pub(crate) fn dot(a: LatticePoint, b: LatticePoint, c: LatticePoint) -> i128 {
    product(b.x - a.x, c.x - a.x) + product(b.y - a.y, c.y - a.y)
}

fn product(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

/// The order of two directions from `origin` by their angle, counter-clockwise from east.
pub(crate) fn compare_angles(origin: LatticePoint, a: LatticePoint, b: LatticePoint) -> Ordering {
    let lower = |point: LatticePoint| point.y < origin.y || (point.y == origin.y && point.x < origin.x);
    lower(a).cmp(&lower(b)).then_with(|| 0.cmp(&cross(origin, a, b)))
}

/// Whether `point`, known to be on the line through `a` and `b`, lies between them.
fn is_between(point: LatticePoint, a: LatticePoint, b: LatticePoint) -> bool {
    point != a
        && point != b
        && (a.x.min(b.x)..=a.x.max(b.x)).contains(&point.x)
        && (a.y.min(b.y)..=a.y.max(b.y)).contains(&point.y)
}

/// Where two segments meet other than at a common end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Meeting {
    /// Points inside the first segment at which it must be split.
    pub(crate) split_first: [Option<LatticePoint>; 2],
    /// Points inside the second segment.
    pub(crate) split_second: [Option<LatticePoint>; 2],
}

impl Meeting {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How the segments `ab` and `cd` meet. A crossing is put on the nearest lattice point.
pub(crate) fn meeting(a: LatticePoint, b: LatticePoint, c: LatticePoint, d: LatticePoint) -> Meeting {
    let mut found = Meeting::default();
    if a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y)
    {
        return found;
    }
    let (side_a, side_b) = (cross(c, d, a), cross(c, d, b));
    if (side_a > 0 && side_b > 0) || (side_a < 0 && side_b < 0) {
        return found;
    }
    let (side_c, side_d) = (cross(a, b, c), cross(a, b, d));
    if (side_c > 0 && side_d > 0) || (side_c < 0 && side_d < 0) {
        return found;
    }
    if side_a != 0 && side_b != 0 && side_c != 0 && side_d != 0 {
        let at = crossing(a, b, side_a, side_b);
        found.split_first[0] = (at != a && at != b).then_some(at);
        found.split_second[0] = (at != c && at != d).then_some(at);
        return found;
    }
    let inside = |side: i128, point, from, to| (side == 0 && is_between(point, from, to)).then_some(point);
    found.split_first = [inside(side_c, c, a, b), inside(side_d, d, a, b)];
    found.split_second = [inside(side_a, a, c, d), inside(side_b, b, c, d)];
    found
}

/// As [`meeting`], but an end within one step of the other segment counts as lying on it.
pub(crate) fn drawn_meeting(a: LatticePoint, b: LatticePoint, c: LatticePoint, d: LatticePoint) -> Meeting {
    let drawn = |point, from, to| is_within_a_step(point, from, to).then_some(point);
    let near = Meeting {
        split_first: [drawn(c, a, b), drawn(d, a, b)],
        split_second: [drawn(a, c, d), drawn(b, c, d)],
    };
    if near.is_empty() { meeting(a, b, c, d) } else { near }
}

/// Whether `point` lies within one step of the segment from `a` to `b`, beside neither end.
fn is_within_a_step(point: LatticePoint, a: LatticePoint, b: LatticePoint) -> bool {
    if point == a || point == b || dot(a, b, point) <= 0 || dot(b, a, point) <= 0 {
        return false;
    }
    let area = cross(a, b, point);
    // The distance is the area over the length, and the length is below 2^37.
    area.abs() < 1 << 40 && area * area <= dot(a, b, b)
}

/// The lattice point nearest to where `ab` crosses a line from which its ends have these signed distances.
fn crossing(a: LatticePoint, b: LatticePoint, side_a: i128, side_b: i128) -> LatticePoint {
    let whole = side_a - side_b;
    let along = |from: i64, to: i64| {
        let numerator = i128::from(to - from) * side_a;
        // Nearest, halves upwards, for either sign of the denominator.
        let (numerator, whole) = if whole < 0 { (-numerator, -whole) } else { (numerator, whole) };
        from + narrow((2 * numerator + whole).div_euclid(2 * whole))
    };
    LatticePoint { x: along(a.x, b.x), y: along(a.y, b.y) }
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a difference of two i64 coordinates")]
fn narrow(value: i128) -> i64 {
    value as i64
}

/// Twice the signed area inside a ring: positive when it runs counter-clockwise.
pub(crate) fn doubled_ring_area(ring: &[LatticePoint]) -> i128 {
    let Some(&first) = ring.first() else { return 0 };
    ring.windows(2).map(|pair| cross(first, pair[0], pair[1])).sum()
}

/// Where a point lies in relation to a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Inside,
    Outside,
    OnBorder,
}

/// Where `point` lies in relation to `ring`, by the parity of a ray to the east.
pub(crate) fn place_in_ring(point: LatticePoint, ring: &[LatticePoint]) -> Place {
    let mut inside = false;
    let Some(&last) = ring.last() else { return Place::Outside };
    let mut from = last;
    for &to in ring {
        let side = cross(from, to, point);
        if point == to || (side == 0 && is_between(point, from, to)) {
            return Place::OnBorder;
        }
        if (from.y <= point.y) != (to.y <= point.y) && (side > 0) == (to.y > from.y) {
            inside = !inside;
        }
        from = to;
    }
    if inside { Place::Inside } else { Place::Outside }
}
