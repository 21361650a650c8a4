//! `cim env`: the address of the database, ready for a shell.

use std::process::ExitCode;

use crate::commands::Place;
use crate::database::Database;
use crate::language::Language;
use crate::say;

pub(crate) async fn run(place: Place, language: Language) -> anyhow::Result<ExitCode> {
    let Some(address) = Database::running(&place).await? else {
        say::note(language.pick(
            "cim: the private database is not running; `cim up` or `cim serve` starts it",
            "cim：自带数据库未运行；用 cim up 或 cim serve 启动",
        ));
        return Ok(ExitCode::from(1));
    };
    say::line(format_args!("DATABASE_URL='{}'", address.replace('\'', "'\\''")));
    Ok(ExitCode::SUCCESS)
}
