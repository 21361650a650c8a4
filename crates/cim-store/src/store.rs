//! The store: one PostGIS database of the city.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config};

use crate::pool::{PooledClient, Pools, Work};
use crate::schema::{self, MigrationReport};
use crate::{Feed, LoadSession, Provenance, Snapshot, SnapshotReader, StoreError, connection, query};

/// A PostGIS database of the city; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    config: Arc<Config>,
    pools: Pools,
    /// Connections on which publications ended well, for the next ones: a new one has all statements to plan anew.
    publishers: Arc<Mutex<Vec<Client>>>,
}

impl Store {
    /// Opens a database by its address, for example `postgres://cim@localhost/cim` or `ClusterHandle::connection_string`.
    pub async fn connect(connection_string: &str) -> Result<Self, StoreError> {
        let config = connection::parse(connection_string)?;
        let store = Self { pools: Pools::of(&config), config: Arc::new(config), publishers: Arc::default() };
        store.current_snapshot().await?;
        Ok(store)
    }

    /// Brings the schema up to date, re-asserts the feed's triggers and seeds the code tables; safe to repeat, and to be
    /// called at every start, because a restore demotes triggers and a crash leaves changes of the future behind.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        let report = schema::migrate(connection::open(&self.config).await?).await?;
        // Those that are open were opened before there were roles.
        self.pools.renew();
        Ok(report)
    }

    /// Opens the one load that may run at a time: everything it writes is committed together or not at all.
    pub async fn begin_load(&self, provenance: Provenance) -> Result<LoadSession, StoreError> {
        LoadSession::open(connection::open(&self.config).await?, provenance).await
    }

    /// Opens one snapshot of everything to read from.
    pub async fn open_snapshot(&self) -> Result<SnapshotReader, StoreError> {
        SnapshotReader::open(Arc::clone(&self.config)).await
    }

    /// Opens a feed of changes; its first step names everything.
    pub async fn feed(&self) -> Result<Feed, StoreError> {
        Feed::open(Arc::clone(&self.config)).await
    }

    /// What a reader who came now would see.
    pub async fn current_snapshot(&self) -> Result<Snapshot, StoreError> {
        let client = self.client().await?;
        Ok(query::FEED_CURRENT_SNAPSHOT.row(&client, &[]).await?.get::<_, &str>(0).parse()?)
    }

    /// Forgets changes older than `keep` in one batch and says how many; again while the answer is the batch's size.
    pub async fn prune_changes(&self, keep: Duration, batch: u32) -> Result<u64, StoreError> {
        let client = self.client().await?;
        let parameters = [
            (&keep.as_secs_f64() as &(dyn tokio_postgres::types::ToSql + Sync), Type::FLOAT8),
            (&i64::from(batch), Type::INT8),
        ];
        let pruned: i64 = query::FEED_PRUNE.row(&client, &parameters).await?.get(0);
        Ok(u64::try_from(pruned).unwrap_or_default())
    }

    pub(crate) fn publishers(&self) -> &Arc<Mutex<Vec<Client>>> {
        &self.publishers
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// A pooled connection for short questions.
    pub(crate) async fn client(&self) -> Result<PooledClient, StoreError> {
        self.client_for(Work::Questions).await
    }

    /// A pooled connection for one kind of work.
    pub(crate) async fn client_for(&self, work: Work) -> Result<PooledClient, StoreError> {
        self.pools.client(work).await
    }
}
