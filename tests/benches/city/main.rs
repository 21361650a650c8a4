//! The benchmarks of a served city: tiles against other servers, freshness, memory, scaling.
//!
//! `cargo bench -p cim-tests --bench city -- PART...`; without a part, all of them. Each prints its table and writes it into
//! docs/BENCHMARKS.md. `MARTIN` names a Martin to compare with, `CIM_BIN` another binary, `CIM_TEST_DATA` the real files;
//! `BENCH_SECONDS` shortens every figure for a quick look.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are printed with three digits, and what is counted is small"
)]

mod agreement;
mod boundaries;
mod client;
mod cold;
mod constant_server;
mod database;
mod dataset;
mod dense;
mod figures;
mod fresh;
mod keys;
mod linkage;
mod load;
mod martin;
mod memory;
mod populated;
mod postgis_server;
mod precision;
mod process;
mod report;
mod roles;
mod scale;
mod stream;
mod warm;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    match arguments.split_first() {
        Some((name, rest)) if name == constant_server::NAME => runtime.block_on(constant_server::run(rest)),
        Some((name, rest)) if name == postgis_server::NAME => runtime.block_on(postgis_server::run(rest)),
        _ => runtime.block_on(run(&arguments)),
    }
}

const PARTS: [&str; 9] =
    ["dense", "tiles", "warm", "roles", "fresh", "linkage", "boundaries", "memory", "scale"];

async fn run(wanted: &[String]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|one| !PARTS.contains(&one.as_str())) {
        bail!("there is no part `{unknown}`: there are {}", PARTS.join(", "));
    }
    for part in PARTS {
        if !wanted.is_empty() && !wanted.iter().any(|one| one == part) {
            continue;
        }
        match part {
            "dense" => dense::run().await?,
            "tiles" => cold::run().await?,
            "warm" => warm::run().await?,
            "roles" => roles::run().await?,
            "fresh" => fresh::run().await?,
            "linkage" => linkage::run().await?,
            "boundaries" => boundaries::run().await?,
            "memory" => memory::run().await?,
            _ => scale::run().await?,
        }
    }
    Ok(())
}
