//! Reading whole collections from one snapshot.

use std::sync::Arc;

use cim_model::{Collection, ExclusivePolicy, Fingerprint, Record};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config};

use crate::pool::RunsStatements;
use crate::{
    Checked, CoverageChange, CoverageHead, Snapshot, Store, StoreError, StoredCoverage, check, connection,
    query, row, units,
};

/// A row of a collection as the reader's snapshot has it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRow {
    /// Its id.
    pub id: i64,
    /// The number of the transaction that wrote it as it is, its lower 32 bits: another one whenever it was written.
    pub xmin: u32,
    /// Its values.
    pub record: Record,
}

/// Rows of a collection as they arrive.
pub type StoredRows = BoxStream<'static, Result<StoredRow, StoreError>>;

/// A reader that sees one snapshot of everything, whatever is written meanwhile.
#[derive(Debug)]
pub struct SnapshotReader {
    config: Arc<Config>,
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

impl Store {
    /// The rows of these ids as they are now; those that are gone are left out.
    pub async fn rows(&self, collection: Collection, ids: &[i64]) -> Result<Vec<StoredRow>, StoreError> {
        rows(&self.client().await?, collection, ids).await
    }
}

async fn rows(
    on: &impl RunsStatements,
    collection: Collection,
    ids: &[i64],
) -> Result<Vec<StoredRow>, StoreError> {
    let statement = query::COLLECTION_READ_IDS;
    let found = statement.rows_text(on, &statement.of(collection), &[(&ids, Type::INT8_ARRAY)]).await?;
    found.iter().map(|row| row::stored(collection, row)).collect()
}

impl SnapshotReader {
    pub(crate) async fn open(config: Arc<Config>) -> Result<Self, StoreError> {
        let client = connection::open(&config).await?;
        query::FEED_BEGIN_SNAPSHOT.batch(&client).await?;
        let text: String = query::FEED_CURRENT_SNAPSHOT.row(&client, &[]).await?.get(0);
        Ok(Self { config, client: Arc::new(client), snapshot: text.parse()? })
    }

    /// What is wrong with what is loaded: every rule, each with at most `most_examples` breaches.
    ///
    /// Reads whole collections against the boundaries: some seconds on a district.
    pub async fn check(&self, most_examples: u32) -> Result<Vec<Checked>, StoreError> {
        check::check(&self.client, i64::from(most_examples)).await
    }

    /// A reader in a transaction that somebody else opened and will end.
    pub(crate) fn within(config: Arc<Config>, client: Arc<Client>, snapshot: Snapshot) -> Self {
        Self { config, client, snapshot }
    }

    /// Another reader that sees the same snapshot through a connection of its own: both may read at once, and it goes on
    /// when this one's transaction has ended. Waits for a stream that this one has not ended.
    pub async fn share(&self) -> Result<Self, StoreError> {
        let name: String = query::FEED_EXPORT_SNAPSHOT.row(&self.client, &[]).await?.get(0);
        let client = connection::open(&self.config).await?;
        let import = query::FEED_IMPORT_SNAPSHOT;
        import.batch_text(&client, import.text.replace("{snapshot}", &name)).await?;
        Ok(Self::within(Arc::clone(&self.config), Arc::new(client), self.snapshot.clone()))
    }

    /// The snapshot it sees.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// All rows of a collection, in no order. One connection serves one stream after the other: end one before the next.
    pub async fn read(&self, collection: Collection) -> Result<StoredRows, StoreError> {
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
                row.map_err(|source| statement.refused(source)).and_then(|row| row::stored(collection, &row))
            })
            .boxed())
    }

    /// The current rows of these ids; those that are gone are left out.
    pub async fn read_ids(&self, collection: Collection, ids: &[i64]) -> Result<Vec<StoredRow>, StoreError> {
        rows(&self.client, collection, ids).await
    }

    /// The fingerprint of a collection's rows, for a mirror of this snapshot to compare its own with: about 0.15 us a row.
    pub async fn fingerprint(&self, collection: Collection) -> Result<Fingerprint, StoreError> {
        let row = query::COLLECTION_FINGERPRINT.row_of(&self.client, collection).await?;
        let sum: &str = row.get(1);
        Ok(Fingerprint {
            rows: row.get::<_, i64>(0).unsigned_abs(),
            sum: sum.parse().expect("a sum below 2^64 is a number of 64 bits"),
        })
    }

    /// The latest revision of every loaded city's coverage.
    pub async fn read_coverage(&self) -> Result<Vec<StoredCoverage>, StoreError> {
        units::stored::read(&self.client).await
    }

    /// The revision of every loaded city's coverage that holds now.
    pub async fn coverage_heads(&self) -> Result<Vec<CoverageHead>, StoreError> {
        units::changed::heads(&self.client).await
    }

    /// What became of a city's coverage between a revision and its head; `None` when so much did that all of it should be
    /// read.
    pub async fn coverage_since(
        &self,
        revision: i64,
        head: &CoverageHead,
    ) -> Result<Option<CoverageChange>, StoreError> {
        units::changed::since(&self.client, revision, head).await
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
