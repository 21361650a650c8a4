//! The metre plane the district is drawn in, and its way to the lattice.

use std::ops::{Add, Mul, Neg, Sub};

use cim_crs::LatticePoint;

/// Origin of the plane on the lattice: 121.28 E, 31.95 N.
const ORIGIN_X: f64 = 12_128_000_000.0;
const ORIGIN_Y: f64 = 3_195_000_000.0;
/// Metres in one lattice step at 31.95 N. Literals, because `cos` differs between machines.
const METRES_PER_STEP_X: f64 = 94_544.5e-8;
const METRES_PER_STEP_Y: f64 = 110_885.9e-8;

/// A point or vector in metres east and north of the origin.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) struct P {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A point of the plane.
pub(crate) const fn p(x: f64, y: f64) -> P {
    P { x, y }
}

impl P {
    /// The point at a longitude and latitude.
    pub(crate) fn at(lon: f64, lat: f64) -> Self {
        Self { x: (lon * 1e8 - ORIGIN_X) * METRES_PER_STEP_X, y: (lat * 1e8 - ORIGIN_Y) * METRES_PER_STEP_Y }
    }

    /// The nearest lattice point.
    pub(crate) fn lattice(self) -> LatticePoint {
        LatticePoint {
            x: (self.x / METRES_PER_STEP_X + ORIGIN_X).round() as i64,
            y: (self.y / METRES_PER_STEP_Y + ORIGIN_Y).round() as i64,
        }
    }

    pub(crate) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub(crate) fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    pub(crate) fn len(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub(crate) fn distance(self, other: Self) -> f64 {
        (self - other).len()
    }

    /// The vector of length one in this direction; east when it has none.
    pub(crate) fn unit(self) -> Self {
        let len = self.len();
        if len > 1e-12 { self * (1.0 / len) } else { p(1.0, 0.0) }
    }

    /// Turned a quarter to the left.
    pub(crate) fn left(self) -> Self {
        p(-self.y, self.x)
    }

    pub(crate) fn lerp(self, other: Self, t: f64) -> Self {
        self + (other - self) * t
    }
}

impl Add for P {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        p(self.x + other.x, self.y + other.y)
    }
}

impl Sub for P {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        p(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for P {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        p(self.x * factor, self.y * factor)
    }
}

impl Neg for P {
    type Output = Self;
    fn neg(self) -> Self {
        p(-self.x, -self.y)
    }
}

/// Distance from a point to a segment.
pub(crate) fn segment_distance(point: P, a: P, b: P) -> f64 {
    let ab = b - a;
    let length2 = ab.dot(ab);
    let t = if length2 > 0.0 { ((point - a).dot(ab) / length2).clamp(0.0, 1.0) } else { 0.0 };
    point.distance(a + ab * t)
}

/// Signed area of a ring, positive when counter-clockwise.
pub(crate) fn ring_area(ring: &[P]) -> f64 {
    let Some(&first) = ring.first() else { return 0.0 };
    let mut sum = 0.0;
    for (index, &point) in ring.iter().enumerate() {
        let next = ring[(index + 1) % ring.len()];
        sum += (point - first).cross(next - first);
    }
    sum * 0.5
}

/// Centre of mass of a ring.
pub(crate) fn ring_centroid(ring: &[P]) -> P {
    let Some(&first) = ring.first() else { return P::default() };
    let (mut sum, mut area) = (P::default(), 0.0);
    for (index, &point) in ring.iter().enumerate() {
        let (a, b) = (point - first, ring[(index + 1) % ring.len()] - first);
        let cross = a.cross(b);
        sum = sum + (a + b) * cross;
        area += cross;
    }
    if area.abs() < 1e-9 { first } else { first + sum * (1.0 / (3.0 * area)) }
}

/// Whether a point lies inside a ring.
pub(crate) fn ring_contains(ring: &[P], point: P) -> bool {
    let mut inside = false;
    let mut previous = ring[ring.len() - 1];
    for &current in ring {
        if (current.y > point.y) != (previous.y > point.y) {
            let x = (previous.x - current.x) * (point.y - current.y) / (previous.y - current.y) + current.x;
            if point.x < x {
                inside = !inside;
            }
        }
        previous = current;
    }
    inside
}

/// A smooth line through control points (Catmull-Rom), a point about every `step_m`.
pub(crate) fn smooth(control: &[P], step_m: f64) -> Vec<P> {
    let mut line = Vec::new();
    for index in 0..control.len().saturating_sub(1) {
        let (from, to) = (control[index], control[index + 1]);
        let before = if index > 0 { control[index - 1] } else { from * 2.0 - to };
        let after = if index + 2 < control.len() { control[index + 2] } else { to * 2.0 - from };
        let parts = (from.distance(to) / step_m).ceil().max(1.0);
        for part in 0..parts as usize {
            let t = part as f64 / parts;
            let (t2, t3) = (t * t, t * t * t);
            let bend = (before * 2.0 - from * 5.0 + to * 4.0 - after) * t2
                + (from * 3.0 - before - to * 3.0 + after) * t3;
            line.push((from * 2.0 + (to - before) * t + bend) * 0.5);
        }
    }
    line.extend(control.last());
    line
}

/// The line with fewer points, none of the removed ones farther than `tolerance_m` from it.
pub(crate) fn simplify(line: &[P], tolerance_m: f64) -> Vec<P> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut open = vec![(0, line.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let mut worst = (tolerance_m, 0);
        for index in from + 1..to {
            let distance = segment_distance(line[index], line[from], line[to]);
            if distance > worst.0 {
                worst = (distance, index);
            }
        }
        if worst.1 > 0 {
            keep[worst.1] = true;
            open.push((from, worst.1));
            open.push((worst.1, to));
        }
    }
    line.iter().zip(keep).filter_map(|(&point, kept)| kept.then_some(point)).collect()
}
