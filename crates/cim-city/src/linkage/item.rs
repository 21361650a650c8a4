//! One thing of the city as answers list it: what it is, how far, in which direction, and how fresh.

use cim_mirror::{Near, Row};
use cim_model::{Collection, Value};
use jiff::Timestamp;
use serde::Serialize;

/// One thing near a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearbyItem {
    /// Its collection's name.
    pub kind: &'static str,
    /// Its business key (`case_no`, `gb_id`, `code`, ...).
    pub id: String,
    /// Its name or title.
    pub name: String,
    /// Geodesic metres to its nearest point.
    pub distance_m: f64,
    /// Degrees clockwise from north, from the point asked to the thing.
    pub bearing_deg: f64,
    /// Where it is (its nearest point, for areas).
    pub lon: f64,
    /// Where it is.
    pub lat: f64,
    /// Its state or status, where it has one.
    pub state: Option<String>,
    /// RFC 3339: the last time that something is known to have happened to it, for work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_event_at: Option<String>,
    /// Further mirrored fields, by their names in the collection.
    #[serde(flatten)]
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// Fields that every item shows under a name of its own.
const SHOWN_ELSEWHERE: &[&str] = &["geom", "state", "status", "name", "title", "full_text"];
/// Times of work, the latest of which says how fresh it is.
const TIMES: &[&str] = &[
    "closed_at",
    "resolved_at",
    "accepted_at",
    "received_at",
    "reported_at",
    "finished_at",
    "started_at",
    "planned_at",
];

pub(crate) fn item_of(kind: Collection, near: &Near<'_>) -> NearbyItem {
    let row = near.row;
    let id_field = kind.id_field();
    let fields = kind
        .spec()
        .fields
        .iter()
        .filter(|field| field.name != id_field && !SHOWN_ELSEWHERE.contains(&field.name))
        .filter_map(|field| Some((shown_name(kind, field.name), json_of(&row.value_of(field.name))?)));
    NearbyItem {
        kind: kind.name(),
        id: row.text_of(id_field).unwrap_or_default().to_owned(),
        name: name_of(row).to_owned(),
        distance_m: to_centimetres(near.distance_m),
        bearing_deg: to_tenths(near.bearing_deg),
        lon: to_centimetre_degrees(near.at.lon),
        lat: to_centimetre_degrees(near.at.lat),
        state: state_of(row).map(str::to_owned),
        last_event_at: last_event(row),
        fields: fields.collect(),
    }
}

/// Its name, title or address.
pub(crate) fn name_of(row: Row<'_>) -> &str {
    ["name", "title", "full_text"].iter().find_map(|name| row.text_of(name)).unwrap_or_default()
}

pub(crate) fn state_of(row: Row<'_>) -> Option<&str> {
    row.text_of("state").or_else(|| row.text_of("status"))
}

fn last_event(row: Row<'_>) -> Option<String> {
    let latest = TIMES.iter().filter_map(|name| row.int_of(name)).max()?;
    Some(Timestamp::from_millisecond(latest).ok()?.to_string())
}

/// `kind` already says which collection an item is of: a key place tells its own as `key_place_kind`.
fn shown_name(kind: Collection, field: &str) -> String {
    if field == "kind" { format!("{}_kind", kind.name()) } else { field.to_owned() }
}

/// Metres to two places.
pub(crate) fn to_centimetres(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}

/// A bearing to one place, below 360.
pub(crate) fn to_tenths(degrees: f64) -> f64 {
    (degrees * 10.0).round() / 10.0 % 360.0
}

/// Degrees to seven places: the mirror holds positions to a centimetre.
pub(crate) fn to_centimetre_degrees(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// A value as JSON; none for null and for geometry.
pub(crate) fn json_of(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Null | Value::Geometry(_) => return None,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Texts(texts) => texts.clone().into(),
        Value::Time(time) => time.to_string().into(),
        Value::Date(date) => date.to_string().into(),
    })
}
