//! The change feed: what differs between the snapshot a mirror has and the one it could have now.
//!
//! State, not events: nothing can be missed, come in another order or twice, and a transaction that stays open holds
//! nobody else back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cim_model::Collection;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Row};

use crate::{Snapshot, SnapshotReader, StoreError, Xid, connection, query};

/// Above this many rows a step says `All` instead of listing them; the statement's limit is one more.
const LISTED_ROWS: usize = 50_000;

/// Follows the database by comparing snapshots.
#[derive(Debug)]
pub struct Feed {
    config: Arc<Config>,
    epoch: String,
    client: Option<Arc<Client>>,
    applied: Option<Snapshot>,
    /// A step was given out and its transaction is open.
    in_step: bool,
}

/// Which rows of a collection may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedRows {
    /// These ids; an id without a row now is gone.
    Ids(Vec<i64>),
    /// Too many to list: read the collection.
    All,
}

/// The step from one snapshot to the next, with a reader that sees the next one.
#[derive(Debug)]
pub struct Changes {
    /// The snapshot after the step.
    pub snapshot: Snapshot,
    /// The transactions of the step; empty in the first one after a connect.
    pub xids: Vec<Xid>,
    /// What may differ; may be empty when only other tables were written.
    pub collections: Vec<(Collection, ChangedRows)>,
    /// Reads the rows as of `snapshot`; only until the step is applied.
    pub reader: SnapshotReader,
}

impl Feed {
    pub(crate) async fn open(config: Arc<Config>) -> Result<Self, StoreError> {
        let mut feed = Self { config, epoch: String::new(), client: None, applied: None, in_step: false };
        feed.reconnect().await?;
        Ok(feed)
    }

    /// The next step, or `None` when nothing was written since the last one. Ask every 5 ms. The first step names every
    /// collection as `All`. After an error the connection is given up: `reconnect`, and take the next step as a first one.
    pub async fn poll(&mut self) -> Result<Option<Changes>, StoreError> {
        let client = self.client.take().ok_or(StoreError::FeedLost)?;
        // Whatever fails, or is dropped half-way, loses the connection and with it the snapshot.
        let step = self.next_step(&client).await?;
        self.in_step = step.is_some();
        self.client = Some(client);
        Ok(step)
    }

    /// Says that the step is in the mirror: the next one starts from it. Without it the same step comes again.
    pub async fn applied(&mut self, changes: Changes) -> Result<(), StoreError> {
        let client = self.client.take().ok_or(StoreError::FeedLost)?;
        query::FEED_END_SNAPSHOT.batch(&client).await?;
        self.in_step = false;
        self.applied = Some(changes.snapshot);
        self.client = Some(client);
        Ok(())
    }

    /// Opens a new connection after an error; fails while the database is away.
    pub async fn reconnect(&mut self) -> Result<(), StoreError> {
        self.client = None;
        self.applied = None;
        self.in_step = false;
        let client = connection::open(&self.config).await?;
        query::FEED_SETTINGS.batch(&client).await?;
        self.epoch = epoch(&client).await?;
        self.client = Some(Arc::new(client));
        Ok(())
    }

    /// The database's epoch: another one after a crash or a restore, and then old tokens mean nothing.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    async fn next_step(&self, client: &Arc<Client>) -> Result<Option<Changes>, StoreError> {
        if self.in_step {
            query::FEED_END_SNAPSHOT.batch(client).await?;
        }
        if let Some(applied) = &self.applied {
            let now: String = query::FEED_CURRENT_SNAPSHOT.row(client, &[]).await?.get(0);
            if now.parse::<Snapshot>()? == *applied {
                return Ok(None);
            }
        }
        query::FEED_BEGIN_SNAPSHOT.batch(client).await?;
        let before = self.applied.as_ref().map(ToString::to_string);
        let row = query::FEED_STEP.row(client, &[(&before, Type::TEXT)]).await?;
        let snapshot: Snapshot = row.get::<_, &str>(0).parse()?;
        let pruned = row.get::<_, Option<bool>>(1).unwrap_or(true);
        let (xids, collections) = match before {
            Some(before) if !pruned => changed_since(client, &before).await?,
            _ => (Vec::new(), everything()),
        };
        let reader = SnapshotReader::within(Arc::clone(&self.config), Arc::clone(client), snapshot.clone());
        Ok(Some(Changes { snapshot, xids, collections, reader }))
    }
}

async fn epoch(client: &Client) -> Result<String, StoreError> {
    query::FEED_BEGIN_EPOCH.execute(client, &[]).await?;
    Ok(query::FEED_EPOCH.row(client, &[]).await?.get(0))
}

fn everything() -> Vec<(Collection, ChangedRows)> {
    Collection::ALL.iter().map(|collection| (*collection, ChangedRows::All)).collect()
}

/// The transactions of a step and what they wrote.
type Step = (Vec<Xid>, Vec<(Collection, ChangedRows)>);

async fn changed_since(client: &Client, before: &str) -> Result<Step, StoreError> {
    let rows = query::FEED_CHANGES.rows(client, &[(&before, Type::TEXT)]).await?;
    if rows.len() <= LISTED_ROWS {
        return collect(&rows, |row| row.get::<_, Option<i64>>(2));
    }
    let rows = query::FEED_CHANGES_SUMMARY.rows(client, &[(&before, Type::TEXT)]).await?;
    collect(&rows, |_all| None)
}

/// Gathers rows of (transaction, collection, id); a row without an id means the whole collection.
fn collect(rows: &[Row], id_of: impl Fn(&Row) -> Option<i64>) -> Result<Step, StoreError> {
    let mut xids = BTreeSet::new();
    let mut listed: BTreeMap<Collection, Option<BTreeSet<i64>>> = BTreeMap::new();
    for row in rows {
        let xid: &str = row.get(0);
        xids.insert(Xid(xid.parse().map_err(|_not_a_number| crate::SnapshotError(xid.to_owned()))?));
        // A collection that a newer version of the program knows is none of ours.
        let Ok(collection) = row.get::<_, &str>(1).parse::<Collection>() else { continue };
        let ids = listed.entry(collection).or_insert_with(|| Some(BTreeSet::new()));
        match (id_of(row), &mut *ids) {
            (None, _) => *ids = None,
            (Some(id), Some(ids)) => {
                ids.insert(id);
            }
            (Some(_), None) => {}
        }
    }
    let collections = listed
        .into_iter()
        .map(|(collection, ids)| {
            (collection, ids.map_or(ChangedRows::All, |ids| ChangedRows::Ids(ids.into_iter().collect())))
        })
        .collect();
    Ok((xids.into_iter().collect(), collections))
}
