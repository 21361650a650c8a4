//! The shape of one `FlatGeobuf` feature. The library's own conversion believes every place in a feature, and asks for
//! memory by the difference of two of them.

use flatgeobuf::{Geometry as Stored, GeometryType};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::row::{Shape, closed_ring};

/// The shape, or why it is none. Z and M are left out.
pub(super) fn shape(stored: &Stored<'_>, of_file: GeometryType) -> Result<Shape, String> {
    let kind = if of_file == GeometryType::Unknown { stored.type_() } else { of_file };
    let mut unclosed_rings = 0;
    let geometry = match kind {
        GeometryType::Point => {
            let coord = coords(stored).first().copied().ok_or("the point has no coordinates")?;
            Geometry::Point(Point(coord))
        }
        GeometryType::MultiPoint => {
            Geometry::MultiPoint(MultiPoint(coords(stored).into_iter().map(Point).collect()))
        }
        GeometryType::LineString => Geometry::LineString(LineString(coords(stored))),
        GeometryType::MultiLineString => {
            let lines = parts(stored)?.into_iter().map(LineString).collect();
            Geometry::MultiLineString(MultiLineString(lines))
        }
        GeometryType::Polygon => Geometry::Polygon(polygon(stored, &mut unclosed_rings)?),
        GeometryType::MultiPolygon => {
            let polygons = match stored.parts() {
                None => vec![polygon(stored, &mut unclosed_rings)?],
                Some(parts) => {
                    parts.iter().map(|part| polygon(&part, &mut unclosed_rings)).collect::<Result<_, _>>()?
                }
            };
            Geometry::MultiPolygon(MultiPolygon(polygons))
        }
        other => return Err(format!("{other:?} is no geometry type that can be loaded")),
    };
    Ok(Shape { geometry, unclosed_rings })
}

fn coords(stored: &Stored<'_>) -> Vec<Coord<f64>> {
    let Some(numbers) = stored.xy() else { return Vec::new() };
    let coord = |place: usize| Coord { x: numbers.get(2 * place), y: numbers.get(2 * place + 1) };
    (0..numbers.len() / 2).map(coord).collect()
}

/// The parts that end where the feature says, each behind the one before it.
fn parts(stored: &Stored<'_>) -> Result<Vec<Vec<Coord<f64>>>, String> {
    let all = coords(stored);
    let Some(ends) = stored.ends().filter(|ends| ends.len() > 1) else { return Ok(vec![all]) };
    let mut parts = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends.iter().map(|end| end as usize) {
        let part = all.get(start..end).ok_or("a part ends outside the feature or before it begins")?;
        parts.push(part.to_vec());
        start = end;
    }
    Ok(parts)
}

fn polygon(stored: &Stored<'_>, unclosed: &mut u32) -> Result<Polygon<f64>, String> {
    let mut rings = parts(stored)?.into_iter().map(|part| {
        let (ring, open) = closed_ring(part);
        *unclosed += u32::from(open);
        ring
    });
    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok(Polygon::new(outer, rings.collect()))
}
