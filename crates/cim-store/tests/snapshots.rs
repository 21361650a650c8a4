//! Readers of one snapshot: the versions of rows, their fingerprint, and several connections that see the same.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_model::{Collection, Fingerprint};
use cim_store::{LoadMode, SnapshotReader, StoredRow};
use cim_testkit::{TestDatabase, load, place};
use futures_util::TryStreamExt;

async fn read(reader: &SnapshotReader) -> Vec<StoredRow> {
    let mut rows: Vec<StoredRow> = reader.read(Collection::Place).await.unwrap().try_collect().await.unwrap();
    rows.sort_by_key(|row| row.id);
    rows
}

fn fingerprint(rows: &[StoredRow]) -> Fingerprint {
    rows.iter().map(|row| (row.id, row.xmin)).collect()
}

#[tokio::test]
async fn a_row_has_another_version_whenever_it_was_written_even_with_the_same_values() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, Collection::Place, LoadMode::Merge, vec![place("a", "one"), place("b", "two")]).await;
    let before = read(&store.open_snapshot().await.unwrap()).await;
    let client = database.client().await;
    client.batch_execute("update cim.place set name = name where code = 'b'").await.unwrap();
    client.batch_execute("vacuum (freeze) cim.place").await.unwrap();
    let reader = store.open_snapshot().await.unwrap();
    let after = read(&reader).await;
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].record, before[1].record);
    assert_ne!(after[1].xmin, before[1].xmin);
    let ids: Vec<i64> = after.iter().map(|row| row.id).collect();
    let mut by_id = reader.read_ids(Collection::Place, &ids).await.unwrap();
    by_id.sort_by_key(|row| row.id);
    assert_eq!(by_id, after);
}

#[tokio::test]
async fn the_fingerprint_of_a_table_is_that_of_its_rows() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let reader = store.open_snapshot().await.unwrap();
    for collection in Collection::ALL {
        assert_eq!(reader.fingerprint(*collection).await.unwrap(), Fingerprint::default(), "{collection}");
    }
    let client = database.client().await;
    client
        .batch_execute(
            "insert into cim.place (id, code, name, kind, geom) overriding system value
             select id, 'p' || id, 'x', 'poi', 'srid=4490;point(121 31)'
             from (select n * 1000 from generate_series(1, 3000) n
                   union values (-9223372036854775808), (-1), (0), (1), (9223372036854775807)) as list (id);
             delete from cim.place where id between 1000000 and 2000000;
             update cim.place set name = 'y' where id > 2500000",
        )
        .await
        .unwrap();
    let reader = store.open_snapshot().await.unwrap();
    let rows = read(&reader).await;
    assert_eq!(rows.len(), 2004);
    assert_eq!(reader.fingerprint(Collection::Place).await.unwrap(), fingerprint(&rows));
    client.batch_execute("update cim.place set name = name where id = 1").await.unwrap();
    let later = store.open_snapshot().await.unwrap().fingerprint(Collection::Place).await.unwrap();
    assert_ne!(later, fingerprint(&rows));
}

#[tokio::test]
async fn readers_that_share_a_snapshot_see_the_same_at_once_and_one_after_the_other() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, Collection::Place, LoadMode::Merge, vec![place("a", "one"), place("b", "two")]).await;
    let client = database.client().await;
    client.batch_execute("begin; update cim.place set name = 'late' where code = 'a'").await.unwrap();
    let first = store.open_snapshot().await.unwrap();
    client.batch_execute("commit; delete from cim.place where code = 'b'").await.unwrap();
    let second = first.share().await.unwrap();
    assert_eq!(first.snapshot(), second.snapshot());
    let (one, other) = tokio::join!(read(&first), read(&second));
    assert_eq!(one.len(), 2);
    assert_eq!(one, other);
    let third = second.share().await.unwrap();
    drop((first, second));
    assert_eq!(read(&third).await, one);
    assert_eq!(read(&store.open_snapshot().await.unwrap()).await.len(), 1);
}

#[tokio::test]
async fn the_reader_of_a_step_can_be_shared_and_outlives_the_step() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, Collection::Place, LoadMode::Merge, vec![place("a", "one")]).await;
    let mut feed = store.feed().await.unwrap();
    let step = feed.poll().await.unwrap().unwrap();
    let beside = step.reader.share().await.unwrap();
    feed.applied(step).await.unwrap();
    load(store, Collection::Place, LoadMode::Merge, vec![place("b", "two")]).await;
    let next = feed.poll().await.unwrap().unwrap();
    assert_eq!(read(&beside).await.len(), 1);
    assert_eq!(read(&next.reader).await.len(), 2);
    assert!(next.snapshot.covers(beside.snapshot()));
    assert!(!beside.snapshot().covers(&next.snapshot));
}
