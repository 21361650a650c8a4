//! What is nearest by the index is what is nearest when every row is measured.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_crs::{LonLat, distance_m};
use cim_mirror::{RowChange, View, nearest};
use cim_model::{Collection, Record, Value};
use geo_types::Point;

struct Dice(u64);

impl Dice {
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float")]
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (self.0 >> 40) as f64 / f64::from(1 << 24) * (high - low)
    }
}

fn place(at: LonLat) -> Record {
    let spec = Collection::Place.spec();
    let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
    record.values[spec.position("geom").unwrap()] = Value::Geometry(Point::new(at.lon, at.lat).into());
    record
}

fn check(centre: LonLat, spread: f64, radius_m: f64, limit: usize) {
    let mut dice = Dice(centre.lat.to_bits());
    let places: Vec<LonLat> = (0..3_000)
        .map(|_| LonLat {
            lon: dice.between(centre.lon - spread, centre.lon + spread),
            lat: dice.between(centre.lat - spread, centre.lat + spread),
        })
        .collect();
    let changes = (0..).zip(&places).map(|(id, at)| RowChange::written(id, 700, place(*at)));
    let view = View::empty(Collection::Place).with(changes.collect());
    let (found, total) = nearest(&view, centre, radius_m, limit, |_| true);

    let mut measured: Vec<f64> = places.iter().map(|at| distance_m(centre, *at)).collect();
    measured.retain(|distance| *distance <= radius_m);
    measured.sort_by(f64::total_cmp);
    assert_eq!(total, measured.len(), "{centre:?} {radius_m}");
    assert_eq!(found.len(), measured.len().min(limit));
    for (near, truth) in found.iter().zip(&measured) {
        // The mirror keeps positions to a centimetre.
        assert!((near.distance_m - truth).abs() < 0.02, "{} {truth}", near.distance_m);
    }
}

#[test]
fn the_nearest_rows_are_the_nearest_of_all_rows_at_every_latitude() {
    for lat in [0.0, 31.9, 52.4, -33.9, 69.6] {
        for (radius_m, limit) in [(150.0, 5), (1_000.0, 20), (5_000.0, 50), (5_000.0, 10_000)] {
            check(LonLat { lon: 121.2, lat }, 0.06, radius_m, limit);
        }
    }
}
