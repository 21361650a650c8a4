//! A run: writers write, the mirror follows and is compared at every step, and connections and servers die.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cim_model::Collection;
use cim_store::{ChangedRows, Changes, ClusterHandle, Snapshot, StoreError};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_postgres::Client;

use crate::disasters::{cut, kill};
use crate::mirror::{Difference, Mirror};
use crate::source::StepSource;
use crate::writers::{Progress, Work, connect, hold_open, prepare, write, write_bulk};

/// So many transactions may begin for every step that was compared.
const TRANSACTIONS_A_STEP: usize = 30;
/// The feed's connection is cut after so many steps.
const STEPS_A_CUT: usize = 25;

pub(crate) struct Torture<S> {
    address: String,
    source: S,
    pub(crate) mirror: Mirror,
    /// What the mirror is said to equal.
    pub(crate) snapshot: Snapshot,
    /// The transaction that is held open.
    held: Client,
    pub(crate) report: Report,
    rounds: usize,
    poll_times: Vec<Duration>,
    cuts: bool,
}

/// What happened.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) transactions: usize,
    pub(crate) steps: usize,
    pub(crate) comparisons: usize,
    pub(crate) difference: Difference,
    /// Whole collections read again because very many rows were written.
    pub(crate) reloads: usize,
    /// Connections of the feed that were cut on purpose.
    pub(crate) cuts: usize,
    /// Servers killed.
    pub(crate) crashes: usize,
    /// Times the feed said that it was lost.
    pub(crate) lost: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} transactions in {} steps, {} comparisons: {} rows differ, {} alarms; {} reloads, {} cuts, {} crashes, \
             lost {} times",
            self.transactions,
            self.steps,
            self.comparisons,
            self.difference.rows,
            self.difference.alarms,
            self.reloads,
            self.cuts,
            self.crashes,
            self.lost
        )
    }
}

impl<S: StepSource> Torture<S> {
    /// The mirror equals the tables, and a transaction that began before all others is held open.
    pub(crate) async fn begin(address: &str, source: S) -> Self {
        prepare(address).await;
        let mut torture = Self {
            address: address.to_owned(),
            source,
            mirror: Mirror::default(),
            snapshot: "1:1:".parse().unwrap(),
            held: hold_open(address).await,
            report: Report::default(),
            rounds: 0,
            poll_times: Vec::new(),
            cuts: false,
        };
        torture.catch_up().await;
        torture
    }

    /// Does the work to the end; with a cluster of its own, PostgreSQL is killed in the middle of it.
    pub(crate) async fn run(&mut self, work: &Work, cluster: Option<&ClusterHandle>) {
        let progress = Progress {
            done: Arc::new(AtomicUsize::new(0)),
            allowed: Arc::new(Semaphore::new(10 * TRANSACTIONS_A_STEP)),
        };
        self.cuts = work.cuts;
        self.rounds += 1;
        let mut tasks = JoinSet::new();
        for writer in 0..work.writers {
            let count =
                work.transactions / work.writers + usize::from(writer < work.transactions % work.writers);
            tasks.spawn(write(self.address.clone(), writer, self.rounds, count, progress.clone()));
        }
        let mut bulk = work.bulk.then(|| tokio::spawn(write_bulk(self.address.clone())));
        let mut crash = cluster;
        while !tasks.is_empty() || bulk.is_some() {
            self.step().await;
            progress.allowed.add_permits(TRANSACTIONS_A_STEP);
            while let Some(ended) = tasks.try_join_next() {
                ended.unwrap();
            }
            if let Some(ended) = bulk.take_if(|bulk| bulk.is_finished()) {
                ended.await.unwrap();
            }
            let is_late = progress.done.load(Ordering::Relaxed) > work.transactions / 2;
            if let Some(cluster) = crash.take_if(|_| is_late && bulk.is_none()) {
                self.crash(cluster).await;
            }
        }
        self.report.transactions += progress.done.load(Ordering::Relaxed);
        self.cuts = false;
        self.catch_up().await;
    }

    /// Ends the transaction that was held open, and looks a last time.
    pub(crate) async fn end(&mut self) {
        self.held.batch_execute("commit").await.unwrap();
        self.catch_up().await;
    }

    /// Kills PostgreSQL; the held transaction is lost with it and another one opened.
    pub(crate) async fn crash(&mut self, cluster: &ClusterHandle) {
        kill(cluster).await;
        self.report.crashes += 1;
        self.held = hold_open(&self.address).await;
    }

    /// Follows until nothing is left to follow.
    pub(crate) async fn catch_up(&mut self) {
        while self.step().await {}
    }

    /// Takes one step if there is one. Whatever goes wrong, everything is read again.
    async fn step(&mut self) -> bool {
        match self.try_step().await {
            Ok(true) => true,
            Ok(false) => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                false
            }
            Err(_lost) => {
                self.report.lost += 1;
                let began = Instant::now();
                while let Err(error) = self.source.reconnect().await {
                    assert!(began.elapsed() < Duration::from_mins(1), "{error:?}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                true
            }
        }
    }

    async fn try_step(&mut self) -> Result<bool, StoreError> {
        let is_cut_now = self.cuts && (self.report.steps + 1).is_multiple_of(STEPS_A_CUT);
        if is_cut_now && self.report.cuts.is_multiple_of(2) {
            self.cut().await;
        }
        let began = Instant::now();
        let Some(changes) = self.source.step().await? else { return Ok(false) };
        self.poll_times.push(began.elapsed());
        self.report.steps += 1;
        if is_cut_now {
            self.cut().await;
        }
        self.report.reloads += reloads(&changes);
        self.mirror.take(&changes).await?;
        let difference = self.mirror.difference(&changes.reader).await?;
        self.report.comparisons += 1;
        self.report.difference.rows += difference.rows;
        self.report.difference.alarms += difference.alarms;
        self.snapshot = changes.snapshot.clone();
        self.source.applied(changes).await?;
        Ok(true)
    }

    async fn cut(&mut self) {
        cut(&self.address).await;
        self.report.cuts += 1;
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// How long a poll that has something takes while nobody else writes, with the transaction open all the same.
    pub(crate) async fn poll_time_at_rest(&mut self) -> Duration {
        let client = connect(&self.address).await;
        self.poll_times.clear();
        for _ in 0..101 {
            let write = "update cim.place set name = 'rest' where code = 's0'";
            client.batch_execute(write).await.unwrap();
            self.catch_up().await;
        }
        self.poll_times.sort_unstable();
        self.poll_times[self.poll_times.len() / 2]
    }
}

/// Collections that are read again in a step that is not a first one.
fn reloads(changes: &Changes) -> usize {
    let all = changes.collections.iter().filter(|(_, rows)| *rows == ChangedRows::All).count();
    if changes.collections.len() == Collection::ALL.len() { 0 } else { all }
}
