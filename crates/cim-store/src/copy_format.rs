//! PostgreSQL's binary COPY format: records become rows without a detour through text.

use bytes::{BufMut, BytesMut};
use cim_model::{CollectionSpec, Field, FieldType, GeometryKind, Record, Value};
use jiff::civil::Date;

use crate::{StoreError, ewkb};

const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const NULL: i32 = -1;
const TEXT_OID: i32 = 25;
/// PostgreSQL counts time from 2000-01-01.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;
const EPOCH_DATE: Date = Date::constant(2000, 1, 1);

/// What comes before the first row.
pub(crate) fn begin(out: &mut BytesMut) {
    out.put_slice(HEADER);
}

/// What comes after the last row.
pub(crate) fn end(out: &mut BytesMut) {
    out.put_i16(-1);
}

/// Writes one row of a collection.
pub(crate) fn row(spec: &CollectionSpec, record: &Record, out: &mut BytesMut) -> Result<(), StoreError> {
    row_head(spec.fields.len(), out);
    if record.values.len() != spec.fields.len() {
        return Err(wrong(spec, spec.fields.last(), &format!("a record of {} values", record.values.len())));
    }
    for (field, value) in spec.fields.iter().zip(&record.values) {
        if matches!(value, Value::Null) {
            out.put_i32(NULL);
        } else {
            sized(out, |out| write_value(field, spec.geometry, value, out))
                .map_err(|Unfit| wrong(spec, Some(field), &shortened(value)))?;
        }
    }
    Ok(())
}

/// Says how many columns the row has.
pub(crate) fn row_head(columns: usize, out: &mut BytesMut) {
    out.put_i16(i16::try_from(columns).expect("PostgreSQL has at most 1,600 columns"));
}

/// Writes a text or null.
pub(crate) fn text(value: Option<&str>, out: &mut BytesMut) {
    match value {
        None => out.put_i32(NULL),
        Some(text) => {
            out.put_i32(length(text.len()));
            out.put_slice(text.as_bytes());
        }
    }
}

/// Writes a whole number or null.
pub(crate) fn int(value: Option<i64>, out: &mut BytesMut) {
    match value {
        None => out.put_i32(NULL),
        Some(number) => {
            out.put_i32(8);
            out.put_i64(number);
        }
    }
}

/// Writes a list of whole numbers.
pub(crate) fn ints(values: impl ExactSizeIterator<Item = i64>, out: &mut BytesMut) {
    const INT8_OID: i32 = 20;
    out.put_i32(length(20 + values.len() * 12));
    for part in [1, 0, INT8_OID, length(values.len()), 1] {
        out.put_i32(part);
    }
    for value in values {
        int(Some(value), out);
    }
}

/// Writes the range of revisions that begins with one and is open.
pub(crate) fn revisions_from(rev: i32, out: &mut BytesMut) {
    const LOWER_INCLUDED_UPPER_INFINITE: u8 = 0x02 | 0x10;
    out.put_i32(9);
    out.put_u8(LOWER_INCLUDED_UPPER_INFINITE);
    out.put_i32(4);
    out.put_i32(rev);
}

/// Writes polygons or null.
pub(crate) fn polygons(value: Option<geo_types::MultiPolygon<f64>>, out: &mut BytesMut) {
    match value {
        None => out.put_i32(NULL),
        Some(multi) => sized(out, |out| ewkb::write(&multi.into(), GeometryKind::Polygon, out))
            .expect("polygons are polygons"),
    }
}

/// The value is not of the field's type.
struct Unfit;

/// Writes a value behind its length, which is known only then.
fn sized<E>(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut) -> Result<(), E>) -> Result<(), E> {
    let place = out.len();
    out.put_i32(0);
    write(out)?;
    let bytes = length(out.len() - place - 4);
    out[place..place + 4].copy_from_slice(&bytes.to_be_bytes());
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a whole number given for a measured one is small")]
fn write_value(field: &Field, kind: GeometryKind, value: &Value, out: &mut BytesMut) -> Result<(), Unfit> {
    match (field.field_type, value) {
        (FieldType::Bool, Value::Bool(yes)) => out.put_u8(u8::from(*yes)),
        (FieldType::Int, Value::Int(number)) => out.put_i64(*number),
        (FieldType::Float, Value::Float(number)) => out.put_f64(*number),
        (FieldType::Float, Value::Int(number)) => out.put_f64(*number as f64),
        // PostgreSQL's texts cannot hold the character zero.
        (FieldType::Text | FieldType::Code(_), Value::Text(text)) if !text.contains('\0') => {
            out.put_slice(text.as_bytes());
        }
        (FieldType::Texts, Value::Texts(list)) if !list.iter().any(|text| text.contains('\0')) => {
            texts(list, out);
        }
        (FieldType::Time, Value::Time(time)) => out.put_i64(time.as_microsecond() - EPOCH_MICROSECONDS),
        (FieldType::Date, Value::Date(date)) => {
            let days = EPOCH_DATE.until(*date).map_err(|_out_of_range| Unfit)?.get_days();
            out.put_i32(days);
        }
        (FieldType::Geometry, Value::Geometry(geometry)) => {
            ewkb::write(geometry, kind, out).map_err(|ewkb::WrongKind| Unfit)?;
        }
        _ => return Err(Unfit),
    }
    Ok(())
}

fn texts(list: &[String], out: &mut BytesMut) {
    if list.is_empty() {
        for part in [0, 0, TEXT_OID] {
            out.put_i32(part);
        }
        return;
    }
    for part in [1, 0, TEXT_OID, length(list.len()), 1] {
        out.put_i32(part);
    }
    for member in list {
        text(Some(member), out);
    }
}

fn length(bytes: usize) -> i32 {
    i32::try_from(bytes).expect("one value is smaller than 2 GB")
}

fn shortened(value: &Value) -> String {
    format!("{value:?}").chars().take(120).collect()
}

fn wrong(spec: &CollectionSpec, field: Option<&Field>, value: &str) -> StoreError {
    StoreError::WrongValue {
        collection: spec.collection,
        field: field.map_or("", |field| field.name),
        value: value.to_owned(),
    }
}
