//! Shapefiles, plain or in a zip: .shp with .dbf, .prj and .cpg beside it.

mod dbf;
mod shp;
mod zip_archive;

use std::fs;
use std::path::{Path, PathBuf};

pub(super) use self::zip_archive::check_bounds;

use self::dbf::Table;
use self::shp::Shapes;
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Stop, damaged};

/// Reads a Shapefile.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let zipped = job.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    if !zipped {
        return read_plain(job, &job.path, checker);
    }
    let scratch = job.scratch.as_deref().ok_or_else(|| damaged("there is no folder to unpack into"))?;
    let path = zip_archive::unpack(&job.path, scratch, job.mapping.layer.as_deref())?;
    read_plain(job, &path, checker)
}

fn read_plain(job: &ReadJob, path: &Path, checker: &mut RowChecker<'_>) -> Reading {
    let prj = sibling(path, "prj").and_then(|path| fs::read(path).ok());
    let declared = prj.map(|text| DeclaredCrs::Text(String::from_utf8_lossy(&text).into_owned()));
    checker.declare_crs(declared)?;
    let code_page = sibling(path, "cpg").and_then(|path| fs::read_to_string(path).ok());
    let mut table = match sibling(path, "dbf") {
        Some(dbf) => Some(Table::open(&dbf, job.mapping.encoding.as_deref(), code_page.as_deref(), checker)?),
        None => None,
    };
    let columns = table.as_ref().map(Table::columns).unwrap_or_default();
    checker.columns(&columns)?;
    let places: Vec<Option<usize>> = checker
        .wanted()
        .iter()
        .map(|wanted| columns.iter().position(|column| *column == wanted.name))
        .collect();
    let mut shapes = Shapes::open(path)?;
    let mut row = 0;
    while let Some(record) = shapes.next(row + 1)? {
        row += 1;
        let attributes = match &mut table {
            None => Vec::new(),
            Some(table) => table.record(row)?.ok_or_else(|| missing_attributes(row))?,
        };
        let cell = |place: &Option<usize>| {
            place.and_then(|place| attributes.get(place).cloned()).unwrap_or(Cell::Empty)
        };
        let cells: Vec<Cell<'_>> = places.iter().map(cell).collect();
        let geometry = record.shape.map_or(RawGeometry::None, RawGeometry::Shape);
        checker.row(row, &cells, geometry)?;
    }
    Ok(())
}

fn missing_attributes(row: u64) -> Stop {
    Refusal::new(
        "file_damaged",
        "the .dbf has fewer rows than the .shp: it is cut off or belongs to another file",
    )
    .at(row)
    .into()
}

/// The file of the same name with another ending, whatever its case.
fn sibling(path: &Path, extension: &str) -> Option<PathBuf> {
    [extension.to_owned(), extension.to_ascii_uppercase()]
        .iter()
        .map(|extension| path.with_extension(extension))
        .find(|path| path.is_file())
}
