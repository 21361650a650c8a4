//! The alarm: once a minute the mirror is compared with the tables in one and the same snapshot.
//!
//! The feed cannot miss a write by its design; what the design did not think of (a trigger that somebody disabled, a fault
//! of ours) shows here, is told, and is put right by reading everything again.

use std::sync::Arc;
use std::time::Instant;

use cim_model::Collection;
use cim_store::{Changes, SnapshotReader, Store, StoreError};
use tokio::task::JoinHandle;

use crate::city::Inner;
use crate::load::off_the_runtime;
use crate::version::Version;

/// When the last comparison was, and the one that runs.
#[derive(Default)]
pub(crate) struct Alarm {
    begun_at: Option<Instant>,
    comparison: Option<JoinHandle<Result<Vec<Collection>, StoreError>>>,
}

impl Alarm {
    fn is_due(&self, city: &Inner) -> bool {
        let interval = city.options.alarm_interval;
        self.comparison.is_none() && self.begun_at.is_none_or(|begun| begun.elapsed() >= interval)
    }

    /// Compares a version with the snapshot of the step that made it, through a connection of its own.
    pub(crate) async fn watch_step(&mut self, city: &Inner, changes: &Changes) -> Result<(), StoreError> {
        // The first version is what was read a moment ago; there is nothing yet that could have been missed.
        if self.begun_at.is_none() {
            self.begun_at = Some(Instant::now());
        }
        if self.is_due(city) {
            let reader = changes.reader.share().await?;
            self.begin(city, reader);
        }
        Ok(())
    }

    /// Compares the version that answers when nothing is being written; with a write in between the next step is compared.
    pub(crate) async fn watch_quiet(&mut self, city: &Inner) {
        if !self.is_due(city) {
            return;
        }
        match quiet_reader(&city.store, city).await {
            Ok(Some(reader)) => self.begin(city, reader),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "the mirror could not be compared with the tables now"),
        }
    }

    fn begin(&mut self, city: &Inner, reader: SnapshotReader) {
        let Some(version) = city.version.load_full() else { return };
        self.begun_at = Some(Instant::now());
        self.comparison = Some(tokio::spawn(differing(version, reader)));
    }

    /// Whether a comparison ended and found a difference: then everything must be read again.
    pub(crate) async fn has_gone_off(&mut self, city: &Inner) -> bool {
        let Some(comparison) = self.comparison.take_if(|comparison| comparison.is_finished()) else {
            return false;
        };
        match comparison.await {
            Ok(Ok(differing)) if differing.is_empty() => false,
            Ok(Ok(differing)) => {
                let names: Vec<&str> = differing.into_iter().map(Collection::name).collect();
                tracing::error!(
                    collections = names.join(", "),
                    "the mirror differs from the tables: everything is read again"
                );
                city.count_alarm();
                true
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the mirror could not be compared with the tables; tried again later");
                false
            }
            Err(error) => {
                tracing::error!(%error, "comparing the mirror with the tables failed");
                false
            }
        }
    }
}

/// A reader of exactly the snapshot that the mirror equals, if nothing was written since.
async fn quiet_reader(store: &Store, city: &Inner) -> Result<Option<SnapshotReader>, StoreError> {
    let reader = store.open_snapshot().await?;
    let version = city.version.load();
    Ok(version.as_ref().is_some_and(|version| version.snapshot == *reader.snapshot()).then_some(reader))
}

/// The collections of which the mirror holds other rows than the tables in the same snapshot.
async fn differing(version: Arc<Version>, reader: SnapshotReader) -> Result<Vec<Collection>, StoreError> {
    let mut differing = Vec::new();
    for (place, collection) in Collection::ALL.iter().enumerate() {
        // Rows that cannot be read are known to be missing.
        if version.unreadable[place] > 0 {
            continue;
        }
        let stored = reader.fingerprint(*collection).await?;
        let view = version.views[place].clone();
        let mirrored = off_the_runtime(move || view.fingerprint()).await;
        if stored != mirrored {
            differing.push(*collection);
        }
    }
    Ok(differing)
}
