//! `cim demo`: write the synthetic district as a city pack.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use cim_demo::DemoOptions;
use clap::Args;

use crate::commands::Scale;
use crate::demo_city;
use crate::language::Language;
use crate::plan::{Plan, Step};
use crate::say;

/// Write the synthetic district as a city pack.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How much: one town, or the whole district
    #[arg(long, value_enum, default_value = "district")]
    scale: Scale,
    /// Repeat it with shifted codes and places (8 = a prefecture)
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    factor: u32,
    /// The same seed gives the same data
    #[arg(long)]
    seed: Option<u64>,
}

pub(crate) async fn run(demo: Demo, language: Language) -> anyhow::Result<ExitCode> {
    let step = Step { english: "Writing the demo", chinese: "正在生成演示数据", usual_s: 60.0 };
    let mut plan = Plan::show(language, vec![step]);
    let working = plan.begin();
    let told = working.told();
    let out = demo.out.clone();
    let summary = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&demo.out)
            .with_context(|| format!("making the folder {}", demo.out.display()))?;
        let usual = DemoOptions::default();
        let seed = demo.seed.unwrap_or(usual.seed);
        let options = DemoOptions { scale: demo.scale.into(), factor: demo.factor, seed };
        demo_city::write(&demo.out, options, &told)
    })
    .await
    .context("generating the demo")??;
    plan.end(working, "");
    for (collection, rows) in summary.rows {
        say::line(format_args!("{collection} {rows}"));
    }
    say::line(out.display());
    Ok(ExitCode::SUCCESS)
}
