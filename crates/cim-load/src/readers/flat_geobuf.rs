//! FlatGeobuf, read from its first feature to its last.

use std::io::BufReader;

use cim_crs::Crs;
use flatgeobuf::{FallibleStreamingIterator, FgbReader};

use super::flat_geobuf_properties::{Column, cells};
use super::flat_geobuf_shape::shape;
use super::open;
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{DeclaredCrs, RawGeometry, Reading, Refusal, Stop, damaged};

/// Reads the features.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    super::flat_geobuf_sizes::check(&job.path)?;
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
    let kind = header.geometry_type();
    let wanted = checker.wanted();
    let mut names = Vec::new();
    let mut columns = Vec::new();
    for column in header.columns().into_iter().flatten() {
        let place = wanted.iter().position(|wanted| wanted.name == column.name());
        columns.push(Column { kind: column.type_(), place });
        names.push(column.name().to_owned());
    }
    checker.columns(&names)?;
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
        let properties = feature.fbs_feature().properties();
        let properties = properties.map(|properties| properties.bytes()).unwrap_or_default();
        let cells = cells(properties, &columns, wanted.len()).map_err(refuse)?;
        let geometry = match feature.geometry() {
            None => RawGeometry::None,
            Some(stored) => RawGeometry::Shape(shape(&stored, kind).map_err(refuse)?),
        };
        checker.row(row, &cells, geometry)?;
    }
}
