//! Cases taken in: one by one with a position, and ten thousand at once with words alone.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::question::{Probe, probes};
use crate::client::Connection;
use crate::figures::{number, quantile};
use crate::report::Report;

const ONE_BY_ONE: i64 = 400;
const AT_ONCE: usize = 10_000;
const SOURCE: &str = "bench-linkage";

pub(super) async fn measure(client: &Client, address: SocketAddr, report: &mut Report) -> Result<()> {
    let probes = probes(client, ONE_BY_ONE).await?;
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    for (place, probe) in probes.iter().enumerate() {
        let begun = Instant::now();
        let body = case(place, probe, place % 2 == 0).to_string();
        let answer = connection.post("/v1/cases", "application/json", body.as_bytes())?;
        ensure!(answer.status == 201, "{} {}", answer.status, String::from_utf8_lossy(answer.body));
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let (p50, p99) = (quantile(&mut times, 0.5), quantile(&mut times, 0.99));
    let mut lines = String::new();
    for place in 0..AT_ONCE {
        let probe = &probes[place % probes.len()];
        let _ = writeln!(lines, "{}", case(100_000 + place, probe, false));
    }
    let begun = Instant::now();
    let answer = connection.post("/v1/cases", "application/x-ndjson", lines.as_bytes())?;
    ensure!(answer.status == 200, "{} {}", answer.status, String::from_utf8_lossy(answer.body));
    let rate = AT_ONCE as f64 / begun.elapsed().as_secs_f64();
    let written: Value = serde_json::from_slice(answer.body)?;
    ensure!(written["created"] == AT_ONCE, "{written}");
    client.execute("delete from cim.\"case\" where source_system = $1", &[&SOURCE]).await?;
    report.line(format!(
        "One case taken in, located, tied and answered: p50 {} ms, p99 {} ms. {AT_ONCE} cases with words alone, located and tied: {} rows/s.",
        number(p50),
        number(p99),
        number(rate)
    ));
    report.at_most("intake of one case, p99 ms", p99, 30.0);
    report.at_least("backfill with location and tying, rows/s", rate, 5_000.0);
    Ok(())
}

fn case(number: usize, probe: &Probe, with_position: bool) -> Value {
    let mut case = json!({
        "source_system": SOURCE, "source_no": number.to_string(), "title": "占道经营", "category_code": "0101",
        "raw_location": probe.text,
    });
    if with_position {
        case["lon"] = probe.lon.into();
        case["lat"] = probe.lat.into();
    }
    case
}
