//! What the transactions of a step wrote: the rows by their ids, or whole collections where there are too many.

use std::collections::{BTreeMap, BTreeSet};

use cim_model::Collection;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::ChangedRows;
use crate::{SnapshotError, StoreError, Xid, query};

/// Above this many rows a step lists only collections with few of them; the statement's limit is one more.
const LISTED_ROWS: usize = 50_000;

/// The transactions of a step, and what they wrote.
#[derive(Debug, Default)]
pub(super) struct Changed {
    xids: BTreeSet<Xid>,
    /// The ids by collection; none when the collection is to be read as a whole.
    listed: BTreeMap<Collection, Option<BTreeSet<i64>>>,
}

impl Changed {
    /// What was written by transactions that `before` did not see and the transaction of the client does.
    pub(super) async fn since(client: &Client, before: &str) -> Result<Self, StoreError> {
        let mut changed = Self::default();
        let rows = query::FEED_CHANGES.rows(client, &[(&before, Type::TEXT)]).await?;
        if rows.len() <= LISTED_ROWS {
            changed.list(&rows)?;
            return Ok(changed);
        }
        let summary = query::FEED_CHANGES_SUMMARY.rows(client, &[(&before, Type::TEXT)]).await?;
        let few = with_few_rows(&summary);
        for row in &summary {
            changed.xids.insert(xid(row)?);
            let name = row.get::<_, &str>(1);
            if !few.contains(&name) {
                changed.take(name, None);
            }
        }
        let rows =
            query::FEED_CHANGES_OF.rows(client, &[(&before, Type::TEXT), (&few, Type::TEXT_ARRAY)]).await?;
        changed.list(&rows)?;
        Ok(changed)
    }

    /// Rows of (transaction, collection, id); a row without an id means the whole collection.
    fn list(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for row in rows {
            self.xids.insert(xid(row)?);
            self.take(row.get(1), row.get(2));
        }
        Ok(())
    }

    fn take(&mut self, collection: &str, id: Option<i64>) {
        // A collection that a newer version of the program knows is none of ours.
        let Ok(collection) = collection.parse::<Collection>() else { return };
        let ids = self.listed.entry(collection).or_insert_with(|| Some(BTreeSet::new()));
        match (id, &mut *ids) {
            (None, _) => *ids = None,
            (Some(id), Some(ids)) => {
                ids.insert(id);
            }
            (Some(_), None) => {}
        }
    }

    /// The transactions in order.
    pub(super) fn xids(&self) -> Vec<Xid> {
        self.xids.iter().copied().collect()
    }

    /// The collections and which of their rows.
    pub(super) fn collections(self) -> Vec<(Collection, ChangedRows)> {
        let rows = |ids: Option<BTreeSet<i64>>| {
            ids.map_or(ChangedRows::All, |ids| ChangedRows::Ids(ids.into_iter().collect()))
        };
        self.listed.into_iter().map(|(collection, ids)| (collection, rows(ids))).collect()
    }
}

fn xid(row: &Row) -> Result<Xid, StoreError> {
    let text: &str = row.get(0);
    text.parse().map(Xid).map_err(|_not_a_number| SnapshotError(text.to_owned()).into())
}

/// The collections of a summary that can be listed: those with the fewest rows, as many as fit the limit together.
fn with_few_rows(summary: &[Row]) -> Vec<&str> {
    let mut counts: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for row in summary {
        let count = row.get::<_, Option<i64>>(2).and_then(|count| usize::try_from(count).ok());
        let all = counts.entry(row.get(1)).or_insert(Some(0));
        *all = all.zip(count).map(|(all, more)| all + more);
    }
    let mut listable: Vec<(usize, &str)> =
        counts.into_iter().filter_map(|(name, count)| Some((count?, name))).collect();
    listable.sort_unstable();
    let mut together = 0;
    listable.retain(|(count, _)| {
        together += count;
        together <= LISTED_ROWS
    });
    listable.into_iter().map(|(_, name)| name).collect()
}
