//! Rows as source systems give them: added, changed when they are newer, one by one or by the thousand.

use std::collections::HashMap;

use cim_model::{Collection, FieldType, GeometryKind, Record, Value};
use serde_json::{Map, Value as Json};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::person::GivenField;
use crate::pool::{PooledClient, Work};
use crate::query::Query;
use crate::{Snapshot, Store, StoreError, StoredRow, Xid, ewkb, person, query, row};

/// A row of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenRow {
    /// What the source says; null for what it says nothing about.
    pub record: Record,
    /// What a new row has where the source says nothing.
    pub defaults: Vec<(&'static str, Value)>,
    /// Of a case: what is kept apart, sealed.
    pub person: Vec<GivenField>,
}

impl GivenRow {
    /// The texts of its business key, in the order of the specification.
    #[must_use]
    pub fn key(&self, collection: Collection) -> Vec<String> {
        let spec = collection.spec();
        let text = |name: &&str| match spec.position(name).and_then(|place| self.record.values.get(place)) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        };
        spec.key.iter().map(text).collect()
    }
}

/// What became of a given row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and differs now.
    Changed,
    /// It was there as given.
    Unchanged,
    /// A newer version was there.
    Stale,
}

/// The answer to given rows.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenWritten {
    /// What became of each row, in their order, and its id.
    pub outcomes: Vec<(Outcome, i64)>,
    /// The writing transaction; `None` when nothing had to be written.
    pub xid: Option<Xid>,
    /// A snapshot that sees all of them.
    pub snapshot: Snapshot,
}

/// The answer to a change of some fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patched {
    /// Written.
    Written(Xid),
    /// The row is not the version any more that the caller saw.
    Differs,
    /// There is no such row.
    NoSuchRow,
}

/// A business key's texts.
type Key = Vec<String>;

impl Store {
    /// Writes the rows in one transaction: all or none. No two may have the same business key.
    pub async fn write_given(
        &self,
        collection: Collection,
        rows: &[GivenRow],
    ) -> Result<GivenWritten, StoreError> {
        let keys: Vec<Key> = rows.iter().map(|row| row.key(collection)).collect();
        // In the order of their keys, so that two batches do not wait for each other's rows.
        let mut in_order: Vec<(&Key, &GivenRow)> = keys.iter().zip(rows).collect();
        in_order.sort_by_key(|(key, _)| *key);
        let ordered: Vec<&GivenRow> = in_order.into_iter().map(|(_, row)| row).collect();
        let given = array(collection, &ordered, false)?;
        let defaulted = array(collection, &ordered, true)?;
        let rows_given = rows.len();
        let client = self.client_for(Work::Writes).await?;
        client.begin().await?;
        let (update, insert) = statements(collection);
        let mut found: HashMap<Key, (Outcome, i64)> = HashMap::new();
        for (statement, rows, outcome) in [
            (update, &given, Outcome::Changed),
            (insert, &defaulted, Outcome::Created),
            // Rows that somebody else added meanwhile: what is given here may be newer.
            (update, &given, Outcome::Changed),
        ] {
            if found.len() == rows_given {
                break;
            }
            for row in run(&client, statement, collection, rows).await? {
                found.entry(key_at(collection, &row)).or_insert((outcome, row.get(0)));
            }
        }
        if found.len() < rows.len() {
            for row in run(&client, query::GIVEN_STALE, collection, &given).await? {
                let outcome = if row.get("is_stale") { Outcome::Stale } else { Outcome::Unchanged };
                found.entry(key_at(collection, &row)).or_insert((outcome, row.get(0)));
            }
        }
        let xid: Option<String> = query::LOAD_WRITTEN.row(&client, &[]).await?.get(0);
        person::write(&client, &people_of(&keys, rows, &found)).await?;
        client.commit().await?;
        let snapshot = query::FEED_CURRENT_SNAPSHOT.row(&client, &[]).await?.get::<_, &str>(0).parse()?;
        let missing = (Outcome::Unchanged, 0);
        let outcomes: Vec<(Outcome, i64)> =
            keys.iter().map(|key| found.get(key).copied().unwrap_or(missing)).collect();
        // A row that was only locked gives the transaction a number too.
        let wrote =
            outcomes.iter().any(|(outcome, _)| matches!(outcome, Outcome::Created | Outcome::Changed));
        let xid = xid.filter(|_| wrote).and_then(|number| number.parse().ok()).map(Xid);
        Ok(GivenWritten { outcomes, xid, snapshot })
    }

    /// The rows that are stored already under the business keys of the given ones.
    pub async fn stored_like(
        &self,
        collection: Collection,
        rows: &[GivenRow],
    ) -> Result<Vec<StoredRow>, StoreError> {
        let given = array(collection, &rows.iter().collect::<Vec<_>>(), false)?;
        let found = run(&self.client().await?, query::GIVEN_STALE, collection, &given).await?;
        let ids: Vec<i64> = found.iter().map(|row| row.get("id")).collect();
        self.rows(collection, &ids).await
    }

    /// Sets fields of the row with this business key, if it is still the version with this `xmin`.
    pub async fn patch(
        &self,
        collection: Collection,
        key: &str,
        xmin: u32,
        fields: &[(&'static str, Value)],
        person: &[GivenField],
    ) -> Result<Patched, StoreError> {
        let mut object = Map::new();
        for (name, value) in fields {
            object.insert((*name).to_owned(), json(collection, name, value)?);
        }
        let client = self.client_for(Work::Writes).await?;
        client.begin().await?;
        let statement = query::GIVEN_PATCH.of(collection);
        let (version, object) = (xmin.to_string(), Json::Object(object));
        let given: [(&(dyn ToSql + Sync), Type); 3] =
            [(&key, Type::TEXT), (&version, Type::TEXT), (&object, Type::JSONB)];
        let written = query::GIVEN_PATCH.rows_text(&client, &statement, &given).await?;
        let id = written.first().map(|row| row.get("id"));
        let people: Vec<_> = id.iter().flat_map(|id| person.iter().map(move |field| (*id, field))).collect();
        person::write(&client, &people).await?;
        client.commit().await?;
        // Given back before another is taken: with as many callers as connections all would wait for each other.
        drop(client);
        let Some(row) = written.first() else {
            let found = self.find_by_key(collection, key).await?;
            return Ok(found.map_or(Patched::NoSuchRow, |_| Patched::Differs));
        };
        let number: &str = row.get("xid");
        let xid = number.parse().map_err(|_not_a_number| crate::SnapshotError(number.to_owned()))?;
        Ok(Patched::Written(Xid(xid)))
    }

    /// The row that people call by this business key.
    pub async fn find_by_key(
        &self,
        collection: Collection,
        key: &str,
    ) -> Result<Option<StoredRow>, StoreError> {
        let statement = query::COLLECTION_BY_KEY.of(collection);
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&key, Type::TEXT)];
        let found = query::COLLECTION_BY_KEY.rows_text(&self.client().await?, &statement, &given).await?;
        found.first().map(|found| row::stored(collection, found)).transpose()
    }

    /// The row with this id.
    pub async fn read_row(&self, collection: Collection, id: i64) -> Result<Option<StoredRow>, StoreError> {
        Ok(self.rows(collection, &[id]).await?.into_iter().next())
    }

    /// A page of rows after the one with this id, in a lasting order.
    pub async fn page(
        &self,
        collection: Collection,
        after: i64,
        limit: i64,
    ) -> Result<Vec<StoredRow>, StoreError> {
        let statement = query::COLLECTION_PAGE.of(collection);
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&after, Type::INT8), (&limit, Type::INT8)];
        let found = query::COLLECTION_PAGE.rows_text(&self.client().await?, &statement, &given).await?;
        found.iter().map(|found| row::stored(collection, found)).collect()
    }
}

/// The fields of people that go with rows of which no newer version was there.
fn people_of<'a>(
    keys: &[Key],
    rows: &'a [GivenRow],
    found: &HashMap<Key, (Outcome, i64)>,
) -> Vec<(i64, &'a GivenField)> {
    let of = |(key, row): (&Key, &'a GivenRow)| {
        let (outcome, id) = found.get(key).copied().unwrap_or((Outcome::Stale, 0));
        let fields = if outcome == Outcome::Stale { &[][..] } else { &row.person };
        // Of a new row there is nothing yet to be removed.
        let is_new = outcome == Outcome::Created;
        fields.iter().filter(move |field| !is_new || field.value.is_some()).map(move |field| (id, field))
    };
    keys.iter().zip(rows).flat_map(of).collect()
}

/// The statements that change and that add; those of cases write events too.
fn statements(collection: Collection) -> (Query, Query) {
    match collection {
        Collection::Case => (query::GIVEN_UPDATE_CASE, query::GIVEN_INSERT_CASE),
        _ => (query::GIVEN_UPDATE, query::GIVEN_INSERT),
    }
}

async fn run(
    client: &PooledClient,
    statement: Query,
    collection: Collection,
    rows: &Json,
) -> Result<Vec<Row>, StoreError> {
    statement.rows_text(client, &statement.of(collection), &[(rows, Type::JSONB)]).await
}

fn key_at(collection: Collection, row: &Row) -> Key {
    collection.spec().key.iter().map(|name| row.get(*name)).collect()
}

fn array(collection: Collection, rows: &[&GivenRow], with_defaults: bool) -> Result<Json, StoreError> {
    let fields = collection.spec().fields;
    let object = |given: &&GivenRow| {
        let mut object = Map::new();
        for (name, value) in given.defaults.iter().filter(|_| with_defaults) {
            object.insert((*name).to_owned(), json(collection, name, value)?);
        }
        for (field, value) in fields.iter().zip(&given.record.values) {
            if !matches!(value, Value::Null) {
                object.insert(field.name.to_owned(), json(collection, field.name, value)?);
            }
        }
        Ok(Json::Object(object))
    };
    rows.iter().map(object).collect::<Result<Vec<_>, StoreError>>().map(Json::Array)
}

/// A value as PostgreSQL reads it out of JSON; geometry as EWKB in hexadecimal digits.
pub(crate) fn json(collection: Collection, name: &'static str, value: &Value) -> Result<Json, StoreError> {
    let wrong = || StoreError::WrongValue {
        collection,
        field: name,
        value: format!("{value:?}").chars().take(120).collect(),
    };
    let spec = collection.spec();
    let field = spec.position(name).map(|place| spec.fields[place].field_type).ok_or_else(wrong)?;
    Ok(match (field, value) {
        (_, Value::Null) => Json::Null,
        (FieldType::Bool, Value::Bool(yes)) => (*yes).into(),
        (FieldType::Int | FieldType::Float, Value::Int(number)) => (*number).into(),
        (FieldType::Float, Value::Float(number)) => (*number).into(),
        (FieldType::Text | FieldType::Code(_), Value::Text(text)) => text.clone().into(),
        (FieldType::Texts, Value::Texts(list)) => list.clone().into(),
        (FieldType::Time, Value::Time(time)) => time.to_string().into(),
        (FieldType::Date, Value::Date(date)) => date.to_string().into(),
        (FieldType::Geometry, Value::Geometry(geometry)) => {
            ewkb::hex(geometry, GeometryKind::Point).map_err(|_unwritable| wrong())?.into()
        }
        _ => return Err(wrong()),
    })
}
