//! `cim serve`: serve an existing database.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use cim_city::{City, CityOptions};
use clap::Args;

use crate::commands::{Listening, People, Place, Video};
use crate::database::Database;
use crate::language::Language;
use crate::stop::Stop;
use crate::{audit_checkpoints, home, say, server, tilesets};

/// Serve an existing database.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    place: Place,
    /// Serve this tileset definition (TOML) too; may be repeated
    #[arg(long = "tileset", value_name = "FILE")]
    tilesets: Vec<PathBuf>,
    /// Memory for finished tiles, MiB; 0 draws every tile anew
    #[arg(long, default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=1 << 20))]
    tile_cache_mb: u64,
    #[command(flatten)]
    video: Video,
    #[command(flatten)]
    people: People,
}

pub(crate) async fn run(serve: Serve, language: Language) -> anyhow::Result<ExitCode> {
    let stop = Stop::on_signals().context("listening for signals")?;
    let options = CityOptions {
        tile_cache_bytes: serve.tile_cache_mb << 20,
        extra_tilesets: tilesets::read(&serve.tilesets)?,
        video: serve.video.options(),
        personal: serve.people.options(&home::folder(serve.place.home.clone())?)?,
        ..CityOptions::default()
    };
    serve.listening.reached(language)?;
    server::check_free(serve.listening.listen, language).await?;
    let database = Database::own(&serve.place).await?;
    let served = serve_database(&database, &serve, options, stop, language).await;
    database.close().await?;
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve_database(
    database: &Database,
    serve: &Serve,
    options: CityOptions,
    stop: Stop,
    language: Language,
) -> anyhow::Result<()> {
    let store = database.connect().await?;
    store.migrate().await.context("bringing the schema up to date")?;
    let checkpoints = home::folder(serve.place.home.clone())?;
    tokio::spawn(audit_checkpoints::keep(store.clone(), checkpoints));
    let reached = serve.listening.reached(language)?;
    server::refuse_demo_accounts(&store, reached.is_exposed, language).await?;
    let city = City::open(store, options).context("opening the city")?;
    let scheme = reached.front.scheme.name();
    let (listener, address) = server::listen(serve.listening.listen, reached.tls, language).await?;
    // Answering begins at once, so that whoever starts us can ask how far we are.
    let announced = async {
        city.ready().await;
        let base = format!("{scheme}://{address}");
        say::line(format_args!("{} {base}", language.pick("cim is ready:", "cim 已就绪：")));
        server::tell_door(serve.listening.door(), &city, &base, language).await?;
        std::future::pending().await
    };
    tokio::select! {
        served = listener.serve(city.clone(), reached.front, stop.wished()) => served.context("serving"),
        failed = announced => failed,
    }
}
