#![doc = include_str!("../README.md")]

mod audit_checkpoints;
mod commands;
mod database;
mod demo_accounts;
mod demo_city;
mod first_looks;
mod home;
mod key_file;
mod language;
mod live;
mod logging;
mod plan;
mod say;
mod server;
mod stop;
mod tilesets;

use std::process::ExitCode;

use crate::commands::{Cli, Command};
use crate::language::Language;

/// The hidden command that reads untrusted files; the loader starts it as a child of its own.
const PARSE_WORKER: &str = "parse-worker";

fn main() -> ExitCode {
    // Before anything else: the worker limits its own memory, so it starts no runtime and no logging.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == PARSE_WORKER) {
        return cim_load::parse_worker_main();
    }
    let language = Language::of_environment();
    let cli = Cli::read(language);
    logging::start(cli.command.serves());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return say::failed(language, &error.into()),
    };
    let outcome = runtime.block_on(run(cli, language));
    // Blocking work that nobody waits for any more must not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    outcome.unwrap_or_else(|error| say::failed(language, &error))
}

async fn run(cli: Cli, language: Language) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Up(up) => commands::up::run(up, language).await,
        Command::Serve(serve) => commands::serve::run(serve, language).await,
        Command::Migrate(place) => commands::migrate::run(place, language).await,
        Command::Load(load) => commands::load::run(load, language).await,
        Command::Demo(demo) => commands::demo::run(demo, language).await,
        Command::Verify(verify) => commands::verify::run(verify, language).await,
        Command::Check(check) => commands::check::run(check, language).await,
        Command::Export(export) => commands::export::run(export, language).await,
        Command::User(user) => commands::user::run(user, language).await,
        Command::Token(token) => commands::token::run(token, language).await,
        Command::Psql(psql) => commands::psql::run(psql, language).await,
        Command::Env(place) => commands::env::run(place, language).await,
    }
}
