//! Hot spots: where cases of a class came in densely, against the period before, and whether a camera sees them.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_mirror::{Plane, Row, WorldPoint};
use cim_model::Collection;
use cim_tile::is_open;
use jiff::Timestamp;
use serde::Serialize;

use super::cluster::{Density, Happening, clusters};
use super::item::to_centimetre_degrees;
use super::nearby::{NearbyFilter, came_in_ms};
use super::seeing::{USUAL_TARGET_HEIGHT_M, sights};
use crate::version::Version;
use crate::{City, CityError, refusal};

const DAY_MS: i64 = 24 * 3_600_000;
/// Of each hot spot so many cases, spread over its time, are looked at from the cameras.
const LOOKED_AT: usize = 12;
/// So many cases are compared with each other, at most.
const MOST_CASES: usize = 100_000;
/// The longest period that may be asked.
const LONGEST_DAYS: i64 = 400;

/// What counts as a hot spot.
#[derive(Debug, Clone, PartialEq)]
pub struct HotspotQuery {
    /// The class of cases, or one above it; all classes when absent.
    pub class: Option<String>,
    /// The period begins.
    pub from: Timestamp,
    /// The period ends before.
    pub to: Timestamp,
    /// Cases hang together within this distance, metres.
    pub reach_m: f64,
    /// Cases hang together within so many days.
    pub reach_days: f64,
    /// At least so many cases near one make it the core of a hot spot.
    pub least: usize,
    /// At most so many hot spots.
    pub limit: usize,
}

/// Hot spots, those with most cases first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HotspotAnswer {
    /// The period, RFC 3339.
    pub from: Timestamp,
    /// The period, RFC 3339.
    pub to: Timestamp,
    /// The period before, with which each is compared, begins.
    pub before_from: Timestamp,
    /// Cases with a place in the period.
    pub cases: usize,
    /// The hot spots.
    pub hotspots: Vec<Hotspot>,
    /// There are more.
    pub more: bool,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// One hot spot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hotspot {
    /// The middle of its cases.
    pub lon: f64,
    /// The middle of its cases.
    pub lat: f64,
    /// The circle around the middle that holds all its cases.
    pub radius_m: f64,
    /// Its cases.
    pub count: usize,
    /// Of those, still to be done.
    pub open: usize,
    /// Cases of the class in the same circle in the period before.
    pub before: usize,
    /// `new` (none before), `rising` (half as many again), `falling` (half as many) or `steady`.
    pub trend: &'static str,
    /// RFC 3339: its first case.
    pub first_at: Option<String>,
    /// RFC 3339: its last case.
    pub last_at: Option<String>,
    /// Departments that lead its cases: two or more call for joint enforcement.
    pub departments: Vec<String>,
    /// The finest unit at its middle.
    pub unit_code: Option<String>,
    /// Which part of its cases an online camera sees, clear or assumed; of up to twelve that were looked at.
    pub covered_share: f64,
    /// The numbers of its latest cases, at most ten.
    pub case_nos: Vec<String>,
}

/// A case that came in in the period, or in the one before.
struct Seen<'a> {
    row: Row<'a>,
    at: WorldPoint,
    came_ms: i64,
}

impl City {
    /// Where cases came in densely in a period.
    pub fn hotspots(&self, scope: &Scope, query: &HotspotQuery) -> Result<HotspotAnswer, CityError> {
        let length_ms = query.to.as_millisecond() - query.from.as_millisecond();
        if length_ms <= 0 || length_ms > LONGEST_DAYS * DAY_MS {
            let message = format!("`to` lies after `from`, by at most {LONGEST_DAYS} days");
            return Err(CityError::Refused(vec![refusal("to", &query.to.to_string(), &message)]));
        }
        let version = self.version_for(scope)?;
        let before_from_ms = query.from.as_millisecond() - length_ms;
        let before_from = Timestamp::from_millisecond(before_from_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let period = (query.from.as_millisecond(), query.to.as_millisecond());
        let now = cases_of(&version, query, period);
        let before = cases_of(&version, query, (before_from_ms, period.0));
        if now.len().max(before.len()) > MOST_CASES {
            let message = format!("more than {MOST_CASES} cases came in: name a class, or a shorter period");
            return Err(CityError::Refused(vec![refusal("class", "", &message)]));
        }
        let (mut hotspots, more) = found(&version, query, &now, &before);
        for (hotspot, members) in &mut hotspots {
            hotspot.covered_share = covered_share(&version, &now, members);
        }
        Ok(HotspotAnswer {
            from: query.from,
            to: query.to,
            before_from,
            cases: now.len(),
            hotspots: hotspots.into_iter().map(|(hotspot, _)| hotspot).collect(),
            more,
            as_of: self.as_of(),
            snapshot: version.snapshot.to_string(),
        })
    }
}

fn cases_of<'a>(version: &'a Version, query: &HotspotQuery, (from, to): (i64, i64)) -> Vec<Seen<'a>> {
    let filter = NearbyFilter { category: query.class.clone(), ..NearbyFilter::default() };
    let view = version.view(Collection::Case);
    let received = Collection::Case.spec().position("received_at");
    let mut seen: Vec<Seen<'a>> = view
        .rows()
        .filter_map(|row| {
            let came_ms = row.int(received?).filter(|ms| (from..to).contains(ms))?;
            let at = row.shape().as_point()?;
            let counts = row.bool_of("is_drill") != Some(true)
                && filter.holds(row, version.minute_ms, &version.people);
            counts.then_some(Seen { row, at, came_ms })
        })
        .collect();
    // The answer does not depend on which rows were written last.
    seen.sort_by_key(|seen| seen.row.id());
    seen
}

fn found(
    version: &Version,
    query: &HotspotQuery,
    now: &[Seen<'_>],
    before: &[Seen<'_>],
) -> (Vec<(Hotspot, Vec<usize>)>, bool) {
    let Some(first) = now.first() else { return (Vec::new(), false) };
    let plane = Plane::around(LonLat::from(first.at));
    let happening = |seen: &Seen<'_>| {
        let metres = plane.metres(seen.at);
        Happening { east_m: metres.east, south_m: metres.south, at_ms: seen.came_ms }
    };
    let happenings: Vec<Happening> = now.iter().map(happening).collect();
    let earlier: Vec<Happening> = before.iter().map(happening).collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "some days in milliseconds"
    )]
    let reach_ms = (query.reach_days * DAY_MS as f64) as i64;
    let density = Density { reach_m: query.reach_m, reach_ms, least: query.least };
    let mut groups = clusters(&happenings, density);
    groups.sort_by_key(|members| (std::cmp::Reverse(members.len()), members.first().copied()));
    let more = groups.len() > query.limit;
    groups.truncate(query.limit);
    let hotspots = groups
        .into_iter()
        .map(|members| (hotspot(version, now, &happenings, &earlier, &members, &plane), members))
        .collect();
    (hotspots, more)
}

fn hotspot(
    version: &Version,
    now: &[Seen<'_>],
    happenings: &[Happening],
    earlier: &[Happening],
    members: &[usize],
    plane: &Plane,
) -> Hotspot {
    #[expect(clippy::cast_precision_loss, reason = "few cases")]
    let mean = |of: fn(&Happening) -> f64| {
        members.iter().map(|place| of(&happenings[*place])).sum::<f64>() / members.len() as f64
    };
    let (east, south) = (mean(|happening| happening.east_m), mean(|happening| happening.south_m));
    let away = |happening: &Happening| (happening.east_m - east).hypot(happening.south_m - south);
    let radius_m = members.iter().map(|place| away(&happenings[*place])).fold(0.0, f64::max);
    let before = earlier.iter().filter(|happening| away(happening) <= radius_m).count();
    let at = LonLat::from(plane.point_at(cim_mirror::Metres { east, south }));
    let rows = || members.iter().map(|place| now[*place].row);
    let mut departments: Vec<String> =
        rows().filter_map(|row| row.text_of("lead_department_code")).map(str::to_owned).collect();
    departments.sort();
    departments.dedup();
    let mut latest: Vec<Row<'_>> = rows().collect();
    latest.sort_by_key(|row| (std::cmp::Reverse(came_in_ms(*row)), row.id()));
    let time =
        |row: Option<&Row<'_>>| Some(Timestamp::from_millisecond(came_in_ms(*row?)?).ok()?.to_string());
    Hotspot {
        lon: to_centimetre_degrees(at.lon),
        lat: to_centimetre_degrees(at.lat),
        radius_m: (radius_m * 10.0).round() / 10.0,
        count: members.len(),
        open: rows().filter(|row| is_open(row.text_of("state"))).count(),
        before,
        trend: trend(members.len(), before),
        first_at: time(latest.last()),
        last_at: time(latest.first()),
        departments,
        unit_code: version.units.at(at).chain.first().map(|unit| unit.code.clone()),
        covered_share: 0.0,
        case_nos: latest
            .iter()
            .take(10)
            .filter_map(|row| row.text_of("case_no"))
            .map(str::to_owned)
            .collect(),
    }
}

fn trend(now: usize, before: usize) -> &'static str {
    match (now, before) {
        (_, 0) => "new",
        (now, before) if now * 2 >= before * 3 => "rising",
        (now, before) if now * 2 <= before => "falling",
        _ => "steady",
    }
}

/// Which part of some of the cases a working camera sees.
fn covered_share(version: &Version, now: &[Seen<'_>], members: &[usize]) -> f64 {
    let step = members.len().div_ceil(LOOKED_AT).max(1);
    let looked_at: Vec<&usize> = members.iter().step_by(step).collect();
    let is_covered = |place: &&&usize| {
        let at = LonLat::from(now[***place].at);
        sights(version, at, USUAL_TARGET_HEIGHT_M)
            .iter()
            .any(|camera| camera.sight != "blocked" && camera.status.as_deref() == Some("online"))
    };
    #[expect(clippy::cast_precision_loss, reason = "a dozen")]
    let share = looked_at.iter().filter(is_covered).count() as f64 / looked_at.len().max(1) as f64;
    (share * 100.0).round() / 100.0
}
