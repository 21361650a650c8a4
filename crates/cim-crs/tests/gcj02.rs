//! The shifted systems against published vectors, and there and back again.

use std::path::PathBuf;

use cim_crs::{Crs, CrsError, LonLat, Transform, distance_m};
use proptest::prelude::*;

#[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
fn test_data() -> Option<PathBuf> {
    let named = std::env::var("CIM_TEST_DATA").map(PathBuf::from).ok();
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    named.or(Some(beside)).filter(|folder| folder.is_dir())
}

#[test]
fn the_published_vectors_are_met() {
    let Some(folder) = test_data() else {
        println!("did not run: CIM_TEST_DATA names no folder");
        return;
    };
    let text = std::fs::read_to_string(folder.join("conformance/gcj02_vectors.csv")).unwrap();
    let mut vectors = 0;
    for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |index: usize| cells[index].parse::<f64>().unwrap();
        let from = Transform::new(cells[0].parse().unwrap()).unwrap();
        let to = Transform::new(cells[1].parse().unwrap()).unwrap();
        let (x, y) = to.from_lonlat(from.to_lonlat(number(2), number(3)).unwrap()).unwrap();
        assert!((x - number(4)).abs() <= number(6), "{line}: {x} {y}");
        assert!((y - number(5)).abs() <= number(6), "{line}: {x} {y}");
        vectors += 1;
    }
    assert!(vectors >= 3);
}

#[test]
fn the_shift_in_haimen_is_as_large_as_measured() {
    let gcj02 = Transform::new(Crs::Gcj02).unwrap();
    let position = LonLat::new(121.18, 31.9).unwrap();
    let (x, y) = gcj02.from_lonlat(position).unwrap();
    let shift_m = distance_m(position, LonLat::new(x, y).unwrap());
    assert!((464.0..491.0).contains(&shift_m), "{shift_m}");
    let bd09 = Transform::new(Crs::Bd09).unwrap();
    let (x, y) = bd09.from_lonlat(position).unwrap();
    let shift_m = distance_m(position, LonLat::new(x, y).unwrap());
    assert!((1_110.0..1_170.0).contains(&shift_m), "{shift_m}");
}

#[test]
fn outside_china_the_shifted_systems_are_refused() {
    for system in [Crs::Gcj02, Crs::Bd09] {
        let transform = Transform::new(system).unwrap();
        assert!(matches!(transform.to_lonlat(4.9, 52.4), Err(CrsError::OutsideChina { .. })));
        assert!(matches!(
            transform.from_lonlat(LonLat::new(-74.0, 40.7).unwrap()),
            Err(CrsError::OutsideChina { .. })
        ));
        assert!(matches!(transform.to_lonlat(f64::NAN, 30.0), Err(CrsError::Position(_))));
    }
}

proptest! {
    #[test]
    fn every_shifted_point_comes_back_to_a_tenth_of_a_millimetre(lon in 73.5..135.0_f64, lat in 3.9..53.5_f64) {
        let position = LonLat::new(lon, lat).unwrap();
        for system in [Crs::Gcj02, Crs::Bd09] {
            let transform = Transform::new(system).unwrap();
            let (x, y) = transform.from_lonlat(position).unwrap();
            let back = transform.to_lonlat(x, y).unwrap();
            prop_assert!(distance_m(position, back) < 1e-4, "{system}: {position:?} came back as {back:?}");
        }
    }

    #[test]
    fn every_projected_point_comes_back_to_a_hundredth_of_a_millimetre(
        lon in 117.0..124.0_f64, lat in 3.9..53.5_f64, number in prop::sample::select(vec![3857, 4528, 4549, 4550, 4508, 32651]),
    ) {
        let position = LonLat::new(lon, lat).unwrap();
        let transform = Transform::new(Crs::Epsg(number)).unwrap();
        let (x, y) = transform.from_lonlat(position).unwrap();
        let back = transform.to_lonlat(x, y).unwrap();
        prop_assert!(distance_m(position, back) < 1e-5, "epsg:{number}: {position:?} came back as {back:?}");
    }
}
