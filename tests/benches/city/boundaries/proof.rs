//! Whether what was published is right: the whole partition, the ties of all work, and the polygons that maps show.

use anyhow::Result;
use serde_json::Value;
use tokio_postgres::Client;

use super::desk::Desk;
use super::draft::Draft;
use super::office::Office;
use crate::report::Report;

/// Proves the published state; `when` says after what.
pub(super) async fn write(client: &Client, office: &Office, when: &str, report: &mut Report) -> Result<()> {
    let stale = client.query(include_str!("../sql/stale_ties.sql"), &[]).await?;
    for row in stale.iter().take(5) {
        let (collection, id): (&str, i64) = (row.get(0), row.get(1));
        let codes: (Option<&str>, Option<&str>) = (row.get(2), row.get(3));
        println!("STALE TIE {collection} {id}: {codes:?}, revision {:?}", row.get::<_, Option<i64>>(4));
    }
    report.at_most(format!("stale ties {when}"), stale.len() as f64, 0.0);
    let mut desk = Desk::open(office, "bench-proof")?;
    let mut draft = Draft::begin(&mut desk, "bench: proof")?;
    let answer = draft.step(&mut desk, "validate", None)?.done("proving")?;
    let errors = answer.body["findings"].as_array().into_iter().flatten();
    let errors = errors.filter(|finding| finding["severity"] == "error").count();
    if answer.body["valid"] != Value::Bool(true) {
        println!("INVALID {}", answer.body);
    }
    report.at_most(format!("errors of the whole partition {when}"), errors as f64, 0.0);
    draft.abandon(&mut desk)?.done("abandoning")?;
    let astray = client.query(include_str!("../sql/polygons_astray.sql"), &[]).await?;
    for row in astray.iter().take(5) {
        println!("POLYGON ASTRAY {:?} {:?}", row.get::<_, i64>(0), row.get::<_, Option<&str>>(1));
    }
    report.at_most(
        format!("micro grids whose polygon is not what their borders enclose {when}"),
        astray.len() as f64,
        0.0,
    );
    Ok(())
}
