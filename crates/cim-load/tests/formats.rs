//! The same two buildings in every format give the same two rows.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are outside #[test]")]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

use cim_load::Outcome;
use cim_model::{Collection, Record, Value};
use geo_types::Geometry;
use support::{Loader, readable, rows};

const BUILDINGS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"b1","name":"一号楼","height_m":12.5,"floors_above":4},"geometry":{"type":"Polygon","coordinates":[[[121.01,31.01],[121.0101,31.01],[121.0101,31.0101],[121.01,31.0101],[121.01,31.01]]]}},
{"type":"Feature","properties":{"code":"b2","name":null,"height_m":null,"floors_above":null},"geometry":{"type":"Polygon","coordinates":[[[121.02,31.01],[121.0201,31.01],[121.0201,31.0101],[121.02,31.0101],[121.02,31.01]]]}}
]}"#;

/// Writes the buildings in another format; `false` where `ogr2ogr` is not installed.
fn converted(folder: &Path, to: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new("ogr2ogr");
    command.args(arguments).arg(folder.join(to)).arg(folder.join("from.geojson"));
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn sorted(mut records: Vec<Record>) -> Vec<(String, Vec<Value>)> {
    let spec = Collection::Building.spec();
    let mut keyed: Vec<(String, Vec<Value>)> = records
        .drain(..)
        .map(|mut record| {
            let place = spec.position("geom").unwrap();
            // Which corner comes first and which way round is the format's affair.
            if let Value::Geometry(geometry) = &record.values[place] {
                record.values[place] = Value::Text(corners(geometry));
            }
            (format!("{:?}", record.values[0]), record.values)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed
}

fn corners(geometry: &Geometry<f64>) -> String {
    let parts = match geometry {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(parts) => parts.0.clone(),
        other => panic!("{other:?}"),
    };
    let mut corners: Vec<String> = parts
        .iter()
        .flat_map(|part| part.exterior().0.iter().skip(1))
        .map(|corner| format!("{:.7} {:.7}", corner.x, corner.y))
        .collect();
    corners.sort();
    corners.join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_gives_the_same_rows() {
    let reference = Loader::new(&[
        ("city.toml", "city = 'a'\n[[source]]\ncollection = 'building'\nfile = 'from.geojson'\n"),
        ("from.geojson", BUILDINGS),
    ])
    .await;
    let report = reference.load().await;
    assert_eq!(report.outcome, Outcome::Loaded, "{}", readable(&report));
    let expected = sorted(rows(&reference, Collection::Building).await);
    assert_eq!(expected.len(), 2);
    let shapefile = "[source.fields]\nfloors_above = 'floors_abo'";
    for (name, arguments, extra) in [
        ("b.gpkg", &["-f", "GPKG"][..], ""),
        ("b.fgb", &["-f", "FlatGeobuf", "-nlt", "MULTIPOLYGON"], ""),
        ("b.geojsonl", &["-f", "GeoJSONSeq", "-lco", "RS=YES"], ""),
        ("b.shp", &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"], shapefile),
        ("b-gbk.shp", &["-f", "ESRI Shapefile", "-lco", "ENCODING=CP936"], shapefile),
        ("b.csv", &["-f", "CSV", "-lco", "GEOMETRY=AS_WKT", "-lco", "GEOMETRY_NAME=geom"], "crs = 'wgs84'"),
        ("b.gml", &["-f", "GML"], "crs = 'wgs84'"),
    ] {
        let pack = format!("city = 'a'\n[[source]]\ncollection = 'building'\nfile = '{name}'\n{extra}\n");
        let loader = Loader::new(&[("city.toml", &pack), ("from.geojson", BUILDINGS)]).await;
        if !converted(loader.path(), name, arguments) {
            println!("{name} did not run: ogr2ogr is not installed or has no such driver");
            continue;
        }
        let report = loader.load().await;
        assert_eq!(report.outcome, Outcome::Loaded, "{name}: {}", readable(&report));
        assert_eq!(sorted(rows(&loader, Collection::Building).await), expected, "{name}");
        assert!(loader.load().await.changed_nothing(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_read_like_a_table() {
    let points = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"001","name":"东站","kind":"station","lon":121.1,"lat":31.5},"geometry":null},
{"type":"Feature","properties":{"code":"002","name":"西站","kind":"station","lon":121.2,"lat":31.5},"geometry":null}]}"#;
    let pack = "city = 'a'\n[[source]]\ncollection = 'place'\nfile = 'b.xlsx'\ncrs = 'cgcs2000'\n";
    let loader = Loader::new(&[("city.toml", pack), ("from.geojson", points)]).await;
    if !converted(loader.path(), "b.xlsx", &["-f", "XLSX"]) {
        println!("did not run: ogr2ogr is not installed or has no such driver");
        return;
    }
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Loaded, "{}", readable(&report));
    let names: Vec<String> =
        rows(&loader, Collection::Place).await.iter().map(|place| format!("{:?}", place.values[1])).collect();
    assert!(names.contains(&"Text(\"东站\")".to_owned()), "{names:?}");
}
