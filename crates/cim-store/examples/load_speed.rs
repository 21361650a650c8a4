//! How long loading buildings takes beside a bare COPY of the same rows into the same indexed table, on a cluster of its own.
#![expect(clippy::print_stdout, reason = "its figures are what it is for")]

use std::time::{Duration, Instant};

use cim_model::{Collection, Record};
use cim_store::{ClusterOptions, LoadMode, PrivateCluster, SnapshotReader, Store};
use cim_testkit::{arriving, building, provenance};
use futures_util::{SinkExt, TryStreamExt};

const BUILDINGS: usize = 420_000;
const COPY_OUT: &str = "copy cim.building to stdout with (format binary)";
const COPY_IN: &str = "copy cim.building from stdin with (format binary)";

#[tokio::main]
async fn main() {
    let home = std::env::args().nth(1).expect("say in which folder the cluster may be made");
    let cluster = PrivateCluster::start(home.as_ref(), ClusterOptions::default()).await.expect("a cluster");
    let store = Store::connect(cluster.connection_string()).await.expect("a database");
    store.migrate().await.expect("a schema");
    let (client, connection) = tokio_postgres::connect(cluster.connection_string(), tokio_postgres::NoTls)
        .await
        .expect("a connection");
    tokio::spawn(connection);
    empty(&client).await;
    let some = buildings(20_000);
    let all = buildings(BUILDINGS);

    println!("first load            {:?}", load(&store, all.clone()).await);
    println!("the same again        {:?}", load(&store, all.clone()).await);
    let reader = store.open_snapshot().await.expect("a snapshot");
    println!("read back             {:?}", read(&reader).await);
    println!("twice, two at once    {:?}", read_twice(reader).await);
    let began = Instant::now();
    let rows: Vec<bytes::Bytes> =
        client.copy_out(COPY_OUT).await.expect("rows").try_collect().await.expect("rows");
    println!("bare COPY out         {:?}", began.elapsed());
    empty(&client).await;
    let began = Instant::now();
    let mut sink = std::pin::pin!(client.copy_in(COPY_IN).await.expect("a COPY"));
    for piece in rows {
        sink.feed(piece).await.expect("a COPY");
    }
    sink.finish().await.expect("a COPY");
    println!("bare COPY             {:?}", began.elapsed());
    empty(&client).await;
    println!("20,000 of them        {:?}", load(&store, some).await);
    println!("all over those 20,000 {:?}", load(&store, all).await);
    empty(&client).await;
}

/// Leaves the table without rows and without pages.
async fn empty(client: &tokio_postgres::Client) {
    for statement in ["delete from cim.building", "vacuum cim.building"] {
        client.batch_execute(statement).await.expect("an empty table");
    }
}

fn buildings(count: usize) -> Vec<Record> {
    (0..count).map(|number| building(number, "Building")).collect()
}

async fn load(store: &Store, records: Vec<Record>) -> Duration {
    let began = Instant::now();
    let mut session = store.begin_load(provenance()).await.expect("a load");
    session.write(Collection::Building, LoadMode::Merge, arriving(records)).await.expect("rows");
    session.commit().await.expect("a commit");
    began.elapsed()
}

/// Two connections that share the snapshot, each in a task of its own.
async fn read_twice(reader: SnapshotReader) -> Duration {
    let began = Instant::now();
    let other = reader.share().await.expect("the same snapshot");
    let other = tokio::spawn(async move { read(&other).await });
    read(&reader).await;
    other.await.expect("rows");
    began.elapsed()
}

async fn read(reader: &SnapshotReader) -> Duration {
    let began = Instant::now();
    let rows = reader.read(Collection::Building).await.expect("rows");
    let count = rows.try_fold(0, |count, _| async move { Ok(count + 1) }).await.expect("rows");
    assert_eq!(count, BUILDINGS, "every row is read");
    began.elapsed()
}
