//! The geometry file of a Shapefile.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::super::open;
use crate::check::lies_inside;
use crate::row::{MOST_VERTICES, Refusal, Shape, Stop, closed_ring, damaged};

const MAGIC: u32 = 9994;
const LONGEST_RECORD_BYTES: usize = 64 + 32 * MOST_VERTICES;

/// One record; the null shape is none.
pub(super) struct ShapeRecord {
    pub(super) shape: Option<Shape>,
}

/// The shapes one after another.
pub(super) struct Shapes {
    file: BufReader<File>,
}

impl Shapes {
    pub(super) fn open(path: &Path) -> Result<Self, Stop> {
        let mut file = BufReader::with_capacity(1 << 18, open(path)?);
        let mut header = [0; 100];
        file.read_exact(&mut header)
            .map_err(|_cause: std::io::Error| damaged("the .shp is shorter than its header"))?;
        if big_u32(&header, 0) != Some(MAGIC) {
            return Err(damaged("the file is no Shapefile: it begins with other bytes"));
        }
        Ok(Self { file })
    }

    /// The next record, or `None` at the end.
    pub(super) fn next(&mut self, row: u64) -> Result<Option<ShapeRecord>, Stop> {
        let cut_off = |_cause: std::io::Error| {
            Stop::from(
                Refusal::new("file_damaged", "the .shp ends in the middle of this row: it is cut off")
                    .at(row),
            )
        };
        let mut header = [0; 8];
        match self.file.read(&mut header[..1]).map_err(cut_off)? {
            0 => return Ok(None),
            _ => self.file.read_exact(&mut header[1..]).map_err(cut_off)?,
        }
        let bytes = big_u32(&header, 4).unwrap_or(0) as usize * 2;
        if bytes > LONGEST_RECORD_BYTES {
            return Err(Refusal::new("file_damaged", format!("the row claims {bytes} bytes")).at(row).into());
        }
        // The buffer grows with what is really there, not with what is claimed.
        let mut content = Vec::new();
        let got = self.file.by_ref().take(bytes as u64).read_to_end(&mut content).map_err(cut_off)?;
        if got < bytes {
            return Err(cut_off(std::io::ErrorKind::UnexpectedEof.into()));
        }
        let shape = parse(&content).ok_or_else(|| {
            Stop::from(
                Refusal::new("file_damaged", "the row's parts and points do not fit its length").at(row),
            )
        })?;
        Ok(Some(shape))
    }
}

fn big_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn little_u32(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
}

fn coord(bytes: &[u8], at: usize) -> Option<Coord<f64>> {
    let number = |at: usize| Some(f64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?));
    Some(Coord { x: number(at)?, y: number(at + 8)? })
}

/// `None` when the bytes are no shape. Z and M lie behind the points and are left out.
fn parse(bytes: &[u8]) -> Option<ShapeRecord> {
    let shape = match little_u32(bytes, 0)? {
        0 => None,
        1 | 11 | 21 => Some(Shape::new(Geometry::Point(Point(coord(bytes, 4)?)))),
        8 | 18 | 28 => {
            let points: Option<Vec<_>> =
                (0..bounded(bytes, 36, 16)?).map(|place| coord(bytes, 40 + 16 * place).map(Point)).collect();
            Some(Shape::new(Geometry::MultiPoint(MultiPoint(points?))))
        }
        3 | 13 | 23 => lines(parts(bytes)?),
        5 | 15 | 25 => areas(parts(bytes)?),
        _ => return None,
    };
    Some(ShapeRecord { shape })
}

/// A count that the bytes behind it can hold.
fn bounded(bytes: &[u8], at: usize, item_bytes: usize) -> Option<usize> {
    let count = little_u32(bytes, at)?;
    (count.checked_mul(item_bytes)? <= bytes.len()).then_some(count)
}

fn parts(bytes: &[u8]) -> Option<Vec<Vec<Coord<f64>>>> {
    let (part_count, point_count) = (bounded(bytes, 36, 4)?, bounded(bytes, 40, 16)?);
    let points_at = 44 + 4 * part_count;
    let mut parts = Vec::with_capacity(part_count);
    for part in 0..part_count {
        let start = little_u32(bytes, 44 + 4 * part)?;
        let end = if part + 1 < part_count { little_u32(bytes, 48 + 4 * part)? } else { point_count };
        if start > end || end > point_count {
            return None;
        }
        let coords: Option<Vec<_>> = (start..end).map(|point| coord(bytes, points_at + 16 * point)).collect();
        parts.push(coords?);
    }
    Some(parts)
}

fn lines(parts: Vec<Vec<Coord<f64>>>) -> Option<Shape> {
    let mut lines: Vec<LineString<f64>> = parts.into_iter().map(LineString).collect();
    match lines.len() {
        0 => None,
        1 => lines.pop().map(|line| Shape::new(Geometry::LineString(line))),
        _ => Some(Shape::new(Geometry::MultiLineString(MultiLineString(lines)))),
    }
}

/// Outer rings run clockwise, holes the other way; a hole belongs to the outer ring that it lies in.
fn areas(parts: Vec<Vec<Coord<f64>>>) -> Option<Shape> {
    let mut unclosed = 0;
    let mut rings = Vec::with_capacity(parts.len());
    for part in parts {
        let (ring, open) = closed_ring(part);
        unclosed += u32::from(open);
        rings.push(ring);
    }
    let clockwise = |ring: &LineString<f64>| crate::check::doubled_area(&ring.0) <= 0.0;
    let (mut outer, mut holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(clockwise);
    if outer.is_empty() {
        std::mem::swap(&mut outer, &mut holes);
    }
    let mut polygons: Vec<Polygon<f64>> =
        outer.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    for hole in holes {
        let inside = |polygon: &Polygon<f64>| {
            hole.0.iter().find_map(|point| lies_inside(*point, &polygon.exterior().0)) == Some(true)
        };
        match polygons.iter().position(inside) {
            Some(place) => polygons[place].interiors_push(hole),
            // A hole in nothing is an outer ring that was drawn the wrong way round.
            None => polygons.push(Polygon::new(hole, Vec::new())),
        }
    }
    let geometry = match polygons.len() {
        0 => return None,
        1 => Geometry::Polygon(polygons.remove(0)),
        _ => Geometry::MultiPolygon(MultiPolygon(polygons)),
    };
    Some(Shape { geometry, unclosed_rings: unclosed })
}
