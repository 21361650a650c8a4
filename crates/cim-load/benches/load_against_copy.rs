//! How much longer than a bare COPY does it take to check and load the demo's 420,000 buildings?
//!
//! Both write the same rows into an empty database of the same cluster, one after the other, three times; the fastest
//! of each is compared. The load goes through the parser process as every load of a user's file does.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cim_demo::DemoOptions;
use cim_load::{Isolation, LoadOptions, Outcome};
use cim_testkit::TestDatabase;
use futures_util::{SinkExt, TryStreamExt, pin_mut};
use tokio_postgres::NoTls;

const ROUNDS: usize = 3;
const MOST_TIMES_COPY: f64 = 1.3;
const MOST_MEMORY_MIB: u64 = 600;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the pack");
    write_buildings(folder.path());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(compare(folder.path()));
}

/// The demo's pack, cut down to its buildings.
fn write_buildings(folder: &Path) {
    cim_demo::write_pack(folder, &DemoOptions::default(), &mut |_| {}).expect("the demo can be written");
    let pack = "city = 'bench'\ncrs = 'cgcs2000'\nsynthetic = true\n\
                [[source]]\ncollection = 'building'\nfile = 'building.csv'\nencoding = 'utf-8'\n";
    std::fs::write(folder.join("city.toml"), pack).expect("the pack can be written");
}

async fn compare(folder: &Path) {
    let (mut load, mut copy) = (Duration::MAX, Duration::MAX);
    let memory = Memory::watch();
    let (mut rows, mut own_kib) = (0, 0);
    for round in 0..ROUNDS {
        let database = TestDatabase::new().await;
        forget_own_peak();
        let begun = Instant::now();
        rows = load_once(&database, folder).await;
        load = load.min(begun.elapsed());
        // Later rounds start with what COPY has left in this process.
        if round == 0 {
            own_kib = peak_of(Path::new("/proc/self/status")).unwrap_or(0);
        }
        let bytes = copy_out(&database).await;
        drop(database);
        let database = TestDatabase::new().await;
        let begun = Instant::now();
        copy_in(&database, bytes).await;
        copy = copy.min(begun.elapsed());
    }
    let times = load.as_secs_f64() / copy.as_secs_f64();
    let mib = (own_kib + memory.peak_kib()) / 1024;
    println!(
        "{rows} buildings: load {load:.2?}, bare COPY {copy:.2?}: {times:.2} times (at most {MOST_TIMES_COPY})"
    );
    println!("memory of loader and parser: {mib} MiB (at most {MOST_MEMORY_MIB})");
    assert!(times <= MOST_TIMES_COPY && mib <= MOST_MEMORY_MIB, "the load is too slow or too large");
}

async fn load_once(database: &TestDatabase, folder: &Path) -> u64 {
    let options = LoadOptions {
        isolation: Isolation::Program(PathBuf::from(env!("CARGO_BIN_EXE_cim-parse-worker")), Vec::new()),
        ..LoadOptions::default()
    };
    let report =
        cim_load::load_pack(database.store(), folder, options).await.expect("the pack can be loaded");
    assert_eq!(report.outcome, Outcome::Loaded);
    report.collections[0].loaded
}

async fn client(database: &TestDatabase) -> tokio_postgres::Client {
    let (client, connection) =
        tokio_postgres::connect(database.connection_string(), NoTls).await.expect("the database answers");
    tokio::spawn(connection);
    client
}

async fn copy_out(database: &TestDatabase) -> Vec<bytes::Bytes> {
    let client = client(database).await;
    let stream = client.copy_out("copy cim.building to stdout (format binary)").await.expect("COPY TO");
    stream.try_collect().await.expect("the rows")
}

async fn copy_in(database: &TestDatabase, rows: Vec<bytes::Bytes>) {
    let client = client(database).await;
    let sink = client.copy_in("copy cim.building from stdin (format binary)").await.expect("COPY FROM");
    pin_mut!(sink);
    for chunk in rows {
        sink.send(chunk).await.expect("a chunk");
    }
    sink.finish().await.expect("the end");
}

/// The largest memory of the parser processes, watched while they run.
struct Memory {
    children_kib: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
}

impl Memory {
    fn watch() -> Self {
        let memory = Self { children_kib: Arc::default(), ended: Arc::default() };
        let (children_kib, ended) = (Arc::clone(&memory.children_kib), Arc::clone(&memory.ended));
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                children_kib.fetch_max(parsers_kib(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        memory
    }

    fn peak_kib(&self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        self.children_kib.load(Ordering::Relaxed)
    }
}

/// The generator that made the pack ran in this process too.
fn forget_own_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux can forget a peak");
}

fn parsers_kib() -> u64 {
    let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
    processes
        .flatten()
        .filter(|process| {
            std::fs::read_to_string(process.path().join("comm"))
                .is_ok_and(|name| name.starts_with("cim-parse-work"))
        })
        .filter_map(|process| peak_of(&process.path().join("status")))
        .max()
        .unwrap_or(0)
}

fn peak_of(status: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
