//! Thousands of rows of a source at once, in one transaction.

use std::collections::HashMap;

use cim_access::Scope;
use cim_model::{Collection, Finding, Record, Value};
use cim_store::{GivenRow, Outcome};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::given_row::given_row;
use super::store_error::failed;
use crate::load::off_the_runtime;
use crate::{City, CityError, refusal};

/// The most rows of a batch.
pub const MAX_BATCH_ROWS: usize = 10_000;

/// What a batch did. Refused rows are left out; all others are written together or, when the database refuses, none.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BatchWritten {
    /// New rows.
    pub created: usize,
    /// Rows that differ now.
    pub changed: usize,
    /// Rows that were there as given.
    pub unchanged: usize,
    /// Rows of which a newer version was there, or came later in the batch.
    pub stale: usize,
    /// Rows that cannot be taken in.
    pub refused: Vec<RefusedRow>,
    /// The transaction; none when nothing had to be written.
    #[serde(skip)]
    pub xid: Option<u64>,
    /// A snapshot that sees everything.
    #[serde(skip)]
    pub snapshot: Option<String>,
}

/// A row that cannot be taken in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefusedRow {
    /// Its place in the batch, from 1.
    pub row: usize,
    /// Everything that is wrong with it.
    pub findings: Vec<Finding>,
}

impl City {
    /// Takes in rows of a source; a row that could not be read comes as what was wrong with it.
    pub async fn write_batch(
        &self,
        scope: &Scope,
        collection: Collection,
        rows: Vec<Result<Map<String, Json>, String>>,
    ) -> Result<BatchWritten, CityError> {
        let city = self.clone();
        let (mut answer, given) = off_the_runtime(move || city.read_batch(collection, rows)).await;
        self.refuse_hidden(scope, collection, &given).await?;
        let written = self.inner.store.write_given(collection, &given).await.map_err(failed)?;
        for (outcome, _) in &written.outcomes {
            match outcome {
                Outcome::Created => answer.created += 1,
                Outcome::Changed => answer.changed += 1,
                Outcome::Unchanged => answer.unchanged += 1,
                Outcome::Stale => answer.stale += 1,
            }
        }
        answer.snapshot = written.xid.is_none().then(|| written.snapshot.to_string());
        answer.xid = written.xid.map(|xid| xid.0);
        Ok(answer)
    }

    /// Reads the rows, and gives those with words alone their place.
    fn read_batch(
        &self,
        collection: Collection,
        rows: Vec<Result<Map<String, Json>, String>>,
    ) -> (BatchWritten, Vec<GivenRow>) {
        let mut answer = BatchWritten::default();
        let mut given: Vec<GivenRow> = Vec::new();
        let mut by_key: HashMap<Vec<String>, usize> = HashMap::new();
        for (row, object) in (1..).zip(rows) {
            let read = object.map_err(|error| vec![refusal("row", "", &error)]).and_then(|mut object| {
                let person = self.take_personal(collection, &mut object)?;
                Ok((given_row(collection, &object)?, person))
            });
            match read {
                Ok((mut read, person)) => {
                    read.person = person;
                    self.place_by_words(collection, &mut read);
                    answer.stale += usize::from(take(collection, read, &mut given, &mut by_key));
                }
                Err(findings) => answer.refused.push(RefusedRow { row, findings }),
            }
        }
        (answer, given)
    }
}

/// Adds a row, or puts it in the place of an older one with the same key; whether one of the two is left out.
fn take(
    collection: Collection,
    row: GivenRow,
    given: &mut Vec<GivenRow>,
    by_key: &mut HashMap<Vec<String>, usize>,
) -> bool {
    let key = row.key(collection);
    let version = |record: &Record| {
        let place = collection.spec().position("source_updated_at")?;
        match record.values.get(place) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    };
    if let Some(place) = by_key.get(&key) {
        let (before, now) = (version(&given[*place].record), version(&row.record));
        if before.zip(now).is_none_or(|(before, now)| now >= before) {
            given[*place] = row;
        }
        return true;
    }
    by_key.insert(key, given.len());
    given.push(row);
    false
}
