//! The city's units at a point against `ST_Covers` of PostGIS, over grids with wandering borders in an exact coverage.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_access::Scope;
use cim_city::{City, CityOptions, ResponsibilityQuery};
use cim_coverage::{LatticePolygon, LayerUnit, build};
use cim_crs::{LatticePoint, LonLat};
use cim_model::Collection;
use cim_store::{Provenance, UnitRow, UnitsLoad};
use cim_testkit::TestDatabase;
use tokio_postgres::NoTls;

const SIDE: i64 = 5;
const BENDS: i64 = 10;
const CELL: i64 = 1_000_000;
const WANDER: i64 = 45_000;
const WEST: i64 = 12_110_000_000;
const SOUTH: i64 = 3_190_000_000;
/// One point a row: its place, and the lowest code of the grids that cover it.
const COVERING: &str = "select (select code from cim.comprehensive_grid \
     where st_covers(geom, st_setsrid(st_makepoint(x, y), 4490)) order by code collate \"C\" limit 1) \
     from unnest($1::float8[], $2::float8[]) with ordinality as point (x, y, place) order by place";

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }
}

fn mesh_point(line: i64, along: i64, is_vertical: bool) -> LatticePoint {
    let mixed = (line * 2 + i64::from(is_vertical)).wrapping_mul(7_919) + along.wrapping_mul(104_729);
    let aside = (mixed.wrapping_mul(2_654_435_761) >> 16).rem_euclid(2 * WANDER + 1) - WANDER;
    let aside = if along % BENDS == 0 { 0 } else { aside };
    let (forward, sideways) = (along * CELL / BENDS, line * CELL + aside);
    let (x, y) = if is_vertical { (sideways, forward) } else { (forward, sideways) };
    LatticePoint { x: WEST + x, y: SOUTH + y }
}

fn cell(column: i64, row: i64) -> Vec<LatticePoint> {
    let (left, low) = (column * BENDS, row * BENDS);
    let bottom = (0..BENDS).map(|step| mesh_point(row, left + step, false));
    let right = (0..BENDS).map(|step| mesh_point(column + 1, low + step, true));
    let top = (0..BENDS).map(|step| mesh_point(row + 1, left + BENDS - step, false));
    let side = (0..BENDS).map(|step| mesh_point(column, low + BENDS - step, true));
    bottom.chain(right).chain(top).chain(side).collect()
}

fn unit(collection: Collection, code: &str, parent: Option<&str>) -> UnitRow {
    UnitRow {
        collection,
        code: code.to_owned(),
        name: code.to_owned(),
        kind: None,
        parent_code: parent.map(str::to_owned),
        urban_rural_class: None,
        polygons: None,
    }
}

fn mesh() -> UnitsLoad {
    let cells = (0..SIDE).flat_map(|column| (0..SIDE).map(move |row| (column, row)));
    let layer: Vec<LayerUnit> = cells
        .map(|(column, row)| LayerUnit {
            key: format!("g{column}{row}"),
            parent: None,
            polygons: vec![LatticePolygon { outer: cell(column, row), holes: Vec::new() }],
        })
        .collect();
    let mut units = vec![unit(Collection::District, "d", None)];
    units.extend(layer.iter().map(|grid| unit(Collection::ComprehensiveGrid, &grid.key, Some("d"))));
    UnitsLoad {
        units,
        coverage: build(&layer, &[]).coverage,
        base_level: Collection::ComprehensiveGrid,
        base_codes: layer.into_iter().map(|grid| grid.key).collect(),
        overlay_codes: Vec::new(),
    }
}

/// Random points in and around the mesh, every vertex of some cells, and points one step beside them.
fn points() -> Vec<LatticePoint> {
    let mut dice = Dice(5);
    let reach = (SIDE + 1) * CELL;
    let mut points: Vec<LatticePoint> = (0..4_000)
        .map(|_| LatticePoint {
            x: WEST - CELL / 2 + dice.below(reach),
            y: SOUTH - CELL / 2 + dice.below(reach),
        })
        .collect();
    for vertex in (0..SIDE).flat_map(|place| cell(place, (place * 3) % SIDE)) {
        points.push(vertex);
        points.push(LatticePoint { x: vertex.x + dice.below(3) - 1, y: vertex.y + dice.below(3) - 1 });
    }
    points
}

async fn covering(database: &TestDatabase, points: &[LatticePoint]) -> Vec<Option<String>> {
    let (client, connection) = tokio_postgres::connect(database.connection_string(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let (lon, lat): (Vec<f64>, Vec<f64>) = points
        .iter()
        .map(|point| {
            let position = LonLat::from(*point);
            (position.lon, position.lat)
        })
        .unzip();
    let rows = client.query(COVERING, &[&lon, &lat]).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_units_at_a_point_are_those_that_postgis_finds() {
    let database = TestDatabase::new().await;
    let provenance = Provenance {
        source: "mesh".to_owned(),
        city_code: "320614".to_owned(),
        city_name: "网".to_owned(),
        synthetic: true,
        exclusive: None,
        actor: None,
    };
    let mut session = database.store().begin_load(provenance).await.unwrap();
    session.write_units(mesh()).await.unwrap();
    session.commit().await.unwrap();
    let city = City::open(database.store().clone(), CityOptions::default()).unwrap();
    while !city.health().ready {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let points = points();
    let wanted = covering(&database, &points).await;
    let queries = points.iter().map(|point| ResponsibilityQuery {
        at: LonLat::from(*point),
        category: None,
        datetime: None,
    });
    let rows = city.responsibility_batch(&Scope::whole_district(), queries).unwrap();
    let mut inside = 0;
    for ((row, wanted), point) in rows.zip(&wanted).zip(&points) {
        assert_eq!(row.chain.first().map(|unit| &unit.code), wanted.as_ref(), "{point:?}");
        assert_eq!(row.inside, row.nearest.is_none());
        inside += usize::from(row.inside);
    }
    assert!(inside > 2_000 && inside < points.len(), "{inside} of {}", points.len());
}
