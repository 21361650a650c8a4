//! Working out who is responsible for a point, alone or in a batch.

use std::collections::HashMap;
use std::sync::Arc;

use cim_crs::LonLat;
use cim_mirror::nearest;
use cim_model::{Collection, ExclusivePolicy};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use crate::people::{People, Rule};
use crate::responsibility::{
    ChainUnit, DepartmentRole, NearestUnit, ResponsibilityAnswer, ResponsibilityQuery, ResponsibilityRow,
    Responsible, UnitName,
};
use crate::units::{Place, Unit};
use crate::version::Version;

/// A rule about a kind of key place holds within so many metres of one.
const KEY_PLACE_REACH_M: f64 = 30.0;
const CHINA_OFFSET_HOURS: i8 = 8;

/// Answers many points from one version.
pub(crate) struct Batch {
    version: Arc<Version>,
    moment: Moment,
    /// Departments by finest unit, exclusive grid and category: most points of a batch repeat one of these.
    known: HashMap<(String, Option<String>, Option<String>), Vec<DepartmentRole>>,
}

/// The day and hour that rules and posts are asked for, in China's one time zone.
#[derive(Debug, Clone, Copy)]
struct Moment {
    day: i64,
    time: Time,
}

impl Moment {
    fn now() -> Self {
        Self::of(Timestamp::now())
    }

    fn of(time: Timestamp) -> Self {
        let now = time.to_zoned(TimeZone::fixed(Offset::constant(CHINA_OFFSET_HOURS)));
        let day = now.date().since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
        Self { day, time: now.time() }
    }
}

/// The day that it is in China.
pub(crate) fn china_today() -> Date {
    china_day(Timestamp::now())
}

/// The day that it was in China at a time.
pub(crate) fn china_day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::fixed(Offset::constant(CHINA_OFFSET_HOURS))).date()
}

/// The day that it is in China, counted from 1970.
pub(crate) fn today() -> i64 {
    Moment::now().day
}

impl Batch {
    /// The PostgreSQL snapshot of all rows.
    pub(crate) fn snapshot(&self) -> String {
        self.version.snapshot.to_string()
    }

    pub(crate) fn new(version: Arc<Version>) -> Self {
        Self { version, moment: Moment::now(), known: HashMap::new() }
    }

    pub(crate) fn row(&mut self, query: &ResponsibilityQuery) -> ResponsibilityRow {
        let version = Arc::clone(&self.version);
        let place = version.units.at(query.at);
        let category = query.category.as_deref();
        ResponsibilityRow {
            inside: !place.chain.is_empty(),
            chain: place.chain.iter().map(|unit| name_of(unit)).collect(),
            exclusive_grid: place.exclusive.map(|unit| unit.code.clone()),
            responsible: responsible(&version, &place, category),
            departments: self.departments(&version, &place, query),
            on_boundary: place.on_boundary,
            distance_to_border_m: place.distance_to_border_m.map(rounded),
            revision: version.units.revision,
            nearest: nearest_unit(&version, &place, query.at),
        }
    }

    fn departments(
        &mut self,
        version: &Version,
        place: &Place<'_>,
        query: &ResponsibilityQuery,
    ) -> Vec<DepartmentRole> {
        let Some(finest) = place.chain.first() else { return Vec::new() };
        if version.people.rules.iter().any(|rule| rule.key_place_kind.is_some()) {
            return departments(version, place, query, self.moment);
        }
        let exclusive = place.exclusive.map(|unit| unit.code.clone());
        let key = (finest.code.clone(), exclusive, query.category.clone());
        let moment = self.moment;
        self.known.entry(key).or_insert_with(|| departments(version, place, query, moment)).clone()
    }
}

/// The full answer for one point.
pub(crate) fn answer(version: &Version, query: &ResponsibilityQuery, as_of: String) -> ResponsibilityAnswer {
    let place = version.units.at(query.at);
    answer_at(version, query, &place, version.units.revision, as_of)
}

/// The full answer for one point that lies where it is said to lie.
pub(crate) fn answer_at(
    version: &Version,
    query: &ResponsibilityQuery,
    place: &Place<'_>,
    revision: Option<i64>,
    as_of: String,
) -> ResponsibilityAnswer {
    let moment = query.datetime.map_or_else(Moment::now, Moment::of);
    let with_posts = |unit: &Unit| chain_unit(&version.people, unit, moment.day);
    let comprehensive = place.chain.iter().find(|unit| unit.level == Collection::ComprehensiveGrid);
    ResponsibilityAnswer {
        inside: !place.chain.is_empty(),
        chain: place.chain.iter().map(|unit| with_posts(unit)).collect(),
        comprehensive_grid: comprehensive.map(|unit| name_of(unit)),
        exclusive_grid: place.exclusive.map(with_posts),
        responsible: responsible(version, place, query.category.as_deref()),
        departments: departments(version, place, query, moment),
        on_boundary: place.on_boundary,
        distance_to_border_m: place.distance_to_border_m.map(rounded),
        revision,
        nearest: nearest_unit(version, place, query.at),
        as_of,
        snapshot: version.snapshot.to_string(),
    }
}

fn rounded(metres: f64) -> f64 {
    (metres * 1000.0).round() / 1000.0
}

fn name_of(unit: &Unit) -> UnitName {
    UnitName { level: unit.level.name(), code: unit.code.clone(), name: unit.name.clone() }
}

fn nearest_unit(version: &Version, place: &Place<'_>, at: LonLat) -> Option<NearestUnit> {
    if !place.chain.is_empty() {
        return None;
    }
    let (unit, distance_m) = version.units.nearest(at)?;
    Some(NearestUnit { unit: name_of(unit), distance_m: rounded(distance_m) })
}

fn chain_unit(people: &People, unit: &Unit, day: i64) -> ChainUnit {
    ChainUnit {
        level: unit.level.name(),
        code: unit.code.clone(),
        name: unit.name.clone(),
        kind: unit.kind.clone(),
        posts: people.posts_of(&unit.code, day),
    }
}

/// Who answers first: the exclusive grid when the city's policy or the category says so, else the comprehensive grid.
fn responsible(version: &Version, place: &Place<'_>, category: Option<&str>) -> Option<Responsible> {
    let finest = place.chain.first()?;
    let exclusive = place.exclusive.and_then(|unit| {
        let lists = |kind: &str, category| version.people.exclusive_answers(kind, category);
        let is_listed =
            unit.kind.as_deref().zip(category).is_some_and(|(kind, category)| lists(kind, category));
        match version.exclusive_policy() {
            ExclusivePolicy::Replace => Some((unit, "exclusive_replaces")),
            ExclusivePolicy::Overlay => is_listed.then_some((unit, "exclusive_lists_category")),
        }
    });
    let comprehensive = place.chain.iter().find(|unit| unit.level == Collection::ComprehensiveGrid);
    let by_area = comprehensive.map_or((*finest, "finest_unit"), |unit| (*unit, "comprehensive_grid"));
    let (unit, rule) = exclusive.unwrap_or(by_area);
    Some(Responsible { unit: name_of(unit), rule })
}

/// The departments of the first rule that holds; rules stand by priority.
fn departments(
    version: &Version,
    place: &Place<'_>,
    query: &ResponsibilityQuery,
    moment: Moment,
) -> Vec<DepartmentRole> {
    if place.chain.is_empty() {
        return Vec::new();
    }
    let people = &version.people;
    let holds = |rule: &&Rule| {
        rule_holds(people, rule, place, query.category.as_deref())
            && rule.hours.is_none_or(|hours| hours.hold_at(moment.time))
            && rule.key_place_kind.as_deref().is_none_or(|kind| has_key_place(version, query.at, kind))
    };
    let Some(rule) = people.rules.iter().find(holds) else { return Vec::new() };
    let part = |role: &'static str, code: &String| DepartmentRole {
        role,
        code: code.clone(),
        department: people.department_name(code),
        rule: rule.number.clone(),
    };
    let assists = rule.assists.iter().filter(|code| **code != rule.lead).map(|code| part("assist", code));
    std::iter::once(part("lead", &rule.lead)).chain(assists).collect()
}

fn rule_holds(people: &People, rule: &Rule, place: &Place<'_>, category: Option<&str>) -> bool {
    let of_category = rule
        .category
        .as_deref()
        .is_none_or(|wanted| category.is_some_and(|category| people.is_within(category, wanted)));
    let units = || place.chain.iter().copied().chain(place.exclusive);
    let of_unit = rule.unit.as_deref().is_none_or(|wanted| units().any(|unit| unit.code == wanted));
    let of_exclusive = rule
        .exclusive_kind
        .as_deref()
        .is_none_or(|wanted| place.exclusive.and_then(|unit| unit.kind.as_deref()) == Some(wanted));
    of_category && of_unit && of_exclusive
}

fn has_key_place(version: &Version, at: LonLat, kind: &str) -> bool {
    let view = version.view(Collection::KeyPlace);
    let (found, _) = nearest(view, at, KEY_PLACE_REACH_M, 1, |row| row.text_of("kind") == Some(kind));
    !found.is_empty()
}
