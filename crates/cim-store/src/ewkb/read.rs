//! Reading EWKB.

use bytes::Buf;
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

use super::{
    COLLECTION, HAS_SRID, LINE, LITTLE_ENDIAN, MULTI_LINE, MULTI_POINT, MULTI_POLYGON, POINT, POLYGON,
};

/// Geometry collections nest no deeper in any sane source.
const DEPTH_LIMIT: u32 = 16;
const COORDINATE_BYTES: usize = 16;

/// Reads little-endian EWKB of two dimensions, which is all that PostGIS sends for our columns.
pub(crate) fn read(mut bytes: &[u8]) -> Result<Geometry<f64>, String> {
    geometry(&mut bytes, DEPTH_LIMIT)
}

fn geometry(bytes: &mut &[u8], depth: u32) -> Result<Geometry<f64>, String> {
    if bytes.try_get_u8().map_err(|_end| early())? != LITTLE_ENDIAN {
        return Err("it is not little-endian".to_owned());
    }
    let kind = number(bytes)?;
    if kind & HAS_SRID != 0 {
        number(bytes)?;
    }
    match kind & !HAS_SRID {
        POINT => Ok(Point(coordinate(bytes)?).into()),
        LINE => Ok(line(bytes)?.into()),
        POLYGON => Ok(polygon(bytes)?.into()),
        MULTI_POINT => members(bytes, depth, Geometry::try_into).map(|points| MultiPoint(points).into()),
        MULTI_LINE => members(bytes, depth, Geometry::try_into).map(|lines| MultiLineString(lines).into()),
        MULTI_POLYGON => {
            members(bytes, depth, Geometry::try_into).map(|polygons| MultiPolygon(polygons).into())
        }
        COLLECTION => members(bytes, depth, Ok::<_, geo_types::Error>)
            .map(|members| Geometry::GeometryCollection(GeometryCollection(members))),
        other => Err(format!("geometry type {other} is not one of ours")),
    }
}

fn members<T, E: std::fmt::Display>(
    bytes: &mut &[u8],
    depth: u32,
    member: impl Fn(Geometry<f64>) -> Result<T, E>,
) -> Result<Vec<T>, String> {
    let depth = depth.checked_sub(1).ok_or("it nests too deep")?;
    // The smallest member is its head: a larger claim is a lie, found before memory is asked for.
    let count = claimed(bytes, 5)?;
    (0..count).map(|_| member(geometry(bytes, depth)?).map_err(|error| error.to_string())).collect()
}

fn polygon(bytes: &mut &[u8]) -> Result<Polygon<f64>, String> {
    let count = claimed(bytes, 4)?;
    let mut rings = (0..count).map(|_| line(bytes)).collect::<Result<Vec<_>, _>>()?.into_iter();
    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok(Polygon::new(outer, rings.collect()))
}

fn line(bytes: &mut &[u8]) -> Result<LineString<f64>, String> {
    let count = claimed(bytes, COORDINATE_BYTES)?;
    (0..count).map(|_| coordinate(bytes)).collect::<Result<_, _>>().map(LineString)
}

fn coordinate(bytes: &mut &[u8]) -> Result<Coord<f64>, String> {
    let x = bytes.try_get_f64_le().map_err(|_end| early())?;
    let y = bytes.try_get_f64_le().map_err(|_end| early())?;
    Ok(Coord { x, y })
}

fn claimed(bytes: &mut &[u8], least_bytes_each: usize) -> Result<usize, String> {
    let count = usize::try_from(number(bytes)?).map_err(|_large| early())?;
    if count > bytes.len() / least_bytes_each { Err(early()) } else { Ok(count) }
}

fn number(bytes: &mut &[u8]) -> Result<u32, String> {
    bytes.try_get_u32_le().map_err(|_end| early())
}

fn early() -> String {
    "it ends early".to_owned()
}
