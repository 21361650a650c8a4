//! Known coordinates of many systems. The numbers were computed with pyproj 3.7.2 (PROJ 9.5) unless a test says otherwise.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_crs::{Crs, CrsError, LonLat, Transform, bearing_deg, distance_m, near_distance_m};

/// Checks both ways: `within` is in units of the system, and in metres on the way back.
fn check(crs: &str, lonlat: (f64, f64), expected: (f64, f64), within: f64) {
    let transform = Transform::new(crs.parse().unwrap()).unwrap();
    let position = LonLat::new(lonlat.0, lonlat.1).unwrap();
    let (x, y) = transform.from_lonlat(position).unwrap();
    assert!((x - expected.0).hypot(y - expected.1) < within, "{crs}: {x} {y} is not {expected:?}");
    let back = transform.to_lonlat(expected.0, expected.1).unwrap();
    assert!(distance_m(back, position) < within, "{crs}: {back:?} is not {position:?}");
}

#[test]
fn gauss_kruger_zones_agree_with_proj() {
    let haimen = (121.18, 31.9);
    check("epsg:4528", haimen, (40_611_626.266_345_18, 3_531_371.315_023_02), 1e-6);
    check("epsg:4549", haimen, (611_626.266_345_184, 3_531_371.315_023_02), 1e-6);
    check("epsg:4550", haimen, (327_823.206_948_965, 3_532_209.206_407_903), 1e-6);
    check("epsg:4549", (121.49, 31.88), (640_984.925_451_91, 3_529_514.459_520_01), 1e-6);
}

#[test]
fn gauss_kruger_holds_far_from_its_meridian() {
    let haimen = (121.18, 31.9);
    check("epsg:4508", haimen, (1_465_229.449_180_992, 3_576_372.772_156_798), 1e-5);
    check("epsg:4497", haimen, (20_465_229.449_180_99, 3_576_372.772_156_798), 1e-5);
    check("epsg:4554", haimen, (-812_913.985_144_221, 3_615_451.622_766_837), 1e-5);
}

#[test]
fn web_mercator_agrees_with_proj() {
    check("epsg:3857", (121.18, 31.9), (13_489_695.894_328_894, 3_750_191.219_275_677), 1e-6);
}

#[test]
fn other_projections_agree_with_proj() {
    check("epsg:32651", (121.18, 31.9), (327_892.077_666_977, 3_530_796.322_824_86), 1e-4);
    check("epsg:2154", (2.35, 48.85), (652_301.564_830_528, 6_861_302.725_899_576), 1e-3);
    check("epsg:2229", (-118.24, 34.05), (6_488_965.863_769_197, 1_840_664.934_473_929), 1e-3);
    check("epsg:3435", (-87.63, 41.88), (1_175_784.256_028_427, 1_899_646.788_255_619), 1e-3);
}

#[test]
fn state_planes_in_us_feet_agree_with_proj() {
    check("epsg:2261", (-76.150_117_431_842_42, 43.051_105_887_425_22), (936_000.0, 1_112_000.0), 1e-3);
    check("epsg:2262", (-76.147, 43.048), (1_799_530.627_712_367, 1_120_023.599_434_206), 1e-3);
}

#[test]
fn a_datum_with_seven_parameters_is_shifted_to_within_a_metre() {
    check("epsg:28992", (4.9, 52.37), (121_819.365_162_746, 487_013.761_522_216), 1.0);
}

#[test]
fn geodesics_agree_with_proj() {
    let haimen = LonLat::new(121.18, 31.9).unwrap();
    let coast = LonLat::new(121.49, 31.88).unwrap();
    assert!((distance_m(haimen, coast) - 29_411.510_698_657).abs() < 1e-6);
    assert!((bearing_deg(haimen, coast) - 94.242_444_893_873).abs() < 1e-9);
    assert!((near_distance_m(haimen, coast) - 29_411.510_698_657).abs() < 0.1);
}

#[test]
fn names_of_systems_are_read_in_every_usual_spelling() {
    for (name, crs) in [
        ("WGS84", Crs::Wgs84),
        ("epsg:4326", Crs::Wgs84),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::Wgs84),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", Crs::Wgs84),
        ("EPSG:4490", Crs::Cgcs2000),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", Crs::Cgcs2000),
        ("urn:ogc:def:crs:EPSG::4549", Crs::Epsg(4549)),
        ("GCJ-02", Crs::Gcj02),
        ("bd09", Crs::Bd09),
    ] {
        assert_eq!(name.parse(), Ok(crs), "{name}");
        assert_eq!(crs.to_string().parse(), Ok(crs), "{crs}");
    }
    assert_eq!("mars2000".parse::<Crs>(), Err(CrsError::UnknownName("mars2000".to_owned())));
}

#[test]
fn an_unknown_number_is_told() {
    assert_eq!(Transform::new(Crs::Epsg(1)).unwrap_err(), CrsError::UnknownEpsg(1));
    assert_eq!(Transform::new(Crs::Epsg(99_999)).unwrap_err(), CrsError::UnknownEpsg(99_999));
}

#[test]
fn an_easting_with_a_zone_number_is_refused_where_the_zone_has_none() {
    let transform = Transform::new(Crs::Epsg(4549)).unwrap();
    assert!(matches!(transform.to_lonlat(40_611_626.0, 3_531_371.0), Err(CrsError::OutsideSystem { .. })));
    assert!(matches!(
        transform.to_lonlat(f64::NAN, 0.0),
        Err(CrsError::OutsideSystem { .. } | CrsError::Position(_))
    ));
}

#[test]
fn a_batch_says_which_coordinate_is_wrong() {
    let transform = Transform::new(Crs::Epsg(4549)).unwrap();
    let mut batch = [[611_626.266_345_184, 3_531_371.315_023_02], [9e9, 0.0]];
    let (index, _) = transform.batch_to_lonlat(&mut batch).unwrap_err();
    assert_eq!(index, 1);
    assert!((batch[0][0] - 121.18).abs() < 1e-11);
}
