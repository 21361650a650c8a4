//! `cim load`: a city pack, one file, or the repair that an earlier load proposed.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use cim_crs::Crs;
use cim_load::{FileSource, LoadError, LoadOptions, LoadReport};
use cim_model::Collection;
use cim_store::Store;
use clap::Args;
use indicatif::{HumanCount, ProgressBar};

use crate::commands::Place;
use crate::database::Database;
use crate::language::Language;
use crate::say;

/// Load a city pack or one file: everything or nothing.
///
/// Ends with 0 when everything is loaded, 1 when the load was refused (the report says why), 2 on wrong usage.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// A folder with city.toml, or with --collection one file
    #[arg(required_unless_present = "repair", value_name = "PACK_DIR|FILE")]
    pack_or_file: Option<PathBuf>,
    /// What the file holds
    #[arg(long, value_name = "NAME")]
    collection: Option<Collection>,
    /// The file's coordinate system: wgs84, cgcs2000, gcj02, bd09 or epsg:NNNN
    #[arg(long, requires = "collection")]
    crs: Option<Crs>,
    /// A source column and the field it fills; may be repeated
    #[arg(long, requires = "collection", value_name = "SRC=DST", value_parser = column_and_field)]
    map: Vec<(String, String)>,
    /// The source column of the business key
    #[arg(long, requires = "collection", value_name = "FIELD")]
    key: Option<String>,
    /// Write the report (JSON) to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Apply the repair that this report proposes
    #[arg(long, value_name = "REPORT", conflicts_with_all = ["pack_or_file", "collection"])]
    repair: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

fn column_and_field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, field)) if !column.is_empty() && !field.is_empty() => {
            Ok((column.to_owned(), field.to_owned()))
        }
        _ => Err("write SOURCE_COLUMN=FIELD".to_owned()),
    }
}

pub(crate) async fn run(load: Load, language: Language) -> anyhow::Result<ExitCode> {
    let database = Database::borrow(&load.place).await?;
    let bar = stderr().is_terminal().then(ProgressBar::new_spinner);
    let loaded = async {
        let store = database.connect().await?;
        store.migrate().await.context("bringing the schema up to date")?;
        anyhow::Ok(load_into(&store, load, bar.clone()).await)
    }
    .await;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    database.close().await?;
    match loaded? {
        Ok(report) => {
            say::line(report.readable(language.of_report()));
            Ok(ExitCode::from(u8::from(!report.accepted())))
        }
        Err(error @ LoadError::Usage(_)) => {
            say::failed(language, &error.into());
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error.into()),
    }
}

async fn load_into(store: &Store, load: Load, bar: Option<ProgressBar>) -> Result<LoadReport, LoadError> {
    let variables =
        std::env::var_os("CIM_TEST_DATA").map(|path| ("CIM_TEST_DATA".to_owned(), PathBuf::from(path)));
    let options = LoadOptions {
        dry_run: load.dry_run,
        report_path: load.report,
        variables: variables.into_iter().collect(),
        progress: bar
            .map(|bar| Arc::new(move |collection, rows| show(&bar, collection, rows)) as cim_load::Progress),
        ..LoadOptions::default()
    };
    if let Some(report) = load.repair {
        return cim_load::repair_load(store, &report, options).await;
    }
    let path = load.pack_or_file.unwrap_or_default();
    match load.collection {
        Some(collection) => {
            let source = FileSource { file: path, collection, crs: load.crs, map: load.map, key: load.key };
            cim_load::load_file(store, source, options).await
        }
        None => cim_load::load_pack(store, &path, options).await,
    }
}

fn show(bar: &ProgressBar, collection: Collection, rows: u64) {
    bar.set_message(format!("{collection} {}", HumanCount(rows)));
    bar.tick();
}
