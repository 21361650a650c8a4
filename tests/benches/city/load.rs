//! The load generator: some clients on threads of their own, each asking the next path as soon as it has its answer.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use crate::client::{Connection, request_as};
use crate::process::{Busy, cpu_seconds};

/// Clients at a time.
pub(crate) const CLIENTS: usize = 8;
const WARM_UP: Duration = Duration::from_millis(300);
const USUAL_SECONDS: f64 = 4.0;

/// How long one figure is measured: `BENCH_SECONDS`, for a quick look.
pub(crate) fn lasting() -> Duration {
    let named = std::env::var_os("BENCH_SECONDS").and_then(|text| text.to_str()?.parse().ok());
    Duration::from_secs_f64(named.filter(|seconds| (0.1..=600.0).contains(seconds)).unwrap_or(USUAL_SECONDS))
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    pub(crate) bytes: u64,
    /// Cores that the load generator itself used.
    pub(crate) client_cores: f64,
    /// The part of all cores that was in use, by whomever.
    pub(crate) busy: f64,
    latencies_us: Vec<u32>,
}

impl Measured {
    pub(crate) fn rate(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// Milliseconds within which this part of the answers came.
    pub(crate) fn quantile_ms(&self, part: f64) -> f64 {
        let last = self.latencies_us.len().saturating_sub(1);
        let place = (last as f64 * part).round() as usize;
        self.latencies_us.get(place).map_or(f64::NAN, |us| f64::from(*us) / 1000.0)
    }

    pub(crate) fn mean_bytes(&self) -> f64 {
        self.bytes as f64 / self.requests as f64
    }
}

/// Asks for the paths in their order, again and again, for a while; every answer must be 200 or 204.
pub(crate) fn measure(address: SocketAddr, paths: &[String], accept: &str) -> Result<Measured> {
    measure_as(address, paths, accept, None)
}

/// The same with a token.
pub(crate) fn measure_as(
    address: SocketAddr,
    paths: &[String],
    accept: &str,
    token: Option<&str>,
) -> Result<Measured> {
    ensure!(!paths.is_empty(), "there is nothing to ask for");
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| request_as(path, accept, token)).collect();
    let next = AtomicUsize::new(0);
    run(address, &requests, &next, WARM_UP)?;
    run(address, &requests, &next, lasting())
}

fn run(address: SocketAddr, requests: &[Vec<u8>], next: &AtomicUsize, lasting: Duration) -> Result<Measured> {
    let barrier = Barrier::new(CLIENTS + 1);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| client(address, requests, next, &barrier, lasting)))
            .collect();
        barrier.wait();
        let (begun, own, busy) = (Instant::now(), cpu_seconds("self"), Busy::now());
        let mut measured = Measured::default();
        for client in clients {
            let one = client.join().map_err(|_panic| anyhow!("a client ended badly"))??;
            measured.requests += one.requests;
            measured.bytes += one.bytes;
            measured.latencies_us.extend(one.latencies_us);
        }
        measured.seconds = begun.elapsed().as_secs_f64();
        measured.client_cores = (cpu_seconds("self") - own) / measured.seconds;
        measured.busy = busy.part_since();
        measured.latencies_us.sort_unstable();
        Ok(measured)
    })
}

fn client(
    address: SocketAddr,
    requests: &[Vec<u8>],
    next: &AtomicUsize,
    barrier: &Barrier,
    lasting: Duration,
) -> Result<Measured> {
    let connection = Connection::open(address);
    barrier.wait();
    let mut connection = connection?;
    let mut measured = Measured::default();
    let begun = Instant::now();
    while begun.elapsed() < lasting {
        let request = &requests[next.fetch_add(1, Ordering::Relaxed) % requests.len()];
        let asked = Instant::now();
        let answer = connection.send(request)?;
        let waited = asked.elapsed();
        ensure!(
            matches!(answer.status, 200 | 204),
            "{}: {}",
            String::from_utf8_lossy(request),
            String::from_utf8_lossy(answer.body)
        );
        measured.requests += 1;
        measured.bytes += answer.body.len() as u64;
        measured.latencies_us.push(u32::try_from(waited.as_micros()).unwrap_or(u32::MAX));
    }
    Ok(measured)
}
