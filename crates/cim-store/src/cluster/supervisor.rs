//! Watching PostgreSQL and starting it again when it was killed.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use super::postmaster::Postmaster;

const WATCH_EVERY: Duration = Duration::from_millis(250);
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// A thread that lives until the value is dropped.
#[derive(Debug)]
pub(super) struct Supervisor {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    pub(super) fn watch(postmaster: Postmaster) -> Self {
        let (stop, stopped) = channel::<()>();
        let thread = spawn(move || {
            let mut pause = WATCH_EVERY;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                pause = WATCH_EVERY;
                if postmaster.is_alive() {
                    continue;
                }
                tracing::warn!("the private PostgreSQL has ended; it is started again");
                if let Err(error) = postmaster.ensure_running() {
                    tracing::error!(%error, "the private PostgreSQL could not be started again");
                    pause = RETRY_AFTER;
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // Closing the channel ends the thread's wait.
        self.stop = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the watch over the private PostgreSQL had failed");
        }
    }
}
