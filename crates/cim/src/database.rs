//! The database of a command: the one that `DATABASE_URL` names, or a private cluster under the home.

use std::path::PathBuf;

use anyhow::Context;
use cim_store::{ClusterHandle, ClusterOptions, PrivateCluster, Store};

use crate::commands::Place;
use crate::home;

/// An open database, and what has to be put away after use.
#[derive(Debug)]
pub(crate) struct Database {
    address: String,
    /// The cluster, when this process owns it.
    cluster: Option<ClusterHandle>,
}

impl Database {
    /// Owns the private cluster for as long as the command serves; a home has one owner.
    pub(crate) async fn own(place: &Place) -> anyhow::Result<Self> {
        if let Some(address) = &place.database_url {
            return Ok(Self { address: address.clone(), cluster: None });
        }
        Self::start(home::folder(place.home.clone())?).await
    }

    /// Uses the private cluster that another `cim` runs, or starts it for the time of the command.
    pub(crate) async fn borrow(place: &Place) -> anyhow::Result<Self> {
        if let Some(address) = &place.database_url {
            return Ok(Self { address: address.clone(), cluster: None });
        }
        let home = home::folder(place.home.clone())?;
        match PrivateCluster::find(&home).await.context("looking for the private database")? {
            Some(address) => Ok(Self { address, cluster: None }),
            None => Self::start(home).await,
        }
    }

    /// The database that is running already, if there is one.
    pub(crate) async fn running(place: &Place) -> anyhow::Result<Option<String>> {
        if let Some(address) = &place.database_url {
            return Ok(Some(address.clone()));
        }
        let home = home::folder(place.home.clone())?;
        PrivateCluster::find(&home).await.context("looking for the private database")
    }

    async fn start(home: PathBuf) -> anyhow::Result<Self> {
        let cluster = PrivateCluster::start(&home, ClusterOptions::default())
            .await
            .with_context(|| format!("starting the private database in {}", home.display()))?;
        Ok(Self { address: cluster.connection_string().to_owned(), cluster: Some(cluster) })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) async fn connect(&self) -> anyhow::Result<Store> {
        Store::connect(&self.address).await.context("connecting to the database")
    }

    /// Stops what was started.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        match self.cluster {
            Some(cluster) => cluster.stop().await.context("stopping the private database"),
            None => Ok(()),
        }
    }
}
