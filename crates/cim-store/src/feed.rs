//! The change feed: what differs between the snapshot a mirror has and the one it could have now.
//!
//! State, not events: nothing can be missed, come in another order or twice, and a transaction that stays open holds
//! nobody else back.

mod changed;

use std::sync::Arc;

use cim_model::Collection;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Row};

use crate::{Snapshot, SnapshotReader, StoreError, Xid, connection, query};
use changed::Changed;

/// Follows the database by comparing snapshots.
#[derive(Debug)]
pub struct Feed {
    config: Arc<Config>,
    epoch: Epoch,
    client: Option<Arc<Client>>,
    applied: Option<Snapshot>,
    /// A step was given out and its transaction is open.
    in_step: bool,
}

/// The period within which transaction numbers mean the same.
#[derive(Debug, Default)]
struct Epoch {
    /// As the database has it.
    name: String,
    /// As the world knows it: another database that was made from this one has another.
    token: String,
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
        let mut feed = Self { config, epoch: Epoch::default(), client: None, applied: None, in_step: false };
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

    /// Forgets what was applied: the next step is a first one, for a mirror that was found wrong.
    pub fn start_over(&mut self) {
        self.applied = None;
    }

    /// Opens a new connection after an error; fails while the database is away, and on a standby.
    pub async fn reconnect(&mut self) -> Result<(), StoreError> {
        self.client = None;
        self.applied = None;
        self.in_step = false;
        let client = connection::open(&self.config).await?;
        connection::refuse_standby(&client).await?;
        // Left by a restore that came after the start; their numbers are yet to be given out.
        query::FEED_FORGET_FUTURE.execute(&client, &[]).await?;
        self.epoch = Epoch::begin(&client).await?;
        self.client = Some(Arc::new(client));
        Ok(())
    }

    /// The database's epoch: another one after a crash or a restore, and then old tokens mean nothing.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch.token
    }

    async fn next_step(&self, client: &Arc<Client>) -> Result<Option<Changes>, StoreError> {
        if self.in_step {
            query::FEED_END_SNAPSHOT.batch(client).await?;
        }
        if let Some(applied) = &self.applied {
            let now = query::FEED_POLL.row(client, &[]).await?;
            self.epoch.check(&now, 1)?;
            if now.get::<_, &str>(0).parse::<Snapshot>()? == *applied {
                return Ok(None);
            }
        }
        query::FEED_BEGIN_SNAPSHOT.batch(client).await?;
        let before = self.applied.as_ref().map(ToString::to_string);
        let row = query::FEED_STEP.row(client, &[(&before, Type::TEXT)]).await?;
        self.epoch.check(&row, 2)?;
        let snapshot: Snapshot = row.get::<_, &str>(0).parse()?;
        let pruned = row.get::<_, Option<bool>>(1).unwrap_or(true);
        let (xids, collections) = match before {
            Some(before) if !pruned => {
                let changed = Changed::since(client, &before).await?;
                (changed.xids(), changed.collections())
            }
            _ => (Vec::new(), everything()),
        };
        let reader = SnapshotReader::within(Arc::clone(&self.config), Arc::clone(client), snapshot.clone());
        Ok(Some(Changes { snapshot, xids, collections, reader }))
    }
}

impl Epoch {
    /// The current one; named now if a crash or nobody has named it.
    async fn begin(client: &Client) -> Result<Self, StoreError> {
        query::FEED_BEGIN_EPOCH.execute(client, &[]).await?;
        let row = query::FEED_EPOCH.row(client, &[]).await?;
        Ok(Self { name: row.get(0), token: row.get(1) })
    }

    /// A pooler between us and the database may hide a crash: what the connection saw before means nothing then.
    fn check(&self, row: &Row, place: usize) -> Result<(), StoreError> {
        if row.get::<_, Option<&str>>(place) == Some(self.name.as_str()) {
            return Ok(());
        }
        Err(StoreError::FeedLost)
    }
}

fn everything() -> Vec<(Collection, ChangedRows)> {
    Collection::ALL.iter().map(|collection| (*collection, ChangedRows::All)).collect()
}
