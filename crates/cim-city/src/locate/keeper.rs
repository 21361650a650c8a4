//! Keeps the gazetteer beside the mirror: made anew in the background when one of its sources has changed.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use cim_locate::Gazetteer;
use cim_model::Collection;

use super::gazetteer_of::{SOURCES, gazetteer_of};
use crate::city::Inner;
use crate::load::off_the_runtime;
use crate::version::{Version, place_of};

/// Names change seldom and in bursts: so long a quiet is waited for before all are read again.
const SETTLE: Duration = Duration::from_secs(2);

/// Where borders move and no name changes, places of units move by metres: that waits so long.
const KEPT: Duration = Duration::from_mins(1);

/// A gazetteer and the state of its sources that it was made of.
pub(crate) struct KnownPlaces {
    pub(crate) gazetteer: Gazetteer,
    made_of: Sources,
    made_at: Instant,
}

/// A state of the sources.
#[derive(PartialEq, Eq)]
struct Sources {
    /// By collection but units the version in which it last changed.
    changed_in: Vec<u64>,
    units_changed_in: Vec<u64>,
    unit_names: u64,
}

/// Makes a gazetteer of the first version, and of each later one whose names differ, until the city is gone.
pub(crate) async fn keep(inner: Weak<Inner>) {
    let Some(mut versions) = inner.upgrade().map(|inner| inner.versions.subscribe()) else { return };
    loop {
        if let Some(inner) = inner.upgrade() {
            renew(&inner).await;
        }
        if versions.changed().await.is_err() {
            return;
        }
        // Looked at again and again: a name may change while moved places wait.
        while let Some(left) = inner.upgrade().and_then(|inner| left_to_wait(&inner)) {
            tokio::time::sleep(left.min(SETTLE)).await;
            if left <= SETTLE {
                break;
            }
        }
    }
}

impl Sources {
    fn of(version: &Version) -> Self {
        let (units, others): (Vec<Collection>, _) =
            SOURCES.iter().partition(|collection| Collection::UNITS.contains(collection));
        let changed_in = |collections: &[Collection]| -> Vec<u64> {
            collections.iter().map(|collection| version.changed_in[place_of(*collection)]).collect()
        };
        let mut names = DefaultHasher::new();
        for row in units.iter().flat_map(|level| version.view(*level).rows()) {
            (row.id(), row.text_of("code"), row.text_of("name")).hash(&mut names);
        }
        Self {
            changed_in: changed_in(&others),
            units_changed_in: changed_in(&units),
            unit_names: names.finish(),
        }
    }
}

/// Until when a change of the sources waits; nothing when there was none.
fn left_to_wait(inner: &Inner) -> Option<Duration> {
    let version = inner.version.load_full()?;
    let known = inner.known_places.load_full()?;
    let now = Sources::of(&version);
    if now == known.made_of {
        return None;
    }
    let moved_only =
        Sources { units_changed_in: known.made_of.units_changed_in.clone(), ..now } == known.made_of;
    let left = if moved_only { KEPT.saturating_sub(known.made_at.elapsed()) } else { Duration::ZERO };
    Some(left.max(SETTLE))
}

async fn renew(inner: &Inner) {
    let Some(version) = inner.version.load_full() else { return };
    let made_of = Sources::of(&version);
    if inner.known_places.load().as_ref().is_some_and(|known| known.made_of == made_of) {
        return;
    }
    let gazetteer = off_the_runtime(move || gazetteer_of(&version)).await;
    let made_at = Instant::now();
    inner.known_places.store(Some(Arc::new(KnownPlaces { gazetteer, made_of, made_at })));
}
