//! The last things that were told, for readers that were away or are slow.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use cim_store::Snapshot;
use tokio::sync::watch;

use super::told::Told;

/// How many steps a reader may be behind.
const MOST_STEPS: usize = 4_096;
/// How many tiles the ring lists at most: 12 bytes each.
const MOST_TILES: usize = 1_000_000;

/// A bounded memory of what was told. Readers keep their own place in it, so a slow one holds nobody back.
pub(crate) struct Ring {
    kept: RwLock<Kept>,
    last: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    steps: VecDeque<Arc<Told>>,
    tiles: usize,
    reach: Option<Reach>,
}

/// How far back the ring reaches: a reader that has seen this state must be told what came after this number.
struct Reach {
    epoch: Arc<str>,
    snapshot: Snapshot,
    number: u64,
}

impl Ring {
    pub(crate) fn new() -> Self {
        Self { kept: RwLock::default(), last: watch::Sender::new(0) }
    }

    /// The number of what was told last, as it changes.
    pub(crate) fn last(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    /// Says what state the first readers see, to which nothing led that anybody could be told.
    pub(crate) fn begin(&self, epoch: &Arc<str>, snapshot: &Snapshot) {
        let number = *self.last.borrow();
        {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            kept.reach = Some(Reach { epoch: Arc::clone(epoch), snapshot: snapshot.clone(), number });
        }
        self.last.send_replace(number);
    }

    /// Tells a step; its number is given here.
    pub(crate) fn tell(&self, told: Told) {
        let number = *self.last.borrow() + 1;
        {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            kept.tiles += told.tile_count();
            let told = Arc::new(Told { number, ..told });
            // Transactions of another epoch say nothing about these: nobody can resume from before the step between them.
            if kept.reach.as_ref().is_none_or(|reach| reach.epoch != told.epoch) {
                kept.reach = Some(Reach::after(&told));
            }
            kept.steps.push_back(told);
            kept.shrink();
        }
        self.last.send_replace(number);
    }

    /// Everything told after a number, oldest first; `None` when some of it is no longer kept.
    pub(crate) fn after(&self, number: u64) -> Option<Vec<Arc<Told>>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let first = kept.steps.front().map_or(number + 1, |oldest| oldest.number);
        let new = kept.steps.iter().skip_while(|told| told.number <= number).map(Arc::clone);
        (first <= number + 1).then(|| new.collect())
    }

    /// The number after which a reader that has seen a state must be told what it has not seen; `None` when the ring does
    /// not reach back so far, or the state is of another epoch.
    pub(crate) fn place_of(&self, epoch: &str, snapshot: &Snapshot) -> Option<u64> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let reach = kept.reach.as_ref()?;
        (*reach.epoch == *epoch && snapshot.covers(&reach.snapshot)).then_some(reach.number)
    }
}

impl Reach {
    fn after(told: &Told) -> Self {
        Self { epoch: Arc::clone(&told.epoch), snapshot: told.snapshot.clone(), number: told.number }
    }
}

impl Kept {
    fn shrink(&mut self) {
        while self.steps.len() > MOST_STEPS || (self.tiles > MOST_TILES && self.steps.len() > 1) {
            let Some(oldest) = self.steps.pop_front() else { return };
            self.tiles -= oldest.tile_count();
            if self.reach.as_ref().is_none_or(|reach| reach.number < oldest.number) {
                self.reach = Some(Reach::after(&oldest));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use cim_store::Xid;

    use super::*;
    use crate::change::told::TilesByLayer;

    fn told(epoch: &str, snapshot: &str, xids: &[u64]) -> Told {
        Told {
            number: 0,
            epoch: epoch.into(),
            snapshot: snapshot.parse().unwrap(),
            xids: xids.iter().map(|xid| Xid(*xid)).collect(),
            tiles: TilesByLayer::new(),
            secret_tiles: TilesByLayer::new(),
            everything: false,
        }
    }

    fn place(ring: &Ring, epoch: &str, snapshot: &str) -> Option<u64> {
        ring.place_of(epoch, &snapshot.parse().unwrap())
    }

    #[test]
    fn a_reader_resumes_from_every_state_since_the_first_and_from_no_older_one() {
        let ring = Ring::new();
        assert_eq!(place(&ring, "e", "10:10:"), None);
        ring.begin(&"e".into(), &"10:12:10".parse().unwrap());
        ring.tell(told("e", "12:12:", &[10]));
        ring.tell(told("e", "13:13:", &[12]));
        assert_eq!(place(&ring, "e", "10:12:10"), Some(0));
        assert_eq!(place(&ring, "e", "13:13:"), Some(0));
        // Another process may be ahead of this one.
        assert_eq!(place(&ring, "e", "20:20:"), Some(0));
        assert_eq!(place(&ring, "e", "10:10:"), None);
        assert_eq!(place(&ring, "another", "13:13:"), None);
        assert_eq!(ring.after(1).unwrap().len(), 1);
    }

    #[test]
    fn after_a_crash_nobody_resumes_from_before_it_but_who_listens_is_told() {
        let ring = Ring::new();
        ring.begin(&"e".into(), &"10:10:".parse().unwrap());
        ring.tell(told("e", "11:11:", &[10]));
        ring.tell(told("f", "11:11:", &[]));
        ring.tell(told("f", "12:12:", &[11]));
        assert_eq!(place(&ring, "e", "11:11:"), None);
        assert_eq!(place(&ring, "f", "11:11:"), Some(2));
        assert_eq!(ring.after(1).unwrap().len(), 2);
    }

    #[test]
    fn a_full_ring_forgets_the_oldest_and_says_so() {
        let ring = Ring::new();
        ring.begin(&"e".into(), &"1:1:".parse().unwrap());
        let steps = u64::try_from(MOST_STEPS).unwrap();
        for xid in 1..=steps + 5 {
            ring.tell(told("e", &format!("{0}:{0}:", xid + 1), &[xid]));
        }
        assert!(ring.after(4).is_none());
        assert_eq!(ring.after(5).unwrap().len(), MOST_STEPS);
        assert_eq!(place(&ring, "e", "5:5:"), None);
        assert_eq!(place(&ring, "e", "6:6:"), Some(5));
    }
}
