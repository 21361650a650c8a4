//! The wish to stop: SIGINT or SIGTERM, told to everyone who works.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true once and stays so.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens for the signals from now on.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            let _ = sender.send(true);
            // Keep the channel open: a closed one could be taken for a wish to stop that never came.
            sender.closed().await;
        });
        Ok(Self(receiver))
    }

    /// Returns when stopping is wished for.
    pub(crate) async fn wished(mut self) {
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// Whether stopping has been wished for.
    pub(crate) fn is_wished(&self) -> bool {
        *self.0.borrow()
    }
}
