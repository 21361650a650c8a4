//! Writes checked rows as bytes: little-endian, every value behind a tag.

use cim_model::Value;
use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::check::CheckedRow;

pub(super) const NULL: u8 = 0;
pub(super) const FALSE: u8 = 1;
pub(super) const TRUE: u8 = 2;
pub(super) const INT: u8 = 3;
pub(super) const FLOAT: u8 = 4;
pub(super) const TEXT: u8 = 5;
pub(super) const TEXTS: u8 = 6;
pub(super) const TIME: u8 = 7;
pub(super) const DATE: u8 = 8;
pub(super) const POINT: u8 = 16;
pub(super) const LINE: u8 = 17;
pub(super) const LINES: u8 = 18;
pub(super) const AREA: u8 = 19;
pub(super) const AREAS: u8 = 20;

/// A batch of rows as bytes.
pub(crate) fn encode_rows(rows: &[CheckedRow], out: &mut Vec<u8>) {
    put_count(rows.len(), out);
    for row in rows {
        out.extend(row.row.to_le_bytes());
        for value in &row.record.values {
            put_value(value, out);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "batches, texts and rings are bounded far below 2^32")]
fn put_count(count: usize, out: &mut Vec<u8>) {
    out.extend((count as u32).to_le_bytes());
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_count(text.len(), out);
    out.extend(text.as_bytes());
}

fn put_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(flag) => out.push(if *flag { TRUE } else { FALSE }),
        Value::Int(number) => {
            out.push(INT);
            out.extend(number.to_le_bytes());
        }
        Value::Float(number) => {
            out.push(FLOAT);
            out.extend(number.to_le_bytes());
        }
        Value::Text(text) => {
            out.push(TEXT);
            put_text(text, out);
        }
        Value::Texts(texts) => {
            out.push(TEXTS);
            put_count(texts.len(), out);
            for text in texts {
                put_text(text, out);
            }
        }
        Value::Time(time) => {
            out.push(TIME);
            out.extend(time.as_microsecond().to_le_bytes());
        }
        Value::Date(date) => {
            out.push(DATE);
            out.extend(date.year().to_le_bytes());
            out.extend(date.month().to_le_bytes());
            out.extend(date.day().to_le_bytes());
        }
        Value::Geometry(geometry) => put_geometry(geometry, out),
    }
}

fn put_coord(coord: Coord<f64>, out: &mut Vec<u8>) {
    out.extend(coord.x.to_le_bytes());
    out.extend(coord.y.to_le_bytes());
}

fn put_line(line: &LineString<f64>, out: &mut Vec<u8>) {
    put_count(line.0.len(), out);
    for coord in &line.0 {
        put_coord(*coord, out);
    }
}

fn put_area(polygon: &Polygon<f64>, out: &mut Vec<u8>) {
    put_count(1 + polygon.interiors().len(), out);
    put_line(polygon.exterior(), out);
    for ring in polygon.interiors() {
        put_line(ring, out);
    }
}

fn put_geometry(geometry: &Geometry<f64>, out: &mut Vec<u8>) {
    match geometry {
        Geometry::Point(point) => {
            out.push(POINT);
            put_coord(point.0, out);
        }
        Geometry::LineString(line) => {
            out.push(LINE);
            put_line(line, out);
        }
        Geometry::MultiLineString(lines) => {
            out.push(LINES);
            put_count(lines.0.len(), out);
            for line in &lines.0 {
                put_line(line, out);
            }
        }
        Geometry::Polygon(polygon) => {
            out.push(AREA);
            put_area(polygon, out);
        }
        Geometry::MultiPolygon(parts) => {
            out.push(AREAS);
            put_count(parts.0.len(), out);
            for part in &parts.0 {
                put_area(part, out);
            }
        }
        // The checks let no other kind through.
        _ => out.push(NULL),
    }
}
