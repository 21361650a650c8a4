//! Where log lines go: to standard error, as `RUST_LOG` says.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

/// Libraries that tell what we tell ourselves where it matters: connections that end with their database, every migration
/// by name, PostgreSQL's notices.
const QUIET: [&str; 3] = ["deadpool.postgres=error", "refinery_core=warn", "tokio_postgres=warn"];

/// Requests are logged by default only where somebody serves for long; on a terminal they would bury the plan.
pub(crate) fn start(serves: bool) {
    let calm = if serves && !stderr().is_terminal() { "info" } else { "warn" };
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(calm));
    let filter = QUIET.iter().filter_map(|one| one.parse().ok()).fold(chosen, EnvFilter::add_directive);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .init();
}
