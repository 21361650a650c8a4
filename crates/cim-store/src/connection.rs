//! Connections: one at a time for long transactions, pooled for short statements.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::time::Duration;
use tokio_postgres::{Client, Config, NoTls};

use crate::StoreError;

const POOL_SIZE: usize = 8;
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

/// Reads a database address.
pub(crate) fn parse(connection_string: &str) -> Result<Config, StoreError> {
    let mut config: Config = connection_string.parse().map_err(StoreError::Address)?;
    if config.get_application_name().is_none() {
        config.application_name("cim");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(WAIT_FOR_CONNECTION);
    }
    Ok(config)
}

/// A connection of its own: dropping it ends the session and undoes an open transaction.
pub(crate) async fn open(config: &Config) -> Result<Client, StoreError> {
    let (client, connection) = config.connect(NoTls).await.map_err(StoreError::Connect)?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
    Ok(client)
}

/// A pool of connections for short statements.
pub(crate) fn pool(config: &Config) -> Pool {
    let manager = Manager::from_config(
        config.clone(),
        NoTls,
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager)
        .max_size(POOL_SIZE)
        .wait_timeout(Some(WAIT_FOR_CONNECTION))
        .runtime(Runtime::Tokio1)
        .build()
        .expect("a pool with a runtime can wait")
}
