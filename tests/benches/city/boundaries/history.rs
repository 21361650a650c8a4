//! Reading as of any of a thousand revisions, beside reading the present.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use tokio_postgres::Client;

use super::desk::Desk;
use super::intake;
use super::office::Office;
use crate::figures::{number, quantile, row, rule};
use crate::populated::Dice;
use crate::report::Report;

const READS: usize = 200;

/// Measures on a server that has just started, so that the first reads find nothing in memory.
pub(super) async fn measure(client: &Client, office: &Office, report: &mut Report) -> Result<()> {
    let mut desk = Desk::open(office, "bench-reader")?;
    let page = desk.get("/v1/revisions?limit=1000")?.done("listing the revisions")?;
    let items = page.body["items"].as_array().context("revisions")?;
    let published: Vec<&str> = items.iter().filter_map(|item| item["published_at"].as_str()).collect();
    let mut dice = Dice(31);
    let codes = client.query(include_str!("../sql/lasting_units.sql"), &[]).await?;
    let codes: Vec<String> = codes.iter().map(|row| row.get(0)).collect();
    let places = intake::places(client).await?;
    let units: Vec<String> =
        (0..READS).map(|place| format!("/v1/units/{}?", codes[place % codes.len()])).collect();
    let points =
        places.iter().take(READS).map(|[lon, lat]| format!("/v1/responsibility?lon={lon:.8}&lat={lat:.8}&"));
    let points: Vec<String> = points.collect();
    report.line(format!(
        "{READS} reads as of random ones of {} revisions, medians in milliseconds:",
        published.len()
    ));
    report.line("");
    let head = [
        "read",
        "as of the past, first time",
        "p99",
        "as of the past",
        "p99",
        "as of now",
        "p99",
        "past to now",
    ];
    report.line(row(&head));
    report.line(rule(head.len()));
    let mut ratios = Vec::new();
    for (name, paths) in [("a unit", units), ("who is responsible", points)] {
        let times: Vec<&str> = (0..READS).map(|_| published[dice.below(published.len())]).collect();
        ratios.push((name, compare(&mut desk, name, &paths, &times, report)?));
    }
    report.line("");
    for (name, ratio) in ratios {
        report.at_most(format!("{name} as of a past revision, times the present"), ratio, 1.3);
    }
    Ok(())
}

fn compare(
    desk: &mut Desk,
    name: &str,
    paths: &[String],
    times: &[&str],
    report: &mut Report,
) -> Result<f64> {
    let now = Timestamp::now().to_string();
    let mut read = |path: &str, time: &str| {
        let path = format!("{path}known_at={time}");
        let reply = desk.get(&path)?;
        ensure!(reply.status == 200, "{path}: {} {}", reply.status, reply.body);
        Ok(reply.took_ms)
    };
    let asked = || paths.iter().zip(times);
    let mut cold: Vec<f64> = asked().map(|(path, time)| read(path, time)).collect::<Result<_>>()?;
    for path in paths {
        read(path, &now)?;
    }
    let (mut past, mut present) = (Vec::new(), Vec::new());
    for (path, time) in paths.iter().zip(times) {
        past.push(read(path, time)?);
        present.push(read(path, &now)?);
    }
    let ratio = quantile(&mut past, 0.5) / quantile(&mut present, 0.5);
    let mut cells = vec![name.to_owned()];
    for values in [&mut cold, &mut past, &mut present] {
        cells.extend([number(quantile(values, 0.5)), number(quantile(values, 0.99))]);
    }
    cells.push(number(ratio));
    report.line(row(&cells));
    Ok(ratio)
}
