//! Commands on cases: a new one, and events that change one.

use cim_model::{Collection, FieldType, GeometryKind, Record, Value};
use jiff::Timestamp;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use crate::{Snapshot, Store, StoreError, Xid, ewkb, query};

/// The answer to accepting a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedCase {
    /// The row's id.
    pub id: i64,
    /// The writing transaction; `None` when the same (`source_system`, `source_no`) was there and nothing was written.
    pub xid: Option<Xid>,
    /// A snapshot that sees the row.
    pub snapshot: Snapshot,
}

/// Something that happens to a case; the row changes only together with such an event.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEvent {
    /// What happens, for example `assign`.
    pub event: String,
    /// The state the caller saw; another state in the row refuses the event.
    pub from_state: String,
    /// The state after it.
    pub to_state: String,
    /// Who did it.
    pub actor: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// A remark.
    pub note: Option<String>,
    /// Fields of the case that change with it; never its state, key or geometry.
    pub set: Vec<(&'static str, Value)>,
}

/// The answer to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseEventRecorded {
    /// Written.
    Recorded {
        /// The event's id.
        event_id: i64,
        /// The writing transaction.
        xid: Xid,
    },
    /// The case is in another state than the caller saw.
    StateIs(String),
    /// There is no such case.
    NoSuchCase,
}

impl Store {
    /// Writes a new case with its first event, or answers with the case that has the same source number.
    pub async fn accept_case(&self, case: &Record) -> Result<AcceptedCase, StoreError> {
        let parameters = parameters_of(case)?;
        let typed: Vec<_> = parameters
            .iter()
            .map(|(value, of_type)| (&**value as &(dyn ToSql + Sync), of_type.clone()))
            .collect();
        let statement = query::CASE_ACCEPT;
        let client = self.client().await?;
        let added = client
            .query_typed(&statement.of(Collection::Case), &typed)
            .await
            .map_err(|source| statement.refused(source))?;
        let (id, xid) = match added.first() {
            Some(row) => (row.get(0), Some(xid_of(row.get(1))?)),
            None => (find(&client, case).await?, None),
        };
        let snapshot = query::FEED_CURRENT_SNAPSHOT.row(&client, &[]).await?.get::<_, &str>(0).parse()?;
        Ok(AcceptedCase { id, xid, snapshot })
    }

    /// Records an event of a case and changes the case's row with it.
    pub async fn append_case_event(
        &self,
        case_id: i64,
        event: &CaseEvent,
    ) -> Result<CaseEventRecorded, StoreError> {
        let changed = changed_fields(event)?;
        let statement = query::CASE_APPEND_EVENT;
        let client = self.client().await?;
        let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
            (&case_id, Type::INT8),
            (&event.from_state, Type::TEXT),
            (&changed, Type::JSONB),
            (&event.event, Type::TEXT),
            (&event.to_state, Type::TEXT),
            (&event.actor, Type::TEXT),
            (&event.at, Type::TIMESTAMPTZ),
            (&event.note, Type::TEXT),
        ];
        let written = client
            .query_typed(&statement.of(Collection::Case), &parameters)
            .await
            .map_err(|source| statement.refused(source))?;
        if let Some(row) = written.first() {
            return Ok(CaseEventRecorded::Recorded { event_id: row.get(0), xid: xid_of(row.get(1))? });
        }
        let found = query::CASE_STATE.rows(&client, &[(&case_id, Type::INT8)]).await?;
        Ok(found.first().map_or(CaseEventRecorded::NoSuchCase, |row| CaseEventRecorded::StateIs(row.get(0))))
    }
}

async fn find(client: &Client, case: &Record) -> Result<i64, StoreError> {
    let spec = Collection::Case.spec();
    let text = |name| match spec.position(name).and_then(|place| case.values.get(place)) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let (system, number) = (text("source_system"), text("source_no"));
    let row = query::CASE_FIND.row(client, &[(&system, Type::TEXT), (&number, Type::TEXT)]).await?;
    Ok(row.get(0))
}

type Parameter = (Box<dyn ToSql + Sync + Send>, Type);

fn parameters_of(case: &Record) -> Result<Vec<Parameter>, StoreError> {
    let fields = Collection::Case.spec().fields;
    if fields.len() != case.values.len() {
        return Err(wrong("case_no", &format!("a record of {} values", case.values.len())));
    }
    fields
        .iter()
        .zip(&case.values)
        .map(|(field, value)| {
            parameter(field.field_type, value).ok_or_else(|| wrong(field.name, &format!("{value:?}")))
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a whole number given for a measured one is small")]
fn parameter(field_type: FieldType, value: &Value) -> Option<Parameter> {
    Some(match (field_type, value) {
        (FieldType::Text | FieldType::Code(_), Value::Text(text)) => (Box::new(text.clone()), Type::TEXT),
        (FieldType::Text | FieldType::Code(_), Value::Null) => (Box::new(None::<String>), Type::TEXT),
        (FieldType::Texts, Value::Texts(list)) => (Box::new(list.clone()), Type::TEXT_ARRAY),
        (FieldType::Texts, Value::Null) => (Box::new(None::<Vec<String>>), Type::TEXT_ARRAY),
        (FieldType::Int, Value::Int(number)) => (Box::new(*number), Type::INT8),
        (FieldType::Int, Value::Null) => (Box::new(None::<i64>), Type::INT8),
        (FieldType::Float, Value::Float(number)) => (Box::new(*number), Type::FLOAT8),
        (FieldType::Float, Value::Int(number)) => (Box::new(*number as f64), Type::FLOAT8),
        (FieldType::Float, Value::Null) => (Box::new(None::<f64>), Type::FLOAT8),
        (FieldType::Bool, Value::Bool(yes)) => (Box::new(*yes), Type::BOOL),
        (FieldType::Bool, Value::Null) => (Box::new(None::<bool>), Type::BOOL),
        (FieldType::Time, Value::Time(time)) => (Box::new(*time), Type::TIMESTAMPTZ),
        (FieldType::Time, Value::Null) => (Box::new(None::<Timestamp>), Type::TIMESTAMPTZ),
        (FieldType::Date, Value::Date(date)) => (Box::new(*date), Type::DATE),
        (FieldType::Date, Value::Null) => (Box::new(None::<jiff::civil::Date>), Type::DATE),
        (FieldType::Geometry, Value::Geometry(geometry)) => {
            let mut bytes = Vec::new();
            ewkb::write(geometry, GeometryKind::Point, &mut bytes).ok()?;
            (Box::new(bytes), Type::BYTEA)
        }
        (FieldType::Geometry, Value::Null) => (Box::new(None::<Vec<u8>>), Type::BYTEA),
        _ => return None,
    })
}

fn changed_fields(event: &CaseEvent) -> Result<serde_json::Value, StoreError> {
    let spec = Collection::Case.spec();
    let mut fields = serde_json::Map::new();
    for (name, value) in &event.set {
        let place =
            spec.position(name).filter(|_| !spec.key.contains(name) && !["state", "geom"].contains(name));
        let (Some(_), Some(json)) = (place, json(value)) else {
            return Err(wrong(name, &format!("{value:?}")));
        };
        fields.insert((*name).to_owned(), json);
    }
    fields.insert("state".to_owned(), event.to_state.clone().into());
    Ok(fields.into())
}

fn json(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) => text.clone().into(),
        Value::Texts(list) => list.clone().into(),
        Value::Time(time) => time.to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Geometry(_) => return None,
    })
}

fn xid_of(text: &str) -> Result<Xid, StoreError> {
    text.parse().map(Xid).map_err(|_not_a_number| crate::SnapshotError(text.to_owned()).into())
}

fn wrong(field: &'static str, value: &str) -> StoreError {
    StoreError::WrongValue { collection: Collection::Case, field, value: value.chars().take(120).collect() }
}
