//! Loading: one transaction that writes whole collections, quickly into new ones and by difference into live ones.

mod difference;
mod first;
mod rows;

use cim_model::{Collection, ExclusivePolicy, Record};
use serde_json::json;
use tokio::sync::mpsc::Receiver;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use crate::{Snapshot, StoreError, UnitsLoad, Xid, query, units};

pub(crate) use rows::open as open_copy;
use rows::{CopyTarget, copy};

/// Where loaded data come from; written to the table of loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The pack's or file's name.
    pub source: String,
    /// The city's division code; units and coverage belong to it.
    pub city_code: String,
    /// The city's name.
    pub city_name: String,
    /// Whether the data are made up and must be marked so wherever they are shown.
    pub synthetic: bool,
    /// How exclusive grids share the answer; `None` leaves what rules.
    pub exclusive: Option<ExclusivePolicy>,
    /// Who loads.
    pub actor: Option<String>,
}

/// What happens to stored rows that the load does not mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadMode {
    /// They stay.
    Merge,
    /// They are removed: the load is the whole collection.
    Replace,
}

/// What a load did to one collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoadCounts {
    /// New rows.
    pub loaded: u64,
    /// Rows that differ now.
    pub changed: u64,
    /// Rows that were there already, equal.
    pub unchanged: u64,
    /// Rows that are gone.
    pub removed: u64,
}

impl LoadCounts {
    /// Whether anything was written.
    #[must_use]
    pub fn wrote(&self) -> bool {
        self.loaded + self.changed + self.removed > 0
    }
}

/// A finished load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The transaction that wrote it; `None` when nothing changed.
    pub xid: Option<Xid>,
    /// A snapshot that sees it.
    pub snapshot: Snapshot,
}

/// One load in progress; dropping it undoes everything.
#[derive(Debug)]
pub struct LoadSession {
    client: Client,
    provenance: Provenance,
    counts: Vec<(Collection, LoadCounts)>,
    /// Set while a step runs: a step that failed or was given up has spoilt the transaction.
    broken: bool,
}

impl LoadSession {
    pub(crate) async fn open(client: Client, provenance: Provenance) -> Result<Self, StoreError> {
        query::LOAD_BEGIN.batch(&client).await?;
        query::LOAD_LOCK.batch(&client).await.map_err(|error| match error {
            StoreError::Query { source, .. } if source.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                StoreError::LoadRunning
            }
            other => other,
        })?;
        query::LOAD_SETTINGS.batch(&client).await?;
        Ok(Self { client, provenance, counts: Vec::new(), broken: false })
    }

    /// Writes the rows that arrive until the channel closes. To abandon a load, drop the session: a channel that closes
    /// early is a complete load of what came.
    pub async fn write(
        &mut self,
        collection: Collection,
        mode: LoadMode,
        mut rows: Receiver<Vec<Record>>,
    ) -> Result<LoadCounts, StoreError> {
        if collection.is_unit() {
            return Err(StoreError::IsUnit(collection));
        }
        self.broken = true;
        query::COLLECTION_LOCK.batch_of(&self.client, collection).await?;
        let is_new: bool = query::COLLECTION_IS_NEW.row_of(&self.client, collection).await?.get(0);
        let counts = if is_new {
            first::write(&self.client, collection, &mut rows).await?
        } else {
            difference::write(&self.client, collection, mode, &mut rows).await?
        };
        self.counts.push((collection, counts));
        self.broken = false;
        Ok(counts)
    }

    /// Writes all units of the city, and its coverage; counts per level. Units of this city that are not given are retired.
    pub async fn write_units(
        &mut self,
        load: UnitsLoad,
    ) -> Result<Vec<(Collection, LoadCounts)>, StoreError> {
        self.broken = true;
        let counts = units::write(&self.client, &self.provenance, load).await?;
        self.counts.extend(counts.iter().copied());
        self.broken = false;
        Ok(counts)
    }

    /// Makes the load visible. A load that changed nothing writes nothing at all.
    pub async fn commit(self) -> Result<Committed, StoreError> {
        if self.broken {
            return Err(StoreError::LoadBroken);
        }
        let client = &self.client;
        let new_policy = self.changes_policy().await?;
        let xid = if new_policy || self.counts.iter().any(|(_, counts)| counts.wrote()) {
            query::LOAD_TIE_WRITTEN.rows(client, &[]).await?;
            if new_policy {
                // After the ties, which a policy does not touch.
                let grids = Collection::ExclusiveGrid.name();
                query::FEED_LOG_RELOAD.execute(client, &[(&grids, Type::TEXT)]).await?;
            }
            self.record().await?;
            let xid: Option<String> = query::LOAD_WRITTEN.row(client, &[]).await?.get(0);
            query::LOAD_COMMIT.batch(client).await?;
            xid.and_then(|number| number.parse().ok()).map(Xid)
        } else {
            query::LOAD_ROLLBACK.batch(client).await?;
            None
        };
        let snapshot = query::FEED_CURRENT_SNAPSHOT.row(client, &[]).await?.get::<_, &str>(0).parse()?;
        Ok(Committed { xid, snapshot })
    }

    /// Whether the load names another policy for exclusive grids than the one that rules.
    async fn changes_policy(&self) -> Result<bool, StoreError> {
        let Some(named) = self.provenance.exclusive else { return Ok(false) };
        let rows = query::LOAD_EXCLUSIVE_POLICY.rows(&self.client, &[]).await?;
        let ruling = rows.first().and_then(|row| ExclusivePolicy::from_name(row.get(0)));
        Ok(ruling.unwrap_or_default() != named)
    }

    async fn record(&self) -> Result<(), StoreError> {
        let counts: serde_json::Map<String, serde_json::Value> = self
            .counts
            .iter()
            .map(|(collection, counts)| {
                let LoadCounts { loaded, changed, unchanged, removed } = counts;
                let figures =
                    json!({"loaded": loaded, "changed": changed, "unchanged": unchanged, "removed": removed});
                (collection.name().to_owned(), figures)
            })
            .collect();
        let Provenance { source, city_code, city_name, synthetic, exclusive, actor } = &self.provenance;
        let exclusive = exclusive.map(ExclusivePolicy::name);
        query::LOAD_RECORD
            .execute(
                &self.client,
                &[
                    (source, Type::TEXT),
                    (city_code, Type::TEXT),
                    (city_name, Type::TEXT),
                    (synthetic, Type::BOOL),
                    (actor, Type::TEXT),
                    (&serde_json::Value::Object(counts), Type::JSONB),
                    (&exclusive, Type::TEXT),
                ],
            )
            .await?;
        Ok(())
    }
}
