//! Reads checked rows from the bytes of a parser process, believing nothing: every count is held against the bytes that
//! are left, every value against its field's type, every coordinate against the world.

use cim_crs::LonLat;
use cim_model::{CollectionSpec, FieldType, Record, Value};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use jiff::Timestamp;
use jiff::civil::Date;

use super::encode::{
    AREA, AREAS, DATE, FALSE, FLOAT, INT, LINE, LINES, NULL, POINT, TEXT, TEXTS, TIME, TRUE,
};
use crate::check::{Batch, CheckedRow};

/// The bytes are not what a parser writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Garbled(&'static str);

type Decoded<T> = Result<T, Garbled>;

/// The rows of one frame.
pub(crate) fn decode_rows(bytes: &[u8], spec: &CollectionSpec) -> Decoded<Batch> {
    let mut reader = Bytes { left: bytes };
    let count = reader.count(8 + spec.fields.len())?;
    let mut rows = Vec::with_capacity(count);
    for _ in 0..count {
        let row = u64::from_le_bytes(reader.array()?);
        let mut values = Vec::with_capacity(spec.fields.len());
        for field in spec.fields {
            values.push(reader.value(field.field_type)?);
        }
        rows.push(CheckedRow { row, record: Record { values } });
    }
    if reader.left.is_empty() { Ok(rows) } else { Err(Garbled("bytes are left over")) }
}

struct Bytes<'a> {
    left: &'a [u8],
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Decoded<&'a [u8]> {
        let (head, tail) = self.left.split_at_checked(count).ok_or(Garbled("a frame ends too early"))?;
        self.left = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Decoded<[u8; N]> {
        self.take(N)?
            .try_into()
            .map_err(|_cause: std::array::TryFromSliceError| Garbled("a frame ends too early"))
    }

    /// A count of parts of at least `part_bytes` each.
    fn count(&mut self, part_bytes: usize) -> Decoded<usize> {
        let claimed = u32::from_le_bytes(self.array()?) as usize;
        if claimed.checked_mul(part_bytes).is_some_and(|bytes| bytes <= self.left.len()) {
            Ok(claimed)
        } else {
            Err(Garbled("a count is larger than the frame"))
        }
    }

    fn text(&mut self) -> Decoded<String> {
        let count = self.count(1)?;
        let bytes = self.take(count)?;
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(Garbled("a text is not UTF-8")),
        }
    }

    fn coord(&mut self) -> Decoded<Coord<f64>> {
        let (x, y) = (f64::from_le_bytes(self.array()?), f64::from_le_bytes(self.array()?));
        match LonLat::new(x, y) {
            Ok(position) => Ok(Coord { x: position.lon, y: position.lat }),
            Err(_) => Err(Garbled("a coordinate lies outside the world")),
        }
    }

    fn line(&mut self) -> Decoded<LineString<f64>> {
        let count = self.count(16)?;
        let mut coords = Vec::with_capacity(count);
        for _ in 0..count {
            coords.push(self.coord()?);
        }
        Ok(LineString(coords))
    }

    fn area(&mut self) -> Decoded<Polygon<f64>> {
        let count = self.count(4)?;
        if count == 0 {
            return Err(Garbled("an area has no ring"));
        }
        let outer = self.line()?;
        let mut holes = Vec::with_capacity(count - 1);
        for _ in 1..count {
            holes.push(self.line()?);
        }
        Ok(Polygon::new(outer, holes))
    }

    fn value(&mut self, field_type: FieldType) -> Decoded<Value> {
        let [tag] = self.array()?;
        match (tag, field_type) {
            (NULL, _) => Ok(Value::Null),
            (FALSE, FieldType::Bool) => Ok(Value::Bool(false)),
            (TRUE, FieldType::Bool) => Ok(Value::Bool(true)),
            (INT, FieldType::Int) => Ok(Value::Int(i64::from_le_bytes(self.array()?))),
            (FLOAT, FieldType::Float) => {
                let number = f64::from_le_bytes(self.array()?);
                if number.is_finite() {
                    Ok(Value::Float(number))
                } else {
                    Err(Garbled("a number is not finite"))
                }
            }
            (TEXT, FieldType::Text) => self.text().map(Value::Text),
            (TEXT, FieldType::Code(words)) => {
                let word = self.text()?;
                if words.contains(&word.as_str()) {
                    Ok(Value::Text(word))
                } else {
                    Err(Garbled("a code is unknown"))
                }
            }
            (TEXTS, FieldType::Texts) => {
                let count = self.count(4)?;
                (0..count).map(|_| self.text()).collect::<Decoded<_>>().map(Value::Texts)
            }
            (TIME, FieldType::Time) => Timestamp::from_microsecond(i64::from_le_bytes(self.array()?))
                .map(Value::Time)
                .map_err(|_cause: jiff::Error| Garbled("a time is out of range")),
            (DATE, FieldType::Date) => {
                let year = i16::from_le_bytes(self.array()?);
                let [month, day] = self.array()?;
                Date::new(year, i8::from_le_bytes([month]), i8::from_le_bytes([day]))
                    .map(Value::Date)
                    .map_err(|_cause: jiff::Error| Garbled("a day is out of range"))
            }
            (tag, FieldType::Geometry) => self.geometry(tag).map(Value::Geometry),
            _ => Err(Garbled("a value is not of its field's type")),
        }
    }

    fn geometry(&mut self, tag: u8) -> Decoded<Geometry<f64>> {
        Ok(match tag {
            POINT => Geometry::Point(Point(self.coord()?)),
            LINE => Geometry::LineString(self.line()?),
            LINES => {
                let count = self.count(4)?;
                let lines: Decoded<Vec<_>> = (0..count).map(|_| self.line()).collect();
                Geometry::MultiLineString(MultiLineString(lines?))
            }
            AREA => Geometry::Polygon(self.area()?),
            AREAS => {
                let count = self.count(8)?;
                let parts: Decoded<Vec<_>> = (0..count).map(|_| self.area()).collect();
                Geometry::MultiPolygon(MultiPolygon(parts?))
            }
            _ => return Err(Garbled("a value is not of its field's type")),
        })
    }
}

#[cfg(test)]
mod tests {
    use cim_model::Collection;
    use geo_types::polygon;

    use super::super::encode::encode_rows;
    use super::*;

    fn example() -> Batch {
        let spec = Collection::Building.spec();
        let mut values = vec![Value::Null; spec.fields.len()];
        values[0] = Value::Text("海门-1".to_owned());
        values[2] = Value::Float(12.5);
        values[3] = Value::Int(4);
        let place = spec.position("geom").unwrap();
        values[place] = Value::Geometry(Geometry::Polygon(
            polygon!(exterior: [(x: 1.0, y: 2.0), (x: 3.0, y: 2.0), (x: 3.0, y: 4.0)], interiors: []),
        ));
        vec![CheckedRow { row: 7, record: Record { values } }]
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut bytes = Vec::new();
        encode_rows(&example(), &mut bytes);
        assert_eq!(decode_rows(&bytes, Collection::Building.spec()), Ok(example()));
    }

    #[test]
    fn bytes_that_are_cut_or_changed_never_do_more_than_be_refused() {
        let mut bytes = Vec::new();
        encode_rows(&example(), &mut bytes);
        for end in 0..bytes.len() {
            assert!(decode_rows(&bytes[..end], Collection::Building.spec()).is_err(), "{end}");
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0xff;
            let _ = decode_rows(&changed, Collection::Building.spec());
        }
        assert!(decode_rows(&bytes, Collection::Road.spec()).is_err());
    }
}
