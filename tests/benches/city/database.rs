//! The database of a measured city: running, with the copy that the other servers read.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use cim_store::{ClusterHandle, ClusterOptions, Databases, PrivateCluster};
use tokio_postgres::{Client, NoTls};

use crate::dataset::{Dataset, root};
use crate::process::{Server, cim_command, free_address};

/// A running database with a city in it.
pub(crate) struct Database {
    cluster: ClusterHandle,
    address: String,
    /// The database that goes when this is stopped.
    copy: Option<String>,
    pub(crate) client: Client,
}

impl Database {
    pub(crate) async fn start(dataset: Dataset) -> Result<Self> {
        let home = dataset.home()?;
        let cluster = PrivateCluster::start(&home, ClusterOptions::default()).await?;
        let address = cluster.connection_string().to_owned();
        let client = connect(&address).await?;
        if let Some(sql) = dataset.sql() {
            client.batch_execute(sql).await?;
        }
        Ok(Self { cluster, address, copy: None, client })
    }

    /// The same city in a database of its own, made anew: what is measured there changes it for good.
    pub(crate) async fn copied(self, name: &str) -> Result<Self> {
        let Self { cluster, address, client, .. } = self;
        let original = client.query_one("select current_database()::text", &[]).await?.get::<_, String>(0);
        // Nobody may be connected to what is copied.
        drop(client);
        let databases = Databases::of(&address).await?;
        databases.remove(name).await?;
        databases.create(name, &original).await?;
        let address = address.replace(&format!("dbname={original}"), &format!("dbname={name}"));
        let client = connect(&address).await?;
        Ok(Self { cluster, address, copy: Some(name.to_owned()), client })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The copy of the buildings in Web Mercator, with an index, in the order of the index, analyzed.
    pub(crate) async fn copy_buildings(&self) -> Result<()> {
        let found = self.client.query_one(include_str!("sql/copy_is_there.sql"), &[]).await?;
        if !found.get::<_, bool>(0) {
            self.client.batch_execute(include_str!("sql/copy_buildings.sql")).await?;
        }
        Ok(())
    }

    /// A further connection.
    pub(crate) async fn connect(&self) -> Result<Client> {
        connect(self.address()).await
    }

    /// Our server on this database, with the comparison's tileset beside its own.
    pub(crate) fn serve(&self, tile_cache_mb: u32) -> Result<Server> {
        let mut command = cim_command(&["serve", "--open", "--database-url", self.address()])?;
        command.arg("--listen").arg(free_address()?.to_string());
        command.arg("--tileset").arg(plain_tileset());
        command.arg("--tile-cache-mb").arg(tile_cache_mb.to_string());
        Server::start(command, None, "/health/ready", &log("cim")?)
    }

    /// Our server on this database, which asks for accounts.
    pub(crate) fn serve_accounts(&self, tile_cache_mb: u32) -> Result<Server> {
        let mut command = cim_command(&["serve", "--database-url", self.address()])?;
        command.arg("--listen").arg(free_address()?.to_string());
        command.arg("--home").arg(root()?.join("accounts-home"));
        command.args(["--requests-per-second", "1000000"]);
        command.arg("--tile-cache-mb").arg(tile_cache_mb.to_string());
        Server::start(command, None, "/health/ready", &log("cim-accounts")?)
    }

    pub(crate) async fn stop(self) -> Result<()> {
        if let Some(copy) = &self.copy {
            Databases::of(&self.address).await?.remove(copy).await?;
        }
        Ok(self.cluster.stop().await?)
    }

    /// PostgreSQL and PostGIS by their versions.
    pub(crate) async fn versions(&self) -> Result<String> {
        let row = self.client.query_one(include_str!("sql/versions.sql"), &[]).await?;
        Ok(row.get(0))
    }
}

async fn connect(address: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn plain_tileset() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/city/building_plain.toml"))
}

/// Where a server's log goes.
pub(crate) fn log(name: &str) -> Result<PathBuf> {
    Ok(root()?.join(format!("{name}.log")))
}

/// This program again, as one of its servers.
pub(crate) fn own_server(name: &str, arguments: &[&str], path: &str) -> Result<Server> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(name).args(arguments);
    Server::start(command, None, path, &log(name)?)
}
