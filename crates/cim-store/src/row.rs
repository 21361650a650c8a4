//! Turning PostgreSQL's rows back into records.

use cim_model::{Collection, Field, FieldType, Record, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::{StoreError, ewkb};

/// Reads a row of `collection/read`: the id, then the fields in the order of the specification.
pub(crate) fn record(collection: Collection, row: &Row) -> Result<(i64, Record), StoreError> {
    let id: i64 = row.try_get(0).map_err(|source| StoreError::Query { query: "collection/read", source })?;
    let fields = collection.spec().fields;
    let mut values = Vec::with_capacity(fields.len());
    for (place, field) in fields.iter().enumerate() {
        let value = value(row, place + 1, field).map_err(|reason| StoreError::Unreadable {
            collection,
            field: field.name,
            id,
            reason,
        })?;
        values.push(value);
    }
    Ok((id, Record { values }))
}

fn value(row: &Row, place: usize, field: &Field) -> Result<Value, String> {
    Ok(match field.field_type {
        FieldType::Text | FieldType::Code(_) => get::<String>(row, place)?.map(Value::Text),
        FieldType::Texts => get(row, place)?.map(Value::Texts),
        FieldType::Int => get(row, place)?.map(Value::Int),
        FieldType::Float => get(row, place)?.map(Value::Float),
        FieldType::Bool => get(row, place)?.map(Value::Bool),
        FieldType::Time => get::<Timestamp>(row, place)?.map(Value::Time),
        FieldType::Date => get::<Date>(row, place)?.map(Value::Date),
        FieldType::Geometry => get::<&[u8]>(row, place)?.map(ewkb::read).transpose()?.map(Value::Geometry),
    }
    .unwrap_or(Value::Null))
}

fn get<'a, T: FromSql<'a>>(row: &'a Row, place: usize) -> Result<Option<T>, String> {
    row.try_get(place).map_err(|error| error.to_string())
}
