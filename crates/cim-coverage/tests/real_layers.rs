//! Real boundary files: exact where the source is exact, and every gap and overlap named where it is not.
//! The files are found under `CIM_TEST_DATA`; without them these tests say that they did not run.

#![expect(clippy::print_stdout, reason = "a test tells what it measured, or that it did not run")]

mod sample_layers;

use std::path::PathBuf;

use cim_coverage::{
    Coverage, CoverageRule, LatticePolygon, LayerUnit, RepairOptions, Ring, area_m2, build, repair,
};
use cim_crs::{Crs, LatticePoint, LocalFrame, LonLat, Transform};
use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
fn test_data() -> Option<PathBuf> {
    let named = std::env::var("CIM_TEST_DATA").map(PathBuf::from).ok();
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = named.or(Some(beside)).filter(|folder| folder.is_dir());
    if found.is_none() {
        println!("did not run: CIM_TEST_DATA names no folder");
    }
    found
}

/// The units of a GeoJSON file, on the lattice.
fn units(file: &str, crs: Crs, key: impl Fn(&Value) -> String) -> Option<Vec<LayerUnit>> {
    let text = std::fs::read_to_string(test_data()?.join(file)).expect("the file is there");
    let collection: Value = serde_json::from_str(&text).expect("the file is GeoJSON");
    let transform = Transform::new(crs).expect("a known system");
    let ring = |ring: &Value| -> Ring {
        let number = |position: &Value, index: usize| position[index].as_f64().expect("a number");
        let points = ring.as_array().into_iter().flatten();
        let mut ring: Ring = points
            .map(|position| {
                transform.to_lonlat(number(position, 0), number(position, 1)).expect("a position")
            })
            .map(LatticePoint::from)
            .collect();
        ring.pop();
        ring
    };
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().into_iter().flatten().map(ring);
        LatticePolygon { outer: rings.next().unwrap_or_default(), holes: rings.collect() }
    };
    let features = collection["features"].as_array().expect("features");
    let unit = |feature: &Value| {
        let coordinates = &feature["geometry"]["coordinates"];
        let polygons = match feature["geometry"]["type"].as_str() {
            Some("Polygon") => vec![polygon(coordinates)],
            _ => coordinates.as_array().into_iter().flatten().map(polygon).collect(),
        };
        LayerUnit { key: key(&feature["properties"]), parent: None, polygons }
    };
    Some(features.iter().map(unit).collect())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Builds a layer, repairs it when it is unclean, and checks that no ground was moved beyond reason.
fn check(name: &str, units: &[LayerUnit], clean: bool, moved_at_most_m2: f64) -> Coverage {
    let built = build(units, &[]);
    let count = |rule: CoverageRule| built.findings.iter().filter(|finding| finding.rule == rule).count();
    let summary: Vec<String> = [
        CoverageRule::Gap,
        CoverageRule::Overlap,
        CoverageRule::TJunction,
        CoverageRule::SelfIntersection,
        CoverageRule::Enclave,
    ]
    .map(|rule| format!("{} {}", count(rule), rule.name()))
    .to_vec();
    println!("{name}: {}", summary.join(", "));
    assert_eq!(built.coverage.is_some(), clean, "{name}: {:?}", built.findings.first());
    let repaired = repair(units, &[], RepairOptions::default());
    let moved: f64 = repaired.moves.iter().map(|moved| moved.gained_m2 + moved.lost_m2).sum();
    println!("{name}: moved {moved:.1} m2 in {} units", repaired.moves.len());
    assert!(moved <= moved_at_most_m2, "{name}: {moved}");
    let coverage = repaired.coverage.expect("every real layer can be repaired");
    assert_eq!(coverage.validate(), vec![], "{name}");
    let total: f64 = coverage.polygon_of(|_, _| true).iter().map(area_m2).sum();
    let by_unit: f64 =
        coverage.polygons_by(units.len(), |_, face| Some(face.base)).iter().flatten().map(area_m2).sum();
    assert!((total - by_unit).abs() < total * 1e-9, "{name}: {total} {by_unit}");
    coverage
}

fn read(file: &str, crs: Crs, key: &str) -> Option<Vec<LayerUnit>> {
    units(file, crs, |properties| text(&properties[key]))
}

#[test]
fn nantong_is_an_exact_partition_in_each_of_its_systems() {
    for (file, crs) in [
        ("admin/nantong_wgs84.geojson", Crs::Wgs84),
        ("admin/nantong_cgcs2000.geojson", Crs::Cgcs2000),
        ("admin/nantong_gcj02.geojson", Crs::Gcj02),
    ] {
        let Some(units) = read(file, crs, "adcode") else { return };
        assert_eq!(units.len(), 7);
        check(file, &units, true, 0.0);
    }
}

#[test]
fn the_invalid_file_of_2017_is_repaired_with_findings() {
    let Some(units) = read("admin/nantong_8units_2017_invalid_gcj02.geojson", Crs::Gcj02, "name") else {
        return;
    };
    assert_eq!(units.len(), 8);
    let findings = build(&units, &[]).findings;
    assert!(findings.iter().any(|finding| finding.rule == CoverageRule::SelfIntersection));
    assert!(findings.iter().any(|finding| finding.rule == CoverageRule::SelfTouch));
    check("nantong 2017", &units, false, 1.0);
}

#[test]
fn amsterdam_has_centimetre_gaps_and_overlaps_that_are_named_and_repaired() {
    let Some(cells) = read("grid-amsterdam/amsterdam_buurten.geojson", Crs::Wgs84, "vollcode") else {
        return;
    };
    assert_eq!(cells.len(), 481);
    let findings = build(&cells, &[]).findings;
    let unclean = |rule: CoverageRule| findings.iter().filter(|finding| finding.rule == rule).count();
    assert!(unclean(CoverageRule::Gap) > 1_000 && unclean(CoverageRule::Overlap) > 1_000);
    for finding in &findings {
        assert!(finding.units.len() > 1 && finding.area_m2 < 100.0 && finding.width_m < 1.0, "{finding}");
    }
    let repaired = check("amsterdam cells", &cells, false, 2_000.0);
    assert_eq!(repaired.faces.len(), 481);

    let Some(districts) = read("grid-amsterdam/amsterdam_stadsdeel.geojson", Crs::Wgs84, "code") else {
        return;
    };
    let exact = check("amsterdam districts", &districts, true, 0.0);
    // The code of a cell begins with that of its district: joined by it, cells and districts have the same ground.
    for (number, district) in (0..).zip(&districts) {
        let joined = repaired.polygon_of(|_, face| cells[face.base as usize].key.starts_with(&district.key));
        let of_district = exact.polygon_of(|_, face| face.base == number);
        let area = |polygons: &[LatticePolygon]| polygons.iter().map(area_m2).sum::<f64>();
        let share = area(&joined) / area(&of_district);
        assert!((0.999..1.001).contains(&share), "{}: {share}", district.key);
    }
}

#[test]
fn los_angeles_has_gaps_and_overlaps_of_metres_and_real_enclaves() {
    let Some(units) = read("hotline/la_council_districts_2012.json", Crs::Wgs84, "external_id") else {
        return;
    };
    assert_eq!(units.len(), 15);
    let findings = build(&units, &[]).findings;
    // Beverly Hills, San Fernando and others are surrounded by the city and no part of it.
    let enclaves = findings.iter().filter(|finding| finding.rule == CoverageRule::Enclave);
    assert!(enclaves.map(|finding| finding.area_m2).sum::<f64>() > 5e7);
    assert!(
        findings.iter().any(|finding| finding.rule == CoverageRule::Overlap && finding.area_m2 > 1_000.0)
    );
    check("los angeles", &units, false, 100_000.0);
}

#[test]
fn chicago_is_an_exact_partition_with_an_enclave() {
    let Some(units) = read("hotline/chicago_wards_2015.geojson", Crs::Wgs84, "ward") else { return };
    assert_eq!(units.len(), 50);
    check("chicago", &units, true, 0.0);
}

#[test]
fn a_shaken_copy_of_a_real_layer_is_repaired() {
    let Some(units) = read("admin/nantong_wgs84.geojson", Crs::Wgs84, "adcode") else { return };
    // 0.3 m in each direction on some 2,500 km of border.
    check("nantong shaken", &sample_layers::jittered(&units, 300, 9), false, 1e6);
}

#[test]
fn the_border_of_haimen_in_gcj02_falls_on_that_in_wgs84_once_converted() {
    let haimen = |file: &str, crs: Crs| {
        let units = read(file, crs, "adcode")?;
        units.into_iter().find(|unit| unit.key == "320614").map(|unit| unit.polygons)
    };
    let Some(wgs84) = haimen("admin/nantong_wgs84.geojson", Crs::Wgs84) else { return };
    let distances = |crs: Crs| {
        let other = haimen("admin/nantong_gcj02.geojson", crs).expect("both files have Haimen");
        let mut distances: Vec<f64> =
            other.iter().flat_map(|polygon| &polygon.outer).map(|point| distance_m(*point, &wgs84)).collect();
        distances.sort_by(f64::total_cmp);
        let at = |percent: usize| distances[distances.len() * percent / 100];
        println!("{crs}: median {:.2} m, p90 {:.2} m", at(50), at(90));
        (at(50), at(90))
    };
    let (median, p90) = distances(Crs::Gcj02);
    assert!(median < 1.0 && p90 < 60.0);
    let (unconverted, _) = distances(Crs::Wgs84);
    assert!(unconverted > 300.0);
}

/// The distance of a point from the nearest border.
fn distance_m(point: LatticePoint, polygons: &[LatticePolygon]) -> f64 {
    let frame = LocalFrame::around(LonLat::from(point));
    let metres = |point: LatticePoint| frame.to_metres(LonLat::from(point));
    let rings = polygons.iter().map(|polygon| &polygon.outer);
    let edges =
        rings.flat_map(|ring| (0..ring.len()).map(|index| (ring[index], ring[(index + 1) % ring.len()])));
    edges
        .map(|(from, to)| {
            let (from, to) = (metres(from), metres(to));
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + dy * dy).max(f64::MIN_POSITIVE);
            let t = (-(from.0 * dx + from.1 * dy) / length).clamp(0.0, 1.0);
            (from.0 + t * dx).hypot(from.1 + t * dy)
        })
        .fold(f64::INFINITY, f64::min)
}
