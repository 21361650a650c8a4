//! Cold tiles: every request draws its tile, here, by `ST_AsMVT` behind the same HTTP stack, and by Martin.

use anyhow::Result;

use crate::agreement;
use crate::database::{Database, own_server};
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::load::{Measured, measure};
use crate::martin::Martin;
use crate::populated::{self, Populated};
use crate::postgis_server;
use crate::process::Server;
use crate::report::Report;

const CITIES: [Dataset; 2] = [Dataset::Districts(1), Dataset::NewYork];
const ZOOMS: std::ops::RangeInclusive<u8> = 12..=16;
const CONNECTIONS: [usize; 4] = [2, 4, 8, 16];
const HEAD: [&str; 11] = [
    "city",
    "zoom",
    "client",
    "cim tiles/s (p50, p99 ms)",
    "`ST_AsMVT` in axum",
    "Martin",
    "times `ST_AsMVT`",
    "times Martin",
    "KB a tile",
    "tileset `building` (p50, p99 ms)",
    "busy, of it clients",
];

/// The servers of one comparison, all on one database.
pub(crate) struct Servers {
    pub(crate) ours: Server,
    pub(crate) postgis: Server,
    pub(crate) martin: Option<Server>,
}

pub(crate) async fn run() -> Result<()> {
    let martin = Martin::find();
    let version = martin.as_ref().map(|martin| format!(", {}", martin.version())).unwrap_or_default();
    let mut report = None;
    for city in CITIES.into_iter().filter(|city| city.is_there()) {
        let database = Database::start(city).await?;
        database.copy_buildings().await?;
        let report = match &mut report {
            Some(report) => report,
            none => none.insert(Report::begin("tiles", "Cold tiles", &database, &version).await?),
        };
        compare(city, &database, martin.as_ref(), report).await?;
        database.stop().await?;
    }
    report.map_or(Ok(()), Report::end)
}

async fn compare(
    city: Dataset,
    database: &Database,
    martin: Option<&Martin>,
    report: &mut Report,
) -> Result<()> {
    let trial = populated::tiles(&database.client, 14).await?;
    let servers = Servers {
        ours: database.serve(0)?,
        postgis: best(
            |connections| {
                let connections = connections.to_string();
                own_server(postgis_server::NAME, &[database.address(), &connections], "/health")
            },
            &paths(&trial, ""),
        )?,
        martin: martin
            .map(|martin| {
                best(|connections| martin.serve(database, connections, 0), &paths(&trial, "/building"))
            })
            .transpose()?,
    };
    agreement::check(city, database, &servers, report).await?;
    report.line(row(&HEAD));
    report.line(rule(HEAD.len()));
    for zoom in ZOOMS {
        let tiles = populated::tiles(&database.client, zoom).await?;
        let clients: &[&str] =
            if zoom % 2 == 0 && zoom > 12 { &["", "zstd", "gzip", "br"] } else { &["", "zstd"] };
        for accept in clients {
            measured(city, zoom, accept, &tiles, &servers, report)?;
        }
    }
    report.line("");
    Ok(())
}

/// What the ratio to the faster of the others has to be.
fn goal(zoom: u8, accept: &str) -> Option<f64> {
    match (zoom, accept) {
        (14, "") => Some(25.0),
        (14, "zstd" | "gzip") => Some(20.0),
        (16, "") => Some(8.0),
        _ => None,
    }
}

fn measured(
    city: Dataset,
    zoom: u8,
    accept: &str,
    tiles: &[Populated],
    servers: &Servers,
    report: &mut Report,
) -> Result<()> {
    let ours = measure(servers.ours.address, &paths(tiles, "/tiles/building_plain"), accept)?;
    let postgis = measure(servers.postgis.address, &paths(tiles, ""), accept)?;
    let martin = servers
        .martin
        .as_ref()
        .map(|martin| measure(martin.address, &paths(tiles, "/building"), accept))
        .transpose()?;
    let normal = measure(servers.ours.address, &paths(tiles, "/tiles/building"), accept)?;
    let rate = |measured: &Measured| number(measured.rate());
    let martin_rate = martin.as_ref().map_or(f64::NAN, Measured::rate);
    if let Some(least) = goal(zoom, accept) {
        let ratio = ours.rate() / postgis.rate().max(martin.as_ref().map_or(0.0, Measured::rate));
        let what =
            format!("cold tiles of {}, zoom {zoom}, {}, times the faster other", city.name(), named(accept));
        report.at_least(what, ratio, least);
    }
    report.line(row(&[
        city.name(),
        zoom.to_string(),
        named(accept),
        timed(&ours),
        rate(&postgis),
        number(martin_rate),
        number(ours.rate() / postgis.rate()),
        number(ours.rate() / martin_rate),
        number(ours.mean_bytes() / 1000.0),
        timed(&normal),
        format!("{:.0} %, {} cores", ours.busy * 100.0, number(ours.client_cores)),
    ]));
    Ok(())
}

/// What a client accepts, in words.
pub(crate) fn named(accept: &str) -> String {
    if accept.is_empty() { "identity".to_owned() } else { accept.to_owned() }
}

/// Rate, and the times within which half and 99 % of the answers came.
pub(crate) fn timed(measured: &Measured) -> String {
    let within = |part| number(measured.quantile_ms(part));
    format!("{} ({}, {})", number(measured.rate()), within(0.5), within(0.99))
}

pub(crate) fn paths(tiles: &[Populated], prefix: &str) -> Vec<String> {
    tiles.iter().map(|tile| tile.path(prefix)).collect()
}

/// A server with the number of connections that serves most.
pub(crate) fn best(start: impl Fn(usize) -> Result<Server>, paths: &[String]) -> Result<Server> {
    let mut best = (0.0, CONNECTIONS[0]);
    for connections in CONNECTIONS {
        let server = start(connections)?;
        let rate = measure(server.address, paths, "")?.rate();
        if rate > best.0 {
            best = (rate, connections);
        }
    }
    start(best.1)
}
