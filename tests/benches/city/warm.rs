//! Repeated tiles: ours from its cache against constant bytes from the same HTTP stack, and against Martin's cache.

use anyhow::{Result, ensure};

use crate::client::Connection;
use crate::cold::{best, named, paths, timed};
use crate::constant_server;
use crate::database::{Database, own_server};
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::load::{Measured, measure};
use crate::martin::Martin;
use crate::populated;
use crate::process::Server;
use crate::report::Report;

const ROUNDS: usize = 2;
const MOST_TILES: usize = 64;
const CLIENTS: [&str; 4] = ["", "zstd", "gzip", "br"];
const CACHE_MB: u32 = 256;

pub(crate) async fn run() -> Result<()> {
    let martin = Martin::find();
    let version = martin.as_ref().map(|martin| format!(", {}", martin.version())).unwrap_or_default();
    let database = Database::start(Dataset::Districts(1)).await?;
    database.copy_buildings().await?;
    let mut report = Report::begin("warm", "Repeated tiles", &database, &version).await?;
    let ours = database.serve(CACHE_MB)?;
    against_constant(&database, &ours, &mut report).await?;
    if let Some(martin) = martin {
        against_martin(&database, &ours, &martin, &mut report).await?;
    }
    drop(ours);
    database.stop().await?;
    report.end()
}

async fn against_constant(database: &Database, ours: &Server, report: &mut Report) -> Result<()> {
    let head =
        ["zoom", "tileset", "client", "KB a tile", "cim tiles/s (p50, p99 ms)", "constant bytes/s", "ratio"];
    report.line("Against as many constant bytes from a handler that does nothing else:");
    report.line("");
    report.line(row(&head));
    report.line(rule(head.len()));
    let mut least = f64::INFINITY;
    for zoom in 10..=16 {
        let tileset = if zoom < 13 { "base" } else { "building" };
        let mut tiles = populated::tiles(&database.client, zoom).await?;
        tiles.truncate(MOST_TILES);
        for accept in CLIENTS {
            let asked = paths(&tiles, &format!("/tiles/{tileset}"));
            let (paths, lengths, headers) = fetch(ours, &asked, accept)?;
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            let constant = own_server(constant_server::NAME, &headers, "/1")?;
            let [tile, bytes] = fastest([(ours, &paths), (&constant, &lengths)], accept)?;
            if matches!(accept, "zstd" | "gzip") {
                least = least.min(tile.rate() / bytes.rate());
            }
            report.line(row(&[
                zoom.to_string(),
                tileset.to_owned(),
                named(accept),
                number(tile.mean_bytes() / 1000.0),
                timed(&tile),
                number(bytes.rate()),
                number(tile.rate() / bytes.rate()),
            ]));
        }
    }
    report.line("");
    report.at_least(
        "repeated tiles for zstd and gzip, zoom 10 to 16, times constant bytes, least",
        least,
        0.7,
    );
    Ok(())
}

async fn against_martin(
    database: &Database,
    ours: &Server,
    martin: &Martin,
    report: &mut Report,
) -> Result<()> {
    let head = [
        "zoom",
        "client",
        "cim, repeated",
        "Martin, repeated",
        "times",
        "cim, cold",
        "cim cold, times Martin repeated",
        "KB: cim, Martin",
    ];
    report.line("The same buildings without generalisation, from our cache and from Martin's:");
    report.line("");
    report.line(row(&head));
    report.line(rule(head.len()));
    let trial = paths(&populated::tiles(&database.client, 14).await?, "/building");
    let theirs = best(|connections| martin.serve(database, connections, CACHE_MB), &trial)?;
    let cold = database.serve(0)?;
    let mut least = f64::INFINITY;
    for zoom in 13..=16 {
        let mut tiles = populated::tiles(&database.client, zoom).await?;
        tiles.truncate(MOST_TILES);
        let (plain, building) = (paths(&tiles, "/tiles/building_plain"), paths(&tiles, "/building"));
        for accept in CLIENTS {
            fetch(ours, &plain, accept)?;
            fetch(&theirs, &building, accept)?;
            let [here, there, drawn] =
                fastest([(ours, &plain), (&theirs, &building), (&cold, &plain)], accept)?;
            if matches!(accept, "zstd" | "gzip") {
                least = least.min(here.rate() / there.rate());
            }
            if zoom == 14 && accept == "zstd" {
                report.at_least(
                    "cold tiles for zstd, zoom 14, times Martin's repeated",
                    drawn.rate() / there.rate(),
                    1.0,
                );
            }
            report.line(row(&[
                zoom.to_string(),
                named(accept),
                number(here.rate()),
                number(there.rate()),
                number(here.rate() / there.rate()),
                number(drawn.rate()),
                number(drawn.rate() / there.rate()),
                format!("{}, {}", number(here.mean_bytes() / 1000.0), number(there.mean_bytes() / 1000.0)),
            ]));
        }
    }
    report.line("");
    report.at_least("repeated tiles for zstd and gzip, zoom 13 to 16, times Martin's, least", least, 4.0);
    Ok(())
}

/// The fastest of some rounds, in which the servers take turns.
fn fastest<const N: usize>(turns: [(&Server, &[String]); N], accept: &str) -> Result<[Measured; N]> {
    let mut best = [const { None::<Measured> }; N];
    for _ in 0..ROUNDS {
        for ((server, paths), best) in turns.iter().zip(&mut best) {
            let again = measure(server.address, paths, accept)?;
            if best.as_ref().is_none_or(|best| again.rate() > best.rate()) {
                *best = Some(again);
            }
        }
    }
    Ok(best.map(Option::unwrap_or_default))
}

/// Asks for each path once: those with a tile, the lengths of their answers as paths, and the headers of one.
fn fetch(server: &Server, paths: &[String], accept: &str) -> Result<(Vec<String>, Vec<String>, Vec<String>)> {
    let mut connection = Connection::open(server.address)?;
    let (mut shown, mut lengths, mut headers) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let answer = connection.get(path, accept)?;
        if answer.status == 200 {
            shown.push(path.clone());
            lengths.push(format!("/{}", answer.body.len()));
            let own = |line: &&str| !line.starts_with("content-length") && !line.starts_with("date");
            headers = answer.head.lines().skip(1).filter(own).map(str::to_owned).collect();
        }
    }
    ensure!(!shown.is_empty(), "no tile has content");
    Ok((shown, lengths, headers))
}
