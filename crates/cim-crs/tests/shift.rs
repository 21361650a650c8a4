//! The comparison of a new file with what is known.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_crs::{Crs, LocalFrame, LonLat, Reference, ShiftVerdict, Transform, detect_shift};

/// Scattered points around Haimen from a small generator of pseudo-random numbers (Knuth's MMIX).
fn scattered(count: u32, seed: u64) -> Vec<LonLat> {
    let frame = LocalFrame::around(LonLat::new(121.18, 31.9).unwrap());
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX) - 0.5
    };
    (0..count).map(|_| frame.to_lonlat(next() * 10_000.0, next() * 10_000.0)).collect()
}

fn near(points: &[LonLat], metres: f64) -> Vec<[f64; 2]> {
    points
        .iter()
        .map(|point| LocalFrame::around(*point).to_lonlat(metres, metres / 2.0))
        .map(|point| [point.lon, point.lat])
        .collect()
}

fn shifted(points: &[[f64; 2]], system: Crs) -> Vec<[f64; 2]> {
    let transform = Transform::new(system).unwrap();
    points
        .iter()
        .map(|[lon, lat]| transform.from_lonlat(LonLat::new(*lon, *lat).unwrap()).unwrap().into())
        .collect()
}

fn reference() -> Reference {
    Reference { points: scattered(300, 1), lines: vec![] }
}

#[test]
fn points_near_known_points_are_consistent() {
    let verdict = detect_shift(&near(&reference().points, 10.0), &reference());
    assert!(matches!(verdict, ShiftVerdict::Consistent { median_m } if median_m < 12.0), "{verdict:?}");
}

#[test]
fn a_shifted_file_is_recognised_with_its_direction() {
    for (system, least_m, most_m) in [(Crs::Gcj02, 440.0, 500.0), (Crs::Bd09, 1_100.0, 1_200.0)] {
        let verdict = detect_shift(&shifted(&near(&reference().points, 10.0), system), &reference());
        let ShiftVerdict::LooksShifted { system: found, dx_m, dy_m, unshifted_median_m, .. } = verdict else {
            panic!("{verdict:?}");
        };
        assert_eq!(found, system);
        assert!((least_m..most_m).contains(&dx_m.hypot(dy_m)), "{verdict:?}");
        assert!(unshifted_median_m < 15.0, "{verdict:?}");
    }
}

#[test]
fn a_shifted_border_is_recognised_by_the_known_border() {
    let corner =
        |east: f64, north: f64| LocalFrame::around(LonLat::new(121.18, 31.9).unwrap()).to_lonlat(east, north);
    let border: Vec<LonLat> = (0..=40)
        .map(|step| f64::from(step) * 500.0)
        .map(|along| corner(along - 10_000.0, 800.0 * (along / 900.0).sin()))
        .collect();
    let reference = Reference { points: vec![], lines: vec![border.clone()] };
    let verdict = detect_shift(&shifted(&near(&border, 0.0), Crs::Gcj02), &reference);
    assert!(matches!(verdict, ShiftVerdict::LooksShifted { system: Crs::Gcj02, .. }), "{verdict:?}");
}

#[test]
fn swapped_axes_are_recognised() {
    let swapped: Vec<[f64; 2]> = near(&reference().points, 10.0).into_iter().map(|[x, y]| [y, x]).collect();
    assert_eq!(detect_shift(&swapped, &reference()), ShiftVerdict::AxesSwapped);
}

#[test]
fn nothing_is_claimed_without_a_reference_or_far_from_it() {
    let samples = near(&reference().points, 10.0);
    assert_eq!(detect_shift(&samples, &Reference::default()), ShiftVerdict::CannotTell);
    let far: Vec<[f64; 2]> = samples.iter().map(|[x, y]| [x - 2.0, y + 1.0]).collect();
    assert_eq!(detect_shift(&far, &reference()), ShiftVerdict::CannotTell);
    assert_eq!(detect_shift(&samples[..5], &reference()), ShiftVerdict::CannotTell);
}

#[test]
fn points_that_have_nothing_to_do_with_the_known_ones_are_not_called_shifted() {
    let others: Vec<[f64; 2]> = scattered(300, 2).iter().map(|point| [point.lon, point.lat]).collect();
    let verdict = detect_shift(&others, &reference());
    assert!(!matches!(verdict, ShiftVerdict::LooksShifted { .. } | ShiftVerdict::AxesSwapped), "{verdict:?}");
}
