//! Where two planners wait for each other, but not for one who does not come.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

/// A place to meet, again and again.
#[derive(Default)]
pub(super) struct Meeting {
    came: Mutex<usize>,
    comes: Condvar,
}

impl Meeting {
    /// Waits until the other has come as often.
    pub(super) fn wait(&self) {
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        *came += 1;
        let both = came.next_multiple_of(2);
        self.comes.notify_all();
        let waited = self.comes.wait_timeout_while(came, PATIENCE, |came| *came < both);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}
