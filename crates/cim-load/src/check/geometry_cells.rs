//! Geometry that stands in the cells of a table: as text, as hexadecimal bytes, or as two numbers.

use cim_crs::Transform;
use cim_model::GeometryKind;
use geo_types::{Geometry, Point};

use super::geometry::{Sound, Unsound, sound_geometry};
use crate::readers::wkt::parse_number;
use crate::row::{Cell, RawGeometry, Shape};

/// The geometry of a text cell.
pub(super) fn sound_text(
    text: &str,
    transform: &Transform,
    kind: GeometryKind,
) -> Result<Option<Sound>, Unsound> {
    match bytes_of_hex(text) {
        Some(bytes) => sound_geometry(RawGeometry::Wkb(&bytes), transform, kind),
        None => sound_geometry(RawGeometry::Wkt(text), transform, kind),
    }
}

/// Well-known binary as PostGIS prints it.
fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with("00") && !text.starts_with("01") || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}

/// The point of the first pair of columns that holds anything.
pub(super) fn point_of(points: &[(usize, usize)], cells: &[Cell<'_>]) -> Result<Option<Shape>, Unsound> {
    for (x, y) in points {
        let (Some(x), Some(y)) = (cells[*x].as_text(), cells[*y].as_text()) else { continue };
        let number = |text: &str| parse_number(text.as_bytes());
        return match (number(&x), number(&y)) {
            (Some(x), Some(y)) => Ok(Some(Shape::new(Geometry::Point(Point::new(x, y))))),
            _ => Err(Unsound {
                rule: "coordinate_unreadable",
                message: "a coordinate is no number".to_owned(),
                value: Some(format!("{x} {y}").chars().take(80).collect()),
                at: None,
            }),
        };
    }
    Ok(None)
}
