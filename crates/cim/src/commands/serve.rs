//! `cim serve`: serve an existing database.

use std::process::ExitCode;

use anyhow::Context;
use cim_city::{City, CityOptions};
use clap::Args;

use crate::commands::{Listening, Place};
use crate::database::Database;
use crate::language::Language;
use crate::stop::Stop;
use crate::{say, server};

/// Serve an existing database.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(serve: Serve, language: Language) -> anyhow::Result<ExitCode> {
    let stop = Stop::on_signals().context("listening for signals")?;
    server::check_free(serve.listening.listen, language).await?;
    let database = Database::own(&serve.place).await?;
    let served = serve_database(&database, &serve, stop, language).await;
    database.close().await?;
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve_database(
    database: &Database,
    serve: &Serve,
    stop: Stop,
    language: Language,
) -> anyhow::Result<()> {
    let store = database.connect().await?;
    store.migrate().await.context("bringing the schema up to date")?;
    let city = City::open(store, CityOptions::default()).context("opening the city")?;
    let (listener, address) = server::listen(serve.listening.listen, language).await?;
    // Answering begins at once, so that whoever starts us can ask how far we are.
    let announced = async {
        city.ready().await;
        say::line(format_args!("{} http://{address}", language.pick("cim is ready:", "cim 已就绪：")));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        served = listener.serve(city.clone(), stop.wished()) => served.context("serving"),
        () = announced => Ok(()),
    }
}
