//! `GeoJSON` geometries in requests and answers: areas and lines that were drawn, shapes that are shown.

use cim_crs::Transform;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Value, json};

use crate::language::Words;
use crate::position;
use crate::problem::ApiError;

/// The area of a geometry or a feature: a polygon or several, in the given system.
pub(crate) fn area(
    name: &'static str,
    given: &Value,
    from: &Transform,
) -> Result<MultiPolygon<f64>, ApiError> {
    let geometry = geometry(given);
    let coordinates = &geometry["coordinates"];
    let polygons: Vec<&Value> = match geometry["type"].as_str() {
        Some("Polygon") => vec![coordinates],
        Some("MultiPolygon") => list(coordinates).map_err(|words| refused(name, words))?.iter().collect(),
        _ => return Err(refused(name, expected("Polygon", "MultiPolygon"))),
    };
    let polygon = |value: &Value| -> Result<Polygon<f64>, Words> {
        let mut rings = list(value)?.iter().map(|ring| line_of(ring, from)).collect::<Result<Vec<_>, _>>()?;
        if rings.is_empty() {
            return Err(Words::new("a polygon needs a ring", "多边形至少需要一个环"));
        }
        let exterior = rings.remove(0);
        Ok(Polygon::new(exterior, rings))
    };
    let polygons: Result<Vec<_>, Words> = polygons.into_iter().map(polygon).collect();
    Ok(MultiPolygon(polygons.map_err(|words| refused(name, words))?))
}

/// The line of a geometry or a feature, in the given system.
pub(crate) fn line(name: &'static str, given: &Value, from: &Transform) -> Result<LineString<f64>, ApiError> {
    let geometry = geometry(given);
    if geometry["type"].as_str() != Some("LineString") {
        return Err(refused(name, expected("LineString", "Feature")));
    }
    let line = line_of(&geometry["coordinates"], from).map_err(|words| refused(name, words))?;
    if line.0.len() < 2 {
        return Err(refused(name, Words::new("a line needs two positions", "线至少需要两个点")));
    }
    Ok(line)
}

fn geometry(given: &Value) -> &Value {
    if given["type"].as_str() == Some("Feature") { &given["geometry"] } else { given }
}

fn list(value: &Value) -> Result<&Vec<Value>, Words> {
    value.as_array().ok_or_else(|| Words::new("coordinates are lists of positions", "坐标应为点的列表"))
}

fn line_of(value: &Value, from: &Transform) -> Result<LineString<f64>, Words> {
    let coordinate = |position: &Value| {
        let number = |place: usize| position.get(place).and_then(Value::as_f64);
        let (Some(x), Some(y)) = (number(0), number(1)) else {
            return Err(Words::new("a position is two numbers", "每个点应为两个数字"));
        };
        let place = position::place(from, x, y)?;
        Ok(Coord { x: place.lon, y: place.lat })
    };
    list(value)?.iter().map(coordinate).collect::<Result<Vec<_>, _>>().map(LineString)
}

fn expected(one: &str, other: &str) -> Words {
    Words::new(
        format!("give a GeoJSON geometry of type {one} or {other}, or a Feature with one"),
        format!("请给出 GeoJSON {one} 或 {other} 几何，或包含它的 Feature"),
    )
}

fn refused(name: &'static str, words: Words) -> ApiError {
    ApiError::bad_parameter(name, "", words)
}

/// A shape as a geometry, degrees to seven places.
pub(crate) fn multi_polygon(shape: &MultiPolygon<f64>) -> Value {
    let degrees = |value: f64| (value * 1e7).round() / 1e7;
    let ring = |ring: &LineString<f64>| -> Vec<[f64; 2]> {
        ring.0.iter().map(|point| [degrees(point.x), degrees(point.y)]).collect()
    };
    let polygon = |polygon: &Polygon<f64>| -> Vec<Vec<[f64; 2]>> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
    };
    json!({ "type": "MultiPolygon", "coordinates": shape.iter().map(polygon).collect::<Vec<_>>() })
}
