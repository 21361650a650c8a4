//! One sheet of an Excel workbook, cell by cell: the sheet is never laid out as a rectangle, whose size a file may lie about.

use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::open;
use super::shapefile::check_bounds;
use super::string_claims::StringClaims;
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{Cell, RawGeometry, Reading, Refusal, Stop, damaged};

/// More columns than any table that people fill in.
const MOST_COLUMNS: usize = 1_024;

/// Reads the sheet that the pack names as `layer`, or the first; its first row is the heading.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let mut claims = StringClaims::default();
    check_bounds(&job.path, &mut claims)?;
    claims.check()?;
    let file = BufReader::new(open(&job.path)?);
    let mut book = Xlsx::new(file).map_err(|error| damaged(format!("the file is no workbook: {error}")))?;
    let names = book.sheet_names();
    let name = match &job.mapping.layer {
        Some(layer) => names.iter().find(|name| *name == layer),
        None => names.first(),
    };
    let Some(name) = name.cloned() else {
        return Err(Refusal::new(
            "layer_missing",
            format!("the workbook's sheets are: {}", names.join(", ")),
        )
        .into());
    };
    let mut sheet = book
        .worksheet_cells_reader(&name)
        .map_err(|error| damaged(format!("the sheet {name} cannot be read: {error}")))?;
    let mut rows = Rows {
        checker,
        columns: Vec::new(),
        places: Vec::new(),
        cells: Vec::new(),
        row: None,
        heading: None,
    };
    loop {
        let cell = sheet.next_cell().map_err(|error| {
            let row = rows.row.map_or(0, u64::from);
            Stop::from(
                Refusal::new("file_damaged", format!("the sheet cannot be read: {error}")).at(row.max(1)),
            )
        })?;
        let Some(cell) = cell else { break };
        let (row, column) = cell.get_position();
        let column = column as usize;
        if column < MOST_COLUMNS {
            rows.put(row, column, value_of(cell.get_value()))?;
        } else if *cell.get_value() != DataRef::Empty {
            let message = format!("a cell stands in column {}: at most {MOST_COLUMNS} are read", column + 1);
            return Err(Refusal::new("row_length", message).at(u64::from(row)).into());
        }
    }
    rows.flush()
}

/// Gathers the cells of one row at a time.
struct Rows<'c, 'o> {
    checker: &'c mut RowChecker<'o>,
    columns: Vec<String>,
    places: Vec<Option<usize>>,
    cells: Vec<Cell<'static>>,
    row: Option<u32>,
    heading: Option<u32>,
}

impl Rows<'_, '_> {
    fn put(&mut self, row: u32, column: usize, cell: Cell<'static>) -> Reading {
        if self.row != Some(row) {
            self.flush()?;
            if let Some(heading) = self.heading.filter(|heading| row <= *heading) {
                let message = format!("row {} stands behind the heading in row {}", row + 1, heading + 1);
                return Err(damaged(message));
            }
            self.row = Some(row);
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        self.cells[column] = cell;
        Ok(())
    }

    fn flush(&mut self) -> Reading {
        let cells = std::mem::take(&mut self.cells);
        let Some(row) = self.row.take() else { return Ok(()) };
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            return Ok(());
        }
        let Some(heading) = self.heading else {
            self.heading = Some(row);
            self.columns = cells
                .iter()
                .map(|cell| cell.as_text().map_or_else(String::new, std::borrow::Cow::into_owned))
                .collect();
            self.checker.columns(&self.columns)?;
            let place = |name: &String| self.columns.iter().position(|column| column == name);
            self.places = self.checker.wanted().iter().map(|wanted| place(&wanted.name)).collect();
            return Ok(());
        };
        let picked: Vec<Cell<'_>> = self
            .places
            .iter()
            .map(|place| place.and_then(|place| cells.get(place).cloned()).unwrap_or(Cell::Empty))
            .collect();
        self.checker.row(u64::from(row - heading), &picked, RawGeometry::None)
    }
}

fn value_of(value: &DataRef<'_>) -> Cell<'static> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Cell::Empty,
        DataRef::Int(number) => Cell::Int(*number),
        DataRef::Float(number) => Cell::Float(*number),
        DataRef::Bool(flag) => Cell::Bool(*flag),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::text(text.clone())
        }
        DataRef::SharedString(text) => Cell::text((*text).to_owned()),
        DataRef::DateTime(time) => moment(time),
    }
}

/// The days that Excel has a date for: up to the end of the year 9999.
const DAYS: std::ops::Range<f64> = 0.0..2_958_466.0;

/// Excel knows no zones: a time is local, a time at midnight is a day.
fn moment(time: &ExcelDateTime) -> Cell<'static> {
    if !time.is_datetime() || !DAYS.contains(&time.as_f64()) {
        return Cell::Float(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    Cell::text(if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    })
}
