//! `cim migrate`: bring the schema up to date.

use std::process::ExitCode;

use anyhow::Context;

use crate::commands::Place;
use crate::database::Database;
use crate::language::Language;
use crate::say;

pub(crate) async fn run(place: Place, language: Language) -> anyhow::Result<ExitCode> {
    let database = Database::borrow(&place).await?;
    let migrated = async {
        let store = database.connect().await?;
        store.migrate().await.context("bringing the schema up to date")
    }
    .await;
    database.close().await?;
    let applied = migrated?.applied;
    if applied.is_empty() {
        say::line(language.pick("the schema was up to date", "表结构已是最新"));
    }
    for name in applied {
        say::line(format_args!("{} {name}", language.pick("applied", "已执行")));
    }
    Ok(ExitCode::SUCCESS)
}
