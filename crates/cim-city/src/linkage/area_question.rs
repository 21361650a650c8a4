//! Whether a drawn area can be asked about: not too many vertices, and no line across another.

use cim_crs::LonLat;
use geo_types::{Coord, MultiPolygon};

/// The most vertices of a drawn area.
pub const MAX_VERTICES: usize = 5_000;

/// Why an area cannot be asked about.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AreaError {
    /// It has no ring of three vertices.
    #[error("the area has no ring of at least three different vertices")]
    Empty,
    /// It has too many vertices.
    #[error("the area has {0} vertices, at most {MAX_VERTICES} are allowed: simplify it")]
    TooManyVertices(usize),
    /// Two of its lines cross.
    #[error("the area's border crosses itself near {:.6}, {:.6}: draw it without crossings", .0.lon, .0.lat)]
    CrossesItself(LonLat),
}

/// Checks a drawn area in degrees. Time grows with the square of the vertices.
pub fn drawn_area(polygons: &MultiPolygon<f64>) -> Result<(), AreaError> {
    let rings =
        polygons.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut edges: Vec<(Coord<f64>, Coord<f64>)> = Vec::new();
    let mut vertices = 0;
    for ring in rings {
        vertices += ring.0.len();
        edges.extend(ring.lines().map(|line| (line.start, line.end)).filter(|(a, b)| a != b));
    }
    if vertices > MAX_VERTICES {
        return Err(AreaError::TooManyVertices(vertices));
    }
    if edges.len() < 3 {
        return Err(AreaError::Empty);
    }
    for (place, first) in edges.iter().enumerate() {
        if let Some(second) = edges[place + 1..].iter().find(|second| cross(*first, **second)) {
            return Err(AreaError::CrossesItself(between(*first, *second)));
        }
    }
    Ok(())
}

/// Whether two segments cross in a point that is an end of neither.
fn cross(first: (Coord<f64>, Coord<f64>), second: (Coord<f64>, Coord<f64>)) -> bool {
    let ((a, b), (c, d)) = (first, second);
    let apart = a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y);
    let side = |from: Coord<f64>, to: Coord<f64>, point: Coord<f64>| {
        (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
    };
    !apart && side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

fn between(first: (Coord<f64>, Coord<f64>), second: (Coord<f64>, Coord<f64>)) -> LonLat {
    let ((a, b), (c, d)) = (first, second);
    let along = |from: Coord<f64>, to: Coord<f64>| (to.x - from.x, to.y - from.y);
    let ((ax, ay), (cx, cy)) = (along(a, b), along(c, d));
    let part = ((c.x - a.x) * cy - (c.y - a.y) * cx) / (ax * cy - ay * cx);
    LonLat { lon: a.x + ax * part, lat: a.y + ay * part }
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, Polygon};

    use super::*;

    fn area(points: &[(f64, f64)]) -> MultiPolygon<f64> {
        MultiPolygon(vec![Polygon::new(LineString::from(points.to_vec()), Vec::new())])
    }

    #[test]
    fn a_bow_tie_is_refused_with_the_place_where_it_crosses() {
        let bow_tie = area(&[(121.0, 31.0), (121.2, 31.2), (121.2, 31.0), (121.0, 31.2)]);
        let Err(AreaError::CrossesItself(place)) = drawn_area(&bow_tie) else { panic!("it crosses") };
        assert!((place.lon - 121.1).abs() < 1e-9 && (place.lat - 31.1).abs() < 1e-9);
    }

    #[test]
    fn a_square_is_taken_and_a_line_is_not() {
        assert_eq!(drawn_area(&area(&[(121.0, 31.0), (121.2, 31.0), (121.2, 31.2), (121.0, 31.2)])), Ok(()));
        assert_eq!(drawn_area(&area(&[(121.0, 31.0), (121.2, 31.0)])), Err(AreaError::Empty));
    }

    #[test]
    fn more_than_five_thousand_vertices_are_too_many() {
        let many: Vec<(f64, f64)> = (0..5_001)
            .map(|place| {
                let (sin, cos) = (f64::from(place) / 5_001.0 * std::f64::consts::TAU).sin_cos();
                (121.0 + cos * 0.01, 31.0 + sin * 0.01)
            })
            .collect();
        assert_eq!(drawn_area(&area(&many)), Err(AreaError::TooManyVertices(5_002)));
    }
}
