//! Following the feed: poll, work out the next version, swap it in whole; keep house in between.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use cim_mirror::{RowChange, View};
use cim_model::Collection;
use cim_store::{Feed, Store, StoreError};
use cim_tile::Boundaries;
use futures_util::FutureExt;
use tokio::task::JoinHandle;

use crate::accounts::forget_ended_sessions;
use crate::alarm::Alarm;
use crate::change::Change;
use crate::city::{Inner, now_minute_ms};
use crate::load::{Step, next_version};
use crate::passing_time::overdue_places;
use crate::personal::forget_people;
use crate::unit_count::UnitCounts;
use crate::version::{Version, place_of};

/// Aggregated layers change at most this often.
const COUNT_INTERVAL: Duration = Duration::from_secs(1);
/// How long the list of changes reaches back, for readers that were away.
const CHANGES_KEPT: Duration = Duration::from_hours(7 * 24);
const PRUNE_INTERVAL: Duration = Duration::from_mins(10);
const PRUNE_BATCH: u32 = 10_000;
/// How long to wait before the database is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// What is being done beside the feed.
#[derive(Default)]
struct House {
    compaction: Option<Compaction>,
    count: Option<JoinHandle<UnitCounts>>,
    counted_at: Option<Instant>,
    warmed: Option<Arc<Boundaries>>,
    pruned_at: Option<Instant>,
    alarm: Alarm,
}

struct Compaction {
    collection: Collection,
    work: JoinHandle<View>,
    /// Rows that changed after the work began.
    since: Vec<RowChange>,
}

/// Follows until the city is dropped; a failure is told and tried again.
pub(crate) async fn follow(store: Store, city: Weak<Inner>) {
    while city.strong_count() > 0 {
        // A fault of ours must not end the following for good: what was half done is dropped, and everything read again.
        match AssertUnwindSafe(follow_one_feed(&store, &city)).catch_unwind().await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                if let Some(city) = city.upgrade() {
                    city.tell_stale(&error);
                }
            }
            Err(_panic) => tracing::error!("following the change feed failed; everything is read again"),
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn follow_one_feed(store: &Store, city: &Weak<Inner>) -> Result<(), StoreError> {
    let mut feed = store.feed().await?;
    let mut house = House::default();
    loop {
        let Some(city) = city.upgrade() else { return Ok(()) };
        take_step(&mut feed, &city, &mut house).await?;
        keep_house(&city, &mut house).await;
        let pause = city.options.poll_interval;
        drop(city);
        tokio::time::sleep(pause).await;
    }
}

async fn take_step(feed: &mut Feed, city: &Inner, house: &mut House) -> Result<(), StoreError> {
    if house.alarm.has_gone_off(city).await {
        feed.start_over();
    }
    let Some(changes) = feed.poll().await? else {
        city.confirm();
        house.alarm.watch_quiet(city).await;
        return Ok(());
    };
    let before = city.version.load_full();
    let step = next_version(&changes, feed.epoch(), before.as_deref()).await?;
    house.remember(&step);
    city.swap(step.version, step.change);
    house.alarm.watch_step(city, &changes).await?;
    feed.applied(changes).await
}

async fn keep_house(city: &Inner, house: &mut House) {
    let Some(version) = city.version.load_full() else { return };
    house.finish_compaction(city).await;
    house.start_compaction(&version);
    house.finish_count(city).await;
    house.start_count(&version);
    house.warm_up(&version);
    house.start_pruning(&city.store, city.options.personal.keep);
}

impl House {
    fn remember(&mut self, step: &Step) {
        let Some(compaction) = &mut self.compaction else { return };
        if step.change.reread.contains(&compaction.collection) {
            compaction.work.abort();
            self.compaction = None;
            return;
        }
        for (collection, changes) in &step.overlaid {
            if *collection == compaction.collection {
                compaction.since.extend(changes.iter().cloned());
            }
        }
    }

    /// Prepares the borders of every zoom beside the feed, so that the first reader of a zoom need not wait.
    fn warm_up(&mut self, version: &Version) {
        if self.warmed.as_ref().is_some_and(|warmed| Arc::ptr_eq(warmed, &version.boundaries)) {
            return;
        }
        let boundaries = Arc::clone(&version.boundaries);
        self.warmed = Some(Arc::clone(&boundaries));
        tokio::task::spawn_blocking(move || boundaries.warm_up());
    }

    /// Forgets beside the feed: changes that nobody asks about any more, sessions that have ended, people behind old cases.
    fn start_pruning(&mut self, store: &Store, keep_people: Option<Duration>) {
        if self.pruned_at.is_some_and(|pruned| pruned.elapsed() < PRUNE_INTERVAL) {
            return;
        }
        self.pruned_at = Some(Instant::now());
        let store = store.clone();
        tokio::spawn(async move {
            if let Err(error) = prune(&store, keep_people).await {
                tracing::warn!(%error, "old changes and sessions could not be forgotten; tried again later");
            }
        });
    }

    fn start_compaction(&mut self, version: &Version) {
        if self.compaction.is_some() {
            return;
        }
        if let Some(view) = version.views.iter().find(|view| view.wants_compaction()) {
            let view = view.clone();
            let collection = view.collection();
            let work = tokio::task::spawn_blocking(move || view.compacted());
            self.compaction = Some(Compaction { collection, work, since: Vec::new() });
        }
    }

    async fn finish_compaction(&mut self, city: &Inner) {
        let Some(compaction) = self.compaction.take_if(|compaction| compaction.work.is_finished()) else {
            return;
        };
        let Some(version) = city.version.load_full() else { return };
        match compaction.work.await {
            Ok(view) => {
                // The rows are the same: no tile changes, so no version is announced.
                let mut next = (*version).clone();
                next.views[place_of(compaction.collection)] = view.with(compaction.since);
                city.replace_quietly(next);
            }
            Err(error) => tracing::error!(%error, collection = %compaction.collection, "compaction failed"),
        }
    }

    fn start_count(&mut self, version: &Arc<Version>) {
        let is_due = self.counted_at.is_none_or(|counted| counted.elapsed() >= COUNT_INTERVAL);
        if self.count.is_some() || !is_due {
            return;
        }
        let minute_ms = now_minute_ms();
        let is_current = version.unit_counts.is_of(version) && minute_ms == version.unit_counts.minute_ms();
        if is_current {
            return;
        }
        let version = Arc::clone(version);
        self.count = Some(tokio::task::spawn_blocking(move || UnitCounts::of(&version, minute_ms)));
    }

    async fn finish_count(&mut self, city: &Inner) {
        let Some(count) = self.count.take_if(|count| count.is_finished()) else { return };
        self.counted_at = Some(Instant::now());
        let Some(version) = city.version.load_full() else { return };
        match count.await {
            Ok(counts) => {
                let mut next = (*version).clone();
                next.number += 1;
                let mut places = overdue_places(&version, counts.minute_ms(), &city.tilesets);
                places.extend(counts.changed_from(&version.unit_counts));
                next.minute_ms = counts.minute_ms();
                next.unit_counts = Arc::new(counts);
                city.swap(next, Change { places, ..Change::default() });
            }
            Err(error) => tracing::error!(%error, "counting by unit failed"),
        }
    }
}

async fn prune(store: &Store, keep_people: Option<Duration>) -> Result<(), StoreError> {
    while store.prune_changes(CHANGES_KEPT, PRUNE_BATCH).await? == u64::from(PRUNE_BATCH) {}
    forget_ended_sessions(store).await?;
    let forgotten = forget_people(store, keep_people).await?;
    if forgotten > 0 {
        tracing::info!(cases = forgotten, "the people behind cases that ended long ago were forgotten");
    }
    Ok(())
}
