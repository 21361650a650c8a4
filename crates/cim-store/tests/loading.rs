//! Loading collections: first loads, second loads, differences, and loads that fail.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_model::{Collection, Value};
use cim_store::{LoadCounts, LoadMode, StoreError};
use cim_testkit::{
    TestDatabase, arriving, building, load, place, point, provenance, record, rows_now, square, text,
};
use geo_types::{line_string, polygon};

const NOTHING: LoadCounts = LoadCounts { loaded: 0, changed: 0, unchanged: 0, removed: 0 };

#[tokio::test]
async fn every_collection_is_read_as_it_was_loaded() {
    let database = TestDatabase::new().await;
    for collection in Collection::ALL.iter().copied().filter(|collection| !collection.is_unit()) {
        let spec = collection.spec();
        let fields: Vec<(&str, Value)> =
            spec.fields.iter().map(|field| (field.name, support_value(collection, field))).collect();
        let given = record(collection, &fields);
        let counts = load(database.store(), collection, LoadMode::Merge, vec![given.clone()]).await;
        assert_eq!(counts, LoadCounts { loaded: 1, ..NOTHING }, "{collection}");
        let read = rows_now(database.store(), collection).await;
        assert_eq!(read.len(), 1, "{collection}");
        assert_eq!(read[0].1, given, "{collection}");
    }
}

/// A value of every type that a collection's field can hold, in the shape it is stored in.
fn support_value(collection: Collection, field: &cim_model::Field) -> Value {
    use cim_model::{FieldType, GeometryKind};
    let line = line_string![(x: 121.0, y: 31.8), (x: 121.1, y: 31.9)];
    match (field.field_type, collection.spec().geometry) {
        (FieldType::Texts, _) => Value::Texts(vec!["一".to_owned(), "b;\"c\"".to_owned()]),
        (FieldType::Geometry, GeometryKind::Line) => {
            Value::Geometry(geo_types::MultiLineString(vec![line]).into())
        }
        (FieldType::Geometry, GeometryKind::Polygon) => {
            let geo_types::Geometry::Polygon(area) = square(121.0, 31.8, 0.01) else { unreachable!() };
            Value::Geometry(geo_types::MultiPolygon(vec![area]).into())
        }
        _ => record(collection, &[]).values[collection.spec().position(field.name).unwrap()]
            .clone()
            .pipe(|value| if value == Value::Null { filled(field.field_type) } else { value }),
    }
}

fn filled(field_type: cim_model::FieldType) -> Value {
    use cim_model::FieldType;
    match field_type {
        FieldType::Int => Value::Int(-7),
        FieldType::Float => Value::Float(0.1),
        FieldType::Bool => Value::Bool(true),
        FieldType::Time => Value::Time("1969-12-31T23:59:59.999999Z".parse().unwrap()),
        FieldType::Date => Value::Date("1999-12-31".parse().unwrap()),
        FieldType::Code(words) => text(words[words.len() - 1]),
        FieldType::Geometry => point(-121.5, -31.25),
        _ => text("海门 'quoted' \\ tab\t"),
    }
}

trait Pipe: Sized {
    fn pipe<T>(self, then: impl FnOnce(Self) -> T) -> T {
        then(self)
    }
}
impl Pipe for Value {}

#[tokio::test]
async fn a_second_load_of_the_same_changes_nothing_and_writes_nothing() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let records: Vec<_> = (0..3000).map(|number| building(number, "first")).collect();
    let first = load(store, Collection::Building, LoadMode::Merge, records.clone()).await;
    assert_eq!(first, LoadCounts { loaded: 3000, ..NOTHING });
    let mut session = store.begin_load(provenance()).await.unwrap();
    let second = session.write(Collection::Building, LoadMode::Replace, arriving(records)).await.unwrap();
    assert_eq!(second, LoadCounts { unchanged: 3000, ..NOTHING });
    assert_eq!(session.commit().await.unwrap().xid, None);
}

#[tokio::test]
async fn a_load_into_a_live_collection_writes_only_the_difference() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let old = vec![place("a", "same"), place("b", "old name"), place("c", "kept or removed")];
    load(store, Collection::Place, LoadMode::Merge, old).await;
    let before = rows_now(store, Collection::Place).await;
    let new = vec![place("a", "same"), place("b", "new name"), place("d", "added")];
    let merged = load(store, Collection::Place, LoadMode::Merge, new.clone()).await;
    assert_eq!(merged, LoadCounts { loaded: 1, changed: 1, unchanged: 1, removed: 0 });
    let replaced = load(store, Collection::Place, LoadMode::Replace, new.clone()).await;
    assert_eq!(replaced, LoadCounts { loaded: 0, changed: 0, unchanged: 3, removed: 1 });
    let after = rows_now(store, Collection::Place).await;
    assert_eq!(after.iter().map(|(_, record)| record.clone()).collect::<Vec<_>>(), new);
    assert_eq!([after[0].0, after[1].0], [before[0].0, before[1].0], "rows keep their ids");
}

#[tokio::test]
async fn a_load_that_fails_leaves_nothing_behind() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let mut session = store.begin_load(provenance()).await.unwrap();
    session.write(Collection::Building, LoadMode::Merge, arriving(vec![building(1, "whole")])).await.unwrap();
    let twice = vec![place("a", "one"), place("a", "two")];
    let refused = session.write(Collection::Place, LoadMode::Merge, arriving(twice)).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Constraint { constraint, detail, .. }
        if constraint == "place_key" && detail.contains("(a)")),
        "{refused:?}"
    );
    assert!(matches!(session.commit().await, Err(StoreError::LoadBroken)));
    for collection in [Collection::Building, Collection::Place] {
        assert!(rows_now(store, collection).await.is_empty());
        load(store, collection, LoadMode::Merge, Vec::new()).await;
    }
    let counts = load(store, Collection::Building, LoadMode::Merge, vec![building(1, "whole")]).await;
    assert_eq!(counts.loaded, 1);
}

#[tokio::test]
async fn a_dropped_load_leaves_nothing_behind_and_frees_the_place_for_another() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let mut session = store.begin_load(provenance()).await.unwrap();
    session.write(Collection::Place, LoadMode::Merge, arriving(vec![place("a", "one")])).await.unwrap();
    assert!(matches!(store.begin_load(provenance()).await, Err(StoreError::LoadRunning)));
    drop(session);
    drop(store.begin_load(provenance()).await.expect("the place is free again"));
    assert!(rows_now(store, Collection::Place).await.is_empty());
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_refused_by_name() {
    let database = TestDatabase::new().await;
    let mut session = database.store().begin_load(provenance()).await.unwrap();
    let wrong = record(Collection::Place, &[("rank", text("first"))]);
    let refused = session.write(Collection::Place, LoadMode::Merge, arriving(vec![wrong])).await.unwrap_err();
    assert_eq!(refused.to_string(), "place.rank cannot hold Text(\"first\")");
}

#[tokio::test]
async fn geometry_that_is_not_of_this_world_is_refused_by_a_named_rule() {
    let database = TestDatabase::new().await;
    for (collection, geometry, rule) in [
        (Collection::Place, point(f64::NAN, 31.0), "place_geom_finite"),
        (Collection::Place, point(181.0, 31.0), "place_geom_within_world"),
        (Collection::Place, point(121.0, f64::INFINITY), "place_geom_within_world"),
        (Collection::Building, bow_tie(), "building_geom_valid"),
        (Collection::Building, Value::Geometry(square(179.0, 89.5, 1.0)), "building_geom_within_world"),
        (Collection::Road, not_a_number(), "road_geom_valid"),
    ] {
        let mut session = database.store().begin_load(provenance()).await.unwrap();
        let records = arriving(vec![record(collection, &[("geom", geometry)])]);
        let refused = session.write(collection, LoadMode::Merge, records).await.unwrap_err();
        assert!(
            matches!(&refused, StoreError::Constraint { constraint, .. } if constraint == rule),
            "{refused:?}"
        );
    }
}

fn bow_tie() -> Value {
    let ring = polygon![(x: 121.0, y: 31.0), (x: 122.0, y: 32.0), (x: 122.0, y: 31.0), (x: 121.0, y: 32.0)];
    Value::Geometry(ring.into())
}

fn not_a_number() -> Value {
    Value::Geometry(line_string![(x: 121.0, y: 31.0), (x: f64::NAN, y: 31.5), (x: 122.0, y: 31.0)].into())
}

#[tokio::test]
async fn the_indexes_of_a_table_are_the_same_after_its_first_load() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let indexes = "select indexdef from pg_indexes where schemaname = 'cim' order by 1";
    let triggers = "select tgrelid::regclass::text, tgname::text, tgenabled::text from pg_trigger where not tgisinternal order by 1, 2";
    let list = async |statement: &str| {
        let rows = client.simple_query(statement).await.unwrap();
        format!("{rows:?}")
    };
    let before = (list(indexes).await, list(triggers).await);
    for (collection, record) in
        [(Collection::Building, building(1, "x")), (Collection::Case, record(Collection::Case, &[]))]
    {
        load(database.store(), collection, LoadMode::Merge, vec![record]).await;
    }
    assert_eq!((list(indexes).await, list(triggers).await), before);
}
