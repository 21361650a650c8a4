//! Freshness: from COMMIT to a tile that shows it, and to the event that names the tile, while others read.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use cim_testkit::mvt;
use tokio_postgres::{Client, Statement};

use crate::client::Connection;
use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::{number, quantile, row, rule};
use crate::populated;
use crate::precision;
use crate::report::Report;
use crate::stream::{self, Event};

const EDITS: usize = 450;
const EDIT_EVERY: Duration = Duration::from_millis(100);
const READERS: usize = 50;
const READ_EVERY: Duration = Duration::from_millis(100);
const SHOWS_WITHIN: Duration = Duration::from_secs(5);
/// Two metres and a quarter of a pixel of zoom 16.
pub(crate) const MOVED_DEGREES: f64 = 2e-5;

/// A building that may be moved, and the tile of zoom 16 that shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Editable {
    pub(crate) id: i64,
    pub(crate) x: u32,
    pub(crate) y: u32,
}

/// One edit and when it showed.
struct Edit {
    building: Editable,
    begun: Instant,
    committed: Instant,
    shown: Instant,
}

pub(crate) async fn run() -> Result<()> {
    let database = Database::start(Dataset::Districts(1)).await?;
    database.copy_buildings().await?;
    let mut report = Report::begin("fresh", "Freshness", &database, "").await?;
    let server = database.serve(64)?;
    let buildings = editable(&database.client).await?;
    let events = stream::open(server.address)?;
    let (edits, mut reads) = edit_while_others_read(&database, server.address, &buildings).await?;
    write_freshness(&edits, &events, &mut reads, &mut report)?;
    precision::check(&database.client, server.address, &buildings, &events, &mut report).await?;
    drop(server);
    database.stop().await?;
    report.end()
}

async fn editable(client: &Client) -> Result<Vec<Editable>> {
    let most = i64::try_from(EDITS)?;
    let rows = client.query(include_str!("sql/editable.sql"), &[&most]).await?;
    let place = |number: i32| u32::try_from(number).context("a column or a row");
    rows.iter()
        .map(|row| Ok(Editable { id: row.get(0), x: place(row.get(1))?, y: place(row.get(2))? }))
        .collect()
}

async fn edit_while_others_read(
    database: &Database,
    address: SocketAddr,
    buildings: &[Editable],
) -> Result<(Vec<Edit>, Vec<f64>)> {
    let mut paths = Vec::new();
    for zoom in 13..=16 {
        let tiles = populated::tiles(&database.client, zoom).await?;
        for tileset in ["building", "base", "linkage"] {
            paths.extend(tiles.iter().take(200).map(|tile| tile.path(&format!("/tiles/{tileset}"))));
        }
    }
    let ended = AtomicBool::new(false);
    let runtime = tokio::runtime::Handle::current();
    let client = database.connect().await?;
    let move_building = client.prepare(include_str!("sql/move_building.sql")).await?;
    tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..READERS)
                .map(|number| {
                    let (paths, ended) = (&paths, &ended);
                    scope.spawn(move || read(address, paths, number, ended))
                })
                .collect();
            let edits = edit_all(&runtime, &client, &move_building, address, buildings);
            ended.store(true, Ordering::Relaxed);
            let mut reads = Vec::new();
            for reader in readers {
                reads.extend(reader.join().map_err(|_panic| anyhow!("a reader ended badly"))??);
            }
            Ok((edits?, reads))
        })
    })
}

fn edit_all(
    runtime: &tokio::runtime::Handle,
    client: &Client,
    move_building: &Statement,
    address: SocketAddr,
    buildings: &[Editable],
) -> Result<Vec<Edit>> {
    let mut connection = Connection::open(address)?;
    let mut edits = Vec::new();
    let first = Instant::now();
    for (number, building) in (0_u32..).zip(buildings) {
        std::thread::sleep((first + EDIT_EVERY * number).saturating_duration_since(Instant::now()));
        let before = west_of(&mut connection, building)?;
        let begun = Instant::now();
        let moved = runtime.block_on(client.execute(move_building, &[&building.id, &MOVED_DEGREES]))?;
        let committed = Instant::now();
        ensure!(moved == 1, "building {} is not there", building.id);
        while west_of(&mut connection, building)? == before {
            ensure!(committed.elapsed() < SHOWS_WITHIN, "the edit of building {} never shows", building.id);
            std::thread::sleep(Duration::from_micros(200));
        }
        edits.push(Edit { building: *building, begun, committed, shown: Instant::now() });
    }
    // Back where they were, so that the next run finds the same city.
    for building in buildings {
        runtime.block_on(client.execute(move_building, &[&building.id, &-MOVED_DEGREES]))?;
    }
    Ok(edits)
}

/// The western edge of a building as its tile shows it.
fn west_of(connection: &mut Connection, building: &Editable) -> Result<i64> {
    let path = format!("/tiles/building_plain/16/{}/{}", building.x, building.y);
    let answer = connection.get(&path, "")?;
    let reading = mvt::read(answer.body);
    let mut features = reading.layers.iter().flat_map(|layer| &layer.features);
    let id = building.id.unsigned_abs();
    let feature =
        features.find(|feature| feature.id == Some(id)).with_context(|| format!("{path} lacks {id}"))?;
    feature.geometry.parts().flatten().map(|point| point.x).min().context("a building has points")
}

/// The milliseconds of one reader's requests.
fn read(address: SocketAddr, paths: &[String], number: usize, ended: &AtomicBool) -> Result<Vec<f64>> {
    let mut dice = populated::Dice(number as u64);
    let mut connection = Connection::open(address)?;
    std::thread::sleep(READ_EVERY * u32::try_from(number)? / u32::try_from(READERS)?);
    let mut times = Vec::new();
    let mut next = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        let path = &paths[dice.below(paths.len())];
        let asked = Instant::now();
        let answer = connection.get(path, "zstd")?;
        ensure!(matches!(answer.status, 200 | 204), "{path}: {}", answer.status);
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
        next += READ_EVERY;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok(times)
}

fn write_freshness(
    edits: &[Edit],
    events: &Receiver<Event>,
    reads: &mut [f64],
    report: &mut Report,
) -> Result<()> {
    // What the last edits caused is on its way.
    std::thread::sleep(Duration::from_millis(500));
    let told: Vec<Event> = events.try_iter().collect();
    let mut until_shown = Vec::new();
    let mut until_told = Vec::new();
    for edit in edits {
        let since = |moment: Instant| moment.saturating_duration_since(edit.committed).as_secs_f64() * 1000.0;
        until_shown.push(since(edit.shown));
        let names = |event: &&Event| {
            event.at >= edit.begun
                && (event.is_reset
                    || event.tileset == "building_plain"
                        && event.tiles.contains(&(16, edit.building.x, edit.building.y)))
        };
        let event = told.iter().find(names).with_context(|| format!("no event names {:?}", edit.building))?;
        until_told.push(since(event.at));
    }
    let head = ["ms", "p50", "p99", "most", "of"];
    report.line(format!(
        "{} edits of a building by `UPDATE`, one every {} ms, while {READERS} readers ask for a tile every {} ms each:",
        edits.len(),
        EDIT_EVERY.as_millis(),
        READ_EVERY.as_millis()
    ));
    report.line("");
    report.line(row(&head));
    report.line(rule(head.len()));
    let figures: [(&str, &mut [f64]); 3] = [
        ("COMMIT to a GET that shows it", &mut until_shown),
        ("COMMIT to the event that names its tile", &mut until_told),
        ("a reader's request", reads),
    ];
    for (name, values) in figures {
        let at = |values: &mut [f64], part| number(quantile(values, part));
        let cells = [at(values, 0.5), at(values, 0.99), at(values, 1.0), values.len().to_string()];
        report.line(format!("| {name} {}", row(&cells)));
    }
    report.line("");
    report.at_most("COMMIT to a GET that shows it, p50 ms", quantile(&mut until_shown, 0.5), 10.0);
    report.at_most("COMMIT to a GET that shows it, p99 ms", quantile(&mut until_shown, 0.99), 50.0);
    report.at_most("COMMIT to the event, p99 ms", quantile(&mut until_told, 0.99), 100.0);
    Ok(())
}
