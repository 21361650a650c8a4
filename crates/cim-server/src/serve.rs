//! Listening, answering and stopping.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use cim_city::City;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::front::Front;
use crate::listen::ListenAddress;
use crate::routes::router;
use crate::tls::Tls;

/// How long open answers may take to end once the server stops; streams do not end by themselves.
const LAST_ANSWERS: Duration = Duration::from_secs(3);
/// Whoever opens a connection and sends nothing loses it.
const FIRST_WORDS: Duration = Duration::from_secs(15);
/// Connections at once; each takes some memory, and a file of the process.
const MOST_CONNECTIONS: usize = 4_096;
/// After a failed accept, most of all for want of files.
const BREATH: Duration = Duration::from_millis(100);

/// A bound address that answers nothing yet.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    tls: Option<Tls>,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl Listener {
    /// Binds the address, to be answered over TLS or not.
    pub async fn bind(address: ListenAddress, tls: Option<Tls>) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address.socket()).await?, tls })
    }

    /// The address with the port it got.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` is done, then lets open answers end.
    pub async fn serve(
        self,
        city: City,
        front: Front,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let app = router(city, front);
        let graceful = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        tokio::pin!(stop);
        loop {
            let accepted = async {
                let place = Arc::clone(&room).acquire_owned().await;
                (self.listener.accept().await, place)
            };
            let (accepted, place) = tokio::select! {
                accepted = accepted => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, peer)) = accepted.inspect_err(|error| tracing::warn!(%error, "no connection"))
            else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            let answered = answer(stream, peer.ip(), self.tls.clone(), app.clone(), graceful.watcher());
            tokio::spawn(async move {
                let _place = place;
                answered.await;
            });
        }
        drop(self.listener);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = tokio::time::sleep(LAST_ANSWERS) => {}
        }
        Ok(())
    }
}

/// Answers one connection until it ends.
async fn answer(stream: TcpStream, peer: IpAddr, tls: Option<Tls>, app: Router, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => talk(stream, peer, app, watcher).await,
        Some(Tls(acceptor)) => match timeout(FIRST_WORDS, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => talk(stream, peer, app, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS with whoever connected"),
            Err(_elapsed) => tracing::debug!("whoever connected did not speak TLS in time"),
        },
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    app: Router,
    watcher: Watcher,
) {
    let told = app.map_request(move |request: hyper::Request<Incoming>| -> Request {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(FIRST_WORDS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(told));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke off");
    }
}
