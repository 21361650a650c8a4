//! GeoParquet: only the wanted columns are read, row group by row group.

use std::sync::Arc;

use cim_crs::Crs;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;

use super::open;
use crate::check::{RowChecker, Wanted};
use crate::job::ReadJob;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Stop, damaged};

/// Reads the rows.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let reader = SerializedFileReader::new(open(&job.path)?)
        .map_err(|error| damaged(format!("the file is no Parquet: {error}")))?;
    let metadata = reader.metadata().file_metadata();
    let geo = metadata
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == "geo"))
        .and_then(|pair| pair.value.as_deref())
        .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let geometry =
        geo.as_ref().and_then(|geo| geo["primary_column"].as_str()).unwrap_or("geometry").to_owned();
    checker.declare_crs(declared(geo.as_ref(), &geometry)?)?;
    let schema = metadata.schema();
    let columns: Vec<String> = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
    checker.columns(&columns)?;
    let wanted = checker.wanted();
    let projection = projection(schema, &geometry, &wanted)?;
    let rows = reader
        .get_row_iter(Some(projection))
        .map_err(|error| damaged(format!("the rows cannot be read: {error}")))?;
    let mut cells = vec![Cell::Empty; wanted.len()];
    let mut number = 0;
    for row in rows {
        number += 1;
        let row = row.map_err(|error| {
            Stop::from(Refusal::new("file_damaged", format!("the row cannot be read: {error}")).at(number))
        })?;
        let mut blob = None;
        cells.fill(Cell::Empty);
        for (name, field) in row.get_column_iter() {
            if *name == geometry
                && let Field::Bytes(bytes) = field
            {
                blob = Some(bytes.data());
            } else if let Some(place) = wanted.iter().position(|wanted| wanted.name == *name) {
                cells[place] = cell(field);
            }
        }
        checker.row(number, &cells, blob.map_or(RawGeometry::None, RawGeometry::Wkb))?;
    }
    Ok(())
}

/// What the `geo` metadata say; a missing `crs` means longitude and latitude, `null` means unknown.
fn declared(geo: Option<&serde_json::Value>, geometry: &str) -> Result<Option<DeclaredCrs>, Stop> {
    let Some(geo) = geo else { return Ok(None) };
    let column = &geo["columns"][geometry];
    if let Some(encoding) = column["encoding"].as_str()
        && encoding != "WKB"
    {
        let message = format!("the geometry is encoded as {encoding}: write it as WKB");
        return Err(Refusal::new("format", message).into());
    }
    let Some(crs) = column.get("crs") else { return Ok(Some(DeclaredCrs::Known(Crs::Wgs84))) };
    let id = &crs["id"];
    Ok(match (id["authority"].as_str(), id["code"].as_u64().and_then(|code| u32::try_from(code).ok())) {
        (Some("EPSG"), Some(number)) => Some(DeclaredCrs::Known(Crs::from_epsg(number))),
        (Some("OGC"), _) => Some(DeclaredCrs::Known(Crs::Wgs84)),
        _ => crs["name"].as_str().map(|name| DeclaredCrs::Unknown(name.to_owned())),
    })
}

fn projection(schema: &Type, geometry: &str, wanted: &[Wanted]) -> Result<Type, Stop> {
    let fields = schema
        .get_fields()
        .iter()
        .filter(|field| field.name() == geometry || wanted.iter().any(|wanted| wanted.name == field.name()))
        .map(Arc::clone)
        .collect();
    Type::group_type_builder(schema.name())
        .with_fields(fields)
        .build()
        .map_err(|error| damaged(format!("the columns cannot be read: {error}")))
}

fn cell(field: &Field) -> Cell<'static> {
    match field {
        Field::Null | Field::Bytes(_) => Cell::Empty,
        Field::Bool(flag) => Cell::Bool(*flag),
        Field::Byte(number) => Cell::Int(i64::from(*number)),
        Field::Short(number) => Cell::Int(i64::from(*number)),
        Field::Int(number) => Cell::Int(i64::from(*number)),
        Field::Long(number) => Cell::Int(*number),
        Field::UByte(number) => Cell::Int(i64::from(*number)),
        Field::UShort(number) => Cell::Int(i64::from(*number)),
        Field::UInt(number) => Cell::Int(i64::from(*number)),
        // Tables made in Python keep whole numbers with gaps as decimals, and gaps as NaN.
        Field::Float(number) if number.is_nan() => Cell::Empty,
        Field::Double(number) if number.is_nan() => Cell::Empty,
        Field::Float(number) => Cell::Float(f64::from(*number)),
        Field::Double(number) => Cell::Float(*number),
        Field::Str(text) => Cell::text(text.clone()),
        Field::Date(days) => jiff::Span::new()
            .try_days(*days)
            .and_then(|days| jiff::civil::Date::constant(1970, 1, 1).checked_add(days))
            .map_or(Cell::Empty, |date| Cell::text(date.to_string())),
        Field::TimestampMillis(milliseconds) => jiff::Timestamp::from_millisecond(*milliseconds)
            .map_or(Cell::Empty, |time| Cell::text(time.to_string())),
        Field::TimestampMicros(microseconds) => jiff::Timestamp::from_microsecond(*microseconds)
            .map_or(Cell::Empty, |time| Cell::text(time.to_string())),
        Field::ListInternal(list) => {
            let parts: Vec<String> = list
                .elements()
                .iter()
                .filter_map(|item| cell(item).as_text().map(std::borrow::Cow::into_owned))
                .collect();
            Cell::text(parts.join(";"))
        }
        other => Cell::text(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_no_calendar_has_is_empty() {
        assert_eq!(cell(&Field::Date(-1)), Cell::text("1969-12-31"));
        for days in [i32::MIN, i32::MAX] {
            assert_eq!(cell(&Field::Date(days)), Cell::Empty);
        }
    }
}
