//! How the city is: loaded, fresh, how much of what.

use std::collections::BTreeMap;

use serde::Serialize;

/// The state of the mirror and its feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Health {
    /// The mirror is loaded: questions are answered.
    pub ready: bool,
    /// The feed is away or reloading; answers show the state of `age_s` ago.
    pub stale: bool,
    /// Seconds since the database last confirmed the mirror's state.
    pub age_s: f64,
    /// The PostgreSQL snapshot that the mirror equals.
    pub snapshot: Option<String>,
    /// The feed's epoch.
    pub epoch: Option<String>,
    /// Features by collection.
    pub counts: BTreeMap<&'static str, u64>,
    /// Rows left out of the mirror because they could not be read, by collection.
    pub unreadable: BTreeMap<&'static str, u64>,
    /// Bytes of memory by collection, roughly.
    pub mirror_bytes: BTreeMap<&'static str, u64>,
}

/// What the map needs to know about the loaded city before it draws anything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CityFigures {
    /// The city's name.
    pub name: Option<String>,
    /// The city's division code.
    pub division_code: Option<String>,
    /// The data is made up; every screen says so.
    pub synthetic: bool,
    /// West, south, east, north of everything loaded.
    pub bounds: Option<[f64; 4]>,
    /// The boundary revision.
    pub revision: Option<i64>,
    /// Features by collection.
    pub counts: BTreeMap<&'static str, u64>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
}
