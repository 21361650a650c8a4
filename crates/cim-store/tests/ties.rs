//! Every case, finding and camera is tied to its units, building and address in the transaction that writes it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_model::Collection;
use cim_store::{LoadMode, Provenance, Tie, UnitRow, UnitsLoad};
use cim_testkit::TestDatabase;
use geo_types::{MultiPolygon, polygon};
use tokio_postgres::Client;

const WEST: f64 = 121.0;
const SOUTH: f64 = 32.0;

fn square(west: f64, south: f64, width: f64, height: f64) -> MultiPolygon<f64> {
    let (east, north) = (west + width, south + height);
    MultiPolygon(vec![polygon![
        (x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north), (x: west, y: south),
    ]])
}

fn unit(collection: Collection, code: &str, parent: Option<&str>, ground: MultiPolygon<f64>) -> UnitRow {
    UnitRow {
        collection,
        code: code.to_owned(),
        name: code.to_owned(),
        kind: None,
        parent_code: parent.map(str::to_owned),
        urban_rural_class: None,
        polygons: Some(ground),
    }
}

/// Two micro grids whose common border lies `border` degrees east of the western one, in a grid, a village and a town.
async fn load_units(database: &TestDatabase, border: f64) {
    let whole = || square(WEST, SOUTH, 0.02, 0.01);
    let units = vec![
        unit(Collection::Town, "t", None, whole()),
        unit(Collection::Village, "v", Some("t"), whole()),
        unit(Collection::ComprehensiveGrid, "g", Some("v"), whole()),
        unit(Collection::MicroGrid, "m0", Some("g"), square(WEST, SOUTH, border, 0.01)),
        unit(Collection::MicroGrid, "m1", Some("g"), square(WEST + border, SOUTH, 0.02 - border, 0.01)),
    ];
    let provenance = Provenance {
        source: "ties".to_owned(),
        city_code: "320614".to_owned(),
        city_name: "小城".to_owned(),
        synthetic: true,
        exclusive: None,
        actor: None,
    };
    let mut session = database.store().begin_load(provenance).await.unwrap();
    let load = UnitsLoad {
        units,
        coverage: None,
        base_level: Collection::MicroGrid,
        base_codes: Vec::new(),
        overlay_codes: Vec::new(),
    };
    session.write_units(load).await.unwrap();
    session.commit().await.unwrap();
}

async fn city() -> (TestDatabase, Client) {
    let database = TestDatabase::new().await;
    load_units(&database, 0.01).await;
    let client = database.client().await;
    (database, client)
}

async fn add_case(client: &Client, number: u32, lon: f64, lat: f64) -> i64 {
    let sql = "insert into cim.\"case\" (case_no, source_system, source_no, title, state, received_at, \
         accepted_at, location_state, locate_method, geom) values ($1, 's', $1, 'x', 'accepted', now(), now(), \
         'located', 'gps', st_setsrid(st_makepoint($2, $3), 4490)) returning id";
    client.query_one(sql, &[&number.to_string(), &lon, &lat]).await.unwrap().get(0)
}

async fn tie(database: &TestDatabase, id: i64) -> Tie {
    database.store().tie_of(Collection::Case, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_row_written_by_psql_is_tied_in_the_same_transaction() {
    let (database, client) = city().await;
    client
        .batch_execute(
            "insert into cim.building (code, geom) values \
             ('b', st_setsrid(st_multi(st_makeenvelope(121.004, 32.004, 121.0042, 32.0041)), 4490));
             insert into cim.address (code, full_text, geom) values \
             ('a1', 'near', st_setsrid(st_makepoint(121.00425, 32.00405), 4490)), \
             ('a2', 'far', st_setsrid(st_makepoint(121.0046, 32.00405), 4490))",
        )
        .await
        .unwrap();
    client.batch_execute("begin").await.unwrap();
    let id = add_case(&client, 1, 121.00423, 32.00405).await;
    let inside: i64 =
        client.query_one("select count(*) from cim.tie where row_id = $1", &[&id]).await.unwrap().get(0);
    assert_eq!(inside, 1);
    client.batch_execute("commit").await.unwrap();
    let tie = tie(&database, id).await;
    assert_eq!((tie.state.as_str(), tie.method.as_deref()), ("tied", Some("gps")));
    assert_eq!(tie.units.micro_grid_code.as_deref(), Some("m0"));
    assert_eq!(tie.units.comprehensive_grid_code.as_deref(), Some("g"));
    assert_eq!((tie.units.village_code.as_deref(), tie.units.town_code.as_deref()), (Some("v"), Some("t")));
    let (building, building_m) = tie.building.unwrap();
    assert_eq!(building, "b");
    assert!((building_m - 2.83).abs() < 0.02, "{building_m}");
    assert_eq!(tie.address.unwrap().0, "a1");
    assert_eq!(tie.accepted.unwrap(), tie.units);
}

#[tokio::test]
async fn a_point_on_a_border_belongs_to_the_lowest_code_and_one_outside_waits_in_the_queue() {
    let (database, client) = city().await;
    let border = add_case(&client, 1, WEST + 0.01, SOUTH + 0.005).await;
    assert_eq!(tie(&database, border).await.units.micro_grid_code.as_deref(), Some("m0"));
    let outside = add_case(&client, 2, WEST + 1.0, SOUTH).await;
    let sql = "insert into cim.\"case\" (case_no, source_system, source_no, title, state, received_at, location_state, \
         raw_location) values ('3', 's', '3', 'x', 'registered', now(), 'failed', '老地方'), \
         ('4', 's', '4', 'x', 'registered', now(), 'not_needed', null), \
         ('5', 's', '5', 'x', 'registered', now(), 'failed', null)";
    client.batch_execute(sql).await.unwrap();
    let failed = database.store().failed_ties(None, 10).await.unwrap();
    let told: Vec<(Option<&str>, &str)> =
        failed.iter().map(|failed| (failed.key.as_deref(), failed.reason.as_str())).collect();
    assert_eq!(
        told,
        [(Some("2"), "outside_the_city"), (Some("3"), "text_not_found"), (Some("5"), "no_position")]
    );
    let rest = database.store().failed_ties(Some(("case", outside)), 10).await.unwrap();
    assert_eq!(rest.len(), 2);
    client
        .batch_execute("update cim.\"case\" set geom = st_setsrid(st_makepoint(121.001, 32.001), 4490) where case_no = '2'")
        .await
        .unwrap();
    assert_eq!(tie(&database, outside).await.state, "tied");
    client.batch_execute("delete from cim.\"case\" where case_no = '2'").await.unwrap();
    assert!(database.store().tie_of(Collection::Case, outside).await.unwrap().is_none());
}

#[tokio::test]
async fn a_moved_border_ties_anew_what_lies_between_and_the_acceptance_stays() {
    let (database, client) = city().await;
    let moved = add_case(&client, 1, WEST + 0.0105, SOUTH + 0.005).await;
    let kept = add_case(&client, 2, WEST + 0.019, SOUTH + 0.005).await;
    let before = tie(&database, kept).await;
    load_units(&database, 0.011).await;
    let tie = tie(&database, moved).await;
    assert_eq!(tie.units.micro_grid_code.as_deref(), Some("m0"));
    assert_eq!(tie.accepted.unwrap().micro_grid_code.as_deref(), Some("m1"));
    let after = database.store().tie_of(Collection::Case, kept).await.unwrap().unwrap();
    assert_eq!(after, before, "what did not move is not written");
}

#[tokio::test]
async fn a_building_that_comes_or_goes_changes_the_ties_near_it() {
    let (database, client) = city().await;
    let id = add_case(&client, 1, 121.0041, 32.00405).await;
    assert!(tie(&database, id).await.building.is_none());
    let envelope = "st_setsrid(st_multi(st_makeenvelope(121.004, 32.004, 121.0042, 32.0041)), 4490)";
    client
        .batch_execute(&format!("insert into cim.building (code, geom) values ('b', {envelope})"))
        .await
        .unwrap();
    assert_eq!(tie(&database, id).await.building, Some(("b".to_owned(), 0.0)));
    client.batch_execute("update cim.building set code = 'c' where code = 'b'").await.unwrap();
    assert_eq!(tie(&database, id).await.building, Some(("c".to_owned(), 0.0)));
    let away = "update cim.building set geom = st_translate(geom, 0.005, 0) where code = 'c'";
    client.batch_execute(away).await.unwrap();
    assert!(tie(&database, id).await.building.is_none());
    let back = "update cim.building set geom = st_translate(geom, -0.005, 0) where code = 'c'";
    client.batch_execute(back).await.unwrap();
    client.batch_execute("delete from cim.building where code = 'c'").await.unwrap();
    assert!(tie(&database, id).await.building.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_building_that_comes_while_a_case_is_being_written_is_in_its_tie() {
    let (database, writer) = city().await;
    writer.batch_execute("begin").await.unwrap();
    let id = add_case(&writer, 1, 121.0041, 32.00405).await;
    let builder = database.client().await;
    let envelope = "st_setsrid(st_multi(st_makeenvelope(121.004, 32.004, 121.0042, 32.0041)), 4490)";
    let sql = format!("insert into cim.building (code, geom) values ('b', {envelope})");
    let building = tokio::spawn(async move { builder.batch_execute(&sql).await });
    // It waits for the case, which it could not see.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!building.is_finished());
    writer.batch_execute("commit").await.unwrap();
    building.await.unwrap().unwrap();
    assert_eq!(tie(&database, id).await.building, Some(("b".to_owned(), 0.0)));
}

#[tokio::test]
async fn a_load_ties_everything_at_its_end_whatever_comes_first() {
    let database = TestDatabase::new().await;
    let provenance = Provenance {
        source: "ties".to_owned(),
        city_code: "320614".to_owned(),
        city_name: "小城".to_owned(),
        synthetic: true,
        exclusive: None,
        actor: None,
    };
    let spec = Collection::Camera.spec();
    let mut values = vec![cim_model::Value::Null; spec.fields.len()];
    for (name, value) in [
        ("gb_id", cim_model::Value::Text("c".to_owned())),
        ("name", cim_model::Value::Text("c".to_owned())),
        ("status", cim_model::Value::Text("online".to_owned())),
        ("geom", cim_model::Value::Geometry(geo_types::Point::new(WEST + 0.015, SOUTH + 0.005).into())),
    ] {
        values[spec.position(name).unwrap()] = value;
    }
    let mut session = database.store().begin_load(provenance).await.unwrap();
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let send = async move { sender.send(vec![cim_model::Record { values }]).await.unwrap() };
    let (counts, ()) = tokio::join!(session.write(Collection::Camera, LoadMode::Merge, receiver), send);
    counts.unwrap();
    session.commit().await.unwrap();
    let client = database.client().await;
    let id: i64 = client.query_one("select id from cim.camera", &[]).await.unwrap().get(0);
    let outside = database.store().tie_of(Collection::Camera, id).await.unwrap().unwrap();
    assert_eq!(outside.reason.as_deref(), Some("outside_the_city"));
    load_units(&database, 0.01).await;
    let tied = database.store().tie_of(Collection::Camera, id).await.unwrap().unwrap();
    assert_eq!(tied.units.micro_grid_code.as_deref(), Some("m1"));
}
