//! Boundaries: drawing, publishing, impact, maps and history, over HTTP with everybody at work at once.

mod around;
mod desk;
mod draft;
mod editing;
mod ground;
mod history;
mod impact;
mod intake;
mod kernel;
mod meeting;
mod office;
mod open_map;
mod planner;
mod proof;
mod publishing;
mod recount;
mod tasks;

use anyhow::Result;

use crate::database::Database;
use crate::dataset::Dataset;
use crate::report::Report;
use office::Office;

/// What is measured changes the city for good: it is done to a copy.
const DATABASE: &str = "bench_boundaries";
const TILE_CACHE_MB: u32 = 64;

pub(crate) async fn run() -> Result<()> {
    let database = Database::start(Dataset::MoreCases).await?.copied(DATABASE).await?;
    let client = &database.client;
    let mut report = Report::begin("boundaries", "Boundaries", &database, "").await?;
    kernel::measure(&database, &mut report).await?;
    let server = database.serve_accounts(TILE_CACHE_MB)?;
    let office = Office::new(&server, &database);
    editing::measure(client, &office, &mut report).await?;
    open_map::measure(client, &office, &mut report).await?;
    publishing::measure(client, &office, &mut report).await?;
    proof::write(client, &office, "after the publications", &mut report).await?;
    drop(server);
    let server = database.serve_accounts(TILE_CACHE_MB)?;
    let office = office.moved_to(&server);
    history::measure(client, &office, &mut report).await?;
    impact::measure(client, &office, &mut report).await?;
    proof::write(client, &office, "after the redraw and a restart", &mut report).await?;
    drop(server);
    database.stop().await?;
    report.end()
}
