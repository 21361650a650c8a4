//! Where a mirror's steps come from: the real feed, and one that is wrong in the way that is tempting.

use std::collections::BTreeMap;

use cim_model::Collection;
use cim_store::{ChangedRows, Changes, Feed, Store, StoreError, Xid};
use tokio_postgres::Client;

use crate::writers::connect;

/// What a mirror follows.
pub(crate) trait StepSource {
    /// The next step, or none when nothing was written.
    async fn step(&mut self) -> Result<Option<Changes>, StoreError>;
    /// The step is in the mirror.
    async fn applied(&mut self, changes: Changes) -> Result<(), StoreError>;
    /// Begins anew after an error.
    async fn reconnect(&mut self) -> Result<(), StoreError>;
}

impl StepSource for Feed {
    async fn step(&mut self) -> Result<Option<Changes>, StoreError> {
        self.poll().await
    }

    async fn applied(&mut self, changes: Changes) -> Result<(), StoreError> {
        Feed::applied(self, changes).await
    }

    async fn reconnect(&mut self) -> Result<(), StoreError> {
        Feed::reconnect(self).await
    }
}

/// A feed that asks for `xid > last_seen` instead of what its snapshot did not see.
pub(crate) struct Naive {
    store: Store,
    client: Client,
    last_seen: Option<Xid>,
}

impl Naive {
    pub(crate) async fn open(store: &Store, address: &str) -> Self {
        Self { store: store.clone(), client: connect(address).await, last_seen: None }
    }
}

impl StepSource for Naive {
    async fn step(&mut self) -> Result<Option<Changes>, StoreError> {
        let reader = self.store.open_snapshot().await?;
        let snapshot = reader.snapshot().clone();
        let last_seen = self.last_seen.unwrap_or(Xid(0));
        let rows = self
            .client
            .query(
                "select xid::text, collection, id from cim.change
                 where pg_visible_in_snapshot(xid, $1::text::pg_snapshot) and xid > $2::text::xid8",
                &[&snapshot.to_string(), &last_seen.to_string()],
            )
            .await
            .unwrap();
        let mut xids: Vec<Xid> = rows.iter().map(|row| Xid(row.get::<_, &str>(0).parse().unwrap())).collect();
        xids.sort_unstable();
        let mut changed: BTreeMap<Collection, ChangedRows> = BTreeMap::new();
        if self.last_seen.is_none() {
            changed.extend(Collection::ALL.iter().map(|collection| (*collection, ChangedRows::All)));
        } else if rows.is_empty() {
            return Ok(None);
        }
        for row in &rows {
            let collection: Collection = row.get::<_, &str>(1).parse().unwrap();
            let listed = changed.entry(collection).or_insert_with(|| ChangedRows::Ids(Vec::new()));
            match (listed, row.get::<_, Option<i64>>(2)) {
                (ChangedRows::Ids(ids), Some(id)) => ids.push(id),
                (listed, _) => *listed = ChangedRows::All,
            }
        }
        let collections = changed.into_iter().collect();
        Ok(Some(Changes { snapshot, xids, collections, reader }))
    }

    async fn applied(&mut self, changes: Changes) -> Result<(), StoreError> {
        self.last_seen = changes.xids.last().copied().or(self.last_seen).or(Some(Xid(0)));
        Ok(())
    }

    async fn reconnect(&mut self) -> Result<(), StoreError> {
        self.last_seen = None;
        Ok(())
    }
}
