//! What is near a point: the question and its answer.

use cim_crs::LonLat;
use cim_model::Collection;
use serde::Serialize;

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
