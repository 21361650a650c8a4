//! Reading whole collections from one snapshot.

use std::sync::Arc;

use cim_model::{Collection, ExclusivePolicy, Record};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config};

use crate::{Checked, Snapshot, StoreError, StoredCoverage, check, connection, query, row, units};

/// Rows of a collection with their ids, as they arrive.
pub type RecordStream = BoxStream<'static, Result<(i64, Record), StoreError>>;

/// A reader that sees one snapshot of everything, whatever is written meanwhile.
#[derive(Debug)]
pub struct SnapshotReader {
    client: Arc<Client>,
    snapshot: Snapshot,
}

/// One load that changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedSource {
    /// The pack's or file's name.
    pub source: String,
    /// The city's division code.
    pub city_code: String,
    /// The city's name.
    pub city_name: String,
    /// Whether the data are made up and must be marked so wherever they are shown.
    pub synthetic: bool,
    /// What the load said of exclusive grids, if anything.
    pub exclusive: Option<ExclusivePolicy>,
    /// When it was loaded.
    pub loaded_at: Timestamp,
}

impl SnapshotReader {
    pub(crate) async fn open(config: &Config) -> Result<Self, StoreError> {
        let client = connection::open(config).await?;
        query::FEED_SETTINGS.batch(&client).await?;
        query::FEED_BEGIN_SNAPSHOT.batch(&client).await?;
        let text: String = query::FEED_CURRENT_SNAPSHOT.row(&client, &[]).await?.get(0);
        Ok(Self { client: Arc::new(client), snapshot: text.parse()? })
    }

    /// What is wrong with what is loaded: every rule, each with at most `most_examples` breaches.
    ///
    /// Reads whole collections against the boundaries: some seconds on a district.
    pub async fn check(&self, most_examples: u32) -> Result<Vec<Checked>, StoreError> {
        check::check(&self.client, i64::from(most_examples)).await
    }

    /// A reader in a transaction that somebody else opened and will end.
    pub(crate) fn within(client: Arc<Client>, snapshot: Snapshot) -> Self {
        Self { client, snapshot }
    }

    /// The snapshot it sees.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// All rows of a collection, in no order. One connection serves one stream after the other: end one before the next.
    pub async fn read(&self, collection: Collection) -> Result<RecordStream, StoreError> {
        let statement = query::COLLECTION_READ;
        let rows = self
            .client
            .query_typed_raw(&statement.of(collection), std::iter::empty::<(i64, Type)>())
            .await
            .map_err(|source| statement.refused(source))?;
        // The rows end when the connection does: the stream keeps it open.
        let client = Arc::clone(&self.client);
        Ok(rows
            .map(move |row| {
                let _open = &client;
                row.map_err(|source| statement.refused(source)).and_then(|row| row::record(collection, &row))
            })
            .boxed())
    }

    /// The current rows of these ids; those that are gone are left out.
    pub async fn read_ids(
        &self,
        collection: Collection,
        ids: &[i64],
    ) -> Result<Vec<(i64, Record)>, StoreError> {
        let statement = query::COLLECTION_READ_IDS;
        self.client
            .query_typed_raw(&statement.of(collection), [(ids, Type::INT8_ARRAY)])
            .await
            .map_err(|source| statement.refused(source))?
            .map_err(|source| statement.refused(source))
            .and_then(|row| std::future::ready(row::record(collection, &row)))
            .try_collect()
            .await
    }

    /// The latest revision of every loaded city's coverage.
    pub async fn read_coverage(&self) -> Result<Vec<StoredCoverage>, StoreError> {
        units::stored::read(&self.client).await
    }

    /// The loads that made what is there, the latest last.
    pub async fn loaded_sources(&self) -> Result<Vec<LoadedSource>, StoreError> {
        let rows = query::LOAD_LIST.rows(&self.client, &[]).await?;
        Ok(rows
            .iter()
            .map(|row| LoadedSource {
                source: row.get(0),
                city_code: row.get(1),
                city_name: row.get(2),
                synthetic: row.get(3),
                loaded_at: row.get(4),
                exclusive: row.get::<_, Option<&str>>(5).and_then(ExclusivePolicy::from_name),
            })
            .collect())
    }
}
