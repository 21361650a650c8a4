//! Geometry as PostGIS writes it: EWKB, little-endian, EPSG:4490.

mod read;

use bytes::BufMut;
use cim_model::GeometryKind;
use geo_types::{Coord, Geometry, LineString, Polygon};

pub(crate) use read::read;

use crate::hexadecimal::hexadecimal;

const SRID: u32 = 4490;
const HAS_SRID: u32 = 0x2000_0000;
const LITTLE_ENDIAN: u8 = 1;
const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_LINE: u32 = 5;
const MULTI_POLYGON: u32 = 6;
const COLLECTION: u32 = 7;

/// The geometry is of another kind than the collection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongKind;

/// Writes a geometry in the shape of the collection's column: lines and polygons always as multi-geometries.
pub(crate) fn write(
    geometry: &Geometry<f64>,
    kind: GeometryKind,
    out: &mut impl BufMut,
) -> Result<(), WrongKind> {
    match (kind, geometry) {
        (GeometryKind::Point, Geometry::Point(point)) => {
            head(out, POINT | HAS_SRID, Some(SRID));
            coordinate(out, point.0);
        }
        (GeometryKind::Line, Geometry::LineString(line)) => {
            lines(out, std::slice::from_ref(line), Some(SRID));
        }
        (GeometryKind::Line, Geometry::MultiLineString(multi)) => lines(out, &multi.0, Some(SRID)),
        (GeometryKind::Polygon, Geometry::Polygon(one)) => {
            polygons(out, std::slice::from_ref(one), Some(SRID));
        }
        (GeometryKind::Polygon, Geometry::MultiPolygon(multi)) => polygons(out, &multi.0, Some(SRID)),
        (GeometryKind::Polygon, Geometry::Rect(rect)) => polygons(out, &[rect.to_polygon()], Some(SRID)),
        (GeometryKind::Polygon, Geometry::Triangle(three)) => {
            polygons(out, &[three.to_polygon()], Some(SRID));
        }
        (GeometryKind::Any, any) => whatever(out, any, Some(SRID)),
        _ => return Err(WrongKind),
    }
    Ok(())
}

/// The geometry in hexadecimal digits, as PostGIS reads it out of a text.
pub(crate) fn hex(geometry: &Geometry<f64>, kind: GeometryKind) -> Result<String, WrongKind> {
    let mut bytes = Vec::new();
    write(geometry, kind, &mut bytes)?;
    Ok(hexadecimal(&bytes))
}

fn whatever(out: &mut impl BufMut, geometry: &Geometry<f64>, srid: Option<u32>) {
    match geometry {
        Geometry::Point(point) => {
            head(out, POINT, srid);
            coordinate(out, point.0);
        }
        Geometry::Line(two) => line(out, &LineString::from(vec![two.start, two.end]), srid),
        Geometry::LineString(one) => line(out, one, srid),
        Geometry::Polygon(one) => polygon(out, one, srid),
        Geometry::Rect(rect) => polygon(out, &rect.to_polygon(), srid),
        Geometry::Triangle(three) => polygon(out, &three.to_polygon(), srid),
        Geometry::MultiPoint(multi) => {
            head(out, MULTI_POINT, srid);
            count(out, multi.0.len());
            for point in &multi.0 {
                head(out, POINT, None);
                coordinate(out, point.0);
            }
        }
        Geometry::MultiLineString(multi) => lines(out, &multi.0, srid),
        Geometry::MultiPolygon(multi) => polygons(out, &multi.0, srid),
        Geometry::GeometryCollection(members) => {
            head(out, COLLECTION, srid);
            count(out, members.0.len());
            for member in &members.0 {
                whatever(out, member, None);
            }
        }
    }
}

fn lines(out: &mut impl BufMut, lines: &[LineString<f64>], srid: Option<u32>) {
    head(out, MULTI_LINE, srid);
    count(out, lines.len());
    for one in lines {
        line(out, one, None);
    }
}

fn polygons(out: &mut impl BufMut, polygons: &[Polygon<f64>], srid: Option<u32>) {
    head(out, MULTI_POLYGON, srid);
    count(out, polygons.len());
    for one in polygons {
        polygon(out, one, None);
    }
}

fn line(out: &mut impl BufMut, line: &LineString<f64>, srid: Option<u32>) {
    head(out, LINE, srid);
    points(out, line);
}

fn polygon(out: &mut impl BufMut, polygon: &Polygon<f64>, srid: Option<u32>) {
    head(out, POLYGON, srid);
    if polygon.exterior().0.is_empty() {
        count(out, 0);
        return;
    }
    count(out, 1 + polygon.interiors().len());
    points(out, polygon.exterior());
    for hole in polygon.interiors() {
        points(out, hole);
    }
}

fn points(out: &mut impl BufMut, line: &LineString<f64>) {
    count(out, line.0.len());
    for place in &line.0 {
        coordinate(out, *place);
    }
}

fn head(out: &mut impl BufMut, kind: u32, srid: Option<u32>) {
    out.put_u8(LITTLE_ENDIAN);
    out.put_u32_le(if srid.is_some() { kind | HAS_SRID } else { kind });
    if let Some(srid) = srid {
        out.put_u32_le(srid);
    }
}

fn coordinate(out: &mut impl BufMut, place: Coord<f64>) {
    out.put_f64_le(place.x);
    out.put_f64_le(place.y);
}

fn count(out: &mut impl BufMut, members: usize) {
    out.put_u32_le(u32::try_from(members).expect("memory holds fewer than 2^32 members of one geometry"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, Point, line_string, polygon};

    fn check(geometry: impl Into<Geometry<f64>>, kind: GeometryKind, expected: impl Into<Geometry<f64>>) {
        let mut bytes = Vec::new();
        write(&geometry.into(), kind, &mut bytes).expect("the kind fits");
        assert_eq!(read(&bytes).expect("what was written can be read"), expected.into());
    }

    #[test]
    fn a_geometry_is_read_as_it_was_written() {
        let square = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 0.0)];
        let line = line_string![(x: 121.1, y: 31.9), (x: 121.2, y: 31.8)];
        check(Point::new(121.15, 31.88), GeometryKind::Point, Point::new(121.15, 31.88));
        check(line.clone(), GeometryKind::Line, geo_types::MultiLineString(vec![line.clone()]));
        check(square.clone(), GeometryKind::Polygon, MultiPolygon(vec![square.clone()]));
        check(square.clone(), GeometryKind::Any, square.clone());
        let mixed =
            geo_types::GeometryCollection(vec![square.into(), line.into(), Point::new(1.0, 2.0).into()]);
        let mixed = Geometry::GeometryCollection(mixed);
        check(mixed.clone(), GeometryKind::Any, mixed);
    }

    #[test]
    fn a_geometry_of_another_kind_is_refused() {
        let point = Geometry::from(Point::new(1.0, 2.0));
        assert_eq!(write(&point, GeometryKind::Polygon, &mut Vec::new()), Err(WrongKind));
        assert_eq!(write(&point, GeometryKind::None, &mut Vec::new()), Err(WrongKind));
    }

    #[test]
    fn bytes_that_end_early_or_claim_too_much_are_refused() {
        let mut bytes = Vec::new();
        let line = line_string![(x: 121.1, y: 31.9), (x: 121.2, y: 31.8)];
        write(&line.into(), GeometryKind::Line, &mut bytes).expect("the kind fits");
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_err(), "{end} bytes");
        }
        bytes[9..13].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&bytes).is_err());
    }
}
