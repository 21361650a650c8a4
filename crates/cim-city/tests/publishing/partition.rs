//! The small city over an exact partition whose borders are bent.

use cim_coverage::{LatticePolygon, LayerUnit, build};
use cim_crs::{LatticePoint, LonLat};
use cim_model::Collection;
use cim_store::UnitsLoad;

use crate::small_city::units;

/// The units over an exact partition: micro grids with bent borders, and the market over four of them.
pub(crate) fn clean_units() -> UnitsLoad {
    let layer = |level: Collection| -> Vec<LayerUnit> {
        let of_level = units().into_iter().filter(|unit| unit.collection == level);
        of_level
            .map(|unit| {
                let corners = unit.polygons.iter().flatten().flat_map(|polygon| &polygon.exterior().0);
                let corners: Vec<LatticePoint> = corners
                    .map(|corner| LatticePoint::from(LonLat { lon: corner.x, lat: corner.y }))
                    .collect();
                let outer = corners.windows(2).flat_map(|pair| bent(pair[0], pair[1])).collect();
                let polygons = vec![LatticePolygon { outer, holes: Vec::new() }];
                LayerUnit { key: unit.code, parent: unit.parent_code, polygons }
            })
            .collect()
    };
    let (base, overlay) = (layer(Collection::MicroGrid), layer(Collection::ExclusiveGrid));
    let codes = |layer: &[LayerUnit]| layer.iter().map(|unit| unit.key.clone()).collect();
    UnitsLoad {
        units: units(),
        base_codes: codes(&base),
        overlay_codes: codes(&overlay),
        coverage: Some(build(&base, &overlay).coverage.unwrap()),
        base_level: Collection::MicroGrid,
    }
}

/// A side from its first point to before its last, with five bends that are the same whichever way it is walked.
fn bent(from: LatticePoint, to: LatticePoint) -> Vec<LatticePoint> {
    let (low, high) = (from.min(to), from.max(to));
    let between = |low: i64, high: i64, bend: i64| low + (high - low) * bend / 6;
    let aside = |bend: i64| if bend == 0 || bend == 6 { 0 } else { (bend % 3 - 1) * 40_000 + bend * 1_000 };
    let at = |bend: i64| LatticePoint {
        x: between(low.x, high.x, bend) + if low.x == high.x { aside(bend) } else { 0 },
        y: between(low.y, high.y, bend) + if low.x == high.x { 0 } else { aside(bend) },
    };
    if from == low { (0..6).map(at).collect() } else { (1..=6).rev().map(at).collect() }
}
