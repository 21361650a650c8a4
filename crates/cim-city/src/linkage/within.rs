//! What a drawn area holds: people, buildings, work and cameras, and the grids it cuts with those to call.

use std::collections::BTreeMap;

use cim_access::Scope;
use cim_crs::{LonLat, bearing_deg, distance_m};
use cim_mirror::{Area, Inside, Near, Row, WorldPoint};
use cim_model::Collection;
use cim_tile::{is_open, is_overdue};
use geo_types::MultiPolygon;
use serde::Serialize;

use super::area_question::drawn_area;
use super::item::{NearbyItem, item_of};
use crate::responsible::today;
use crate::version::Version;
use crate::{City, CityError, PostAnswer, refusal};

/// Kinds that are counted in every area, and can be listed.
pub const WITHIN_KINDS: &[Collection] = &[
    Collection::Case,
    Collection::Finding,
    Collection::Inspection,
    Collection::Camera,
    Collection::KeyPlace,
    Collection::Building,
    Collection::Address,
    Collection::GridStation,
];
/// Smaller shares of a grid are a line along its border.
const LEAST_SHARE: f64 = 0.000_1;

/// A drawn area.
#[derive(Debug, Clone, PartialEq)]
pub struct WithinQuery {
    /// The area in degrees of longitude and latitude.
    pub area: MultiPolygon<f64>,
    /// Kinds to list beside counting them.
    pub kinds: Vec<Collection>,
    /// At most so many of each kind in the lists.
    pub limit: usize,
}

/// What lies in it. Points count where they are, larger things where their middle is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithinAnswer {
    /// Its ground area in square metres.
    pub area_m2: f64,
    /// How many of each kind.
    pub counts: BTreeMap<&'static str, u64>,
    /// Households of its buildings.
    pub households: i64,
    /// People who live in its buildings.
    pub population: i64,
    /// Its buildings by use.
    pub buildings_by_use: BTreeMap<String, u64>,
    /// Its cases by state.
    pub cases_by_state: BTreeMap<String, u64>,
    /// Cases that are still to be done.
    pub open_cases: u64,
    /// Of those, the ones past their due time.
    pub overdue_cases: u64,
    /// Its cameras by status.
    pub cameras_by_status: BTreeMap<String, u64>,
    /// Its key places by kind.
    pub key_places_by_kind: BTreeMap<String, u64>,
    /// Comprehensive grids that it cuts or holds, largest share first; finer or coarser ones where the city has none.
    pub grids: Vec<CutGrid>,
    /// Whom to call, in the order of the grids.
    pub call_list: Vec<CalledGrid>,
    /// The things themselves, by kind, nearest to the middle of the area first.
    pub items: BTreeMap<&'static str, Vec<NearbyItem>>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// A grid that the area touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutGrid {
    /// Its collection's name.
    pub level: &'static str,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Which part of the grid lies in the area, 0 to 1.
    pub share: f64,
}

/// The posts of a grid to call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalledGrid {
    /// The grid's code.
    pub grid_code: String,
    /// The grid's name.
    pub grid_name: String,
    /// Its posts, vacant ones too.
    pub posts: Vec<PostAnswer>,
}

impl City {
    /// What a drawn area holds.
    pub fn within(&self, scope: &Scope, query: &WithinQuery) -> Result<WithinAnswer, CityError> {
        let refused = |message: &str| CityError::Refused(vec![refusal("area", "", message)]);
        drawn_area(&query.area).map_err(|error| refused(&error.to_string()))?;
        let area = Area::new(&query.area).ok_or_else(|| refused("the area has no extent"))?;
        let version = self.version_for(scope)?;
        let mut answer = WithinAnswer {
            area_m2: (area.area_m2() * 10.0).round() / 10.0,
            counts: BTreeMap::new(),
            households: 0,
            population: 0,
            buildings_by_use: BTreeMap::new(),
            cases_by_state: BTreeMap::new(),
            open_cases: 0,
            overdue_cases: 0,
            cameras_by_status: BTreeMap::new(),
            key_places_by_kind: BTreeMap::new(),
            grids: cut_grids(&version, &area),
            call_list: Vec::new(),
            items: BTreeMap::new(),
            as_of: self.as_of(),
            snapshot: version.snapshot.to_string(),
        };
        let called = answer.grids.iter().map(|grid| CalledGrid {
            grid_code: grid.code.clone(),
            grid_name: grid.name.clone(),
            posts: version.people.posts_of(&grid.code, today()),
        });
        answer.call_list = called.filter(|grid| !grid.posts.is_empty()).collect();
        for kind in WITHIN_KINDS {
            let rows: Vec<Inside<'_>> = area.rows(version.view(*kind)).collect();
            answer.counts.insert(kind.name(), rows.len() as u64);
            answer.count(*kind, &rows, version.minute_ms);
            if query.kinds.contains(kind) {
                answer.items.insert(kind.name(), listed(*kind, rows, &area, query.limit));
            }
        }
        Ok(answer)
    }
}

impl WithinAnswer {
    fn count(&mut self, kind: Collection, rows: &[Inside<'_>], now_ms: i64) {
        let place = |name| kind.spec().position(name);
        let tally = |name| {
            let position = place(name);
            tallied(rows, |row| row.text(position?))
        };
        match kind {
            Collection::Building => {
                let sum = |name| {
                    let position = place(name);
                    rows.iter().filter_map(|inside| inside.row.int(position?)).sum::<i64>()
                };
                (self.households, self.population) = (sum("household_count"), sum("population"));
                self.buildings_by_use = tally("use");
            }
            Collection::Case => {
                self.cases_by_state = tally("state");
                let (state, due) = (place("state"), place("due_at"));
                let open =
                    rows.iter().filter(|inside| is_open(state.and_then(|place| inside.row.text(place))));
                for inside in open {
                    self.open_cases += 1;
                    let due_ms = due.and_then(|place| inside.row.int(place));
                    self.overdue_cases += u64::from(is_overdue(due_ms, now_ms));
                }
            }
            Collection::Camera => self.cameras_by_status = tally("status"),
            Collection::KeyPlace => self.key_places_by_kind = tally("kind"),
            _ => {}
        }
    }
}

/// How many rows have each word; those without one under `unknown`.
fn tallied<'a>(rows: &[Inside<'a>], word: impl Fn(Row<'a>) -> Option<&'a str>) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for inside in rows {
        *counts.entry(word(inside.row).unwrap_or("unknown")).or_default() += 1;
    }
    counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

fn listed(kind: Collection, rows: Vec<Inside<'_>>, area: &Area, limit: usize) -> Vec<NearbyItem> {
    let bounds = area.bounds();
    let middle =
        WorldPoint { x: bounds.min_x.midpoint(bounds.max_x), y: bounds.min_y.midpoint(bounds.max_y) };
    let from = LonLat::from(middle);
    let mut rows = rows;
    let away = |inside: &Inside<'_>| {
        let (x, y) =
            (f64::from(inside.at.x) - f64::from(middle.x), f64::from(inside.at.y) - f64::from(middle.y));
        x.hypot(y)
    };
    // On the map first: only what is listed is measured.
    rows.sort_by(|a, b| away(a).total_cmp(&away(b)).then(a.row.id().cmp(&b.row.id())));
    rows.truncate(limit);
    let mut near: Vec<Near<'_>> = rows
        .into_iter()
        .map(|Inside { row, at }| {
            let at = LonLat::from(at);
            Near { row, distance_m: distance_m(from, at), bearing_deg: 0.0, at }
        })
        .collect();
    near.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.row.id().cmp(&b.row.id())));
    for near in &mut near {
        near.bearing_deg = bearing_deg(from, near.at);
    }
    near.iter().map(|near| item_of(kind, near)).collect()
}

fn cut_grids(version: &Version, area: &Area) -> Vec<CutGrid> {
    let levels =
        [Collection::ComprehensiveGrid, Collection::MicroGrid, Collection::Village, Collection::Town];
    let level = levels.into_iter().find(|level| !version.view(*level).is_empty());
    let Some(level) = level else { return Vec::new() };
    let cut = |row: Row<'_>| {
        let share = area.share_of(row.shape());
        (share >= LEAST_SHARE).then(|| CutGrid {
            level: level.name(),
            code: row.text_of("code").unwrap_or_default().to_owned(),
            name: row.text_of("name").unwrap_or_default().to_owned(),
            share: (share * 10_000.0).round() / 10_000.0,
        })
    };
    let mut grids: Vec<CutGrid> = version.view(level).meeting(&area.bounds()).filter_map(cut).collect();
    grids.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.code.cmp(&b.code)));
    grids
}
