//! `GeoPackage`: one feature table of an `SQLite` file.

use cim_crs::Crs;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Stop, damaged};

fn broken(error: &rusqlite::Error) -> Stop {
    damaged(format!("the GeoPackage cannot be read: {error}"))
}

/// Reads the layer that the pack names, or the only one.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&job.path, flags).map_err(|error| broken(&error))?;
    // A file may bring views and triggers of its own: they get no functions to call.
    connection.pragma_update(None, "trusted_schema", "off").map_err(|error| broken(&error))?;
    let layer = choose_layer(&connection, job.mapping.layer.as_deref())?;
    checker.declare_crs(declared(&connection, layer.srs_id)?)?;
    let columns = columns_of(&connection, &layer.table)?;
    checker.columns(&columns)?;
    let wanted = checker.wanted();
    let selected: Vec<String> = std::iter::once(layer.geometry.clone())
        .chain(wanted.iter().map(|wanted| wanted.name.clone()))
        .map(|name| if columns.contains(&name) { quoted(&name) } else { "null".to_owned() })
        .collect();
    let text = format!("select {} from {}", selected.join(", "), quoted(&layer.table));
    let mut statement = connection.prepare(&text).map_err(|error| broken(&error))?;
    let mut rows = statement.query([]).map_err(|error| broken(&error))?;
    let mut number = 0;
    loop {
        let at = |error: rusqlite::Error| {
            Stop::from(
                Refusal::new("file_damaged", format!("the row cannot be read: {error}")).at(number + 1),
            )
        };
        let Some(row) = rows.next().map_err(at)? else { return Ok(()) };
        let mut cells = Vec::with_capacity(wanted.len());
        for place in 1..=wanted.len() {
            cells.push(cell(row.get_ref(place).map_err(at)?));
        }
        let geometry = match row.get_ref(0).map_err(at)? {
            ValueRef::Blob(blob) => well_known(blob),
            _ => RawGeometry::None,
        };
        number += 1;
        checker.row(number, &cells, geometry)?;
    }
}

struct Layer {
    table: String,
    geometry: String,
    srs_id: i64,
}

fn choose_layer(connection: &Connection, named: Option<&str>) -> Result<Layer, Stop> {
    let mut statement = connection
        .prepare("select table_name, column_name, srs_id from gpkg_geometry_columns order by table_name")
        .map_err(|error| broken(&error))?;
    let layers = statement
        .query_map([], |row| Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, srs_id: row.get(2)? }))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| broken(&error))?;
    let found: Vec<&str> = layers.iter().map(|layer| layer.table.as_str()).collect();
    let message = format!("name one of the file's layers with layer = : {}", found.join(", "));
    let mut fitting = layers.into_iter().filter(|layer| named.is_none_or(|named| named == layer.table));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Refusal::new("layer_missing", message).into()),
    }
}

fn declared(connection: &Connection, srs_id: i64) -> Result<Option<DeclaredCrs>, Stop> {
    let found: Option<(String, i64, String)> = connection
        .query_row(
            "select organization, organization_coordsys_id, definition from gpkg_spatial_ref_sys where srs_id = ?1",
            [srs_id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()
        .map_err(|error| broken(&error))?;
    Ok(found.and_then(|(organization, number, definition)| {
        if organization.eq_ignore_ascii_case("epsg") {
            u32::try_from(number).ok().map(|number| DeclaredCrs::Known(Crs::from_epsg(number)))
        } else if definition.contains('[') {
            Some(DeclaredCrs::Text(definition))
        } else {
            None
        }
    }))
}

fn columns_of(connection: &Connection, table: &str) -> Result<Vec<String>, Stop> {
    let mut statement =
        connection.prepare("select name from pragma_table_info(?1)").map_err(|error| broken(&error))?;
    statement.query_map([table], |row| row.get(0)).and_then(Iterator::collect).map_err(|error| broken(&error))
}

/// An identifier of the file's own, quoted as SQL wants it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Cell::Empty,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Float(number),
        ValueRef::Text(bytes) => Cell::text(String::from_utf8_lossy(bytes)),
    }
}

/// The well-known binary behind a GeoPackage's own header.
fn well_known(blob: &[u8]) -> RawGeometry<'_> {
    const ENVELOPE_BYTES: [usize; 5] = [0, 32, 48, 48, 64];
    let Some(flags) = blob.get(3).filter(|_| blob.starts_with(b"GP")) else { return RawGeometry::Wkb(blob) };
    if flags & 0x10 != 0 {
        return RawGeometry::None;
    }
    let envelope = ENVELOPE_BYTES.get(usize::from(flags >> 1 & 7)).copied().unwrap_or(0);
    RawGeometry::Wkb(blob.get(8 + envelope..).unwrap_or_default())
}
