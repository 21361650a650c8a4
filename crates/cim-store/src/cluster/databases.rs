//! Making and removing whole databases of a cluster.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config};

use crate::query::Query;
use crate::{StoreError, connection, query};

/// A connection that may create and drop databases.
#[derive(Debug)]
pub struct Databases {
    client: Client,
}

impl Databases {
    /// Connects to the cluster of an address; the database that the address names is not touched.
    pub async fn of(address: &str) -> Result<Self, StoreError> {
        let mut config: Config = connection::parse(address)?;
        config.dbname("postgres");
        Ok(Self { client: connection::open(&config).await? })
    }

    /// Waits until no other process prepares databases; the turn ends with this value.
    pub async fn take_turn(&self) -> Result<(), StoreError> {
        query::CLUSTER_LOCK_DATABASES.rows(&self.client, &[]).await.map(drop)
    }

    /// The databases whose names begin with `prefix`.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let rows = query::CLUSTER_LIST_DATABASES.rows(&self.client, &[(&prefix, Type::TEXT)]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Makes a database equal to `template`, to which nobody may be connected.
    pub async fn create(&self, database: &str, template: &str) -> Result<(), StoreError> {
        self.run(query::CLUSTER_CLONE_DATABASE, database, template).await
    }

    /// Gives a database another name.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        self.run(query::CLUSTER_RENAME_DATABASE, to, from).await
    }

    /// Removes a database and ends its sessions, if it is there.
    pub async fn remove(&self, database: &str) -> Result<(), StoreError> {
        self.run(query::CLUSTER_DROP_DATABASE, database, "").await
    }

    async fn run(&self, statement: Query, database: &str, template: &str) -> Result<(), StoreError> {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let text =
            statement.text.replace("{database}", &quoted(database)).replace("{template}", &quoted(template));
        statement.batch_text(&self.client, text).await
    }
}
