//! Listening, answering and stopping.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use cim_city::City;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::guard::Door;
use crate::listen::ListenAddress;
use crate::routes::router;

/// How long open answers may take to end once the server stops; streams do not end by themselves.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// A bound address that answers nothing yet.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
}

impl Listener {
    /// Binds the address, which is on this machine by its type.
    pub async fn bind(address: ListenAddress) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address.socket()).await? })
    }

    /// The address with the port it got.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` is done, then lets open answers end.
    pub async fn serve(
        self,
        city: City,
        door: Door,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let (stopped, stopping) = oneshot::channel();
        let stop = async move {
            stop.await;
            let _ = stopped.send(());
        };
        let serving = axum::serve(self.listener, router(city, door)).with_graceful_shutdown(stop);
        let patience = async {
            let _ = stopping.await;
            tokio::time::sleep(LAST_ANSWERS).await;
        };
        tokio::select! {
            result = serving.into_future() => result,
            () = patience => Ok(()),
        }
    }
}
