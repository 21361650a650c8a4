//! What is near a point: the question and its answer.

use cim_crs::LonLat;
use cim_mirror::{Near, Row, nearest};
use cim_model::{Collection, Value};
use cim_tile::{is_open, is_overdue};
use serde::Serialize;

use crate::version::Version;
use crate::{CityError, refusal};

/// The farthest radius that may be asked.
pub const MAX_RADIUS_M: f64 = 5_000.0;
/// The most items that may be asked.
pub const MAX_ITEMS: usize = 1_000;

/// Kinds of things that can be asked for, by their collection.
pub const NEARBY_KINDS: &[Collection] = &[
    Collection::Case,
    Collection::Camera,
    Collection::KeyPlace,
    Collection::GridStation,
    Collection::Building,
    Collection::Address,
    Collection::Finding,
    Collection::Inspection,
    Collection::Place,
];

/// What is near a point.
#[derive(Debug, Clone, PartialEq)]
pub struct NearbyQuery {
    /// The point; the server has already converted it from the request's system.
    pub at: LonLat,
    /// How far to look, metres.
    pub radius_m: f64,
    /// Which kinds; empty means all of [`NEARBY_KINDS`].
    pub kinds: Vec<Collection>,
    /// Only things in this state.
    pub state: Option<StateFilter>,
    /// At most so many items.
    pub limit: usize,
}

/// A filter on the state of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateFilter {
    /// Work that is still to be done: neither closed, answered, rejected, merged, cancelled nor archived.
    Open,
    /// Work that is done with.
    Closed,
    /// Open work past its due time.
    Overdue,
    /// Exactly this state or status word.
    Word(String),
}

/// Things near the point, nearest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearbyAnswer {
    /// The things.
    pub items: Vec<NearbyItem>,
    /// More lie within the radius than `limit` let through.
    pub more: bool,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// One thing near the point.
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
    /// Further mirrored fields, by their names in the collection.
    #[serde(flatten)]
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// Fields that every item shows under a name of its own.
const SHOWN_ELSEWHERE: &[&str] = &["geom", "state", "status", "name", "title", "full_text"];

pub(crate) fn answer(
    version: &Version,
    query: &NearbyQuery,
    as_of: String,
) -> Result<NearbyAnswer, CityError> {
    check(query)?;
    let kinds = if query.kinds.is_empty() { NEARBY_KINDS } else { query.kinds.as_slice() };
    let mut found: Vec<(Collection, Near<'_>)> = Vec::new();
    let mut total = 0;
    for kind in kinds {
        let view = version.view(*kind);
        let wanted =
            |row: Row<'_>| query.state.as_ref().is_none_or(|state| state.holds(row, version.minute_ms));
        let (near, count) = nearest(view, query.at, query.radius_m, query.limit, wanted);
        found.extend(near.into_iter().map(|near| (*kind, near)));
        total += count;
    }
    found.sort_by(|(a_kind, a), (b_kind, b)| {
        a.distance_m.total_cmp(&b.distance_m).then(a_kind.cmp(b_kind)).then(a.row.id().cmp(&b.row.id()))
    });
    found.truncate(query.limit);
    Ok(NearbyAnswer {
        more: total > found.len(),
        items: found.into_iter().map(|(kind, near)| item(kind, near)).collect(),
        as_of,
        snapshot: version.snapshot.to_string(),
    })
}

fn check(query: &NearbyQuery) -> Result<(), CityError> {
    let mut findings = Vec::new();
    if !(query.radius_m > 0.0 && query.radius_m <= MAX_RADIUS_M) {
        let message = format!("radius_m is above 0 and at most {MAX_RADIUS_M}");
        findings.push(refusal("radius_m", &query.radius_m.to_string(), &message));
    }
    if !(1..=MAX_ITEMS).contains(&query.limit) {
        let message = format!("limit is 1 to {MAX_ITEMS}");
        findings.push(refusal("limit", &query.limit.to_string(), &message));
    }
    for kind in query.kinds.iter().filter(|kind| !NEARBY_KINDS.contains(kind)) {
        findings.push(refusal("kinds", kind.name(), "this collection has no places that can be near"));
    }
    if findings.is_empty() { Ok(()) } else { Err(CityError::Refused(findings)) }
}

fn state_of(row: Row<'_>) -> Option<&str> {
    row.text_of("state").or_else(|| row.text_of("status"))
}

impl StateFilter {
    fn holds(&self, row: Row<'_>, now_ms: i64) -> bool {
        let state = state_of(row);
        match self {
            Self::Open => is_open(state),
            Self::Closed => state.is_some() && !is_open(state),
            Self::Overdue => is_open(state) && is_overdue(row.int_of("due_at"), now_ms),
            Self::Word(word) => state == Some(word),
        }
    }
}

fn item(kind: Collection, near: Near<'_>) -> NearbyItem {
    let row = near.row;
    let text =
        |names: &[&str]| names.iter().find_map(|name| row.text_of(name)).unwrap_or_default().to_owned();
    let id_field = id_field(kind);
    let fields = kind
        .spec()
        .fields
        .iter()
        .filter(|field| field.name != id_field && !SHOWN_ELSEWHERE.contains(&field.name))
        .filter_map(|field| Some((shown_name(kind, field.name), json_of(&row.value_of(field.name))?)));
    NearbyItem {
        kind: kind.name(),
        id: text(&[id_field]),
        name: text(&["name", "title", "full_text"]),
        distance_m: (near.distance_m * 100.0).round() / 100.0,
        bearing_deg: (near.bearing_deg * 10.0).round() / 10.0 % 360.0,
        lon: to_centimetre(near.at.lon),
        lat: to_centimetre(near.at.lat),
        state: state_of(row).map(str::to_owned),
        fields: fields.collect(),
    }
}

/// `kind` already says which collection an item is of: a key place tells its own as `key_place_kind`.
fn shown_name(kind: Collection, field: &str) -> String {
    if field == "kind" { format!("{}_kind", kind.name()) } else { field.to_owned() }
}

/// Degrees to seven places: the mirror holds positions to a centimetre.
fn to_centimetre(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// The field by which people name a thing of this kind.
pub(crate) fn id_field(kind: Collection) -> &'static str {
    match kind {
        Collection::Case => "case_no",
        _ => kind.spec().key.first().copied().unwrap_or("code"),
    }
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
