//! `cim export`: what is loaded, as files for others.

mod progress;
mod selection;
mod tiles;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::language::Language;

/// Write what is loaded into a file.
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All tiles of a tileset, in one file
    Tiles(tiles::Tiles),
}

pub(crate) async fn run(export: Export, language: Language) -> anyhow::Result<ExitCode> {
    match export.what {
        What::Tiles(tiles) => tiles::run(tiles, language).await,
    }
}
