//! Callers whom the database confirmed a short while ago, so that a tile costs no look-up and a pause of the database no map.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cim_access::secret::SecretDigest;

use super::Caller;

/// So long after it ended a session may still be answered.
const FRESH: Duration = Duration::from_secs(5);
/// So long somebody stays known while the database is away.
const KEPT: Duration = Duration::from_mins(15);
/// More than all who work in a district; beyond, the oldest are asked about again.
const MOST: usize = 10_000;

/// A caller, and when the database last confirmed them.
type Confirmed = (Instant, Arc<Caller>);

/// Callers by the digest of their session or token.
#[derive(Default)]
pub(super) struct KnownCallers {
    by_digest: Mutex<HashMap<[u8; 32], Confirmed>>,
}

impl KnownCallers {
    /// A caller who was confirmed in the last seconds.
    pub(super) fn fresh(&self, digest: &SecretDigest) -> Option<Arc<Caller>> {
        self.younger_than(digest, FRESH)
    }

    /// A caller who was confirmed in the last minutes.
    pub(super) fn any(&self, digest: &SecretDigest) -> Option<Arc<Caller>> {
        self.younger_than(digest, KEPT)
    }

    pub(super) fn keep(&self, digest: &SecretDigest, caller: &Arc<Caller>) {
        let mut known = self.by_digest.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (confirmed, _)| confirmed.elapsed() < FRESH);
        }
        if known.len() < MOST {
            known.insert(*digest.as_bytes(), (Instant::now(), Arc::clone(caller)));
        }
    }

    pub(super) fn forget(&self, digest: &SecretDigest) {
        self.by_digest.lock().unwrap_or_else(PoisonError::into_inner).remove(digest.as_bytes());
    }

    /// Forgets somebody everywhere: what they may do has changed.
    pub(super) fn forget_name(&self, name: &str) {
        let mut known = self.by_digest.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, caller)| caller.name() != name);
    }

    fn younger_than(&self, digest: &SecretDigest, age: Duration) -> Option<Arc<Caller>> {
        let known = self.by_digest.lock().unwrap_or_else(PoisonError::into_inner);
        let (confirmed, caller) = known.get(digest.as_bytes())?;
        (confirmed.elapsed() < age).then(|| Arc::clone(caller))
    }
}
