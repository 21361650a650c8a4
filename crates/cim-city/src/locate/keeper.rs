//! Keeps the gazetteer beside the mirror: made anew in the background when one of its sources has changed.

use std::sync::{Arc, Weak};
use std::time::Duration;

use cim_locate::Gazetteer;

use super::gazetteer_of::{SOURCES, gazetteer_of};
use crate::city::Inner;
use crate::load::off_the_runtime;
use crate::version::{Version, place_of};

/// Names change seldom and in bursts: so long a quiet is waited for before all are read again.
const SETTLE: Duration = Duration::from_secs(2);

/// A gazetteer and the state of its sources that it was made of.
pub(crate) struct KnownPlaces {
    pub(crate) gazetteer: Gazetteer,
    made_of: Vec<u64>,
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
        if inner.upgrade().is_some_and(|inner| is_outdated(&inner)) {
            tokio::time::sleep(SETTLE).await;
        }
    }
}

fn sources_of(version: &Version) -> Vec<u64> {
    SOURCES.iter().map(|collection| version.changed_in[place_of(*collection)]).collect()
}

fn is_outdated(inner: &Inner) -> bool {
    let Some(version) = inner.version.load_full() else { return false };
    inner.known_places.load().as_ref().is_some_and(|known| known.made_of != sources_of(&version))
}

async fn renew(inner: &Inner) {
    let Some(version) = inner.version.load_full() else { return };
    let made_of = sources_of(&version);
    if inner.known_places.load().as_ref().is_some_and(|known| known.made_of == made_of) {
        return;
    }
    let gazetteer = off_the_runtime(move || gazetteer_of(&version)).await;
    inner.known_places.store(Some(Arc::new(KnownPlaces { gazetteer, made_of })));
}
