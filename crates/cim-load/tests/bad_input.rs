//! Files that are broken, mislabelled or made to do harm: each is refused with a message that names the file, and the database stays as it was.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are outside #[test]")]

mod support;

use std::io::Write;

use cim_load::{LoadReport, Outcome};
use cim_model::{Collection, Finding};
use support::{Loader, data_root, readable, stored};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Loads one file of buildings and expects it to be refused by a rule; answers with the finding.
async fn refused(name: &str, bytes: &[u8], extra: &str, rule: &str) -> Finding {
    let pack = format!("city = 'a'\n[[source]]\ncollection = 'building'\nfile = '{name}'\n{extra}\n");
    let loader = Loader::new(&[("city.toml", &pack)]).await;
    loader.write_bytes(name, bytes);
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Refused, "{name}: {}", readable(&report));
    assert_eq!(stored(&loader, Collection::Building).await, 0);
    finding(&report, rule).clone()
}

fn finding<'r>(report: &'r LoadReport, rule: &str) -> &'r Finding {
    let found = report.findings.iter().find(|finding| finding.rule == rule);
    found.unwrap_or_else(|| panic!("{rule}: {}", readable(report)))
}

/// A Shapefile of squares, its attributes in an encoding of choice.
fn shapefile(count: usize) -> Vec<u8> {
    let mut records = Vec::new();
    for number in 0..count {
        let x = 121.0 + f64::from(u32::try_from(number).unwrap()) * 0.01;
        let ring = [(x, 31.0), (x, 31.001), (x + 0.001, 31.001), (x + 0.001, 31.0), (x, 31.0)];
        let mut content = 5_u32.to_le_bytes().to_vec();
        content.extend([0; 32]);
        content.extend(1_u32.to_le_bytes());
        content.extend(5_u32.to_le_bytes());
        content.extend(0_u32.to_le_bytes());
        for (x, y) in ring {
            content.extend(x.to_le_bytes());
            content.extend(f64::to_le_bytes(y));
        }
        records.extend(u32::try_from(number + 1).unwrap().to_be_bytes());
        records.extend(u32::try_from(content.len() / 2).unwrap().to_be_bytes());
        records.extend(content);
    }
    let mut file = 9994_u32.to_be_bytes().to_vec();
    file.extend([0; 20]);
    file.extend(u32::try_from(50 + records.len() / 2).unwrap().to_be_bytes());
    file.extend(1000_u32.to_le_bytes());
    file.extend(5_u32.to_le_bytes());
    file.resize(100, 0);
    file.extend(records);
    file
}

const ROW_NUMBERS: &str = "crs = 'cgcs2000'\n[source.fields]\ncode = { row_number = true, prefix = 'b' }";

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_shapefile_is_loaded() {
    let pack = format!("city = 'a'\n[[source]]\ncollection = 'building'\nfile = 'b.shp'\n{ROW_NUMBERS}\n");
    let loader = Loader::new(&[("city.toml", &pack)]).await;
    loader.write_bytes("b.shp", &shapefile(5));
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Loaded, "{}", readable(&report));
    assert_eq!(stored(&loader, Collection::Building).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_shapefile_is_refused_at_the_row_that_is_cut() {
    let whole = shapefile(5);
    let found = refused("b.shp", &whole[..whole.len() - 30], ROW_NUMBERS, "file_damaged").await;
    assert_eq!((found.file.as_deref(), found.row), (Some("b.shp"), Some(5)));
    assert!(found.message.contains("cut off"), "{}", found.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wkb_that_claims_four_billion_points_is_refused_at_its_row() {
    let text = "code,geom\nb1,0102000000ffffffff0000000000000000000000000000000000000000000000000000000000\n";
    let found = refused("b.csv", text.as_bytes(), "crs = 'wgs84'", "geometry_unreadable").await;
    assert_eq!((found.file.as_deref(), found.row), (Some("b.csv"), Some(1)));
    assert!(found.message.contains("4294967295"), "{}", found.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_bomb_is_refused_while_it_swells() {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    archive.start_file("b.shp", options).unwrap();
    archive.write_all(&shapefile(1)).unwrap();
    archive.start_file("b.dbf", options).unwrap();
    for _ in 0..64 {
        archive.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    let found = refused("b.zip", &bytes, ROW_NUMBERS, "archive_bomb").await;
    assert_eq!(found.file.as_deref(), Some("b.zip"));
}

/// A workbook of one sheet: the rows of its XML, and its texts.
fn workbook(rows: &str, texts: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    for (name, text) in [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships><Relationship Id="r0" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ("xl/sharedStrings.xml", texts.to_owned()),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_with_a_row_behind_its_heading_is_refused() {
    let cell = |place: &str, text: &str| format!(r#"<c r="{place}" t="str"><v>{text}</v></c>"#);
    let rows =
        format!(r#"<row r="9">{}</row><row r="2">{}</row>"#, cell("A9", "wkt"), cell("A2", "POINT(121 31)"));
    let found = refused("b.xlsx", &workbook(&rows, "<sst/>"), ROW_NUMBERS, "file_damaged").await;
    assert!(found.message.contains("behind the heading"), "{}", found.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_that_claims_four_billion_texts_is_refused() {
    let texts = r#"<sst uniqueCount="4294967295"><si><t>a</t></si></sst>"#;
    let found = refused("b.xlsx", &workbook("", texts), ROW_NUMBERS, "file_damaged").await;
    assert!(found.message.contains("4294967295"), "{}", found.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_of_a_library_is_a_refusal_of_the_file() {
    let bytes = include_bytes!("../../../tests/fuzz/corpus/osm_pbf/unknown_member_type.pbf");
    let extra = format!("where = {{ building = '*' }}\n{}", ROW_NUMBERS.replace("cgcs2000", "wgs84"));
    let found = refused("b.osm.pbf", bytes, &extra, "parser_failed").await;
    assert_eq!(found.file.as_deref(), Some("b.osm.pbf"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_no_database_can_hold_is_named_with_its_row() {
    let text = "code,name,geom\nb1,a\0b,\"POLYGON((121 31,121.1 31,121.1 31.1,121 31))\"\n";
    let found = refused("b.csv", text.as_bytes(), "crs = 'wgs84'", "zero_character").await;
    assert_eq!(found.row, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_coordinate_system_is_refused_with_the_names_that_are_known() {
    let square = "code,geom\nb1,\"POLYGON((121 31,121.1 31,121.1 31.1,121 31))\"\n";
    for (extra, said) in [("", "write crs"), ("crs = 'epsg:99999'", "99999")] {
        let found = refused("b.csv", square.as_bytes(), extra, "crs_unknown").await;
        assert!(found.message.contains(said), "{}", found.message);
    }
    let named = "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:local:secret\"}},\
                 \"features\":[{\"type\":\"Feature\",\"properties\":{\"code\":\"b1\"},\"geometry\":null}]}";
    let found = refused("b.geojson", named.as_bytes(), "", "crs_unknown").await;
    assert_eq!(found.value.as_deref(), Some("urn:local:secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_what_their_name_says_are_refused() {
    for name in [
        "b.gpkg",
        "b.fgb",
        "b.parquet",
        "b.xlsx",
        "b.osm.pbf",
        "b.city.json",
        "b.zip",
        "b.geojson",
        "b.jsonl",
        "b.shp",
    ] {
        for bytes in [&b""[..], b"this is no such file, whatever its name says; it is only text\n"] {
            let pack = format!(
                "city = 'a'\n[[source]]\ncollection = 'building'\nfile = '{name}'\nwhere = {{ building = '*' }}\n{ROW_NUMBERS}\n"
            );
            let loader = Loader::new(&[("city.toml", &pack)]).await;
            loader.write_bytes(name, bytes);
            let report = loader.load().await;
            // An empty sequence of lines is a whole file without rows, but not what a pack wants.
            if report.outcome == Outcome::Loaded {
                assert!(name == "b.jsonl", "{name}: {}", readable(&report));
                continue;
            }
            assert_eq!(report.findings[0].file.as_deref(), Some(name), "{}", readable(&report));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_files_cut_anywhere_are_refused_and_leave_nothing() {
    let Some(root) = data_root().filter(|root| root.is_dir()) else {
        println!("did not run: set CIM_TEST_DATA to the folder of the real files");
        return;
    };
    for (file, name, keep) in [
        ("buildings/nyc_buildings.parquet", "b.parquet", 0.7),
        ("buildings/liechtenstein_2013.osm.pbf", "b.osm.pbf", 0.7),
        ("cityjson/DenHaag_01.city.json", "b.city.json", 0.7),
        ("cityjson/vienna.city.jsonl", "b.city.jsonl", 0.701),
        ("admin/nantong_wgs84.geojson", "b.geojson", 0.7),
        ("inspections/street_shapefile.zip", "b.zip", 0.7),
    ] {
        let bytes = std::fs::read(root.join(file)).unwrap();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a test file's length"
        )]
        let end = (bytes.len() as f64 * keep) as usize;
        let extra = format!("reject = 'rows'\nwhere = {{ }}\n{}", ROW_NUMBERS.replace("cgcs2000", "wgs84"));
        let extra = if name.ends_with("pbf") { extra.replace("{ }", "{ building = '*' }") } else { extra };
        let found = refused(name, &bytes[..end], &extra, "file_damaged").await;
        assert_eq!(found.file.as_deref(), Some(name));
    }
}
