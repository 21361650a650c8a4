//! Repeat complaints: cases of the same class at the same place within some weeks.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_mirror::{Near, Row, WorldPoint, nearest};
use cim_model::Collection;
use cim_tile::is_open;
use jiff::Timestamp;
use serde::Serialize;

use super::buildings::{ADDRESS_REACH_M, BUILDING_REACH_M, address_at, building_at};
use super::item::{to_centimetres, to_tenths};
use super::nearby::came_in_ms;
use crate::version::Version;
use crate::{City, CityError};

const DAY_MS: i64 = 24 * 3_600_000;

/// Which cases count as repeats of one.
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatQuery {
    /// The case.
    pub case_no: String,
    /// How near they are, metres.
    pub radius_m: f64,
    /// How many days before or after it they came in.
    pub days: u32,
}

/// A case and what it repeats or is repeated by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepeatAnswer {
    /// The case asked for.
    pub case_no: String,
    /// Its class.
    pub category_code: Option<String>,
    /// How many cases the group has, the one asked for included.
    pub count: usize,
    /// How many of them are still to be done.
    pub open: usize,
    /// RFC 3339: when the first of the group came in.
    pub first_at: Option<String>,
    /// RFC 3339: when the last of the group came in.
    pub last_at: Option<String>,
    /// The building that all at one building share.
    pub building_code: Option<String>,
    /// The address that all at one address share.
    pub address_code: Option<String>,
    /// The others, oldest first.
    pub repeats: Vec<RepeatItem>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// One repeat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepeatItem {
    /// Its number.
    pub case_no: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: Option<String>,
    /// When it came in, RFC 3339.
    pub received_at: Option<String>,
    /// Days after the case asked for; negative before it.
    pub days_after: f64,
    /// Geodesic metres.
    pub distance_m: f64,
    /// Degrees clockwise from north.
    pub bearing_deg: f64,
    /// Why it counts: `near`, `same_building`, `same_address`.
    pub because: Vec<&'static str>,
    /// The department that led, to ask what was done.
    pub lead_department_code: Option<String>,
    /// What the caller said in the follow-up.
    pub satisfied: Option<bool>,
}

impl City {
    /// The repeats of a case, as they are known now.
    pub fn repeats(&self, scope: &Scope, query: &RepeatQuery) -> Result<RepeatAnswer, CityError> {
        let version = self.version_for(scope)?;
        let case = version.view(Collection::Case).with_key(&query.case_no);
        let case = case.ok_or_else(|| CityError::NotFound { what: "case", name: query.case_no.clone() })?;
        let (place, repeats) = repeats_of(&version, case, query);
        let mut times: Vec<i64> = repeats.iter().filter_map(|(row, _)| came_in_ms(*row)).collect();
        times.extend(came_in_ms(case));
        let is_open = |row: Row<'_>| is_open(row.text_of("state"));
        Ok(RepeatAnswer {
            case_no: query.case_no.clone(),
            category_code: case.text_of("category_code").map(str::to_owned),
            count: repeats.len() + 1,
            open: repeats.iter().filter(|(row, _)| is_open(*row)).count() + usize::from(is_open(case)),
            first_at: times.iter().min().and_then(|ms| time(*ms)),
            last_at: times.iter().max().and_then(|ms| time(*ms)),
            building_code: place.as_ref().and_then(CasePlace::building_code),
            address_code: place.as_ref().and_then(CasePlace::address_code),
            repeats: repeats.into_iter().map(|(_, item)| item).collect(),
            as_of: self.as_of(),
            snapshot: version.snapshot.to_string(),
        })
    }
}

/// Where a case lies, and in which building and at which address.
struct CasePlace<'a> {
    at: LonLat,
    building: Option<Row<'a>>,
    address: Option<Row<'a>>,
}

impl CasePlace<'_> {
    fn building_code(&self) -> Option<String> {
        self.building.and_then(|row| row.text_of("code")).map(str::to_owned)
    }

    fn address_code(&self) -> Option<String> {
        self.address.and_then(|row| row.text_of("code")).map(str::to_owned)
    }

    /// How far away a case may lie that shares the building or the address.
    fn reach_m(&self) -> f64 {
        let across_m = self.building.and_then(|row| row.shape().bounds()).map_or(0.0, |bounds| {
            let corner = |x, y| LonLat::from(WorldPoint { x, y });
            cim_crs::distance_m(corner(bounds.min_x, bounds.min_y), corner(bounds.max_x, bounds.max_y))
        });
        (across_m + 2.0 * BUILDING_REACH_M).max(2.0 * ADDRESS_REACH_M)
    }
}

fn place_of<'a>(version: &'a Version, case: Row<'_>) -> Option<CasePlace<'a>> {
    let at = LonLat::from(case.shape().as_point()?);
    Some(CasePlace { at, building: building_at(version, at), address: address_at(version, at) })
}

/// The repeats of a case, oldest first. A case without a place or a class has none.
fn repeats_of<'a>(
    version: &'a Version,
    case: Row<'a>,
    query: &RepeatQuery,
) -> (Option<CasePlace<'a>>, Vec<(Row<'a>, RepeatItem)>) {
    let Some(place) = place_of(version, case) else { return (None, Vec::new()) };
    let (Some(class), Some(came_ms)) = (case.text_of("category_code"), came_in_ms(case)) else {
        return (Some(place), Vec::new());
    };
    let spread_ms = i64::from(query.days) * DAY_MS;
    let may_be = |row: Row<'_>| {
        row.id() != case.id()
            && row.text_of("category_code") == Some(class)
            && came_in_ms(row).is_some_and(|ms| (ms - came_ms).abs() <= spread_ms)
            && row.bool_of("is_drill") != Some(true)
    };
    let reach_m = place.reach_m().max(query.radius_m);
    let (found, _) = nearest(version.view(Collection::Case), place.at, reach_m, usize::MAX, may_be);
    let mut repeats: Vec<(Row<'a>, RepeatItem)> = found
        .into_iter()
        .filter_map(|near| {
            let because = reasons(version, &place, &near, query.radius_m);
            (!because.is_empty()).then(|| (near.row, item(&near, because, came_ms)))
        })
        .collect();
    repeats.sort_by_key(|(row, _)| (came_in_ms(*row), row.id()));
    (Some(place), repeats)
}

fn reasons(version: &Version, place: &CasePlace<'_>, near: &Near<'_>, radius_m: f64) -> Vec<&'static str> {
    let mut because = Vec::new();
    if near.distance_m <= radius_m {
        because.push("near");
    }
    let same = |own: Option<Row<'_>>, other: fn(&Version, LonLat) -> Option<Row<'_>>| {
        own.is_some_and(|own| other(version, near.at).is_some_and(|other| other.id() == own.id()))
    };
    if same(place.building, building_at) {
        because.push("same_building");
    }
    if same(place.address, address_at) {
        because.push("same_address");
    }
    because
}

fn item(near: &Near<'_>, because: Vec<&'static str>, came_ms: i64) -> RepeatItem {
    let row = near.row;
    let text = |name: &str| row.text_of(name).map(str::to_owned);
    let own_ms = came_in_ms(row);
    #[expect(clippy::cast_precision_loss, reason = "days are told to two places")]
    let days_after = own_ms.map_or(0.0, |ms| ((ms - came_ms) as f64 / DAY_MS as f64 * 100.0).round() / 100.0);
    RepeatItem {
        case_no: text("case_no").unwrap_or_default(),
        title: text("title").unwrap_or_default(),
        state: text("state"),
        received_at: own_ms.and_then(time),
        days_after,
        distance_m: to_centimetres(near.distance_m),
        bearing_deg: to_tenths(near.bearing_deg),
        because,
        lead_department_code: text("lead_department_code"),
        satisfied: row.bool_of("satisfied"),
    }
}

fn time(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms).ok().map(|time| time.to_string())
}
