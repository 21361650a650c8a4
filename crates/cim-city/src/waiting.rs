//! Reads that must show a write wait until the mirror has it.

use std::time::Duration;

use cim_store::{Snapshot, Xid};

use crate::{City, CityError};

/// How long a read waits for a write to show.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// A transaction so far ahead will not show within any wait.
const FAR_AHEAD: u64 = 100_000;

/// What a read may wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitFor {
    /// The transaction must be visible (`min_xid`).
    Xid(u64),
    /// Everything visible in this snapshot must be visible (`min_snapshot`).
    Snapshot(String),
}

impl City {
    /// Waits at most half a second until the mirror shows a write.
    pub async fn wait_for(&self, what: &WaitFor) -> Result<(), CityError> {
        let wanted = match what {
            WaitFor::Xid(xid) => Wish::Xid(Xid(*xid)),
            WaitFor::Snapshot(text) => Wish::Snapshot(text.parse().map_err(|_not_one| not_a_snapshot(text))?),
        };
        let late = || CityError::Unavailable {
            message: "the write that was asked for is not visible here yet".to_owned(),
            retry_after_s: 1,
        };
        let mut versions = self.inner.versions.subscribe();
        let wait = async {
            loop {
                if let Some(version) = self.inner.version.load_full() {
                    if wanted.is_seen_by(&version.snapshot) {
                        return Ok(());
                    }
                    if wanted.is_far_beyond(&version.snapshot) {
                        return Err(late());
                    }
                }
                if versions.changed().await.is_err() {
                    return Err(late());
                }
            }
        };
        tokio::time::timeout(LONGEST_WAIT, wait).await.unwrap_or_else(|_elapsed| Err(late()))
    }
}

fn not_a_snapshot(text: &str) -> CityError {
    CityError::Refused(vec![crate::refusal("min_snapshot", text, "min_snapshot looks like 10:20:10,14")])
}

enum Wish {
    Xid(Xid),
    Snapshot(Snapshot),
}

impl Wish {
    fn is_seen_by(&self, snapshot: &Snapshot) -> bool {
        match self {
            Self::Xid(xid) => snapshot.sees(*xid),
            Self::Snapshot(wanted) => snapshot.covers(wanted),
        }
    }

    fn is_far_beyond(&self, snapshot: &Snapshot) -> bool {
        let far = snapshot.xmax().0.saturating_add(FAR_AHEAD);
        match self {
            Self::Xid(xid) => xid.0 > far,
            Self::Snapshot(wanted) => wanted.xmax().0 > far,
        }
    }
}
