//! One transaction that makes a new state of the boundaries: revision, elements, lineage, derived rows and ties together.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use cim_coverage::Delta;
use cim_model::Collection;
use jiff::civil::Date;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::derived_rows::{self, DerivedUnit};
use super::revision::{self, Revision};
use crate::{Store, StoreError, Xid, audit, connection, query};

/// A transaction that writes boundaries, alone until it ends; dropping it undoes everything.
#[derive(Debug)]
pub struct Publication {
    pub(crate) client: Client,
    pub(super) city_code: String,
    /// Where the connection goes when it ended well.
    publishers: Arc<Mutex<Vec<Client>>>,
}

/// What is said about a new state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRevision {
    /// The state it follows.
    pub parent: i32,
    /// `publish` or `revert`.
    pub kind: &'static str,
    /// The name of the finest level.
    pub base_level: String,
    /// The day from which it holds.
    pub effective_from: Date,
    /// Who publishes it.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// The number of the decision it rests on.
    pub doc_no: Option<String>,
    /// The hash of the whole state.
    pub state_hash: Vec<u8>,
    /// The draft it comes from.
    pub changeset: Option<i64>,
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLineage {
    /// What happened.
    pub kind: &'static str,
    /// The unit that was there.
    pub from: i64,
    /// The unit that is there.
    pub to: i64,
    /// The part of the old unit's ground that the other has now.
    pub area_share: Option<f64>,
}

/// What maps and answers show differently from now on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown {
    /// Units whose row or polygons differ.
    pub present: Vec<DerivedUnit>,
    /// Units that are no more.
    pub gone: Vec<(Collection, i64)>,
    /// The finest level.
    pub base_level: String,
    /// Units of it, as they were called, that belong to others or are called otherwise now.
    pub renamed: Vec<String>,
    /// Boxes (west, south, east, north in degrees) that hold all ground that changed hands.
    pub moved_ground: Vec<[f64; 4]>,
}

impl Store {
    /// Opens the one transaction that may write the boundaries of a city.
    pub async fn begin_publication(&self, city_code: &str) -> Result<Publication, StoreError> {
        let client = self.publisher().await?;
        query::REVISION_WAIT.batch(&client).await?;
        query::REVISION_LOCK.rows(&client, &[]).await.map_err(|error| match error {
            StoreError::Query { source, .. } if source.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                StoreError::BoundariesBusy
            }
            other => other,
        })?;
        let publishers = Arc::clone(self.publishers());
        Ok(Publication { client, city_code: city_code.to_owned(), publishers })
    }

    /// A connection with a transaction begun: one that was used before where it still answers.
    async fn publisher(&self) -> Result<Client, StoreError> {
        let used = self.publishers().lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(client) = used
            && query::LOAD_BEGIN.batch(&client).await.is_ok()
        {
            return Ok(client);
        }
        let client = connection::open(self.config()).await?;
        query::LOAD_BEGIN.batch(&client).await?;
        Ok(client)
    }
}

impl Publication {
    /// The latest revision, whether its day has come or not.
    pub async fn head(&self) -> Result<Option<Revision>, StoreError> {
        revision::head(&self.client, &self.city_code).await
    }

    /// The revision that maps and answers show.
    pub async fn active(&self) -> Result<Option<Revision>, StoreError> {
        revision::active(&self.client, &self.city_code).await
    }

    /// The latest revision that does not hold yet although its day has come.
    pub async fn due(&self, today: Date) -> Result<Option<Revision>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&self.city_code, Type::TEXT), (&today, Type::DATE)];
        revision::first(&self.client, query::REVISION_DUE, &given).await
    }

    /// Numbers that were never given out.
    pub async fn new_numbers(&self, count: usize) -> Result<Vec<i64>, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let rows = query::COVERAGE_NEW_IDS.rows(&self.client, &[(&count, Type::INT8)]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Writes a new state: what differs from its parent, in lasting numbers.
    pub async fn write(
        &self,
        revision: &NewRevision,
        delta: &Delta,
        lineage: &[NewLineage],
    ) -> Result<i32, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 10] = [
            (&self.city_code, Type::TEXT),
            (&revision.parent, Type::INT4),
            (&revision.kind, Type::TEXT),
            (&revision.base_level, Type::TEXT),
            (&revision.effective_from, Type::DATE),
            (&revision.actor, Type::TEXT),
            (&revision.reason, Type::TEXT),
            (&revision.doc_no, Type::TEXT),
            (&revision.state_hash, Type::BYTEA),
            (&revision.changeset, Type::INT8),
        ];
        let rev: i32 = query::REVISION_BEGIN.row(&self.client, &given).await?.get(0);
        self.write_units(rev, delta).await?;
        self.write_ground(rev, delta).await?;
        self.write_lineage(rev, lineage).await?;
        Ok(rev)
    }

    /// Shows what differs: derived rows first, then the ties of what may have changed hands.
    pub async fn show(&self, shown: &Shown) -> Result<(), StoreError> {
        derived_rows::write(&self.client, &shown.present, &shown.gone).await?;
        let given: [(&(dyn ToSql + Sync), Type); 3] = [
            (&shown.base_level, Type::TEXT),
            (&shown.renamed, Type::TEXT_ARRAY),
            (&shown.moved_ground.concat(), Type::FLOAT8_ARRAY),
        ];
        query::TIE_GROUND.rows(&self.client, &given).await.map(drop)
    }

    /// From now on maps and answers show a revision, and with it whatever was published before it.
    pub async fn activate(&self, rev: i32) -> Result<(), StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&self.city_code, Type::TEXT), (&rev, Type::INT4)];
        query::REVISION_ACTIVATE.execute(&self.client, &given).await.map(drop)
    }

    /// Tells the audit log who published what. The last step: it holds back whoever else has something to tell.
    pub async fn tell_audit(&self, actor: &str, subject: &str, rev: i32) -> Result<(), StoreError> {
        let detail = serde_json::json!({ "rev": rev });
        audit::append(&self.client, actor, "publish_boundaries", subject, &detail).await
    }

    /// Makes everything visible at once.
    pub async fn commit(self) -> Result<Option<Xid>, StoreError> {
        let xid: Option<String> = query::LOAD_WRITTEN.row(&self.client, &[]).await?.get(0);
        query::LOAD_COMMIT.batch(&self.client).await?;
        self.publishers.lock().unwrap_or_else(PoisonError::into_inner).push(self.client);
        Ok(xid.and_then(|number| number.parse().ok()).map(Xid))
    }
}
