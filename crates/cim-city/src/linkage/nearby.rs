//! What is near a point: the question and its answer.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_mirror::{Near, Row, nearest, nearest_few};
use cim_model::Collection;
use cim_tile::{is_open, is_overdue};
use jiff::Timestamp;
use serde::Serialize;

use super::item::{NearbyItem, item_of, state_of};
use crate::people::People;
use crate::version::Version;
use crate::{City, CityError, refusal};

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
    Collection::Road,
    Collection::Water,
];

/// Kinds that are everywhere: answered only when they are named.
const EVERYWHERE: &[Collection] = &[Collection::Road, Collection::Water];

/// What is near a point.
#[derive(Debug, Clone, PartialEq)]
pub struct NearbyQuery {
    /// The point; the server has already converted it from the request's system.
    pub at: LonLat,
    /// How far to look, metres; none for the nearest however far.
    pub radius_m: Option<f64>,
    /// Which kinds; empty means all but roads and waters.
    pub kinds: Vec<Collection>,
    /// What holds of each thing.
    pub filter: NearbyFilter,
    /// At most so many items.
    pub limit: usize,
}

/// What must hold of a thing to be listed. A condition on something that a kind does not have leaves the kind out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NearbyFilter {
    /// Its state.
    pub state: Option<StateFilter>,
    /// Its category, or one above it.
    pub category: Option<String>,
    /// It came in at or after this time.
    pub from: Option<Timestamp>,
    /// It came in before this time.
    pub to: Option<Timestamp>,
    /// Whether it is secret; unknown counts as not.
    pub secrecy: Option<bool>,
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

impl City {
    /// What is near a point, nearest first.
    pub fn nearby(&self, scope: &Scope, query: &NearbyQuery) -> Result<NearbyAnswer, CityError> {
        check(query)?;
        let version = self.version_for(scope)?;
        let usual = || NEARBY_KINDS.iter().copied().filter(|kind| !EVERYWHERE.contains(kind)).collect();
        let kinds = if query.kinds.is_empty() { usual() } else { query.kinds.clone() };
        let (items, more) = near_of(&version, query, &kinds);
        Ok(NearbyAnswer { items, more, as_of: self.as_of(), snapshot: version.snapshot.to_string() })
    }
}

/// The nearest things of the kinds, and whether there are more.
pub(crate) fn near_of(
    version: &Version,
    query: &NearbyQuery,
    kinds: &[Collection],
) -> (Vec<NearbyItem>, bool) {
    let mut found: Vec<(Collection, Near<'_>)> = Vec::new();
    let mut more = false;
    for kind in kinds {
        let view = version.view(*kind);
        let wanted = |row: Row<'_>| query.filter.holds(row, version.minute_ms, &version.people);
        let near = match query.radius_m {
            Some(radius_m) => {
                let (near, count) = nearest(view, query.at, radius_m, query.limit, wanted);
                more |= count > near.len();
                near
            }
            // One more than asked tells whether there are more.
            None => nearest_few(view, query.at, query.limit + 1, wanted),
        };
        found.extend(near.into_iter().map(|near| (*kind, near)));
    }
    found.sort_by(|(a_kind, a), (b_kind, b)| {
        a.distance_m.total_cmp(&b.distance_m).then(a_kind.cmp(b_kind)).then(a.row.id().cmp(&b.row.id()))
    });
    more |= found.len() > query.limit;
    found.truncate(query.limit);
    (found.iter().map(|(kind, near)| item_of(*kind, near)).collect(), more)
}

fn check(query: &NearbyQuery) -> Result<(), CityError> {
    let mut findings = Vec::new();
    if let Some(radius_m) = query.radius_m.filter(|radius_m| !(*radius_m > 0.0 && *radius_m <= MAX_RADIUS_M))
    {
        let message = format!("radius_m is above 0 and at most {MAX_RADIUS_M}");
        findings.push(refusal("radius_m", &radius_m.to_string(), &message));
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

impl NearbyFilter {
    /// Whether a thing is to be listed.
    pub(crate) fn holds(&self, row: Row<'_>, now_ms: i64, people: &People) -> bool {
        let is_in_category =
            |wanted: &String| row.text_of("category_code").is_some_and(|code| people.is_within(code, wanted));
        let is_secret = |wanted: &bool| row.bool_of("secrecy").unwrap_or(false) == *wanted;
        self.state.as_ref().is_none_or(|state| state.holds(row, now_ms))
            && self.category.as_ref().is_none_or(is_in_category)
            && self.secrecy.as_ref().is_none_or(is_secret)
            && self.holds_time(row)
    }

    fn holds_time(&self, row: Row<'_>) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let Some(came_ms) = came_in_ms(row) else { return false };
        self.from.is_none_or(|from| came_ms >= from.as_millisecond())
            && self.to.is_none_or(|to| came_ms < to.as_millisecond())
    }
}

/// When work came in, milliseconds since 1970.
pub(crate) fn came_in_ms(row: Row<'_>) -> Option<i64> {
    ["received_at", "reported_at", "planned_at"].iter().find_map(|name| row.int_of(name))
}

impl StateFilter {
    pub(crate) fn holds(&self, row: Row<'_>, now_ms: i64) -> bool {
        let state = state_of(row);
        match self {
            Self::Open => is_open(state),
            Self::Closed => state.is_some() && !is_open(state),
            Self::Overdue => is_open(state) && is_overdue(row.int_of("due_at"), now_ms),
            Self::Word(word) => state == Some(word),
        }
    }
}
