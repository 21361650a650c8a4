//! Areas and lengths of lattice figures on the ellipsoid.

use cim_crs::{LATTICE_PER_DEGREE, LatticePoint, LonLat, near_distance_m};

use crate::layer::LatticePolygon;
use crate::predicate::doubled_ring_area;

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;

/// Twice the area of a polygon in squared lattice steps, exactly; its holes are taken off.
#[must_use]
pub fn doubled_area(polygon: &LatticePolygon) -> i128 {
    let holes: i128 = polygon.holes.iter().map(|hole| doubled_ring_area(hole).abs()).sum();
    doubled_ring_area(&polygon.outer).abs() - holes
}

/// The area of a polygon in square metres on the ellipsoid of CGCS2000; its holes are taken off.
///
/// Edges are straight lines in longitude and authalic height. Geodesic edges differ from them by about a millimetre
/// for edges of 300 m and by a metre for edges of 10 km.
#[must_use]
pub fn area_m2(polygon: &LatticePolygon) -> f64 {
    let holes: f64 = polygon.holes.iter().map(|hole| ring_area_m2(hole).abs()).sum();
    ring_area_m2(&polygon.outer).abs() - holes
}

/// The signed area of a ring: positive when it runs counter-clockwise.
pub(crate) fn ring_area_m2(ring: &[LatticePoint]) -> f64 {
    let (Some(&first), Some(&last)) = (ring.first(), ring.last()) else { return 0.0 };
    let height_of_first = authalic_height_m(first.y);
    let relative = |point: LatticePoint| {
        (degrees(point.x - first.x).to_radians(), authalic_height_m(point.y) - height_of_first)
    };
    let mut from = relative(last);
    let mut doubled = 0.0;
    for &point in ring {
        let to = relative(point);
        doubled += from.0 * to.1 - to.0 * from.1;
        from = to;
    }
    doubled / 2.0 * SEMI_MAJOR_M
}

/// The length of a closed ring.
pub(crate) fn ring_length_m(ring: &[LatticePoint]) -> f64 {
    let Some(&last) = ring.last() else { return 0.0 };
    let closing = length_m(last, ring[0]);
    closing + ring.windows(2).map(|pair| length_m(pair[0], pair[1])).sum::<f64>()
}

/// The length of a segment.
pub(crate) fn length_m(from: LatticePoint, to: LatticePoint) -> f64 {
    near_distance_m(LonLat::from(from), LonLat::from(to))
}

/// The height over the equator at which a cylinder of the same area stands: the integral of the meridian's radius times
/// that of the parallel, over the greater half-axis.
fn authalic_height_m(y: i64) -> f64 {
    let e2 = FLATTENING * (2.0 - FLATTENING);
    let e = e2.sqrt();
    let sin = degrees(y).to_radians().sin();
    let q = sin / (1.0 - e2 * sin * sin) + (e * sin).atanh() / e;
    SEMI_MAJOR_M * (1.0 - e2) * q / 2.0
}

#[expect(clippy::cast_precision_loss, reason = "lattice numbers are below 2^53")]
pub(crate) fn degrees(steps: i64) -> f64 {
    steps as f64 / LATTICE_PER_DEGREE
}
