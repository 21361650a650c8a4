//! The linkage questions, ours over HTTP beside PostGIS answering the same ones, and whether both say the same.

mod batch;
mod intake;
mod question;
mod same;

use anyhow::{Context, Result};

use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::{row, rule};
use crate::report::Report;
use question::{Probe, Question, probes};

/// How many probes each question gets: `PROBES`, for a longer or a shorter look.
fn probe_count() -> i64 {
    let named = std::env::var_os("PROBES").and_then(|text| text.to_str()?.parse().ok());
    named.filter(|count| (10..=100_000).contains(count)).unwrap_or(1_000)
}

pub(crate) async fn run() -> Result<()> {
    let database = Database::start(Dataset::Districts(1)).await?;
    let server = database.serve(64)?;
    wait_for_names(server.address)?;
    let mut report = Report::begin("linkage", "Linkage", &database, "").await?;
    let probes = probes(&database.client, probe_count()).await?;
    report.line(format!(
        "{} probes a question, at and around cases of the district; p50 and p99 in milliseconds.",
        probes.len()
    ));
    report.line("");
    report.line(row(&[
        "question",
        "cim p50",
        "p99",
        "PostGIS p50",
        "p99",
        "times at p99",
        "equal",
        "at a border",
        "other",
    ]));
    report.line(rule(9));
    for question in Question::all() {
        question.measure(&database.client, server.address, &probes, &mut report).await?;
    }
    report.line("");
    batch::measure(&database.client, server.address, &mut report).await?;
    intake::measure(&database.client, server.address, &mut report).await?;
    drop(server);
    database.stop().await?;
    with_many_cases(&probes, &mut report).await?;
    report.end()
}

/// The same questions with five million cases in the mirror.
async fn with_many_cases(probes: &[Probe], report: &mut Report) -> Result<()> {
    let database = Database::start(Dataset::ManyCases).await?;
    let server = database.serve(64)?;
    wait_for_names(server.address)?;
    let count: i64 = database.client.query_one("select count(*) from cim.\"case\"", &[]).await?.get(0);
    report.line("");
    report.line(format!(
        "With {count} cases loaded, {:.0} MB resident:",
        server.resident_bytes()? as f64 / 1e6
    ));
    report.line("");
    report.line(row(&["question", "cim p50", "p99"]));
    report.line(rule(3));
    for question in Question::all() {
        question.measure_alone(server.address, probes, report)?;
    }
    drop(server);
    database.stop().await
}

/// The names of places are read after the city answers.
fn wait_for_names(address: std::net::SocketAddr) -> Result<()> {
    let mut connection = crate::client::Connection::open(address)?;
    let begun = std::time::Instant::now();
    while begun.elapsed().as_secs() < 60 {
        if connection.get("/v1/locate?text=x", "")?.status == 200 {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    None.context("the names of places were not read within a minute")
}

/// A probe as a place in an address.
pub(crate) fn here(probe: &Probe) -> String {
    format!("lon={:.8}&lat={:.8}", probe.lon, probe.lat)
}
