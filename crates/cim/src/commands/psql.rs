//! `cim psql`: psql on the database, which is started for it when nobody runs it.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::commands::Place;
use crate::database::Database;
use crate::language::Language;

/// Open psql on the database.
#[derive(Debug, Args)]
pub(crate) struct Psql {
    #[command(flatten)]
    place: Place,
    /// Arguments for psql
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

pub(crate) async fn run(psql: Psql, language: Language) -> anyhow::Result<ExitCode> {
    let database = Database::borrow(&psql.place).await?;
    let ended = tokio::process::Command::new("psql")
        .arg("--dbname")
        .arg(database.address())
        .args(&psql.arguments)
        .status()
        .await
        .context(language.pick(
            "starting psql: install the package postgresql-client",
            "无法启动 psql：请安装 postgresql-client",
        ));
    database.close().await?;
    let code = ended?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
