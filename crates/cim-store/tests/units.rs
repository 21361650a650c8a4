//! Units and their coverage: revisions, derived polygons, and what stays the same.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_coverage::{LatticePolygon, LayerUnit, build};
use cim_crs::LatticePoint;
use cim_model::{Collection, Value};
use cim_store::{LoadCounts, Store, StoreError, UnitRow, UnitsLoad};
use cim_testkit::{TestDatabase, provenance, rows_now};
use geo_types::polygon;
use tokio_postgres::Client;

const NOTHING: LoadCounts = LoadCounts { loaded: 0, changed: 0, unchanged: 0, removed: 0 };
/// One field of the test district: 0.01 degree.
const STEP: i64 = 1_000_000;

/// Four micro grids in a row; the border between the second and the third can be moved.
fn strip(border: i64) -> Vec<LayerUnit> {
    let cuts = [0, STEP, border, 3 * STEP, 4 * STEP];
    (0..4).map(|n| layer_unit(&format!("M{n}"), area(cuts[n], 0, cuts[n + 1], STEP))).collect()
}

fn area(west: i64, south: i64, east: i64, north: i64) -> LatticePolygon {
    let at = |x, y| LatticePoint { x: 12_100_000_000 + x, y: 3_180_000_000 + y };
    LatticePolygon {
        outer: vec![at(west, south), at(east, south), at(east, north), at(west, north)],
        holes: Vec::new(),
    }
}

fn layer_unit(key: &str, polygon: LatticePolygon) -> LayerUnit {
    LayerUnit { key: key.to_owned(), parent: None, polygons: vec![polygon] }
}

fn unit(collection: Collection, code: &str, parent: Option<&str>) -> UnitRow {
    UnitRow {
        collection,
        code: code.to_owned(),
        name: format!("the {code}"),
        kind: None,
        parent_code: parent.map(str::to_owned),
        urban_rural_class: None,
        polygons: None,
    }
}

/// A district of two villages of two micro grids each, with a park across the villages' border.
fn district(border: i64) -> UnitsLoad {
    let (base, overlay) =
        (strip(border), vec![layer_unit("E", area(STEP + STEP / 2, 0, 2 * STEP + STEP / 2, STEP / 2))]);
    let built = build(&base, &overlay);
    assert!(built.coverage.is_some(), "{:?}", built.findings);
    UnitsLoad {
        units: vec![
            unit(Collection::District, "D", None),
            unit(Collection::Village, "V1", Some("D")),
            unit(Collection::Village, "V2", Some("D")),
            unit(Collection::ExclusiveGrid, "E", Some("V1")),
            unit(Collection::MicroGrid, "M0", Some("V1")),
            unit(Collection::MicroGrid, "M1", Some("V1")),
            unit(Collection::MicroGrid, "M2", Some("V2")),
            unit(Collection::MicroGrid, "M3", Some("V2")),
        ],
        coverage: built.coverage,
        base_level: Collection::MicroGrid,
        base_codes: base.into_iter().map(|unit| unit.key).collect(),
        overlay_codes: overlay.into_iter().map(|unit| unit.key).collect(),
    }
}

async fn load(store: &Store, units: UnitsLoad) -> Vec<(Collection, LoadCounts)> {
    let mut session = store.begin_load(provenance()).await.unwrap();
    let counts = session.write_units(units).await.unwrap();
    session.commit().await.unwrap();
    counts
}

async fn count(client: &Client, statement: &str) -> i64 {
    client.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn polygons_of_every_level_are_derived_from_the_faces() {
    let database = TestDatabase::new().await;
    let counts = load(database.store(), district(2 * STEP)).await;
    let loaded = |loaded| LoadCounts { loaded, ..NOTHING };
    assert_eq!(
        counts,
        [
            (Collection::District, loaded(1)),
            (Collection::Village, loaded(2)),
            (Collection::ExclusiveGrid, loaded(1)),
            (Collection::MicroGrid, loaded(4)),
        ]
    );
    let client = database.client().await;
    let exact = "select count(*) from cim.district d where st_equals(d.geom, (select st_union(geom) from cim.village))
                 and st_equals(d.geom, (select st_union(geom) from cim.micro_grid))
                 and st_equals(d.geom, st_makeenvelope(121, 31.8, 121.04, 31.81, 4490))";
    assert_eq!(count(&client, exact).await, 1);
    let park = "select count(*) from cim.exclusive_grid
                where st_equals(geom, st_makeenvelope(121.015, 31.8, 121.025, 31.805, 4490)) and parent_code = 'V1'";
    assert_eq!(count(&client, park).await, 1);
    let ids = "select count(*) from cim.village v join cim.unit u on u.id = v.id and u.code = v.code
               join cim.unit d on d.id = u.parent_id and d.level = 'district'";
    assert_eq!(count(&client, ids).await, 2);
}

#[tokio::test]
async fn the_same_units_again_begin_no_revision() {
    let database = TestDatabase::new().await;
    load(database.store(), district(2 * STEP)).await;
    let mut session = database.store().begin_load(provenance()).await.unwrap();
    let mut again = district(2 * STEP);
    again.units.reverse();
    let counts = session.write_units(again).await.unwrap();
    assert!(counts.iter().all(|(_, counts)| !counts.wrote()), "{counts:?}");
    assert_eq!(session.commit().await.unwrap().xid, None);
    let client = database.client().await;
    assert_eq!(count(&client, "select count(*) from cim.revision").await, 1);
}

#[tokio::test]
async fn a_moved_border_changes_its_neighbours_and_nothing_else() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, district(2 * STEP)).await;
    let client = database.client().await;
    let before = rows_now(store, Collection::MicroGrid).await;
    let counts = load(store, district(2 * STEP + 7)).await;
    let of = |level| counts.iter().find(|(collection, _)| *collection == level).map(|(_, counts)| *counts);
    assert_eq!(of(Collection::MicroGrid), Some(LoadCounts { changed: 2, unchanged: 2, ..NOTHING }));
    assert_eq!(of(Collection::Village), Some(LoadCounts { changed: 2, ..NOTHING }));
    // The border's ends lie on the outline, which carries the new junctions.
    assert_eq!(of(Collection::District), Some(LoadCounts { changed: 1, ..NOTHING }));
    assert_eq!(of(Collection::ExclusiveGrid), Some(LoadCounts { changed: 1, ..NOTHING }));
    let after = rows_now(store, Collection::MicroGrid).await;
    let ids = |rows: &[(i64, cim_model::Record)]| rows.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after), "units keep their ids");
    assert_eq!(count(&client, "select count(*) from cim.unit where not upper_inf(rev)").await, 0);
    assert!(count(&client, "select count(*) from cim.arc where not upper_inf(rev)").await > 0);
    assert!(count(&client, "select count(*) from cim.arc where lower(rev) = 1 and upper_inf(rev)").await > 0);
}

#[tokio::test]
async fn a_stored_coverage_is_read_as_it_was_written() {
    let database = TestDatabase::new().await;
    let store = database.store();
    for border in [2 * STEP, 2 * STEP + 7] {
        let given = district(border);
        let expected = polygons(given.coverage.as_ref().unwrap(), &given.base_codes);
        load(store, given).await;
        let cities = store.open_snapshot().await.unwrap().read_coverage().await.unwrap();
        let [city] = &cities[..] else { panic!("one city was loaded") };
        assert!(city.clean);
        let coverage = city.coverage.as_ref().unwrap();
        assert_eq!(coverage.validate(), []);
        assert_eq!(city.overlay_codes, ["E"]);
        assert_eq!(polygons(coverage, &city.base_codes), expected);
    }
}

/// The polygons of the base units in a form that does not depend on where their rings begin.
fn polygons(coverage: &cim_coverage::Coverage, codes: &[String]) -> Vec<(String, Vec<LatticePoint>)> {
    let polygons = coverage.polygons_by(codes.len(), |_, face| Some(face.base));
    let mut named: Vec<_> = codes
        .iter()
        .cloned()
        .zip(polygons.into_iter().map(|pieces| {
            let mut points: Vec<LatticePoint> = pieces.into_iter().flat_map(|piece| piece.outer).collect();
            points.sort_unstable();
            points
        }))
        .collect();
    named.sort();
    named
}

#[tokio::test]
async fn units_that_are_not_given_any_more_are_retired_and_come_back_as_themselves() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, district(2 * STEP)).await;
    let before = rows_now(store, Collection::ExclusiveGrid).await;
    let mut without = district(2 * STEP);
    let built = build(&strip(2 * STEP), &[]);
    without.coverage = built.coverage;
    without.overlay_codes.clear();
    without.units.retain(|unit| unit.collection != Collection::ExclusiveGrid);
    let counts = load(store, without).await;
    assert!(
        counts.contains(&(Collection::ExclusiveGrid, LoadCounts { removed: 1, ..NOTHING })),
        "{counts:?}"
    );
    assert!(rows_now(store, Collection::ExclusiveGrid).await.is_empty());
    load(store, district(2 * STEP)).await;
    assert_eq!(rows_now(store, Collection::ExclusiveGrid).await, before);
}

#[tokio::test]
async fn a_load_that_leaves_a_whole_level_out_is_refused() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, district(2 * STEP)).await;
    let mut without = district(2 * STEP);
    without.units.retain(|unit| unit.collection != Collection::Village);
    let mut session = store.begin_load(provenance()).await.unwrap();
    let refused = session.write_units(without).await.unwrap_err();
    assert!(matches!(&refused, StoreError::LevelsMissing { levels, .. } if levels == "village"), "{refused}");
}

#[tokio::test]
async fn an_unclean_layer_keeps_its_polygons_as_given() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let square = polygon![(x: 121.0, y: 31.8), (x: 121.1, y: 31.8), (x: 121.1, y: 31.9), (x: 121.0, y: 31.8)];
    let given = geo_types::MultiPolygon(vec![square]);
    let units = ["A", "B"]
        .map(|code| UnitRow { polygons: Some(given.clone()), ..unit(Collection::Village, code, None) });
    let load_of = || UnitsLoad {
        units: units.to_vec(),
        coverage: None,
        base_level: Collection::Village,
        base_codes: Vec::new(),
        overlay_codes: Vec::new(),
    };
    load(store, load_of()).await;
    let geom = Collection::Village.spec().position("geom").unwrap();
    for (_, village) in rows_now(store, Collection::Village).await {
        assert_eq!(village.values[geom], Value::Geometry(given.clone().into()));
    }
    let cities = store.open_snapshot().await.unwrap().read_coverage().await.unwrap();
    assert!(!cities[0].clean && cities[0].coverage.is_none());
    let again = load(store, load_of()).await;
    assert_eq!(again, [(Collection::Village, LoadCounts { unchanged: 2, ..NOTHING })]);
}

#[tokio::test]
async fn derived_polygons_refuse_every_other_writer_and_name_the_remedy() {
    let database = TestDatabase::new().await;
    load(database.store(), district(2 * STEP)).await;
    let client = database.client().await;
    for statement in [
        "update cim.village set geom = null",
        "delete from cim.micro_grid",
        "insert into cim.town (id, code, name) values (1, 'T', 'T')",
    ] {
        let refused = client.batch_execute(statement).await.unwrap_err();
        let said = refused.as_db_error().unwrap();
        assert!(said.message().contains("derived from the boundary coverage"), "{said}");
        assert!(said.hint().unwrap().contains("cim load"), "{said}");
    }
}

#[tokio::test]
async fn old_codes_are_seeded_with_their_aliases() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let old = "select alias from cim.admin_code where scheme = 'stats12' and code = '320684417001'";
    assert_eq!(client.query_one(old, &[]).await.unwrap().get::<_, &str>(0), "320614400052");
    assert_eq!(count(&client, "select count(*) from cim.admin_code").await, 1 + 23 + 308 + 1 + 22 + 307);
}
