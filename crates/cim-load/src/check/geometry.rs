//! From a file's geometry to one that may be stored: parsed, finite, in CGCS2000, of the right kind, valid.

use cim_crs::{CrsError, LonLat, Transform};
use cim_model::GeometryKind;
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};

use super::repair::{Repairs, rebuilt, tidy};
use super::validity::first_defect;
use crate::readers::wkb::parse_wkb;
use crate::readers::wkt::parse_wkt;
use crate::row::{RawGeometry, Shape};

/// A geometry that may be stored, and what was done to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sound {
    pub(super) geometry: Geometry<f64>,
    /// The first vertex as the file had it.
    pub(super) source: [f64; 2],
    pub(super) repairs: Repairs,
}

/// Why a geometry cannot be stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unsound {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) value: Option<String>,
    pub(super) at: Option<[f64; 2]>,
}

impl Unsound {
    fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), value: None, at: None }
    }
}

/// Nothing, a sound geometry, or a complaint.
pub(super) fn sound_geometry(
    raw: RawGeometry<'_>,
    transform: &Transform,
    kind: GeometryKind,
) -> Result<Option<Sound>, Unsound> {
    let Some(shape) = parse(raw)? else { return Ok(None) };
    let Some(source) = first_vertex(&shape.geometry) else { return Ok(None) };
    let mut geometry = shape.geometry;
    to_lonlat(&mut geometry, transform)?;
    let mut repairs = Repairs::new();
    if shape.unclosed_rings > 0 {
        repairs.push("unclosed_ring");
    }
    let geometry = match (kind, geometry) {
        (GeometryKind::Point | GeometryKind::Any, Geometry::Point(point)) => Geometry::Point(point),
        (GeometryKind::Point | GeometryKind::Any, Geometry::MultiPoint(points)) if points.0.len() == 1 => {
            Geometry::Point(points.0[0])
        }
        (GeometryKind::Line | GeometryKind::Any, Geometry::LineString(line)) => {
            Geometry::LineString(sound_line(line, &mut repairs)?)
        }
        (GeometryKind::Line | GeometryKind::Any, Geometry::MultiLineString(lines)) => {
            let lines: Result<Vec<_>, _> =
                lines.0.into_iter().map(|line| sound_line(line, &mut repairs)).collect();
            Geometry::MultiLineString(MultiLineString(lines?))
        }
        (GeometryKind::Polygon | GeometryKind::Any, Geometry::Polygon(polygon)) => {
            sound_area(vec![polygon], &mut repairs)?
        }
        (GeometryKind::Polygon | GeometryKind::Any, Geometry::MultiPolygon(parts)) => {
            sound_area(parts.0, &mut repairs)?
        }
        (wanted, other) => return Err(wrong_kind(wanted, &other)),
    };
    Ok(Some(Sound { geometry, source, repairs }))
}

fn parse(raw: RawGeometry<'_>) -> Result<Option<Shape>, Unsound> {
    match raw {
        RawGeometry::None => Ok(None),
        RawGeometry::Shape(shape) => Ok(Some(shape)),
        RawGeometry::Wkt(text) => match parse_wkt(text) {
            Ok(shape) => Ok(Some(shape)),
            Err(crate::readers::wkt::WktError::Empty) => Ok(None),
            Err(error) => Err(Unsound {
                value: Some(text.chars().take(80).collect()),
                ..Unsound::new("geometry_unreadable", format!("the geometry cannot be read: {error}"))
            }),
        },
        RawGeometry::Wkb(bytes) => match parse_wkb(bytes) {
            Ok(shape) => Ok(Some(shape)),
            Err(crate::readers::wkb::WkbError::Empty) => Ok(None),
            Err(error) => {
                Err(Unsound::new("geometry_unreadable", format!("the geometry cannot be read: {error}")))
            }
        },
    }
}

fn to_lonlat(geometry: &mut Geometry<f64>, transform: &Transform) -> Result<(), Unsound> {
    for_each_coord(geometry, &mut |coord| match transform.to_lonlat(coord.x, coord.y) {
        Ok(LonLat { lon, lat }) => {
            *coord = Coord { x: lon, y: lat };
            Ok(())
        }
        Err(error) => Err(unplaced(&error, *coord)),
    })
}

fn unplaced(error: &CrsError, coord: Coord<f64>) -> Unsound {
    let value = Some(format!("{} {}", coord.x, coord.y));
    let finite = coord.x.is_finite() && coord.y.is_finite();
    let swapped = finite && LonLat::new(coord.y, coord.x).is_ok() && coord.y.abs() > 90.0;
    let (rule, message) = match error {
        _ if !finite => ("coordinate_not_finite", "a coordinate is not a number".to_owned()),
        CrsError::Position(_) if swapped => (
            "axes_swapped",
            "longitude and latitude are exchanged: name the columns the other way round, \
             geom = { lon = ..., lat = ... }"
                .to_owned(),
        ),
        CrsError::OutsideChina { .. } => ("shifted_outside_china", error.to_string()),
        _ => ("outside_world", error.to_string()),
    };
    Unsound { rule, message, value, at: None }
}

/// Visits every coordinate in place.
pub(super) fn for_each_coord<E>(
    geometry: &mut Geometry<f64>,
    visit: &mut impl FnMut(&mut Coord<f64>) -> Result<(), E>,
) -> Result<(), E> {
    match geometry {
        Geometry::Point(point) => visit(&mut point.0),
        Geometry::MultiPoint(points) => points.0.iter_mut().try_for_each(|point| visit(&mut point.0)),
        Geometry::LineString(line) => line.0.iter_mut().try_for_each(visit),
        Geometry::MultiLineString(lines) => {
            lines.0.iter_mut().flat_map(|line| line.0.iter_mut()).try_for_each(visit)
        }
        Geometry::Polygon(polygon) => visit_polygon(polygon, visit),
        Geometry::MultiPolygon(parts) => parts.0.iter_mut().try_for_each(|part| visit_polygon(part, visit)),
        _ => Ok(()),
    }
}

fn visit_polygon<E>(
    polygon: &mut Polygon<f64>,
    visit: &mut impl FnMut(&mut Coord<f64>) -> Result<(), E>,
) -> Result<(), E> {
    let mut result = Ok(());
    polygon.exterior_mut(|ring| result = ring.0.iter_mut().try_for_each(&mut *visit));
    result?;
    let mut result = Ok(());
    polygon.interiors_mut(|rings| {
        result = rings.iter_mut().flat_map(|ring| ring.0.iter_mut()).try_for_each(&mut *visit);
    });
    result
}

fn first_vertex(geometry: &Geometry<f64>) -> Option<[f64; 2]> {
    let coord = match geometry {
        Geometry::Point(point) => Some(point.0),
        Geometry::MultiPoint(points) => points.0.first().map(|point| point.0),
        Geometry::LineString(line) => line.0.first().copied(),
        Geometry::MultiLineString(lines) => lines.0.first().and_then(|line| line.0.first().copied()),
        Geometry::Polygon(polygon) => polygon.exterior().0.first().copied(),
        Geometry::MultiPolygon(parts) => parts.0.first().and_then(|part| part.exterior().0.first().copied()),
        _ => None,
    };
    coord.map(|coord| [coord.x, coord.y])
}

fn sound_line(mut line: LineString<f64>, repairs: &mut Repairs) -> Result<LineString<f64>, Unsound> {
    let before = line.0.len();
    line.0.dedup();
    if line.0.len() < 2 {
        return Err(Unsound::new("line_collapsed", "the line has fewer than two different points"));
    }
    if line.0.len() < before {
        repairs.push("repeated_vertex");
        repairs.dedup();
    }
    Ok(line)
}

fn sound_area(parts: Vec<Polygon<f64>>, repairs: &mut Repairs) -> Result<Geometry<f64>, Unsound> {
    let count = parts.len();
    let mut parts: Vec<Polygon<f64>> = parts.into_iter().map(|part| tidy(part, repairs)).collect();
    if count > 1 {
        parts.retain(|part| part.exterior().0.len() >= 4);
        if parts.len() < count {
            repairs.push("empty_part");
        }
    }
    let Some(defect) = first_defect(&parts) else { return Ok(area_of(parts)) };
    if defect.rule != "ring_collapsed"
        && let Some(valid) = rebuilt(&parts)
    {
        repairs.push(defect.rule);
        return Ok(area_of(valid));
    }
    Err(Unsound {
        rule: defect.rule,
        message: format!("{}: correct it in the source", explain(defect.rule)),
        value: None,
        at: Some([defect.at.x, defect.at.y]),
    })
}

fn area_of(mut parts: Vec<Polygon<f64>>) -> Geometry<f64> {
    match parts.pop() {
        Some(only) if parts.is_empty() => Geometry::Polygon(only),
        Some(last) => {
            parts.push(last);
            Geometry::MultiPolygon(MultiPolygon(parts))
        }
        None => Geometry::MultiPolygon(MultiPolygon(Vec::new())),
    }
}

/// What a rule about rings says, for people.
pub(super) fn explain(rule: &str) -> &'static str {
    match rule {
        "unclosed_ring" => "a ring was not closed",
        "repeated_vertex" => "a vertex was repeated",
        "spike" => "the border ran out to a point and back the same way",
        "empty_hole" => "a hole had no area",
        "empty_part" => "a part had no area",
        "ring_collapsed" => "a ring has fewer than three different corners",
        "ring_self_crossing" => "the border crosses itself",
        "ring_self_overlap" => "the border runs twice along the same line",
        "ring_self_touch" => "the border touches itself",
        "rings_cross" => "two rings cross",
        "rings_overlap" => "two rings run along the same line",
        "hole_outside" => "a hole lies outside its area",
        "holes_nested" => "a hole lies inside another",
        "parts_overlap" => "two parts overlap",
        "interior_cut" => "holes cut the area in two",
        _ => "the geometry was not valid",
    }
}

fn wrong_kind(wanted: GeometryKind, found: &Geometry<f64>) -> Unsound {
    let found = match found {
        Geometry::Point(_) => "a point",
        Geometry::MultiPoint(_) => "several points",
        Geometry::LineString(_) => "a line",
        Geometry::MultiLineString(_) => "several lines",
        Geometry::Polygon(_) => "an area",
        Geometry::MultiPolygon(_) => "several areas",
        _ => "a collection",
    };
    let wanted = match wanted {
        GeometryKind::Point => "a point",
        GeometryKind::Line => "a line",
        GeometryKind::Polygon => "an area",
        GeometryKind::Any => "a point, a line or an area",
        GeometryKind::None => "nothing",
    };
    Unsound::new("geometry_kind", format!("the geometry is {found} where {wanted} is expected"))
}

/// A point that stands for the geometry, for samples and findings.
pub(super) fn any_point(geometry: &Geometry<f64>) -> Option<Point<f64>> {
    first_vertex(geometry).map(|[x, y]| Point::new(x, y))
}
