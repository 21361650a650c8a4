//! The reader agrees with what the 74 fixtures of the format say about themselves.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use cim_testkit::mvt::{self, Geometry, Reading, Severity, TileValue};
use serde_json::Value;

/// Fixtures with which the reader does not agree, and why.
const DISAGREES: &[(&str, &str)] = &[
    ("016", "has no type field, exactly like 003, which calls that an error: the two contradict each other"),
    ("057", "counts 536,870,911 points and holds one: 051, 052 and 058 call that fatal"),
];

struct Fixture {
    name: String,
    info: Value,
    json: Value,
    tile: Vec<u8>,
}

fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/mvt");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let json = |path: PathBuf| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    folders
        .iter()
        .map(|folder| Fixture {
            name: folder.file_name().unwrap().to_string_lossy().into_owned(),
            info: json(folder.join("info.json")),
            json: json(folder.join("tile.json")),
            tile: fs::read(folder.join("tile.mvt")).unwrap(),
        })
        .collect()
}

fn is_agreed(fixture: &Fixture, reading: &Reading) -> bool {
    let worst = reading.worst();
    let validity = &fixture.info["validity"];
    match (validity["v2"].as_bool().unwrap(), validity["error"].as_str()) {
        (true, _) => worst.is_none_or(|worst| worst == Severity::Odd),
        (false, Some("fatal")) => worst == Some(Severity::Fatal),
        (false, Some("recoverable")) => worst == Some(Severity::Recoverable),
        (false, _) => worst.is_some_and(|worst| worst > Severity::Odd),
    }
}

#[test]
fn every_fixture_is_read_or_refused_as_it_says() {
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 74);
    let mut wrong = Vec::new();
    for fixture in &fixtures {
        let reading = mvt::read(&fixture.tile);
        let excused = DISAGREES.iter().any(|(name, _)| *name == fixture.name);
        if is_agreed(fixture, &reading) == excused {
            wrong.push(format!("{} {}: {:?}", fixture.name, fixture.info["validity"], reading.findings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_valid_is_read_as_its_json_says() {
    let mut features = 0;
    for fixture in fixtures().iter().filter(|fixture| fixture.info["validity"]["v2"] == true) {
        let reading = mvt::read(&fixture.tile);
        if DISAGREES.iter().any(|(name, _)| *name == fixture.name) {
            continue;
        }
        let none = Vec::new();
        let wanted = fixture.json["layers"].as_array().unwrap_or(&none);
        assert_eq!(reading.layers.len(), wanted.len(), "{}", fixture.name);
        for (layer, wanted) in reading.layers.iter().zip(wanted) {
            assert_eq!(layer.name, wanted["name"].as_str().unwrap());
            let wanted_features = wanted["features"].as_array().unwrap();
            assert_eq!(layer.features.len(), wanted_features.len(), "{}", fixture.name);
            for (feature, wanted_feature) in layer.features.iter().zip(wanted_features) {
                features += 1;
                assert_eq!(feature.id, wanted_feature["id"].as_u64(), "{}", fixture.name);
                check_tags(wanted, wanted_feature, &feature.attributes);
                let kind = match feature.geometry {
                    Geometry::Unknown => 0,
                    Geometry::Points(_) => 1,
                    Geometry::Lines(_) => 2,
                    Geometry::Polygons(_) => 3,
                };
                assert_eq!(Some(kind), wanted_feature["type"].as_u64().or(Some(0)), "{}", fixture.name);
            }
        }
    }
    assert!(features > 60, "{features}");
}

fn check_tags(layer: &Value, feature: &Value, attributes: &std::collections::BTreeMap<String, TileValue>) {
    let tags: Vec<usize> = serde_json::from_value(feature["tags"].clone()).unwrap();
    assert_eq!(tags.len(), attributes.len() * 2);
    for [key, value] in tags.as_chunks::<2>().0 {
        let read = &attributes[layer["keys"][key].as_str().unwrap()];
        let wanted = layer["values"][value].as_object().unwrap().values().next().unwrap();
        let is_equal = match read {
            // One fixture's JSON has a number where its tile has a text.
            TileValue::Text(text) => wanted == text.as_str() || text.parse().ok() == wanted.as_i64(),
            TileValue::Bool(yes) => wanted == *yes,
            TileValue::Int(number) => wanted.as_f64() == Some(f64::from(i32::try_from(*number).unwrap())),
            TileValue::Uint(number) => wanted.as_u64() == Some(*number),
            TileValue::Float(number) => (wanted.as_f64().unwrap() - f64::from(*number)).abs() < 1e-5,
            TileValue::Double(number) => (wanted.as_f64().unwrap() - number).abs() < 1e-12,
        };
        assert!(is_equal, "{read:?} is not {wanted}");
    }
}

#[test]
fn a_tile_cut_off_anywhere_is_read_without_panic() {
    for fixture in fixtures() {
        for length in 0..fixture.tile.len() {
            let _shown = mvt::read(&fixture.tile[..length]);
        }
    }
}
