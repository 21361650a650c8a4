//! One GeoJSON feature: the wanted properties and the geometry, nothing else.

use std::collections::HashMap;
use std::fmt;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::check::Wanted;
use crate::row::{Cell, RawGeometry, Shape, closed_ring};

/// The properties to keep, by name; `a.b` is `b` inside the object `a`.
pub(super) struct Columns {
    places: HashMap<String, usize>,
    nested: Vec<String>,
    count: usize,
}

impl Columns {
    pub(super) fn new(wanted: &[Wanted]) -> Self {
        let places: HashMap<String, usize> =
            wanted.iter().enumerate().map(|(place, wanted)| (wanted.name.clone(), place)).collect();
        let nested = wanted
            .iter()
            .filter_map(|wanted| wanted.name.split_once('.'))
            .map(|(outer, _)| outer.to_owned())
            .collect();
        Self { places, nested, count: wanted.len() }
    }
}

/// A feature; its geometry may be unreadable for a reason of its own.
pub(super) struct ReadFeature {
    pub(super) cells: Vec<Cell<'static>>,
    pub(super) geometry: Result<RawGeometry<'static>, String>,
}

/// Reads one feature.
#[derive(Clone, Copy)]
pub(super) struct FeatureSeed<'c>(pub(super) &'c Columns);

impl<'de> DeserializeSeed<'de> for FeatureSeed<'_> {
    type Value = ReadFeature;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ReadFeature, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FeatureSeed<'_> {
    type Value = ReadFeature;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadFeature, A::Error> {
        let mut cells = vec![Cell::Empty; self.0.count];
        let mut geometry = Ok(RawGeometry::None);
        let mut id = Cell::Empty;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "properties" => {
                    map.next_value_seed(Properties { columns: self.0, prefix: "", cells: &mut cells })?;
                }
                "geometry" => {
                    geometry = match map.next_value::<Option<GeometryObject>>()? {
                        None => Ok(RawGeometry::None),
                        Some(object) => object.shape().map(RawGeometry::Shape),
                    }
                }
                "id" => id = scalar(&map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if let Some(place) = self.0.places.get("id")
            && cells[*place] == Cell::Empty
        {
            cells[*place] = id;
        }
        Ok(ReadFeature { cells, geometry })
    }
}

struct Properties<'c, 'p> {
    columns: &'c Columns,
    prefix: &'p str,
    cells: &'p mut Vec<Cell<'static>>,
}

impl<'de> DeserializeSeed<'de> for Properties<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties or null")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let name = format!("{}{key}", self.prefix);
            if let Some(place) = self.columns.places.get(&name) {
                self.cells[*place] = scalar(&map.next_value()?);
            } else if self.prefix.is_empty() && self.columns.nested.contains(&key) {
                let value: serde_json::Value = map.next_value()?;
                self.columns.places.iter().for_each(|(wanted, place)| {
                    if let Some(inner) = wanted.strip_prefix(&key).and_then(|rest| rest.strip_prefix('.')) {
                        self.cells[*place] = scalar(&value[inner]);
                    }
                });
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A JSON value as a cell; lists of texts are joined as lists are in tables, objects stay JSON.
pub(super) fn scalar(value: &serde_json::Value) -> Cell<'static> {
    use serde_json::Value as Json;
    match value {
        Json::Null => Cell::Empty,
        Json::Bool(flag) => Cell::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Cell::Int(whole),
            None => number.as_f64().map_or(Cell::Empty, Cell::Float),
        },
        Json::String(text) => Cell::text(text.clone()),
        Json::Array(items) => {
            let parts: Vec<String> = items
                .iter()
                .filter_map(|item| scalar(item).as_text().map(std::borrow::Cow::into_owned))
                .collect();
            Cell::text(parts.join(";"))
        }
        Json::Object(_) => Cell::text(value.to_string()),
    }
}

#[derive(Deserialize)]
struct GeometryObject {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Nest,
}

/// Coordinates of any depth: a position is the innermost list.
#[derive(Default)]
enum Nest {
    #[default]
    Nothing,
    Number(f64),
    Position(Coord<f64>),
    List(Vec<Nest>),
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NestVisitor)
    }
}

struct NestVisitor;

impl<'de> Visitor<'de> for NestVisitor {
    type Value = Nest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list")
    }

    fn visit_unit<E>(self) -> Result<Nest, E> {
        Ok(Nest::Nothing)
    }

    fn visit_f64<E>(self, number: f64) -> Result<Nest, E> {
        Ok(Nest::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "no coordinate needs more than 53 bits")]
    fn visit_i64<E>(self, number: i64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "no coordinate needs more than 53 bits")]
    fn visit_u64<E>(self, number: u64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nest, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element::<Nest>()? {
            items.push(item);
        }
        Ok(match items.as_slice() {
            [Nest::Number(x), Nest::Number(y), ..] => Nest::Position(Coord { x: *x, y: *y }),
            _ => Nest::List(items),
        })
    }
}

impl Nest {
    fn position(self) -> Option<Coord<f64>> {
        match self {
            Self::Position(coord) => Some(coord),
            _ => None,
        }
    }

    fn list<T>(self, item: impl FnMut(Self) -> Option<T>) -> Option<Vec<T>> {
        match self {
            Self::List(items) => items.into_iter().map(item).collect(),
            _ => None,
        }
    }

    fn polygon(self, unclosed: &mut u32) -> Option<Polygon<f64>> {
        let mut rings = self
            .list(|ring| {
                let (ring, open) = closed_ring(ring.list(Self::position)?);
                *unclosed += u32::from(open);
                Some(ring)
            })?
            .into_iter();
        let outer = rings.next()?;
        Some(Polygon::new(outer, rings.collect()))
    }
}

impl GeometryObject {
    fn shape(self) -> Result<Shape, String> {
        let mut unclosed = 0;
        let kind = self.kind;
        let nest = self.coordinates;
        let line = |nest: Nest| nest.list(Nest::position).map(LineString);
        let geometry = match kind.as_str() {
            "Point" => nest.position().map(|coord| Geometry::Point(Point(coord))),
            "LineString" => line(nest).map(Geometry::LineString),
            "Polygon" => nest.polygon(&mut unclosed).map(Geometry::Polygon),
            "MultiPoint" => nest
                .list(|point| point.position().map(Point))
                .map(|points| Geometry::MultiPoint(MultiPoint(points))),
            "MultiLineString" => {
                nest.list(line).map(|lines| Geometry::MultiLineString(MultiLineString(lines)))
            }
            "MultiPolygon" => nest
                .list(|part| part.polygon(&mut unclosed))
                .map(|parts| Geometry::MultiPolygon(MultiPolygon(parts))),
            _ => return Err(format!("`{kind}` is no geometry type that can be loaded")),
        };
        match geometry {
            Some(geometry) => Ok(Shape { geometry, unclosed_rings: unclosed }),
            None => Err(format!("the coordinates are not those of a {kind}")),
        }
    }
}
