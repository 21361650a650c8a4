//! One transaction that makes a new state of the boundaries: revision, elements, lineage, derived rows and ties together.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::BytesMut;
use cim_coverage::{BorderArc, Change, Delta};
use cim_model::Collection;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::derived_rows::{self, DerivedUnit};
use super::faces::send;
use super::level::collection_of;
use super::revision::{self, Revision};
use crate::query::Query;
use crate::{Store, StoreError, Xid, connection, copy_format, query};

/// A transaction that writes boundaries, alone until it ends; dropping it undoes everything.
#[derive(Debug)]
pub struct Publication {
    pub(crate) client: Client,
    city_code: String,
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

    async fn write_units(&self, rev: i32, delta: &Delta) -> Result<(), StoreError> {
        self.end(query::COVERAGE_END_UNITS, rev, ended(&delta.units, |no| no.0)).await?;
        let rows: Vec<Json> = delta
            .units
            .iter()
            .filter_map(|change| Some((change.no, change.after.as_ref()?)))
            .map(|(no, unit)| {
                json!({
                    "id": no.0,
                    "level": collection_of(unit.level).map(Collection::name),
                    "code": unit.code,
                    "name": unit.name,
                    "kind": unit.kind,
                    "urban_rural_class": unit.class,
                    "parent_id": unit.parent.map(|parent| parent.0),
                    "parent_code": unit.parent_code,
                })
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let given: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.city_code, Type::TEXT), (&rev, Type::INT4), (&Json::Array(rows), Type::JSONB)];
        query::COVERAGE_WRITE_UNITS.execute(&self.client, &given).await.map(drop)
    }

    async fn write_ground(&self, rev: i32, delta: &Delta) -> Result<(), StoreError> {
        self.end(query::COVERAGE_CLOSE_FACES, rev, ended(&delta.faces, |no| no.0)).await?;
        self.end(query::COVERAGE_CLOSE_NODES, rev, ended(&delta.nodes, |no| no.0)).await?;
        self.end(query::COVERAGE_CLOSE_ARCS, rev, ended(&delta.arcs, |no| no.0)).await?;
        self.begin(
            query::COVERAGE_COPY_FACES,
            5,
            rev,
            &delta.faces,
            |no| no.0,
            |face, out| {
                copy_format::int(Some(face.base.0), out);
                copy_format::int(face.overlay.map(|unit| unit.0), out);
            },
        )
        .await?;
        self.begin(
            query::COVERAGE_COPY_NODES,
            5,
            rev,
            &delta.nodes,
            |no| no.0,
            |at, out| {
                copy_format::int(Some(at.x), out);
                copy_format::int(Some(at.y), out);
            },
        )
        .await?;
        self.begin(query::COVERAGE_COPY_ARCS, 8, rev, &delta.arcs, |no| no.0, |arc, out| write_arc(arc, out))
            .await
    }

    async fn end(&self, statement: Query, rev: i32, numbers: Vec<i64>) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        statement.execute(&self.client, &[(&numbers, Type::INT8_ARRAY), (&rev, Type::INT4)]).await.map(drop)
    }

    async fn begin<N: Copy, T>(
        &self,
        statement: Query,
        columns: usize,
        rev: i32,
        changes: &[Change<N, T>],
        number: impl Fn(N) -> i64,
        write: impl Fn(&T, &mut BytesMut),
    ) -> Result<(), StoreError> {
        match self.rows(columns, rev, changes, number, write) {
            Some(rows) => send(&self.client, statement, rows).await,
            None => Ok(()),
        }
    }

    /// The elements that begin, as COPY takes them; none when there are none.
    fn rows<N: Copy, T>(
        &self,
        columns: usize,
        rev: i32,
        changes: &[Change<N, T>],
        number: impl Fn(N) -> i64,
        write: impl Fn(&T, &mut BytesMut),
    ) -> Option<BytesMut> {
        let mut out = BytesMut::new();
        copy_format::begin(&mut out);
        let mut is_empty = true;
        for change in changes {
            let Some(state) = &change.after else { continue };
            is_empty = false;
            copy_format::row_head(columns, &mut out);
            copy_format::int(Some(number(change.no)), &mut out);
            copy_format::revisions_from(rev, &mut out);
            copy_format::text(Some(&self.city_code), &mut out);
            write(state, &mut out);
        }
        copy_format::end(&mut out);
        (!is_empty).then_some(out)
    }

    async fn write_lineage(&self, rev: i32, lineage: &[NewLineage]) -> Result<(), StoreError> {
        if lineage.is_empty() {
            return Ok(());
        }
        let kinds: Vec<&str> = lineage.iter().map(|line| line.kind).collect();
        let from: Vec<i64> = lineage.iter().map(|line| line.from).collect();
        let to: Vec<i64> = lineage.iter().map(|line| line.to).collect();
        let shares: Vec<Option<f64>> = lineage.iter().map(|line| line.area_share).collect();
        let given: [(&(dyn ToSql + Sync), Type); 5] = [
            (&rev, Type::INT4),
            (&kinds, Type::TEXT_ARRAY),
            (&from, Type::INT8_ARRAY),
            (&to, Type::INT8_ARRAY),
            (&shares, Type::FLOAT8_ARRAY),
        ];
        query::REVISION_ADD_LINEAGE.execute(&self.client, &given).await.map(drop)
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

    /// Makes everything visible at once.
    pub async fn commit(self) -> Result<Option<Xid>, StoreError> {
        let xid: Option<String> = query::LOAD_WRITTEN.row(&self.client, &[]).await?.get(0);
        query::LOAD_COMMIT.batch(&self.client).await?;
        self.publishers.lock().unwrap_or_else(PoisonError::into_inner).push(self.client);
        Ok(xid.and_then(|number| number.parse().ok()).map(Xid))
    }
}

/// The numbers of the elements that were there before.
fn ended<N: Copy, T>(changes: &[Change<N, T>], number: impl Fn(N) -> i64) -> Vec<i64> {
    changes.iter().filter(|change| change.before.is_some()).map(|change| number(change.no)).collect()
}

fn write_arc(arc: &BorderArc, out: &mut BytesMut) {
    copy_format::int(Some(arc.start.0), out);
    copy_format::int(Some(arc.end.0), out);
    copy_format::int(arc.left.map(|face| face.0), out);
    copy_format::int(arc.right.map(|face| face.0), out);
    let numbers: Vec<i64> = arc.points.iter().flat_map(|point| [point.x, point.y]).collect();
    copy_format::ints(numbers.into_iter(), out);
}
