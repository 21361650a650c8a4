//! The change feed: a mirror that follows it always equals the tables.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use cim_model::{Collection, Record};
use cim_store::{ChangedRows, Feed, LoadMode, Store, Xid};
use cim_testkit::{TestDatabase, building, load, place, rows, rows_now, text};

/// What a mirror is to the feed.
#[derive(Default)]
struct Mirror {
    rows: BTreeMap<Collection, BTreeMap<i64, Record>>,
    seen: Vec<Xid>,
}

impl Mirror {
    /// Takes steps until there are none; says how many rows were read.
    async fn follow(&mut self, feed: &mut Feed) -> usize {
        let mut read = 0;
        while let Some(changes) = feed.poll().await.unwrap() {
            for (collection, changed) in &changes.collections {
                let mirrored = self.rows.entry(*collection).or_default();
                match changed {
                    ChangedRows::All => {
                        *mirrored = rows(&changes.reader, *collection).await.into_iter().collect();
                    }
                    ChangedRows::Ids(ids) => {
                        mirrored.retain(|id, _| !ids.contains(id));
                        let current = changes.reader.read_ids(*collection, ids).await.unwrap();
                        read += current.len();
                        mirrored.extend(current.into_iter().map(|row| (row.id, row.record)));
                    }
                }
            }
            self.seen.extend(&changes.xids);
            feed.applied(changes).await.unwrap();
        }
        read
    }

    async fn assert_equals(&self, store: &Store, collection: Collection) {
        let table: BTreeMap<i64, Record> = rows_now(store, collection).await.into_iter().collect();
        let mirrored = self.rows.get(&collection).cloned().unwrap_or_default();
        assert!(mirrored == table, "{collection}: {} mirrored, {} stored", mirrored.len(), table.len());
    }
}

#[tokio::test]
async fn the_first_step_names_everything_and_the_next_only_what_changed() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, Collection::Place, LoadMode::Merge, vec![place("a", "one"), place("b", "two")]).await;
    let mut feed = store.feed().await.unwrap();
    let first = feed.poll().await.unwrap().expect("the first step is everything");
    assert_eq!(first.collections.len(), Collection::ALL.len());
    assert!(first.collections.iter().all(|(_, rows)| *rows == ChangedRows::All));
    feed.applied(first).await.unwrap();
    assert!(feed.poll().await.unwrap().is_none());

    let client = database.client().await;
    client.batch_execute("update cim.place set name = 'uno' where code = 'a'").await.unwrap();
    let id = rows_now(store, Collection::Place).await[0].0;
    let step = feed.poll().await.unwrap().expect("something was written");
    assert_eq!(step.collections, [(Collection::Place, ChangedRows::Ids(vec![id]))]);
    assert_eq!(step.xids.len(), 1);
    assert!(step.snapshot.sees(step.xids[0]));
    // A step that was not applied comes again.
    drop(step);
    let again = feed.poll().await.unwrap().expect("the step was not applied");
    assert_eq!(again.collections, [(Collection::Place, ChangedRows::Ids(vec![id]))]);
}

#[tokio::test]
async fn a_mirror_equals_the_tables_whatever_writers_do() {
    const WRITERS: u32 = 6;
    const ROUNDS: u32 = 60;
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, Collection::Place, LoadMode::Merge, (0..40).map(|n| place(&format!("p{n}"), "x")).collect())
        .await;
    // A writer that began before everybody and ends after everybody.
    let idle = database.client().await;
    idle.batch_execute("begin; update cim.place set name = 'idle' where code = 'p0'").await.unwrap();

    let mut feed = store.feed().await.unwrap();
    let mut mirror = Mirror::default();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let client = database.client().await;
        writers.spawn(async move {
            for round in 0..ROUNDS {
                client.batch_execute(&transaction(writer, round)).await.unwrap();
            }
        });
    }
    while let Some(ended) = tokio::time::timeout(std::time::Duration::from_millis(5), writers.join_next())
        .await
        .unwrap_or(Some(Ok(())))
    {
        ended.unwrap();
        mirror.follow(&mut feed).await;
    }
    idle.batch_execute("commit").await.unwrap();
    mirror.follow(&mut feed).await;
    mirror.assert_equals(store, Collection::Place).await;
    assert!(mirror.rows[&Collection::Place].values().any(|record| record.values.contains(&text("idle"))));
    let mut once = mirror.seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), mirror.seen.len(), "no transaction is announced twice");
}

/// Inserts, updates and deletes; every third transaction rolls back, every fourth rolls back to a savepoint.
fn transaction(writer: u32, round: u32) -> String {
    let own = format!("w{writer}");
    let end = if round.is_multiple_of(3) { "rollback" } else { "commit" };
    let savepoint = if round.is_multiple_of(4) { "rollback to savepoint s;" } else { "" };
    format!(
        "begin;
         insert into cim.place (code, name, kind, geom)
         values ('{own}-{round}', 'new', 'poi', 'srid=4490;point(121 31)');
         savepoint s;
         update cim.place set name = '{own}-{round}' where code like '{own}-%' or code = 'p{writer}1';
         delete from cim.place where code = '{own}-{}';
         {savepoint}
         {end};",
        round.saturating_sub(5)
    )
}

#[tokio::test]
async fn the_mirror_between_two_steps_equals_the_snapshot_of_the_step() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let mut feed = store.feed().await.unwrap();
    let mut mirror = Mirror::default();
    mirror.follow(&mut feed).await;
    let client = database.client().await;
    for round in 0..20 {
        client.batch_execute(&transaction(1, round)).await.unwrap();
        mirror.follow(&mut feed).await;
        mirror.assert_equals(store, Collection::Place).await;
    }
}

#[tokio::test]
async fn a_statement_on_very_many_rows_says_to_read_the_collection() {
    let database = TestDatabase::new().await;
    let store = database.store();
    load(store, Collection::Building, LoadMode::Merge, (0..50_002).map(|n| building(n, "x")).collect()).await;
    let mut feed = store.feed().await.unwrap();
    let first = feed.poll().await.unwrap().unwrap();
    feed.applied(first).await.unwrap();
    let client = database.client().await;
    for statement in [
        "update cim.building set name = 'y'",
        "delete from cim.building where code <> 'B000000'",
        "insert into cim.building (code, geom) select 'N' || n, (select geom from cim.building limit 1) from generate_series(1, 50001) n",
    ] {
        client.batch_execute(statement).await.unwrap();
        let step = feed.poll().await.unwrap().unwrap();
        assert_eq!(step.collections, [(Collection::Building, ChangedRows::All)], "{statement}");
        feed.applied(step).await.unwrap();
    }
    let logged: i64 = client.query_one("select count(*) from cim.change", &[]).await.unwrap().get(0);
    assert_eq!(logged, 4, "three statements and the first load");
}

#[tokio::test]
async fn truncate_is_refused_with_the_remedy() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    for collection in Collection::ALL {
        let refused =
            client.batch_execute(&format!("truncate cim.\"{collection}\" cascade")).await.unwrap_err();
        let said = refused.as_db_error().unwrap();
        assert_eq!(said.hint(), Some("Use DELETE instead."), "{collection}: {said}");
    }
}

#[tokio::test]
async fn a_restore_that_demoted_the_triggers_is_put_right_at_the_next_start() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    client
        .batch_execute(
            "alter table cim.place enable trigger feed_insert; drop trigger feed_delete on cim.place",
        )
        .await
        .unwrap();
    database.store().migrate().await.unwrap();
    // A replica session fires only triggers that are always enabled; so do editors' tools that set the role.
    client.batch_execute("set session_replication_role = replica").await.unwrap();
    let mut feed = database.store().feed().await.unwrap();
    let mut mirror = Mirror::default();
    mirror.follow(&mut feed).await;
    client
        .batch_execute("insert into cim.place (code, name, kind, geom) values ('a', 'a', 'poi', 'srid=4490;point(121 31)')")
        .await
        .unwrap();
    mirror.follow(&mut feed).await;
    mirror.assert_equals(database.store(), Collection::Place).await;
    client.batch_execute("delete from cim.place").await.unwrap();
    mirror.follow(&mut feed).await;
    mirror.assert_equals(database.store(), Collection::Place).await;
    assert!(mirror.rows[&Collection::Place].is_empty());
}

#[tokio::test]
async fn a_role_that_may_write_a_table_feeds_the_mirrors_too() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let role = format!("editor_{}", std::process::id());
    client
        .batch_execute(&format!(
            "create role {role}; grant usage on schema cim to {role}; grant insert on cim.place to {role};
             set role {role};
             insert into cim.place (code, name, kind, geom) values ('q', 'q', 'poi', 'srid=4490;point(121 31)');
             reset role; revoke all on cim.place from {role}; revoke all on schema cim from {role}; drop role {role}"
        ))
        .await
        .unwrap();
    let logged: i64 = client.query_one("select count(*) from cim.change", &[]).await.unwrap().get(0);
    assert_eq!(logged, 1);
}

#[tokio::test]
async fn a_lost_connection_is_told_and_the_next_step_is_everything() {
    let database = TestDatabase::new().await;
    let mut feed = database.store().feed().await.unwrap();
    let epoch = feed.epoch().to_owned();
    let first = feed.poll().await.unwrap().unwrap();
    feed.applied(first).await.unwrap();
    let client = database.client().await;
    client
        .batch_execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    while feed.poll().await.is_ok() {}
    assert!(feed.poll().await.is_err(), "a lost feed stays lost");
    feed.reconnect().await.unwrap();
    assert_eq!(feed.epoch(), epoch, "the database did not crash");
    let step = feed.poll().await.unwrap().unwrap();
    assert_eq!(step.collections.len(), Collection::ALL.len());
}

#[tokio::test]
async fn a_mirror_older_than_the_pruned_log_reads_everything() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let mut feed = store.feed().await.unwrap();
    let first = feed.poll().await.unwrap().unwrap();
    feed.applied(first).await.unwrap();
    for name in ["one", "two", "three"] {
        load(store, Collection::Place, LoadMode::Merge, vec![place("a", name)]).await;
    }
    // Tests of other databases in the cluster may hold back what everybody has seen for a moment.
    let mut pruned = 0;
    while pruned < 3 {
        let batch = store.prune_changes(std::time::Duration::ZERO, 2).await.unwrap();
        assert!(batch <= 2);
        pruned += batch;
    }
    let step = feed.poll().await.unwrap().unwrap();
    assert_eq!(step.collections.len(), Collection::ALL.len());
}
