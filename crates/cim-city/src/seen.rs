//! The city as a scope shows it: things outside of it are as if they were not there, in every answer and every tile.

use std::sync::Arc;

use cim_access::{Areas, Clearance, Departments, Reach, Scope};
use cim_crs::LonLat;
use cim_mirror::{RowFilter, middle};
use cim_model::{Collection, Record, Value};

use crate::unit_count::COUNTED;
use crate::units::Units;
use crate::version::{Version, place_of};
use crate::work::{point_of, text_of};
use crate::{City, CityError};

/// The kinds that a scope limits; the map beneath them is the same for all.
const LIMITED: [Collection; 4] =
    [Collection::Case, Collection::Finding, Collection::Inspection, Collection::Camera];

/// What decides whether a thing is seen.
struct Facts<'a> {
    at: Option<LonLat>,
    departments: Vec<&'a str>,
    clearance: Clearance,
}

impl City {
    /// The present version as a scope shows it.
    pub(crate) fn version_for(&self, scope: &Scope) -> Result<Arc<Version>, CityError> {
        Ok(seen_by(&self.version()?, scope))
    }

    /// Whether a scope shows a row that was read from the database.
    pub(crate) fn sees(
        &self,
        scope: &Scope,
        collection: Collection,
        record: &Record,
    ) -> Result<bool, CityError> {
        let reach = scope.reach();
        if sees_all(scope, collection) {
            return Ok(true);
        }
        let departments = department_fields(collection).iter();
        let departments: Vec<String> =
            departments.filter_map(|name| text_of(collection, record, name)).collect();
        let secrecy = collection.spec().position("secrecy").and_then(|place| record.values.get(place));
        let facts = Facts {
            at: point_of(collection, record),
            departments: departments.iter().map(String::as_str).collect(),
            clearance: clearance_of(matches!(secrecy, Some(Value::Bool(true)))),
        };
        Ok(shows(reach, &self.version()?.units, &facts))
    }
}

/// The version as a scope shows it; the same one where it shows everything.
pub(crate) fn seen_by(version: &Arc<Version>, scope: &Scope) -> Arc<Version> {
    let reach = scope.reach();
    let limited = LIMITED.into_iter().filter(|collection| !sees_all(scope, *collection));
    let limited: Vec<Collection> = limited.collect();
    if limited.is_empty() {
        return Arc::clone(version);
    }
    let mut seen = (**version).clone();
    for collection in limited {
        let view = &mut seen.views[place_of(collection)];
        *view = view.limited_to(rule(collection, reach.clone(), Arc::clone(&version.units)));
    }
    // Counts of units are of everybody's work, and of secret cameras too.
    let hidden = if sees_unplaced(scope) { &[Collection::Camera][..] } else { COUNTED };
    seen.unit_counts = Arc::new(version.unit_counts.without(hidden));
    Arc::new(seen)
}

/// Whether a scope shows things of which nobody knows where they are: only who sees all areas and departments sees those.
pub(crate) fn sees_unplaced(scope: &Scope) -> bool {
    scope.reach().areas == Areas::All && scope.reach().departments == Departments::All
}

/// Whether a scope shows all things of a collection.
pub(crate) fn sees_all(scope: &Scope, collection: Collection) -> bool {
    !LIMITED.contains(&collection)
        || sees_unplaced(scope)
            && (collection != Collection::Camera || scope.reach().is_cleared_for(Clearance::Secret))
}

fn rule(collection: Collection, reach: Reach, units: Arc<Units>) -> RowFilter {
    let spec = collection.spec();
    let fields = department_fields(collection).iter().filter_map(|name| spec.position(name));
    let (fields, secrecy): (Vec<usize>, _) = (fields.collect(), spec.position("secrecy"));
    RowFilter::new(move |row| {
        let facts = Facts {
            at: middle(row.shape()).map(LonLat::from),
            departments: fields.iter().filter_map(|place| row.text(*place)).collect(),
            clearance: clearance_of(secrecy.and_then(|place| row.bool(place)) == Some(true)),
        };
        shows(&reach, &units, &facts)
    })
}

fn shows(reach: &Reach, units: &Units, facts: &Facts<'_>) -> bool {
    let town = || facts.at.and_then(|at| units.code_at(Collection::Town, at));
    let town = if reach.areas == Areas::All { None } else { town() };
    reach.is_cleared_for(facts.clearance) && reach.sees_case(town, &facts.departments)
}

fn clearance_of(is_secret: bool) -> Clearance {
    if is_secret { Clearance::Secret } else { Clearance::Open }
}

/// The fields that name whose work a thing is.
fn department_fields(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Case => &["lead_department_code"],
        Collection::Inspection => &["department_code"],
        Collection::Camera => &["owner_department_code"],
        _ => &[],
    }
}
