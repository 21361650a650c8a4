//! Random nested layers: what is built can be taken apart and built again, and no ground is lost on the way.

mod sample_layers;

use cim_coverage::{Coverage, LayerUnit, RepairOptions, area_m2, build, doubled_area, repair};
use proptest::prelude::*;
use sample_layers::{BentGrid, CELL, ORIGIN, Random, jittered, polygon, rectangle, unit};

/// The units of a coverage as polygons, to build it again.
fn taken_apart(coverage: &Coverage, units: &[LayerUnit]) -> Vec<LayerUnit> {
    coverage
        .polygons_by(units.len(), |_, face| Some(face.base))
        .into_iter()
        .zip(units)
        .map(|(polygons, unit)| LayerUnit { polygons, ..unit.clone() })
        .collect()
}

/// A grid whose cells are merged at random into units, most of them in several pieces and with holes.
fn merged_grid(columns: i64, rows: i64, bends: i64, groups: u64, seed: u64) -> Vec<LayerUnit> {
    BentGrid::new(columns, rows, bends, seed).units(|row, column| {
        let place = u64::try_from(row * columns + column).unwrap_or_default();
        let mut random = Random(seed.wrapping_add(place * 977));
        random.next();
        format!("{}", random.next() % groups)
    })
}

fn twice_the_area<'a>(units: impl IntoIterator<Item = &'a LayerUnit>) -> i128 {
    units.into_iter().flat_map(|unit| &unit.polygons).map(doubled_area).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_layer_taken_apart_is_built_again_the_same(
        columns in 1..9_i64, rows in 1..9_i64, bends in 0..6_i64, groups in 1..12_u64, seed in any::<u64>(),
    ) {
        let units = merged_grid(columns, rows, bends, groups, seed);
        let built = build(&units, &[]);
        let coverage = built.coverage.expect("an exact grid is clean");
        prop_assert_eq!(coverage.validate(), vec![]);
        let apart = taken_apart(&coverage, &units);
        prop_assert_eq!(twice_the_area(&apart), twice_the_area(&units));
        let outline = coverage.polygon_of(|_, _| true);
        prop_assert_eq!(outline.iter().map(doubled_area).sum::<i128>(), twice_the_area(&units));
        let again = build(&apart, &[]).coverage.expect("derived polygons are clean");
        prop_assert_eq!(&again, &coverage);
        prop_assert_eq!(taken_apart(&again, &units), apart);
    }

    #[test]
    fn an_overlay_never_changes_the_sum_of_the_ground(
        bends in 0..6_i64, seed in any::<u64>(),
        west in 10..400_i64, south in 10..400_i64, width in 20..500_i64, height in 20..500_i64,
    ) {
        let units = merged_grid(8, 8, bends, 9, seed);
        let steps = |metres: i64| metres * CELL / 100;
        let corner = (ORIGIN.x + steps(west), ORIGIN.y + steps(south));
        let park = rectangle(corner.0, corner.1, corner.0 + steps(width.min(680 - west)), corner.1 + steps(height.min(680 - south)));
        let built = build(&units, &[unit("park", vec![polygon(park)])]);
        let inside = built.findings.iter().all(|finding| finding.rule.is_note());
        prop_assume!(inside);
        let coverage = built.coverage.expect("a park inside the district is clean");
        prop_assert_eq!(coverage.validate(), vec![]);
        let outline: i128 = coverage.polygon_of(|_, _| true).iter().map(doubled_area).sum();
        let faces: i128 = coverage.polygons_by(coverage.faces.len(), |id, _| Some(id.0)).iter().flatten().map(doubled_area).sum();
        prop_assert_eq!(outline, faces);
        let park: f64 = coverage.polygon_of(|_, face| face.overlay.is_some()).iter().map(area_m2).sum();
        prop_assert!(park > 0.0);
    }

    #[test]
    fn a_shaken_layer_is_repaired_to_an_exact_partition(bends in 0..4_i64, groups in 2..12_u64, seed in any::<u64>()) {
        let exact = merged_grid(6, 6, bends, groups, seed);
        // 0.3 m in each direction. The pieces of a unit are one polygon each before they are shaken.
        let units = taken_apart(&build(&exact, &[]).coverage.expect("an exact grid is clean"), &exact);
        let shaken = jittered(&units, 300, seed ^ 1);
        let repaired = repair(&shaken, &[], RepairOptions::default());
        let coverage = repaired.coverage.expect("a shaken layer can be repaired");
        prop_assert_eq!(coverage.validate(), vec![]);
        prop_assert_eq!(coverage.polygon_of(|_, _| true).iter().map(|polygon| polygon.holes.len()).sum::<usize>(), 0);
        for (unit, after) in units.iter().zip(taken_apart(&coverage, &units)) {
            let area = |unit: &LayerUnit| unit.polygons.iter().map(area_m2).sum::<f64>();
            // 36 cells with 400 m of border each, moved by less than half a metre on average.
            prop_assert!((area(unit) - area(&after)).abs() < 36.0 * 400.0 * 0.5, "{}: {} {}", unit.key, area(unit), area(&after));
        }
        let again = repair(&shaken, &[], RepairOptions::default());
        prop_assert_eq!(again.coverage, Some(coverage));
    }
}
