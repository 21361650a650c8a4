//! Tiles by role: for who sees everything, for one department and for nobody in particular, drawn and repeated.

use anyhow::Result;

use crate::cold::{paths, timed};
use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::keys::token;
use crate::load::{Measured, measure_as};
use crate::populated;
use crate::process::Server;
use crate::report::Report;

const ROUNDS: usize = 3;
const MOST_TILES: usize = 64;
const CACHE_MB: u32 = 256;
/// What the askers may do.
const READ: [&str; 2] = ["read_map", "read_things"];
/// Slower than this times open tiles is too slow.
const LEAST: f64 = 0.8;

/// Who asks: a server, and a token where it wants one.
struct Asker<'a> {
    server: &'a Server,
    token: Option<&'a str>,
}

pub(crate) async fn run() -> Result<()> {
    let database = Database::start(Dataset::Districts(1)).await?.copied("roles").await?;
    let query = include_str!("sql/busiest_department.sql");
    let department: String = database.client.query_one(query, &[]).await?.get(0);
    let everybody = token(database.address(), "bench-all", "operator", &[], &READ)?;
    let one = token(database.address(), "bench-one", "operator", &["--department", &department], &READ)?;
    let mut report = Report::begin("roles", "Tiles by role", &database, "").await?;
    let head =
        ["tiles", "zoom", "open: tiles/s (p50, p99 ms)", "all", "times open", "one department", "times open"];
    report.line(row(&head));
    report.line(rule(head.len()));
    let mut least = f64::INFINITY;
    for (how, cache_mb) in [("repeated", CACHE_MB), ("drawn", 0)] {
        let (open, accounts) = (database.serve(cache_mb)?, database.serve_accounts(cache_mb)?);
        for zoom in [10, 12, 14, 16] {
            let mut tiles = populated::tiles(&database.client, zoom).await?;
            tiles.truncate(MOST_TILES);
            let asked = paths(&tiles, "/tiles/linkage");
            let askers = [
                Asker { server: &open, token: None },
                Asker { server: &accounts, token: Some(&everybody) },
                Asker { server: &accounts, token: Some(&one) },
            ];
            let [open, all, part] = fastest(&askers, &asked)?;
            let against_open = |role: &Measured| role.rate() / open.rate();
            least = least.min(against_open(&all)).min(against_open(&part));
            report.line(row(&[
                how.to_owned(),
                zoom.to_string(),
                timed(&open),
                timed(&all),
                number(against_open(&all)),
                timed(&part),
                number(against_open(&part)),
            ]));
        }
    }
    report.line("");
    report.at_least("tiles by role, times open tiles, least", least, LEAST);
    database.stop().await?;
    report.end()
}

/// The best of some rounds, in which each asks after the other.
fn fastest(askers: &[Asker<'_>; 3], paths: &[String]) -> Result<[Measured; 3]> {
    let mut best = [const { None::<Measured> }; 3];
    for _ in 0..ROUNDS {
        for (asker, best) in askers.iter().zip(&mut best) {
            let again = measure_as(asker.server.address, paths, "gzip", asker.token)?;
            if best.as_ref().is_none_or(|best| again.rate() > best.rate()) {
                *best = Some(again);
            }
        }
    }
    Ok(best.map(Option::unwrap_or_default))
}
