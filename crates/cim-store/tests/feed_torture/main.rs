//! The feed under torture: a mirror that follows it equals the tables at every step, whatever is done to the database.
//!
//! `CIM_FEED_TRANSACTIONS` says how many transactions the long run makes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "the figures of a run are worth reading")]

mod disasters;
mod mirror;
mod plan;
mod run;
mod source;
mod writers;

use cim_store::{ClusterOptions, Feed, PrivateCluster, Store};
use cim_testkit::TestDatabase;

use crate::disasters::lose_unflushed_commits;
use crate::mirror::{Difference, Mirror};
use crate::plan::pages_of_a_poll;
use crate::run::{Report, Torture};
use crate::source::{Naive, StepSource};
use crate::writers::{Work, connect};

/// A folder that the unprivileged account can reach, wherever the machine keeps its temporary files.
fn home() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn transactions() -> usize {
    let asked = std::env::var_os("CIM_FEED_TRANSACTIONS");
    asked.map_or(10_000, |text| text.to_str().unwrap().parse().expect("CIM_FEED_TRANSACTIONS is a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_equals_the_tables_at_every_step_whatever_happens() {
    let home = home();
    let cluster = PrivateCluster::start(home.path(), ClusterOptions::default()).await.unwrap();
    let address = cluster.connection_string().to_owned();
    let store = Store::connect(&format!("{address} application_name=followed")).await.unwrap();
    store.migrate().await.unwrap();
    let half = transactions() / 2;
    let mut torture = Torture::begin(&address, store.feed().await.unwrap()).await;

    let early = torture.poll_time_at_rest().await;
    let everything = Work { cuts: true, bulk: true, ..Work::of(half) };
    torture.run(&everything, Some(&cluster)).await;
    lose_unflushed_commits(&mut torture, &cluster).await;
    torture.run(&Work { cuts: true, ..Work::of(half) }, None).await;

    let late = torture.poll_time_at_rest().await;
    let pages = pages_of_a_poll(&address, &torture.snapshot.to_string()).await;
    torture.end().await;
    let report = &torture.report;
    println!("{report}\na poll with one change took {early:?} at first and {late:?} in the end; {pages}");
    assert_eq!(report.difference, Difference::default());
    assert!(torture.mirror.has_place("held"), "the last transaction that was held open is seen in the end");
    assert_eq!(report.transactions, 2 * half);
    assert!(report.comparisons >= half / 50, "compared with the tables all the time");
    assert!(report.cuts >= 10 && report.crashes >= 2 && report.reloads > 0, "all of it happened");
    assert!(
        pages.log_rows > half && pages.touched < 64,
        "the log's size and the open transaction cost nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_run_finds_a_feed_that_trusts_the_order_of_numbers_wrong() {
    let work = Work::of(600);
    let database = TestDatabase::new().await;
    let (store, address) = (database.store(), database.connection_string());
    let naive = run(&work, address, Naive::open(store, address).await).await;
    assert!(naive.difference.rows > 0, "{naive}");
    assert!(naive.difference.alarms > 0, "the fingerprint tells it too: {naive}");
    let database = TestDatabase::new().await;
    let ours = run(&work, database.connection_string(), database.store().feed().await.unwrap()).await;
    assert_eq!(ours.difference, Difference::default());
}

async fn run<S: StepSource>(work: &Work, address: &str, source: S) -> Report {
    let mut torture = Torture::begin(address, source).await;
    torture.run(work, None).await;
    torture.end().await;
    torture.report
}

#[tokio::test]
async fn a_commit_after_one_with_a_higher_number_is_missed_by_numbers_alone_and_seen_by_snapshots() {
    let database = TestDatabase::new().await;
    let (store, address) = (database.store(), database.connection_string());
    assert_eq!(late_commit(address, Naive::open(store, address).await).await.rows, 1);
    let feed: Feed = store.feed().await.unwrap();
    assert_eq!(late_commit(address, feed).await, Difference::default());
}

/// A transaction with a low number commits after the mirror saw one with a higher number.
async fn late_commit<S: StepSource>(address: &str, mut source: S) -> Difference {
    const WRITE: &str = "insert into cim.place (code, name, kind, geom)
        values (gen_random_uuid()::text, 'x', 'poi', 'srid=4490;point(121 31)')";
    let (low, high) = (connect(address).await, connect(address).await);
    let mut mirror = Mirror::default();
    let mut difference = Difference::default();
    let mut follow = async || {
        while let Some(changes) = source.step().await.unwrap() {
            mirror.take(&changes).await.unwrap();
            difference = mirror.difference(&changes.reader).await.unwrap();
            source.applied(changes).await.unwrap();
        }
    };
    follow().await;
    low.batch_execute(&format!("begin; {WRITE}")).await.unwrap();
    high.batch_execute(WRITE).await.unwrap();
    follow().await;
    low.batch_execute("commit").await.unwrap();
    follow().await;
    // Whatever comes later does not bring back what was missed.
    high.batch_execute(WRITE).await.unwrap();
    follow().await;
    difference
}
