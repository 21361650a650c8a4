//! FlatGeobuf, read from its first feature to its last.

use std::collections::HashMap;
use std::io::BufReader;

use cim_crs::Crs;
use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};
use geozero::{ColumnValue, PropertyProcessor, ToGeo};

use super::open;
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Shape, Stop, damaged};

/// Reads the features.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let file = BufReader::with_capacity(1 << 18, open(&job.path)?);
    let reader =
        FgbReader::open(file).map_err(|error| damaged(format!("the file is no FlatGeobuf: {error}")))?;
    let header = reader.header();
    let declared = header.crs().and_then(|crs| match (u32::try_from(crs.code()), crs.wkt()) {
        (Ok(number), _) if number > 0 => Some(DeclaredCrs::Known(Crs::from_epsg(number))),
        (_, Some(wkt)) => Some(DeclaredCrs::Text(wkt.to_owned())),
        _ => None,
    });
    checker.declare_crs(declared)?;
    let columns: Vec<String> = header
        .columns()
        .map(|columns| columns.iter().map(|column| column.name().to_owned()).collect())
        .unwrap_or_default();
    checker.columns(&columns)?;
    let places: HashMap<String, usize> =
        checker.wanted().into_iter().enumerate().map(|(place, wanted)| (wanted.name, place)).collect();
    let mut features =
        reader.select_all_seq().map_err(|error| damaged(format!("the file cannot be read: {error}")))?;
    let mut row = 0;
    loop {
        row += 1;
        let refuse = |error: String| {
            Stop::from(Refusal::new("file_damaged", format!("the feature cannot be read: {error}")).at(row))
        };
        let Some(feature) = features.next().map_err(|error| refuse(error.to_string()))? else {
            return Ok(());
        };
        let mut cells = Cells { places: &places, cells: vec![Cell::Empty; places.len()] };
        feature.process_properties(&mut cells).map_err(|error| refuse(error.to_string()))?;
        let cells = cells.cells;
        let geometry = match feature.geometry() {
            None => RawGeometry::None,
            Some(_) => match feature.to_geo() {
                Ok(geometry) => RawGeometry::Shape(Shape::new(geometry)),
                Err(error) => return Err(refuse(error.to_string())),
            },
        };
        checker.row(row, &cells, geometry)?;
    }
}

struct Cells<'p> {
    places: &'p HashMap<String, usize>,
    cells: Vec<Cell<'static>>,
}

impl PropertyProcessor for Cells<'_> {
    fn property(&mut self, _: usize, name: &str, value: &ColumnValue<'_>) -> geozero::error::Result<bool> {
        if let Some(place) = self.places.get(name) {
            self.cells[*place] = cell(value);
        }
        Ok(false)
    }
}

fn cell(value: &ColumnValue<'_>) -> Cell<'static> {
    match value {
        ColumnValue::Byte(number) => Cell::Int(i64::from(*number)),
        ColumnValue::UByte(number) => Cell::Int(i64::from(*number)),
        ColumnValue::Bool(flag) => Cell::Bool(*flag),
        ColumnValue::Short(number) => Cell::Int(i64::from(*number)),
        ColumnValue::UShort(number) => Cell::Int(i64::from(*number)),
        ColumnValue::Int(number) => Cell::Int(i64::from(*number)),
        ColumnValue::UInt(number) => Cell::Int(i64::from(*number)),
        ColumnValue::Long(number) => Cell::Int(*number),
        ColumnValue::ULong(number) => i64::try_from(*number).map_or(Cell::Empty, Cell::Int),
        ColumnValue::Float(number) => Cell::Float(f64::from(*number)),
        ColumnValue::Double(number) => Cell::Float(*number),
        ColumnValue::String(text) | ColumnValue::Json(text) | ColumnValue::DateTime(text) => {
            Cell::text((*text).to_owned())
        }
        ColumnValue::Binary(_) => Cell::Empty,
    }
}
