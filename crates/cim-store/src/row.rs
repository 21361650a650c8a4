//! Turning PostgreSQL's rows back into records.

use cim_model::{Collection, Field, FieldType, Record, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::{StoreError, StoredRow, ewkb};

/// The places of the fields begin behind the id and the transaction.
const FIRST_FIELD: usize = 2;

/// The number of a transaction as rows carry it: its lower 32 bits.
struct RowXmin(u32);

impl<'a> FromSql<'a> for RowXmin {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(u32::from_be_bytes(raw.try_into()?)))
    }

    fn accepts(of: &Type) -> bool {
        *of == Type::XID
    }
}

/// Reads a row of `collection/read`: the id, the transaction, then the fields in the order of the specification.
pub(crate) fn stored(collection: Collection, row: &Row) -> Result<StoredRow, StoreError> {
    let wrong = |source| StoreError::Query { query: "collection/read", source };
    let id: i64 = row.try_get(0).map_err(wrong)?;
    let RowXmin(xmin) = row.try_get(1).map_err(wrong)?;
    let fields = collection.spec().fields;
    let mut values = Vec::with_capacity(fields.len());
    for (place, field) in fields.iter().enumerate() {
        let value = value(row, place + FIRST_FIELD, field).map_err(|reason| StoreError::Unreadable {
            collection,
            field: field.name,
            id,
            reason,
        })?;
        values.push(value);
    }
    Ok(StoredRow { id, xmin, record: Record { values } })
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
