//! Real files of real cities, each loaded as a pack of `tests/packs`. Without `CIM_TEST_DATA` these tests say that they did not run.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests are outside #[test]"
)]

mod support;

use std::path::PathBuf;

use cim_crs::{LonLat, near_distance_m};
use cim_load::{LoadReport, Outcome};
use cim_model::{Collection, Record, Value};
use geo_types::{Coord, Geometry, MultiPolygon};
use support::{Loader, data_root, readable, rows, stored};

/// A loader for the packs of real cities, or `None` where their files are not there.
async fn real_city() -> Option<Loader> {
    if data_root().is_none_or(|root| !root.is_dir()) {
        println!("did not run: set CIM_TEST_DATA to the folder of the real files");
        return None;
    }
    Some(Loader::new(&[]).await)
}

fn pack(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/packs").join(name)
}

async fn load(loader: &Loader, name: &str) -> LoadReport {
    let report = loader.load_folder(&pack(name)).await;
    println!("{name}\n{}", readable(&report));
    report
}

/// (read, new, changed, equal, removed)
fn counts(report: &LoadReport, collection: Collection) -> [u64; 5] {
    let one = report.collections.iter().find(|one| one.collection == collection.name()).unwrap();
    [one.read, one.loaded, one.changed, one.unchanged, one.removed]
}

fn text(record: &Record, collection: Collection, field: &str) -> String {
    match &record.values[collection.spec().position(field).unwrap()] {
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn geometry(record: &Record, collection: Collection) -> Option<&Geometry<f64>> {
    match &record.values[collection.spec().position("geom").unwrap()] {
        Value::Geometry(geometry) => Some(geometry),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_york_has_115355_buildings_and_a_second_load_changes_none() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "new-york").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::Building), [115_355, 115_355, 0, 0, 0]);
    let again = load(&loader, "new-york").await;
    assert_eq!(counts(&again, Collection::Building), [115_355, 0, 0, 115_355, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_york_has_119921_addresses_and_53340_roads() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "new-york-streets").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::Address)[0], 119_921);
    assert_eq!(counts(&report, Collection::Road)[0], 53_340);
}

#[tokio::test(flavor = "multi_thread")]
async fn monaco_is_read_from_openstreetmap() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "monaco").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    let [read, new, ..] = counts(&report, Collection::Building);
    assert!(read >= 23_373, "{read}");
    assert!(new * 1_000 >= read * 995, "{new} of {read}");
    assert!(load(&loader, "monaco").await.changed_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn liechtenstein_grows_from_date_to_date_by_repeated_loads() {
    let Some(loader) = real_city().await else { return };
    let mut before = 0;
    // Of the 8,998 building ways of 2015 two say that they are none, of the 14,009 of 2019 one. The file of 2013 has numbers of its own: it is
    // replaced as a whole.
    let dates = [
        ("liechtenstein-2013", 3_723, false),
        ("liechtenstein-2015", 8_996, false),
        ("liechtenstein-2019", 14_008, true),
    ];
    for (name, ways, keeps_numbers) in dates {
        let report = load(&loader, name).await;
        assert_eq!(report.outcome, Outcome::Loaded);
        let [read, new, changed, equal, removed] = counts(&report, Collection::Building);
        assert!(read >= ways, "{name}: {read}");
        assert_eq!(changed + equal + removed, before, "{name}: every stored row is met or removed");
        let now = stored(&loader, Collection::Building).await as u64;
        assert_eq!(now, before + new - removed, "{name}");
        assert_eq!(keeps_numbers, equal > before / 2, "{name}: most of a village stays as it is");
        before = now;
        assert!(load(&loader, name).await.changed_nothing(), "{name} a second time");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn amsterdam_is_481_cells_nested_in_8_districts() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "amsterdam").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::Town)[..2], [8, 8]);
    assert_eq!(counts(&report, Collection::ComprehensiveGrid)[..2], [481, 481]);
    let towns: Vec<String> = rows(&loader, Collection::Town)
        .await
        .iter()
        .map(|town| text(town, Collection::Town, "code"))
        .collect();
    for cell in rows(&loader, Collection::ComprehensiveGrid).await {
        let parent = text(&cell, Collection::ComprehensiveGrid, "parent_code");
        assert!(towns.contains(&parent), "{parent}");
    }
    assert!(load(&loader, "amsterdam").await.changed_nothing());
}

/// The border of Haimen as it is stored.
async fn haimen(loader: &Loader, code: &str) -> MultiPolygon<f64> {
    let districts = rows(loader, Collection::District).await;
    let district = districts.iter().find(|one| text(one, Collection::District, "code") == code).unwrap();
    match geometry(district, Collection::District).unwrap() {
        Geometry::MultiPolygon(parts) => parts.clone(),
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]),
        other => panic!("{other:?}"),
    }
}

fn vertices(area: &MultiPolygon<f64>) -> Vec<Coord<f64>> {
    area.0.iter().flat_map(|part| part.exterior().0.iter().copied()).collect()
}

/// Metres from a point to the nearest point of a border.
fn distance_m(point: Coord<f64>, border: &MultiPolygon<f64>) -> f64 {
    let metres = 111_320.0;
    let east = metres * point.y.to_radians().cos();
    let local = |coord: &Coord<f64>| ((coord.x - point.x) * east, (coord.y - point.y) * metres);
    let segments = border.0.iter().flat_map(|part| part.exterior().0.windows(2));
    segments
        .map(|pair| {
            let ((ax, ay), (bx, by)) = (local(&pair[0]), local(&pair[1]));
            let (dx, dy) = (bx - ax, by - ay);
            let along = (-(ax * dx + ay * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
            (ax + along * dx).hypot(ay + along * dy)
        })
        .fold(f64::INFINITY, f64::min)
}

/// The median and the 90th percentile of the distances from one border's vertices to another border.
fn deviation_m(from: &MultiPolygon<f64>, to: &MultiPolygon<f64>) -> (f64, f64) {
    let mut distances: Vec<f64> = vertices(from).into_iter().map(|vertex| distance_m(vertex, to)).collect();
    distances.sort_by(f64::total_cmp);
    (distances[distances.len() / 2], distances[distances.len() * 9 / 10])
}

#[tokio::test(flavor = "multi_thread")]
async fn nantong_lies_in_the_same_place_whatever_system_its_file_is_in() {
    let Some(loader) = real_city().await else { return };
    assert_eq!(load(&loader, "nantong-wgs84").await.outcome, Outcome::Loaded);
    let wgs84 = haimen(&loader, "320614").await;
    let codes = |districts: Vec<Record>| {
        let mut codes: Vec<String> =
            districts.iter().map(|one| text(one, Collection::District, "code")).collect();
        codes.sort();
        codes
    };
    let expected = codes(rows(&loader, Collection::District).await);
    assert_eq!(expected.len(), 7);

    let simplified = real_city().await.unwrap();
    assert_eq!(load(&simplified, "nantong-cgcs2000").await.outcome, Outcome::Loaded);
    assert_eq!(codes(rows(&simplified, Collection::District).await), expected);

    let shifted = real_city().await.unwrap();
    assert_eq!(load(&shifted, "nantong-gcj02").await.outcome, Outcome::Loaded);
    let (median, p90) = deviation_m(&haimen(&shifted, "320614").await, &wgs84);
    assert!(median < 1.0 && p90 < 60.0, "converted: median {median:.2} m, p90 {p90:.1} m");

    let mislabelled = real_city().await.unwrap();
    let report = load(&mislabelled, "nantong-gcj02-mislabelled").await;
    assert!(
        report.findings.iter().any(|finding| finding.rule == "crs_shift_cannot_tell"),
        "nothing to compare with"
    );
    let (median, _) = deviation_m(&haimen(&mislabelled, "320614").await, &wgs84);
    assert!(median > 300.0, "unconverted: median {median:.1} m");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gcj02_file_labelled_wgs84_is_refused_once_there_is_something_to_compare_with() {
    let Some(loader) = real_city().await else { return };
    load(&loader, "nantong-wgs84").await;
    let before = haimen(&loader, "320614").await;
    let report = load(&loader, "nantong-gcj02-mislabelled").await;
    assert_eq!(report.outcome, Outcome::Refused);
    let finding = report.findings.iter().find(|finding| finding.rule == "crs_shifted").unwrap();
    assert!(finding.message.contains("gcj02"), "{}", finding.message);
    assert!(finding.file.as_deref().unwrap().ends_with("nantong_gcj02.geojson"));
    assert_eq!(haimen(&loader, "320614").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invalid_polygons_of_2017_are_repaired_and_every_repair_is_told() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "nantong-2017").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::District)[..2], [8, 8]);
    let mut repaired: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.rule.starts_with("repaired_") && finding.rule != "repaired_repeated_vertex")
        .filter_map(|finding| finding.key.as_deref())
        .collect();
    repaired.sort_unstable();
    repaired.dedup();
    assert!(repaired.len() >= 7, "{repaired:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_code_of_haimen_is_loaded_from_the_file_of_2020() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "nantong-2020").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert!(!vertices(&haimen(&loader, "320684").await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn syracuse_lies_in_syracuse_though_its_streets_are_in_feet() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "syracuse").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::Road)[..2], [6_825, 6_825]);
    assert_eq!(counts(&report, Collection::Finding)[..2], [7_538, 7_538]);
    // The middle of the city; a foot taken for another foot moves a street by 2 m in a million, a metre by a continent.
    let centre = LonLat { lon: -76.147, lat: 43.042 };
    let mut seen = 0;
    for road in rows(&loader, Collection::Road).await {
        let Some(Geometry::MultiLineString(lines)) = geometry(&road, Collection::Road) else {
            panic!("a road is lines: {road:?}")
        };
        let at = LonLat { lon: lines.0[0].0[0].x, lat: lines.0[0].0[0].y };
        assert!(near_distance_m(centre, at) < 10_000.0, "{at:?}");
        seen += 1;
    }
    assert_eq!(seen, 6_825);
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_axes_are_reported_and_nothing_is_loaded_in_antarctica() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "syracuse-swapped").await;
    assert_eq!(report.outcome, Outcome::Refused);
    let finding = report.findings.iter().find(|finding| finding.rule == "axes_swapped").unwrap();
    assert!(finding.file.as_deref().unwrap().ends_with("potholes.csv"));
    assert_eq!(stored(&loader, Collection::Finding).await, 0);
    assert_eq!(stored(&loader, Collection::Road).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn los_angeles_requests_are_cases_with_and_without_a_place() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "los-angeles").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::District)[..2], [15, 15]);
    assert_eq!(counts(&report, Collection::Case)[..2], [39_999, 39_999]);
    let cases = rows(&loader, Collection::Case).await;
    let in_state = |wanted: &str| {
        cases.iter().filter(|case| text(case, Collection::Case, "location_state") == wanted).count()
    };
    assert_eq!(in_state("located"), 37_128);
    assert_eq!(in_state("failed"), 39_999 - 37_128);
    assert!(load(&loader, "los-angeles").await.changed_nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn chicago_requests_are_cases_in_50_wards() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "chicago").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::District)[..2], [50, 50]);
    assert_eq!(counts(&report, Collection::Case)[..2], [5_000, 5_000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn cityjson_buildings_stand_on_their_ground_with_their_height() {
    let Some(loader) = real_city().await else { return };
    for (name, buildings, lon, lat) in [("den-haag", 844, 4.31, 52.1), ("vienna", 149, 16.35, 48.2)] {
        let report = load(&loader, name).await;
        assert_eq!(report.outcome, Outcome::Loaded);
        let [read, new, ..] = counts(&report, Collection::Building);
        assert_eq!(read, buildings);
        assert!(new * 100 >= read * 95, "{name}: {new} of {read}");
        let near = |record: &Record| match geometry(record, Collection::Building) {
            Some(Geometry::Polygon(polygon)) => polygon.exterior().0[0],
            Some(Geometry::MultiPolygon(parts)) => parts.0[0].exterior().0[0],
            other => panic!("{other:?}"),
        };
        let here = rows(&loader, Collection::Building).await;
        let close =
            here.iter().map(near).filter(|at| (at.x - lon).abs() < 0.3 && (at.y - lat).abs() < 0.3).count();
        assert_eq!(close as u64, new, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shanghai_has_16_districts_and_20544_places_with_chinese_names() {
    let Some(loader) = real_city().await else { return };
    let report = load(&loader, "shanghai").await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, Collection::District)[..2], [16, 16]);
    assert_eq!(counts(&report, Collection::KeyPlace)[0], 20_544);
}
