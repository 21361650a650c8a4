//! How much slower is loading 420,000 buildings, checks and all, than a bare COPY of the same rows into the same indexed table?

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use cim_demo::{DemoOptions, Scale};
use cim_load::{LoadOptions, load_pack, parse_worker_main};
use cim_store::{ClusterOptions, PrivateCluster, Store};
use futures_util::{SinkExt, StreamExt};
use tokio_postgres::{Client, NoTls};

const ROUNDS: usize = 3;
const COLUMNS: &str = "code, name, height_m, floors_above, floors_below, \"use\", built_year, household_count, population, \
                       estate_name, address_text, geom";

fn main() -> Result<()> {
    if std::env::args().nth(1).is_some_and(|argument| argument == "parse-worker") {
        parse_worker_main();
        return Ok(());
    }
    tokio::runtime::Runtime::new()?.block_on(compare())
}

async fn compare() -> Result<()> {
    let pack = buildings_pack()?;
    let home = tempfile::tempdir()?;
    let cluster = PrivateCluster::start(&home.path().join("home"), ClusterOptions::default()).await?;
    let address = cluster.connection_string().to_owned();
    Store::connect(&address).await?.migrate().await?;

    let mut loads = Vec::new();
    let mut copies = Vec::new();
    let mut peak = 0;
    for round in 1..=ROUNDS {
        let (seconds, bytes, rows) = load_once(&address, &pack).await?;
        let copy = copy_once(&address).await?;
        println!("round {round}: {rows} buildings, cim load {seconds:.2} s, bare COPY {copy:.2} s");
        loads.push(seconds);
        copies.push(copy);
        peak = peak.max(bytes);
    }
    let ratio = median(&mut loads) / median(&mut copies);
    println!("cim load / bare COPY = {ratio:.2} (goal at most 1.30), medians of {ROUNDS} rounds");
    println!("peak memory of loader and parser together: {} MB (goal under 600)", peak / 1_000_000);
    cluster.stop().await?;
    Ok(())
}

/// A pack with nothing but the district's buildings, made once and kept beside the compiled code.
fn buildings_pack() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists()).context("no target folder")?;
    let district = target.join("bench-district");
    if !district.join("building.csv").exists() {
        println!("generating the district once into {}", district.display());
        let options = DemoOptions { scale: Scale::District, ..DemoOptions::default() };
        cim_demo::write_pack(&district, &options, &mut |_| ())?;
    }
    let pack = target.join("bench-buildings");
    fs::create_dir_all(&pack)?;
    fs::write(
        pack.join("city.toml"),
        format!(
            "name = \"bench\"\ndivision_code = \"320614\"\ncrs = \"cgcs2000\"\nexclusive = \"overlay\"\nsynthetic = true\n\n\
             [[source]]\ncollection = \"building\"\nfile = {:?}\n",
            district.join("building.csv").display().to_string()
        ),
    )?;
    Ok(pack)
}

/// Loads into the empty table; gives seconds, peak bytes and rows.
async fn load_once(address: &str, pack: &Path) -> Result<(f64, u64, u64)> {
    let client = connect(address).await?;
    client.batch_execute("delete from cim.building; delete from cim.change; delete from cim.load").await?;
    renew_building_table(&client).await?;
    let store = Store::connect(address).await?;
    let memory = MemoryWatch::start();
    let started = Instant::now();
    let report = load_pack(&store, pack, &LoadOptions::default()).await?;
    let seconds = started.elapsed().as_secs_f64();
    let rows = client.query_one("select count(*) from cim.building", &[]).await?.get::<_, i64>(0);
    ensure!(rows > 400_000, "only {rows} buildings were loaded: {report:?}");
    Ok((seconds, memory.peak(), rows.unsigned_abs()))
}

/// A table that never held a row is what a first load meets; a vacuumed, emptied one is the nearest to it.
async fn renew_building_table(client: &Client) -> Result<()> {
    client.batch_execute("vacuum full cim.building").await?;
    client.batch_execute("checkpoint").await?;
    Ok(())
}

/// Copies the rows that were just loaded into an indexed table of the same shape; gives seconds.
async fn copy_once(address: &str) -> Result<f64> {
    let client = connect(address).await?;
    let rows: Vec<Bytes> = {
        let stream = client.copy_out(&format!("copy cim.building ({COLUMNS}) to stdout (format binary)")).await?;
        stream.map(|chunk| chunk.map_err(anyhow::Error::from)).collect::<Vec<_>>().await.into_iter().collect::<Result<_>>()?
    };
    client
        .batch_execute(
            "drop table if exists bare_building; create table bare_building (like cim.building including all); checkpoint",
        )
        .await?;
    let started = Instant::now();
    let sink = client.copy_in(&format!("copy bare_building ({COLUMNS}) from stdin (format binary)")).await?;
    futures_util::pin_mut!(sink);
    for chunk in rows {
        sink.feed(chunk).await?;
    }
    sink.finish().await?;
    Ok(started.elapsed().as_secs_f64())
}

async fn connect(address: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Samples the resident memory of this process and its children, without PostgreSQL, which is no child of a process of ours for long.
struct MemoryWatch {
    peak: Arc<AtomicU64>,
    running: Arc<AtomicBool>,
}

impl MemoryWatch {
    fn start() -> Self {
        let watch = Self { peak: Arc::default(), running: Arc::new(AtomicBool::new(true)) };
        let (peak, running) = (Arc::clone(&watch.peak), Arc::clone(&watch.running));
        std::thread::spawn(move || {
            while running.load(Ordering::Relaxed) {
                peak.fetch_max(resident_bytes(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        watch
    }

    fn peak(&self) -> u64 {
        self.running.store(false, Ordering::Relaxed);
        self.peak.load(Ordering::Relaxed)
    }
}

/// Resident bytes of this process and of its parser, which runs the same program.
fn resident_bytes() -> u64 {
    let Ok(mine) = fs::read_link("/proc/self/exe") else { return 0 };
    let Ok(processes) = fs::read_dir("/proc") else { return 0 };
    processes
        .flatten()
        .filter(|process| fs::read_link(process.path().join("exe")).is_ok_and(|program| program == mine))
        .filter_map(|process| {
            let status = fs::read_to_string(process.path().join("status")).ok()?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()
        })
        .sum::<u64>()
        * 1024
}
