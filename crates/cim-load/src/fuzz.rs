//! Entrances for fuzzing: any bytes in the place of a file, a cell, a `city.toml` or what a parser process says.
//!
//! A target comes back whatever the bytes are, and holds what is read to what the rest of the loader relies on: every
//! row that a parser process would write is read again as it was.

use std::cell::Cell as ThreadCell;
use std::fs::File;
use std::io::{Cursor, Write as _};
use std::os::fd::AsRawFd as _;
use std::panic::{UnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::Once;

use cim_model::{Collection, CollectionSpec, Finding};
use rustix::fs::{MemfdFlags, memfd_create};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::check::{Batch, BatchOutput};
use crate::job::ReadJob;
use crate::pack::{FieldSource, Filter, Format, Mapping, Reject, parse_pack};
use crate::readers::{read_file, wkb, wkt};
use crate::row::Reading;
use crate::worker::{decode_rows, encode_rows, relay};

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[
    ("city_json", city_json),
    ("city_toml", city_toml),
    ("csv", csv),
    ("flat_geobuf", flat_geobuf),
    ("geojson", geojson),
    ("geopackage", geopackage),
    ("geoparquet", geoparquet),
    ("osm_pbf", osm_pbf),
    ("parser_frames", parser_frames),
    ("shapefile", shapefile),
    ("wkb", wkb),
    ("wkt", wkt),
    ("xlsx", xlsx),
];

/// Well-known binary, as GeoPackage, GeoParquet and hexadecimal cells have it.
pub fn wkb(bytes: &[u8]) {
    if let Ok(shape) = wkb::parse_wkb(bytes) {
        // Two numbers a vertex, and at most two more for a ring that has to be closed: nothing is made up.
        let vertices = geo_vertices(&shape.geometry);
        assert!(vertices * 16 <= 3 * bytes.len(), "{vertices} vertices");
    }
}

/// Well-known text, as tables have it.
pub fn wkt(bytes: &[u8]) {
    let _ = wkt::parse_wkt(&String::from_utf8_lossy(bytes));
}

/// A `city.toml`.
pub fn city_toml(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        // A complaint names its line: the place must be one of the text.
        if let Err(complaint) = parse_pack(text) {
            assert!(complaint.at.start <= text.len(), "{}", complaint.message);
        }
    }
}

/// A table of cases, whose times have no zone, and the same as a table of buildings.
pub fn csv(bytes: &[u8]) {
    let times = Mapping { timezone: Some("Asia/Shanghai".to_owned()), ..lenient() };
    read_bytes(job(Format::Csv, Collection::Case, times, Some("wgs84")), bytes);
    read_bytes(job(Format::Csv, Collection::Building, numbered("code"), Some("epsg:4549")), bytes);
}

/// A collection of features, and the same as one feature a line.
pub fn geojson(bytes: &[u8]) {
    read_bytes(job(Format::GeoJson, Collection::Building, numbered("code"), None), bytes);
    read_bytes(job(Format::GeoJsonSeq, Collection::Water, numbered("code"), None), bytes);
}

/// A city model, and the same as one feature a line.
pub fn city_json(bytes: &[u8]) {
    read_bytes(job(Format::CityJson, Collection::Building, numbered("code"), None), bytes);
    read_bytes(job(Format::CityJsonSeq, Collection::Building, numbered("code"), None), bytes);
}

/// A workbook; bytes that are no archive are the parts of one, a zero byte between two: what compresses and checks
/// would keep changes from ever reaching the reader.
pub fn xlsx(bytes: &[u8]) {
    let job = job(Format::Xlsx, Collection::Camera, numbered("gb_id"), Some("wgs84"));
    if bytes.starts_with(b"PK") {
        read_bytes(job, bytes);
    } else if let Some(workbook) = workbook(bytes) {
        read_bytes(job, &workbook);
    }
}

const CONTENT_TYPES: &[u8] =
    br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const WORKBOOK: &[u8] = br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;

fn workbook(parts: &[u8]) -> Option<Vec<u8>> {
    let mut parts = parts.split(|byte| *byte == 0);
    let mut part =
        |usual: &'static [u8]| parts.next().filter(|part| !part.is_empty()).unwrap_or(usual).to_vec();
    let files = [
        ("xl/worksheets/sheet1.xml", part(b"<worksheet/>")),
        ("xl/sharedStrings.xml", part(b"<sst/>")),
        ("xl/styles.xml", part(b"<styleSheet/>")),
        ("xl/workbook.xml", part(WORKBOOK)),
        ("xl/_rels/workbook.xml.rels", part(RELATIONS)),
        ("[Content_Types].xml", part(CONTENT_TYPES)),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, options).ok()?;
        archive.write_all(&content).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}

/// An OpenStreetMap file: its areas, its lines, its points.
pub fn osm_pbf(bytes: &[u8]) {
    for (collection, key) in
        [(Collection::Building, "building"), (Collection::Road, "highway"), (Collection::Place, "place")]
    {
        let filter = Filter { column: key.to_owned(), any_of: vec!["*".to_owned()], none_of: Vec::new() };
        let mut mapping = Mapping { filters: vec![filter], ..lenient() };
        mapping.fields.insert("code".to_owned(), FieldSource::Column("@id".to_owned()));
        for (field, word) in [("class", "street"), ("kind", "poi")] {
            if collection.spec().position(field).is_some() {
                mapping.fields.insert(field.to_owned(), FieldSource::Constant(word.to_owned()));
            }
        }
        let job = job(Format::OsmPbf, collection, mapping, None);
        but_for_osmpbf(|| read_bytes(job, bytes));
    }
}

thread_local! {
    static PANICKED_IN_OSMPBF: ThreadCell<bool> = const { ThreadCell::new(false) };
}

/// osmpbf 0.3.8 panics on a relation's member of a type that it does not know, and where differences add up to more than a
/// number holds (only where overflows are checked); it offers no other way to them, and no report is known upstream. The
/// parser process makes a refusal of the panic, which a test of bad input shows. A fuzzer would end at it, so that panics
/// inside this one crate are left out.
fn but_for_osmpbf(work: impl FnOnce() + UnwindSafe) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            let known = ["/osmpbf-", "src/enum_or_unknown.rs"];
            let is_known =
                panic.location().is_some_and(|at| known.iter().any(|place| at.file().contains(place)));
            PANICKED_IN_OSMPBF.set(is_known);
            if !is_known {
                usual(panic);
            }
        }));
    });
    if let Err(cause) = catch_unwind(work)
        && !PANICKED_IN_OSMPBF.get()
    {
        resume_unwind(cause);
    }
}

/// A `FlatGeobuf` file.
pub fn flat_geobuf(bytes: &[u8]) {
    read_bytes(job(Format::FlatGeobuf, Collection::Building, numbered("code"), None), bytes);
}

/// A `GeoParquet` file.
pub fn geoparquet(bytes: &[u8]) {
    read_bytes(job(Format::GeoParquet, Collection::Building, numbered("code"), None), bytes);
}

/// A `GeoPackage` file.
pub fn geopackage(bytes: &[u8]) {
    let job = job(Format::GeoPackage, Collection::Building, numbered("code"), None);
    read_files(job, "b.gpkg", &[("b.gpkg", bytes)]);
}

/// A Shapefile in an archive, or its parts: after 4 bytes, which say how long the .shp and the .dbf are, come the .shp,
/// the .dbf and the .prj.
pub fn shapefile(bytes: &[u8]) {
    let crs = if bytes.len().is_multiple_of(2) { Some("epsg:4549") } else { None };
    let job = job(Format::Shapefile, Collection::Building, numbered("code"), crs);
    if bytes.starts_with(b"PK") {
        return read_files(job, "b.zip", &[("b.zip", bytes)]);
    }
    let Some((lengths, rest)) = bytes.split_first_chunk::<4>() else { return };
    let [a, b, c, d] = *lengths;
    let (shp, rest) = rest.split_at(usize::from(u16::from_le_bytes([a, b])).min(rest.len()));
    let (dbf, prj) = rest.split_at(usize::from(u16::from_le_bytes([c, d])).min(rest.len()));
    read_files(job, "b.shp", &[("b.shp", shp), ("b.dbf", dbf), ("b.prj", prj)]);
}

/// What a parser process says on its pipe.
pub fn parser_frames(bytes: &[u8]) {
    // A frame has at least five bytes: nothing ever waits for somebody to listen.
    let (sender, messages) = tokio::sync::mpsc::channel(bytes.len() / 5 + 1);
    relay(bytes, Collection::Building, &sender);
    drop(messages);
}

/// A mapping under which one bad row does not keep the reader from the next.
fn lenient() -> Mapping {
    Mapping { reject: Reject::Values, ..Mapping::default() }
}

fn numbered(key: &str) -> Mapping {
    let mut mapping = lenient();
    let number = FieldSource::RowNumber { prefix: "n".to_owned() };
    mapping.fields.insert(key.to_owned(), number);
    for (field, word) in [("class", "canal"), ("status", "online"), ("name", "a")] {
        mapping.values.entry(field.to_owned()).or_default().insert("*".to_owned(), word.to_owned());
    }
    mapping
}

fn job(format: Format, collection: Collection, mapping: Mapping, crs: Option<&str>) -> ReadJob {
    ReadJob {
        path: PathBuf::new(),
        shown: "file".to_owned(),
        format,
        collection: collection.name().to_owned(),
        crs: crs.map(str::to_owned),
        mapping,
        shift: None,
        scratch: None,
        memory_mib: 1024,
        cpu_s: 10,
    }
}

/// Reads bytes as a file that has no name on any disk.
fn read_bytes(mut job: ReadJob, bytes: &[u8]) {
    let held = memfd_create("file", MemfdFlags::CLOEXEC).expect("the system gives a file in memory");
    let mut file = File::from(held);
    file.write_all(bytes).expect("memory takes the bytes");
    job.path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    read(&job);
}

/// Reads a file for which others must lie beside it.
fn read_files(mut job: ReadJob, name: &str, files: &[(&str, &[u8])]) {
    let folder = tempfile::tempdir().expect("the system gives a folder");
    let put = |folder: &Path, name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes);
    for (name, bytes) in files.iter().filter(|(name, bytes)| !bytes.is_empty() || name.ends_with("shp")) {
        put(folder.path(), name, bytes).expect("the folder takes the file");
    }
    let scratch = tempfile::tempdir().expect("the system gives a folder");
    job.path = folder.path().join(name);
    job.scratch = Some(scratch.path().to_path_buf());
    read(&job);
}

fn read(job: &ReadJob) {
    let spec = job.collection().expect("a target names a collection").spec();
    let _ = read_file(job, &mut AcrossThePipe { spec });
}

/// Holds every batch to what the loader's side of the pipe makes of it.
struct AcrossThePipe {
    spec: &'static CollectionSpec,
}

impl BatchOutput for AcrossThePipe {
    fn batch(&mut self, batch: Batch) -> Reading {
        let mut bytes = Vec::new();
        encode_rows(&batch, &mut bytes);
        assert_eq!(decode_rows(&bytes, self.spec), Ok(batch), "the rows do not cross the pipe");
        Ok(())
    }

    fn finding(&mut self, finding: Finding) -> Reading {
        let text = serde_json::to_string(&finding).expect("a finding can be written");
        serde_json::from_str::<Finding>(&text).expect("a finding can be read");
        Ok(())
    }
}

fn geo_vertices(geometry: &geo_types::Geometry<f64>) -> usize {
    use geo_types::Geometry;
    let polygon = |polygon: &geo_types::Polygon<f64>| -> usize {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| ring.0.len()).sum()
    };
    match geometry {
        Geometry::Point(_) => 1,
        Geometry::LineString(line) => line.0.len(),
        Geometry::Polygon(one) => polygon(one),
        Geometry::MultiPoint(points) => points.0.len(),
        Geometry::MultiLineString(lines) => lines.0.iter().map(|line| line.0.len()).sum(),
        Geometry::MultiPolygon(polygons) => polygons.0.iter().map(polygon).sum(),
        _ => 0,
    }
}
