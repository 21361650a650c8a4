//! The commands on cases: take one in, move it on, look at it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ties::TieAnswer;
use crate::personal::GivenReporter;

/// A case from its source system. Sent twice it is stored once; sent newer it changes what it names.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptCase {
    /// The number as people quote it; made of system and number, when absent.
    pub case_no: Option<String>,
    /// The system that owns the case, for example `12345`.
    pub source_system: String,
    /// Its number there.
    pub source_no: String,
    /// One line.
    pub title: String,
    /// The text.
    pub content: Option<String>,
    /// How it came in.
    pub channel: Option<String>,
    /// `consult`, `help`, `complaint`, `suggestion`, `report`, `praise`, `other`.
    pub request_type: Option<String>,
    /// The category's code.
    pub category_code: Option<String>,
    /// `normal`, `urgent`, `critical`.
    pub urgency: Option<String>,
    /// An exercise, left out of all figures.
    pub is_drill: Option<bool>,
    /// Whether it is a real request.
    pub is_valid: Option<bool>,
    /// Whether it is a key case.
    pub is_key: Option<bool>,
    /// Whether the hotline answered it at once.
    pub answered_directly: Option<bool>,
    /// Its state in the source; `registered`, when absent.
    pub state: Option<String>,
    /// The department that leads.
    pub lead_department_code: Option<String>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When its handler reported it done.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What the caller said in the follow-up.
    pub satisfied: Option<bool>,
    /// The number of the case that it repeats.
    pub repeat_of: Option<String>,
    /// When the source last changed it; an older version never overwrites a newer one.
    pub source_updated_at: Option<Timestamp>,
    /// When the source received it; now, when absent.
    pub received_at: Option<Timestamp>,
    /// By when it must be done.
    pub due_at: Option<Timestamp>,
    /// Where, in the system `crs`: longitude or easting.
    pub lon: Option<f64>,
    /// Where, in the system `crs`: latitude or northing.
    pub lat: Option<f64>,
    /// The system of `lon` and `lat`; `wgs84` when absent.
    pub crs: Option<String>,
    /// `gps`, `map_pick`, `address_match`, `camera`, `grid_only`, `source`.
    pub locate_method: Option<String>,
    /// How exact the position is.
    pub accuracy_m: Option<f64>,
    /// The place in the caller's words.
    pub raw_location: Option<String>,
    /// The case needs no place at all.
    pub location_not_needed: Option<bool>,
    /// Who called: name, telephone number, address. Sealed, and shown masked.
    pub reporter: Option<GivenReporter>,
}

/// One step of a case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseEventCommand {
    /// The event, for example `assign`.
    pub event: String,
    /// When it happened; now, when absent.
    pub at: Option<Timestamp>,
    /// Who did it.
    pub actor: Option<String>,
    /// The department concerned (for `assign`: the lead).
    pub department_code: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// For `merge`: the case that this one joins.
    pub master_case_no: Option<String>,
    /// For `extend` and `assign`: by when it must be done now.
    pub due_at: Option<Timestamp>,
    /// For `close` after a follow-up: whether the caller was satisfied.
    pub satisfied: Option<bool>,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseWritten {
    /// The case as it is now.
    #[serde(flatten)]
    pub case: CaseAnswer,
    /// The case did not exist before.
    #[serde(skip)]
    pub created: bool,
    /// The transaction, for `x-cim-xid`; none when nothing had to be written.
    #[serde(skip)]
    pub xid: Option<u64>,
    /// A snapshot that sees the case as it is, for `x-cim-snapshot`, where nothing had to be written.
    #[serde(skip)]
    pub snapshot: Option<String>,
}

/// A case with its fields, place and history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseAnswer {
    /// Its number.
    pub case_no: String,
    /// Its state.
    pub state: String,
    /// The events that may follow.
    pub allowed_events: Vec<String>,
    /// All further fields by their names.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
    /// Longitude.
    pub lon: Option<f64>,
    /// Latitude.
    pub lat: Option<f64>,
    /// Where it belongs now, and where it belonged when it was accepted.
    pub ties: Option<TieAnswer>,
    /// Who called, masked; none where nobody is known.
    pub reporter: Option<Map<String, Value>>,
    /// What happened so far, oldest first.
    pub events: Vec<CaseEventAnswer>,
    /// Its version, for `If-Match`.
    #[serde(skip)]
    pub version: u32,
}

/// One event of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseEventAnswer {
    /// Its order within the case, from 1.
    pub no: i64,
    /// The event.
    pub event: String,
    /// The state before; none for the first.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: String,
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub actor: Option<String>,
    /// The department concerned.
    pub department_code: Option<String>,
    /// A remark.
    pub note: Option<String>,
}
