//! What the change feed promises beyond following: what it reads again, whom it refuses, and what it notices.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_model::Collection;
use cim_store::{ChangedRows, Feed, Store, StoreError};
use cim_testkit::{TestDatabase, rows};

const A_PLACE: &str =
    "insert into cim.place (code, name, kind, geom) values ('a', 'a', 'poi', 'srid=4490;point(121 31)')";

async fn started(store: &Store) -> Feed {
    let mut feed = store.feed().await.unwrap();
    let first = feed.poll().await.unwrap().unwrap();
    feed.applied(first).await.unwrap();
    feed
}

#[tokio::test]
async fn a_step_with_very_many_rows_reads_only_the_collection_that_has_them() {
    let database = TestDatabase::new().await;
    let mut feed = started(database.store()).await;
    let client = database.client().await;
    for half in 0..2 {
        // Two statements below the limit that are above it together.
        client
            .batch_execute(&format!(
                "insert into cim.building (code, geom)
                 select 'B{half}-' || n,
                        'srid=4490;multipolygon(((121 31, 121.1 31, 121.1 31.1, 121 31)))'
                 from generate_series(1, 30000) n"
            ))
            .await
            .unwrap();
    }
    client.batch_execute(A_PLACE).await.unwrap();
    let step = feed.poll().await.unwrap().unwrap();
    let place = rows(&step.reader, Collection::Place).await[0].0;
    assert_eq!(
        step.collections,
        [(Collection::Building, ChangedRows::All), (Collection::Place, ChangedRows::Ids(vec![place]))]
    );
    assert_eq!(step.xids.len(), 3);
}

#[tokio::test]
async fn a_crash_behind_a_pooler_that_keeps_the_connection_is_noticed() {
    let database = TestDatabase::new().await;
    let mut feed = started(database.store()).await;
    let epoch = feed.epoch().to_owned();
    // All that is left of a crash for a connection that did not see it: the table of the period is empty.
    database.client().await.batch_execute("delete from cim.epoch").await.unwrap();
    assert!(matches!(feed.poll().await, Err(StoreError::FeedLost)));
    feed.reconnect().await.unwrap();
    assert_ne!(feed.epoch(), epoch);
    let step = feed.poll().await.unwrap().unwrap();
    assert!(step.collections.iter().all(|(_, rows)| *rows == ChangedRows::All));
}

#[tokio::test]
async fn a_database_made_from_another_has_an_epoch_of_its_own() {
    let (one, other) = (TestDatabase::new().await, TestDatabase::new().await);
    for database in [&one, &other] {
        let name = "insert into cim.epoch (name) values ('6f1c1a52-0c3c-4f9e-9f4e-0d5c8d1b6a11')";
        database.client().await.batch_execute(name).await.unwrap();
    }
    let epochs = (one.store().feed().await.unwrap(), other.store().feed().await.unwrap());
    assert_ne!(epochs.0.epoch(), epochs.1.epoch());
    assert_eq!(epochs.0.epoch(), one.store().feed().await.unwrap().epoch());
}

#[tokio::test]
async fn changes_of_the_future_are_forgotten_when_the_feed_connects() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    client.batch_execute(A_PLACE).await.unwrap();
    client
        .batch_execute("insert into cim.change (xid, collection, id) values ('9000000000000', 'place', 1)")
        .await
        .unwrap();
    let _feed = started(database.store()).await;
    let left = client.query_one("select count(*) from cim.change", &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 1, "what happened is still listed");
}

#[tokio::test]
async fn a_reader_that_a_row_policy_would_filter_is_refused() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let role = format!("reader_{}", std::process::id());
    client
        .batch_execute(&format!(
            "{A_PLACE};
             create role {role} login;
             grant usage on schema cim to {role};
             grant select on all tables in schema cim to {role};
             alter table cim.place enable row level security"
        ))
        .await
        .unwrap();
    let address = database.connection_string().replace("user=cim", &format!("user={role}"));
    let reader = Store::connect(&address).await.unwrap().open_snapshot().await.unwrap();
    let refused = reader.read_ids(Collection::Place, &[1]).await.unwrap_err();
    let shared = database.store().open_snapshot().await.unwrap().share().await.unwrap();
    assert_eq!(rows(&shared, Collection::Place).await.len(), 1, "the owner sees everything");
    drop((reader, shared));
    client.batch_execute(&format!("drop owned by {role}; drop role {role}")).await.unwrap();
    let StoreError::Query { source, .. } = refused else { panic!("{refused}") };
    let said = source.as_db_error().unwrap().message();
    assert!(said.contains("row-level security"), "{said}");
}

#[tokio::test]
async fn triggers_that_are_right_are_left_alone_and_others_are_put_right() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let list = async || {
        let triggers = "select tgrelid::regclass::text, tgname::text, xmin::text, pg_get_triggerdef(oid)
                        from pg_trigger where not tgisinternal order by 1, 2";
        format!("{:?}", client.simple_query(triggers).await.unwrap())
    };
    let before = list().await;
    database.store().migrate().await.unwrap();
    assert_eq!(list().await, before);
    client
        .batch_execute(
            "create or replace trigger feed_delete after delete on cim.place referencing old table as old_rows
             for each statement execute function cim.log_delete('building')",
        )
        .await
        .unwrap();
    database.store().migrate().await.unwrap();
    let mut feed = started(database.store()).await;
    client.batch_execute(A_PLACE).await.unwrap();
    client.batch_execute("delete from cim.place").await.unwrap();
    let step = feed.poll().await.unwrap().unwrap();
    assert_eq!(step.collections.len(), 1);
    assert_eq!(step.collections[0].0, Collection::Place);
}

#[tokio::test]
async fn no_mirrored_table_is_partitioned_or_inherited() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let names: Vec<&str> = Collection::ALL.iter().map(|collection| collection.name()).collect();
    let plain = client
        .query_one(
            "select count(*) from pg_class
             where relnamespace = 'cim'::regnamespace and relname = any ($1) and relkind = 'r'
               and not relispartition and not relhassubclass",
            &[&names],
        )
        .await
        .unwrap();
    assert_eq!(plain.get::<_, i64>(0), i64::try_from(names.len()).unwrap());
}
