//! Features: an id, attributes and a geometry (specification 4.2 and 4.4).

use std::collections::BTreeMap;

use super::command::read_geometry;
use super::finding::{Fault, Notes};
use super::wire::{Field, Message};

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its id, when it has one.
    pub id: Option<u64>,
    /// Its attributes by name.
    pub attributes: BTreeMap<String, TileValue>,
    /// Its geometry in steps of the layer's extent.
    pub geometry: Geometry,
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub enum TileValue {
    /// A text.
    Text(String),
    /// A float of 32 bits.
    Float(f32),
    /// A float of 64 bits.
    Double(f64),
    /// A signed number, of either kind.
    Int(i64),
    /// An unsigned number.
    Uint(u64),
    /// Yes or no.
    Bool(bool),
}

/// A point in steps of the layer's extent: x from the west, y from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// From the western edge.
    pub x: i64,
    /// From the northern edge.
    pub y: i64,
}

/// An exterior ring and its holes; rings do not repeat their first point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polygon {
    /// The exterior.
    pub exterior: Vec<Point>,
    /// The holes.
    pub holes: Vec<Vec<Point>>,
}

/// A geometry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Geometry {
    /// Of no known type.
    Unknown,
    /// One point or several.
    Points(Vec<Point>),
    /// One line or several.
    Lines(Vec<Vec<Point>>),
    /// One polygon or several.
    Polygons(Vec<Polygon>),
}

impl Geometry {
    /// The number of vertices; a ring's first point counts once.
    #[must_use]
    pub fn vertex_count(&self) -> usize {
        self.parts().map(<[Point]>::len).sum()
    }

    /// All points, lines and rings.
    pub fn parts(&self) -> impl Iterator<Item = &[Point]> {
        let (points, lines, polygons) = match self {
            Self::Unknown => (None, None, None),
            Self::Points(points) => (Some(points.as_slice()), None, None),
            Self::Lines(lines) => (None, Some(lines), None),
            Self::Polygons(polygons) => (None, None, Some(polygons)),
        };
        let rings = polygons.into_iter().flatten().flat_map(|polygon| {
            std::iter::once(polygon.exterior.as_slice()).chain(polygon.holes.iter().map(Vec::as_slice))
        });
        points.into_iter().chain(lines.into_iter().flatten().map(Vec::as_slice)).chain(rings)
    }
}

/// The dictionaries that tags point into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionaries<'a> {
    pub(super) keys: &'a [String],
    pub(super) values: &'a [TileValue],
}

impl Feature {
    /// Reads a feature; none when it cannot be shown, an error when its layer cannot be relied on.
    pub(super) fn read(
        bytes: &[u8],
        dictionaries: Dictionaries<'_>,
        notes: &mut Notes,
    ) -> Result<Option<Self>, Fault> {
        let message = Message::read(bytes)?;
        if [1, 2, 3, 4].into_iter().any(|number| message.repeats(number)) {
            notes.add(Fault::FieldTwice);
            return Ok(None);
        }
        let id = message.last(1).map(Field::number).transpose()?;
        let attributes = read_tags(&message.numbers(2)?, dictionaries, notes)?;
        let geometry_type = message.last(3).map(Field::number).transpose()?;
        let commands = message.numbers(4)?;
        if commands.is_empty() {
            notes.add(Fault::GeometryMissing);
            return Ok(None);
        }
        let geometry = match geometry_type {
            Some(0) => {
                notes.add(Fault::GeometryTypeUnknown);
                Geometry::Unknown
            }
            Some(kind @ 1..=3) => {
                let Some(geometry) = read_geometry(kind, &commands, notes)? else { return Ok(None) };
                geometry
            }
            _ => {
                notes.add(Fault::GeometryType);
                return Ok(None);
            }
        };
        Ok(Some(Self { id, attributes, geometry }))
    }
}

fn read_tags(
    tags: &[u32],
    dictionaries: Dictionaries<'_>,
    notes: &mut Notes,
) -> Result<BTreeMap<String, TileValue>, Fault> {
    let mut attributes = BTreeMap::new();
    let (pairs, rest) = tags.as_chunks::<2>();
    if !rest.is_empty() {
        notes.add(Fault::TagsOdd);
    }
    for [key, value] in pairs {
        let key = dictionaries.keys.get(*key as usize).ok_or(Fault::TagOutOfRange)?;
        let value = dictionaries.values.get(*value as usize).ok_or(Fault::TagOutOfRange)?;
        if attributes.insert(key.clone(), value.clone()).is_some() {
            notes.add(Fault::KeyTwice);
        }
    }
    Ok(attributes)
}
