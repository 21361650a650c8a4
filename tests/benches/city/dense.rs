//! One dense tile encoded on one core: what the encoder's own benchmark says.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::database::Database;
use crate::dataset::Dataset;
use crate::report::Report;

pub(crate) async fn run() -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["bench", "--quiet", "--locked", "-p", "cim-tile", "--bench", "dense_tile"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let database = Database::start(Dataset::Town).await?;
    let mut report = Report::begin("dense", "One dense tile", &database, "").await?;
    database.stop().await?;
    for line in String::from_utf8(output.stdout)?.lines().filter(|line| !line.is_empty()) {
        report.line(format!("- {line}"));
        if let Some((name, rest)) = line.split_once(' ')
            && let Some((_, rest)) = rest.split_once("median ")
        {
            let us: f64 = rest.split(' ').next().context("a figure")?.parse()?;
            report.at_most(format!("one core, zoom 14, tileset {name}, ms"), us / 1000.0, 0.5);
        }
    }
    report.end()
}
