//! The plane that touches the earth at a point, in which distances to near borders are compared.

use cim_crs::{LatticePoint, LonLat, metres_per_degree};

const STEPS_PER_DEGREE: f64 = cim_crs::LATTICE_PER_DEGREE;

/// The plane that touches the earth at a point, in metres.
pub(super) struct TangentPlane {
    pub(super) point: LatticePoint,
    pub(super) metres_x: f64,
    pub(super) metres_y: f64,
}

impl TangentPlane {
    pub(super) fn at(point: LatticePoint) -> Self {
        let (x, y) = metres_per_degree(LonLat::from(point).lat);
        Self { point, metres_x: x / STEPS_PER_DEGREE, metres_y: y / STEPS_PER_DEGREE }
    }

    fn offset_m(&self, point: LatticePoint) -> (f64, f64) {
        let (x, y) = degrees(LatticePoint { x: point.x - self.point.x, y: point.y - self.point.y });
        (x * self.metres_x, y * self.metres_y)
    }

    pub(super) fn to_box_m(&self, low: LatticePoint, high: LatticePoint) -> f64 {
        let ((west, south), (east, north)) = (self.offset_m(low), self.offset_m(high));
        let dx = west.max(-east).max(0.0);
        let dy = south.max(-north).max(0.0);
        (dx * dx + dy * dy).sqrt()
    }

    pub(super) fn to_edge_m(&self, a: LatticePoint, b: LatticePoint) -> (f64, LatticePoint) {
        let ((ax, ay), (bx, by)) = (self.offset_m(a), self.offset_m(b));
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + dx * along, ay + dy * along);
        #[expect(clippy::cast_possible_truncation, reason = "the point lies between two lattice points")]
        let nearest = LatticePoint {
            x: self.point.x + (x / self.metres_x).round() as i64,
            y: self.point.y + (y / self.metres_y).round() as i64,
        };
        ((x * x + y * y).sqrt(), nearest)
    }
}

/// The numbers of a lattice point as floating-point ones.
pub(super) fn degrees(point: LatticePoint) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "lattice numbers are below 2^53")]
    (point.x as f64, point.y as f64)
}
