//! Memory by collection, bytes a vertex, and how long a start takes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cim_mirror::collection_builder;
use cim_model::Collection;
use cim_store::Store;
use futures_util::TryStreamExt;
use serde_json::Value;

use crate::client::Connection;
use crate::database::{Database, log};
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::process::{Server, cim_command, free_address};
use crate::report::Report;

pub(crate) async fn run() -> Result<()> {
    let database = Database::start(Dataset::Districts(1)).await?;
    let mut report = Report::begin("memory", "Memory and start", &database, "").await?;
    let server = database.serve(64)?;
    let health = health(&server)?;
    let beside = server.ready_after.as_secs_f64();
    std::thread::sleep(std::time::Duration::from_secs(5));
    let resident = server.resident_bytes()? as f64 / 1e6;
    drop(server);
    let shapes = shape_bytes(database.address()).await?;
    let most = shapes.values().map(|(vertices, bytes)| *bytes as f64 / *vertices as f64).fold(0.0, f64::max);
    write_collections(&health, &shapes, &mut report);
    database.stop().await?;
    let whole = start_from_home()?;
    report.line(format!(
        "Resident memory of the process: {} MB. Ready {} s after the start beside a running database, {} s with \
         the start of the private database.",
        number(resident),
        number(beside),
        number(whole)
    ));
    report.at_most("resident memory with the district, MB", resident, 700.0);
    report.at_most("start beside a running database, s", beside, 5.0);
    report.at_most("coordinates and rings, bytes a vertex, most", most, 16.0);
    report.end()
}

/// What the server says of itself.
pub(crate) fn health(server: &Server) -> Result<Value> {
    let mut connection = Connection::open(server.address)?;
    Ok(serde_json::from_slice(connection.get("/health/ready", "")?.body)?)
}

fn write_collections(health: &Value, shapes: &BTreeMap<&'static str, (usize, usize)>, report: &mut Report) {
    let head =
        ["collection", "rows", "MB", "bytes a row", "vertices", "bytes a vertex (coordinates and rings)"];
    report.line(row(&head));
    report.line(rule(head.len()));
    let mut collections: Vec<(&str, f64)> = Collection::ALL
        .iter()
        .map(|one| (one.name(), health["mirror_bytes"][one.name()].as_f64().unwrap_or_default()))
        .collect();
    collections.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (name, bytes) in collections.iter().filter(|(_, bytes)| *bytes > 1e5) {
        let rows = health["counts"][name].as_f64().unwrap_or_default();
        let (vertices, shape_bytes) = shapes.get(name).copied().unwrap_or_default();
        report.line(row(&[
            (*name).to_owned(),
            number(rows),
            number(bytes / 1e6),
            number(bytes / rows),
            if vertices > 0 { number(vertices as f64) } else { String::new() },
            if vertices > 0 { number(shape_bytes as f64 / vertices as f64) } else { String::new() },
        ]));
    }
    let all: f64 = collections.iter().map(|(_, bytes)| bytes).sum();
    report.line("");
    report.line(format!("All collections: {} MB.", number(all / 1e6)));
    report.line("");
}

/// Vertices, and bytes of coordinates and rings, of the collections whose geometry is more than a point.
async fn shape_bytes(address: &str) -> Result<BTreeMap<&'static str, (usize, usize)>> {
    let reader = Store::connect(address).await?.open_snapshot().await?;
    let mut found = BTreeMap::new();
    for collection in [Collection::Building, Collection::Road, Collection::Water, Collection::MicroGrid] {
        let mut builder = collection_builder(collection);
        let mut rows = reader.read(collection).await?;
        while let Some(row) = rows.try_next().await? {
            builder.push(row.id, row.xmin, &row.record);
        }
        drop(rows);
        let table = builder.finish();
        let vertices = table.rows().flat_map(|row| row.shape().parts()).map(|(_, points)| points.len()).sum();
        found.insert(collection.name(), (vertices, table.shapes().heap_bytes()));
    }
    Ok(found)
}

/// Seconds from `cim serve` on a stopped private database to the first answer.
fn start_from_home() -> Result<f64> {
    let home = Dataset::Districts(1).home()?;
    let mut command = cim_command(&["serve", "--open", "--home"])?;
    command.arg(home).arg("--listen").arg(free_address()?.to_string());
    let address = command.get_args().last().and_then(|address| address.to_str()).context("an address")?;
    let address = address.parse()?;
    let server = Server::start(command, Some(address), "/health/ready", &log("cim")?)?;
    Ok(server.ready_after.as_secs_f64())
}
