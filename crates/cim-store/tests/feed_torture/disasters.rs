//! What a database suffers: connections cut, and PostgreSQL killed with commits that it had not written down.

use std::fs;

use cim_store::{ClusterHandle, Feed};
use rustix::process::{Pid, Signal, kill_process};
use tokio_postgres::Client;

use crate::run::Torture;
use crate::writers::{connect, connect_again};

/// Commits that may be lost together. PostgreSQL's own first transactions after the crash take some of their numbers.
const UNFLUSHED: usize = 8;
/// A write-ahead log writer that wakes in the wrong moment saves the commits; it does not do so every time.
const ATTEMPTS: usize = 25;

/// Ends the connections of the store that is followed.
pub(crate) async fn cut(address: &str) {
    connect_again(address)
        .await
        .batch_execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where application_name = 'followed' and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
}

/// Kills PostgreSQL and all its processes at once; the cluster's owner starts it again.
pub(crate) async fn kill(cluster: &ClusterHandle) {
    let postmaster = cluster.postmaster_pid().unwrap();
    for pid in [vec![postmaster], children(postmaster)].concat() {
        // A child may have gone with its parent already.
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap_or_default();
    }
    connect_again(cluster.connection_string()).await;
    assert_ne!(cluster.postmaster_pid(), Some(postmaster));
}

fn children(parent: i32) -> Vec<i32> {
    let is_child = |pid: &i32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // Behind the name in parentheses: the state, then the parent.
        let parent_pid = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1));
        parent_pid.and_then(|pid| pid.parse().ok()) == Some(parent)
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_child).collect()
}

/// The mirror sees commits, the crash loses them, and their numbers are given out again to others.
pub(crate) async fn lose_unflushed_commits(torture: &mut Torture<Feed>, cluster: &ClusterHandle) {
    let address = torture.address().to_owned();
    let settings = connect_again(&address).await;
    for statement in ["alter system set wal_writer_delay = '10s'", "select pg_reload_conf()"] {
        settings.batch_execute(statement).await.unwrap();
    }
    drop(settings);
    for attempt in 0..ATTEMPTS {
        let (lost, given_again) = lose_commits(torture, cluster, attempt).await;
        println!("{lost} of {UNFLUSHED} commits lost, {given_again} of their numbers given out again");
        if lost == UNFLUSHED && given_again > 0 {
            return;
        }
    }
    unreachable!("the crash always comes too late");
}

/// How many commits were lost, and how many of their numbers others have now.
async fn lose_commits(
    torture: &mut Torture<Feed>,
    cluster: &ClusterHandle,
    attempt: usize,
) -> (usize, usize) {
    let address = torture.address().to_owned();
    let name = |kind: &str, number: usize| format!("{kind}-{attempt}-{number}");
    let client = connect(&address).await;
    client.batch_execute("set synchronous_commit = off").await.unwrap();
    let mut unflushed = Vec::new();
    for number in 0..UNFLUSHED {
        unflushed.push(insert(&client, &name("ghost", number)).await);
    }
    torture.catch_up().await;
    assert!(torture.mirror.has_place(&name("ghost", 0)), "a commit is seen before it is on disk");
    torture.crash(cluster).await;
    torture.catch_up().await;
    let is_lost = |number: &usize| !torture.mirror.has_place(&name("ghost", *number));
    let lost = (0..UNFLUSHED).filter(is_lost).count();

    let client = connect(&address).await;
    let mut given_again = 0;
    for number in 0..2 * UNFLUSHED {
        let xid = insert(&client, &name("heir", number)).await;
        given_again += usize::from(unflushed.contains(&xid));
        torture.catch_up().await;
    }
    (lost, given_again)
}

async fn insert(client: &Client, name: &str) -> String {
    let row = client
        .query_one(
            "insert into cim.place (code, name, kind, geom) values ($1, $1, 'poi', 'srid=4490;point(121 31)')
             returning pg_current_xact_id()::text",
            &[&name],
        )
        .await
        .unwrap();
    row.get(0)
}
