//! How start, memory and tiles grow with the city.

use anyhow::Result;

use crate::cold::{paths, timed};
use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::load::measure;
use crate::memory::health;
use crate::populated;
use crate::report::Report;

const CITIES: [Dataset; 4] =
    [Dataset::Town, Dataset::Districts(1), Dataset::Districts(2), Dataset::Districts(4)];

pub(crate) async fn run() -> Result<()> {
    let head = [
        "city",
        "features",
        "buildings",
        "ready after s",
        "resident MB",
        "mirror MB",
        "cold z14 tiles/s without generalisation (p50, p99 ms)",
        "tileset `building`",
    ];
    let mut report = None;
    for city in CITIES {
        let database = Database::start(city).await?;
        database.copy_buildings().await?;
        let report = match &mut report {
            Some(report) => report,
            none => {
                let report = none.insert(Report::begin("scale", "Scaling", &database, "").await?);
                report.line(row(&head));
                report.line(rule(head.len()));
                report
            }
        };
        report.line(measured(city, &database).await?);
        database.stop().await?;
    }
    report.map_or(Ok(()), Report::end)
}

async fn measured(city: Dataset, database: &Database) -> Result<String> {
    let server = database.serve(0)?;
    let health = health(&server)?;
    let sum = |field: &str| -> f64 {
        health[field].as_object().into_iter().flatten().filter_map(|(_, count)| count.as_f64()).sum()
    };
    let tiles = populated::tiles(&database.client, 14).await?;
    let plain = measure(server.address, &paths(&tiles, "/tiles/building_plain"), "zstd")?;
    let normal = measure(server.address, &paths(&tiles, "/tiles/building"), "zstd")?;
    Ok(row(&[
        city.name(),
        number(sum("counts")),
        number(health["counts"]["building"].as_f64().unwrap_or_default()),
        number(server.ready_after.as_secs_f64()),
        number(server.resident_bytes()? as f64 / 1e6),
        number(sum("mirror_bytes") / 1e6),
        timed(&plain),
        timed(&normal),
    ]))
}
