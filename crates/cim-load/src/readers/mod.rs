//! The readers, one a format: each hands on rows as it meets them and keeps none.

mod city_json;
mod csv_table;
mod encoding;
mod flat_geobuf;
mod flat_geobuf_properties;
mod flat_geobuf_shape;
mod flat_geobuf_sizes;
mod geojson;
mod geojson_feature;
mod geopackage;
mod geoparquet;
mod ogr;
mod osm;
mod shapefile;
mod string_claims;
pub(crate) mod wkb;
pub(crate) mod wkt;
mod xlsx;

use std::fs::File;
use std::path::Path;

use cim_crs::Crs;

use crate::check::{BatchOutput, RowChecker, Summary, refused};
use crate::job::ReadJob;
use crate::pack::Format;
use crate::row::{DeclaredCrs, Reading, Refusal, Stop};

/// Reads one file to its end, or to where it cannot be read further.
pub(crate) fn read_file(job: &ReadJob, output: &mut dyn BatchOutput) -> Result<Summary, Stop> {
    let refusal = match RowChecker::new(job, output) {
        Ok(mut checker) => {
            let outcome = read_rows(job, &mut checker);
            return checker.finish(outcome);
        }
        Err(refusal) => refusal,
    };
    let by_rule = [(refusal.rule.to_owned(), 1)].into();
    output.finding(refused(&job.shown, refusal))?;
    Ok(Summary { blocking: 1, by_rule, ..Summary::default() })
}

fn read_rows(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    match job.format {
        Format::Csv | Format::Tsv => csv_table::read(job, checker),
        Format::GeoJson => geojson::read(job, checker),
        Format::GeoJsonSeq => geojson::read_sequence(job, checker),
        Format::Shapefile => shapefile::read(job, checker),
        Format::GeoPackage => geopackage::read(job, checker),
        Format::FlatGeobuf => flat_geobuf::read(job, checker),
        Format::GeoParquet => geoparquet::read(job, checker),
        Format::Xlsx => xlsx::read(job, checker),
        Format::OsmPbf => osm::read(job, checker),
        Format::CityJson => city_json::read(job, checker),
        Format::CityJsonSeq => city_json::read_sequence(job, checker),
        Format::Ogr => ogr::read(job, checker),
    }
}

/// Opens a file for reading.
fn open(path: &Path) -> Result<File, Stop> {
    File::open(path).map_err(|error| {
        Refusal::new("file_unreadable", format!("the file cannot be opened: {error}")).into()
    })
}

/// What a name like `EPSG:4490`, `urn:ogc:def:crs:EPSG::4490` or `urn:ogc:def:crs:OGC:1.3:CRS84` says.
fn declared_by_name(name: &str) -> DeclaredCrs {
    let last = name.rsplit([':', '/']).next().unwrap_or_default();
    if last.eq_ignore_ascii_case("CRS84") || last.eq_ignore_ascii_case("CRS84h") {
        return DeclaredCrs::Known(Crs::Wgs84);
    }
    match last.parse() {
        Ok(number) if name.to_ascii_uppercase().contains("EPSG") => {
            DeclaredCrs::Known(Crs::from_epsg(number))
        }
        _ => DeclaredCrs::Unknown(name.to_owned()),
    }
}
