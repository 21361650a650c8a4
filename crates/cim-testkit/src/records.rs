//! Builders: records with harmless values, and loads of a few of them.

use cim_model::{Collection, FieldType, Record, Value};
use cim_store::{LoadCounts, LoadMode, Provenance, SnapshotReader, Store};
use futures_util::TryStreamExt;
use geo_types::{Geometry, Point, polygon};

/// A record with the given fields; the required ones that are left out get something harmless.
#[must_use]
pub fn record(collection: Collection, fields: &[(&str, Value)]) -> Record {
    let spec = collection.spec();
    let values = spec.fields.iter().map(|field| {
        let given = fields.iter().find(|(name, _)| *name == field.name);
        given.map_or_else(
            || if field.required { harmless(field.field_type) } else { Value::Null },
            |(_, value)| value.clone(),
        )
    });
    let record = Record { values: values.collect() };
    assert!(
        fields.iter().all(|(name, _)| spec.position(name).is_some()),
        "a field that {collection} does not have"
    );
    record
}

fn harmless(field_type: FieldType) -> Value {
    match field_type {
        FieldType::Text => text("x"),
        FieldType::Texts => Value::Texts(Vec::new()),
        FieldType::Int => Value::Int(1),
        FieldType::Float => Value::Float(1.0),
        FieldType::Bool => Value::Bool(false),
        FieldType::Time => Value::Time("2026-03-01T08:30:00.123456Z".parse().expect("test data are right")),
        FieldType::Date => Value::Date("2026-03-01".parse().expect("test data are right")),
        FieldType::Code(words) => text(words[0]),
        FieldType::Geometry => point(121.15, 31.88),
    }
}

/// A text.
#[must_use]
pub fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// A point.
#[must_use]
pub fn point(lon: f64, lat: f64) -> Value {
    Value::Geometry(Point::new(lon, lat).into())
}

/// A square by its south-west corner.
#[must_use]
pub fn square(lon: f64, lat: f64, side: f64) -> Geometry<f64> {
    polygon![
        (x: lon, y: lat),
        (x: lon + side, y: lat),
        (x: lon + side, y: lat + side),
        (x: lon, y: lat + side),
        (x: lon, y: lat),
    ]
    .into()
}

/// A building with a number; its neighbours stand beside it.
#[must_use]
pub fn building(number: usize, name: &str) -> Record {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let lon = 121.0 + (number % 1000) as f64 * 1e-4;
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let lat = 31.8 + (number / 1000) as f64 * 1e-4;
    record(
        Collection::Building,
        &[
            ("code", text(&format!("B{number:06}"))),
            ("name", text(name)),
            ("height_m", Value::Float(9.5)),
            ("use", text("farmhouse")),
            ("geom", Value::Geometry(square(lon, lat, 5e-5))),
        ],
    )
}

/// A named place.
#[must_use]
pub fn place(code: &str, name: &str) -> Record {
    record(Collection::Place, &[("code", text(code)), ("name", text(name))])
}

/// Where test data come from.
#[must_use]
pub fn provenance() -> Provenance {
    Provenance {
        source: "test pack".to_owned(),
        city_code: "320614".to_owned(),
        city_name: "海门区".to_owned(),
        synthetic: true,
        exclusive: None,
        actor: None,
    }
}

/// Loads records of one collection in a load of their own.
pub async fn load(store: &Store, collection: Collection, mode: LoadMode, records: Vec<Record>) -> LoadCounts {
    let mut session = store.begin_load(provenance()).await.expect("test data are right");
    let counts = session.write(collection, mode, arriving(records)).await.expect("test data are right");
    session.commit().await.expect("test data are right");
    counts
}

/// The records as they would come from a reader.
#[must_use]
pub fn arriving(records: Vec<Record>) -> tokio::sync::mpsc::Receiver<Vec<Record>> {
    let (send, receive) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        for piece in records.chunks(1000) {
            if send.send(piece.to_vec()).await.is_err() {
                return;
            }
        }
    });
    receive
}

/// All rows of a collection by id.
pub async fn rows(reader: &SnapshotReader, collection: Collection) -> Vec<(i64, Record)> {
    let mut rows: Vec<(i64, Record)> = reader
        .read(collection)
        .await
        .expect("test data are right")
        .map_ok(|row| (row.id, row.record))
        .try_collect()
        .await
        .expect("test data are right");
    rows.sort_by_key(|(id, _)| *id);
    rows
}

/// All rows of a collection as they are now, by id.
pub async fn rows_now(store: &Store, collection: Collection) -> Vec<(i64, Record)> {
    rows(&store.open_snapshot().await.expect("test data are right"), collection).await
}
