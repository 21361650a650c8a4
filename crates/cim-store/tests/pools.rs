//! Pools: a statement that nobody waits for any more is cancelled, and one kind of work does not wait for another.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use cim_model::Collection;
use cim_testkit::TestDatabase;
use tokio_postgres::Client;

/// Statements of the store that run now.
async fn running(client: &Client) -> i64 {
    let count = "select count(*) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
                   and application_name = 'cim'";
    client.query_one(count, &[]).await.unwrap().get(0)
}

async fn wait_for(client: &Client, wanted: impl Fn(i64) -> bool, longest: Duration) -> i64 {
    let begun = Instant::now();
    loop {
        let now = running(client).await;
        if wanted(now) || begun.elapsed() > longest {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_of_500_askers_who_went_away_are_cancelled_within_two_seconds() {
    let database = TestDatabase::new().await;
    let (holder, watcher) = (database.client().await, database.client().await);
    // Whoever reads cases now waits for as long as this transaction is open.
    holder.batch_execute("begin; lock table cim.\"case\" in access exclusive mode").await.unwrap();
    let askers: Vec<_> = (0..500)
        .map(|_| {
            let store = database.store().clone();
            tokio::spawn(async move { store.page(Collection::Case, 0, 10).await })
        })
        .collect();
    assert!(wait_for(&watcher, |now| now >= 8, Duration::from_secs(20)).await >= 8, "all connections wait");
    // Signing in has connections of its own.
    assert!(!database.store().has_accounts().await.unwrap());
    for asker in &askers {
        asker.abort();
    }
    assert_eq!(wait_for(&watcher, |now| now == 0, Duration::from_secs(2)).await, 0);
    holder.batch_execute("rollback").await.unwrap();
    assert!(database.store().page(Collection::Case, 0, 10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_was_given_up_leaves_nothing_and_its_connection_is_not_used_again() {
    let database = TestDatabase::new().await;
    let (holder, watcher) = (database.client().await, database.client().await);
    holder.batch_execute("begin; lock table cim.\"case\" in access exclusive mode").await.unwrap();
    let store = database.store().clone();
    let writer = tokio::spawn(async move { store.patch(Collection::Case, "1", 1, &[], &[]).await });
    assert!(wait_for(&watcher, |now| now == 1, Duration::from_secs(20)).await == 1, "the write waits");
    writer.abort();
    assert_eq!(wait_for(&watcher, |now| now == 0, Duration::from_secs(2)).await, 0);
    holder.batch_execute("rollback").await.unwrap();
    for _ in 0..20 {
        let patched = database.store().patch(Collection::Case, "1", 1, &[], &[]).await.unwrap();
        assert_eq!(patched, cim_store::Patched::NoSuchRow);
    }
}
