//! Our coordinate systems, areas and derived polygons against PostGIS.

use cim_coverage::{LatticePolygon, LayerUnit, area_m2, build};
use cim_crs::{Crs, LatticePoint, LonLat, Transform, distance_m};
use cim_testkit::TestDatabase;

#[tokio::test]
async fn projections_agree_with_st_transform() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    // The system, a place in it, and how far in metres the two may differ: datums with seven parameters are shifted by
    // different formulas.
    for (number, lon, lat, within_m) in [
        (4490, 121.18, 31.9, 1e-6),
        (3857, 121.18, 31.9, 1e-5),
        (4528, 121.18, 31.9, 1e-5),
        (4549, 121.49, 31.88, 1e-5),
        (4550, 121.49, 31.88, 1e-5),
        (4508, 121.18, 31.9, 1e-5),
        (4497, 121.18, 31.9, 1e-5),
        (32651, 121.18, 31.9, 1e-3),
        (2261, -76.15, 43.05, 1e-3),
        (2229, -118.24, 34.05, 1e-3),
        (3435, -87.63, 41.88, 1e-3),
        (2154, 2.35, 48.85, 1e-3),
        (28992, 4.9, 52.37, 1.0),
    ] {
        let sql =
            "select st_x(p), st_y(p) from st_transform(st_setsrid(st_makepoint($1, $2), 4326), $3::int) p";
        let row = client.query_one(sql, &[&lon, &lat, &number]).await.expect("PostGIS knows the system");
        let (x, y): (f64, f64) = (row.get(0), row.get(1));
        let transform = Transform::new(Crs::Epsg(u32::try_from(number).unwrap())).unwrap();
        let ours = transform.to_lonlat(x, y).unwrap();
        let off = distance_m(ours, LonLat::new(lon, lat).unwrap());
        assert!(off < within_m, "epsg:{number}: {off} m");
        let (our_x, our_y) = transform.from_lonlat(LonLat::new(lon, lat).unwrap()).unwrap();
        assert!(
            (our_x - x).hypot(our_y - y) < within_m * 4.0,
            "epsg:{number}: {our_x} {our_y} is not {x} {y}"
        );
    }
}

#[tokio::test]
async fn derived_polygons_are_valid_and_as_large_as_postgis_says() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let coverage = build(&islands(), &[]).coverage.expect("an exact layer is clean");
    for base in 0..3 {
        let polygons = coverage.polygon_of(|_, face| face.base == base);
        let ours: f64 = polygons.iter().map(area_m2).sum();
        let sql =
            "select st_isvalid(g), st_area(g::geography) from (select st_geomfromtext($1, 4490) as g) q";
        let row = client.query_one(sql, &[&wkt(&polygons)]).await.expect("PostGIS reads the polygon");
        assert!(row.get::<_, bool>(0), "unit {base}");
        let theirs: f64 = row.get(1);
        // PostGIS bends the edges of 400 m into geodesics, by 2 mm.
        assert!((ours - theirs).abs() < theirs * 1e-5, "unit {base}: {ours} is not {theirs}");
    }
}

/// A unit with a hole, in the hole a unit that touches it in a point only, and one that fills the rest.
fn islands() -> Vec<LayerUnit> {
    let ring = |corners: &[(i64, i64)]| -> Vec<LatticePoint> {
        corners
            .iter()
            .map(|(x, y)| LatticePoint { x: 12_100_000_000 + x * 10_000, y: 3_180_000_000 + y * 10_000 })
            .collect()
    };
    let hole = ring(&[(20, 20), (80, 20), (80, 80), (20, 80)]);
    let diamond = ring(&[(20, 20), (60, 40), (60, 60), (40, 60)]);
    let unit = |key: &str, outer: Vec<LatticePoint>, holes: Vec<Vec<LatticePoint>>| LayerUnit {
        key: key.to_owned(),
        parent: None,
        polygons: vec![LatticePolygon { outer, holes }],
    };
    vec![
        unit("around", ring(&[(0, 0), (100, 0), (100, 100), (0, 100)]), vec![hole.clone()]),
        unit("between", hole, vec![diamond.clone()]),
        unit("inside", diamond, vec![]),
    ]
}

fn wkt(polygons: &[LatticePolygon]) -> String {
    let ring = |ring: &Vec<LatticePoint>| {
        let points: Vec<String> = ring
            .iter()
            .chain(ring.first())
            .map(|point| LonLat::from(*point))
            .map(|position| format!("{} {}", position.lon, position.lat))
            .collect();
        format!("({})", points.join(","))
    };
    let polygon = |polygon: &LatticePolygon| {
        let rings: Vec<String> = std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect();
        format!("({})", rings.join(","))
    };
    format!("MULTIPOLYGON({})", polygons.iter().map(polygon).collect::<Vec<_>>().join(","))
}
