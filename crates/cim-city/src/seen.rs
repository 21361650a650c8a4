//! The city as a scope shows it: things outside of it are as if they were not there, in every answer and every tile.

use std::sync::Arc;

use cim_access::{Areas, Clearance, Departments, Reach, Scope};
use cim_crs::LonLat;
use cim_mirror::{RowFilter, WorldBox, middle};
use cim_model::{Collection, Record, Value};
use cim_tile::{LayerSource, Tileset};

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
    department: Option<&'a str>,
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
        if sees_all(scope, collection) {
            return Ok(true);
        }
        let department = department_field(collection).and_then(|name| text_of(collection, record, name));
        let secrecy = collection.spec().position("secrecy").and_then(|place| record.values.get(place));
        let facts = Facts {
            at: point_of(collection, record),
            department: department.as_deref(),
            clearance: clearance_of(matches!(secrecy, Some(Value::Bool(true)))),
        };
        Ok(shows(scope.reach(), &self.version()?.units, &facts))
    }
}

/// The version as a scope shows it; the same one where it shows everything.
pub(crate) fn seen_by(version: &Arc<Version>, scope: &Scope) -> Arc<Version> {
    if sees_everything(scope) {
        return Arc::clone(version);
    }
    let mut seen = (**version).clone();
    for collection in LIMITED.into_iter().filter(|collection| !sees_all(scope, *collection)) {
        let view = &mut seen.views[place_of(collection)];
        *view = view.limited_to(rule(collection, scope.reach().clone(), Arc::clone(&version.units)));
    }
    seen.unit_counts = Arc::new(version.unit_counts.without(hidden_counts(scope)));
    Arc::new(seen)
}

/// The version as everybody shows it who is not cleared for secret cameras.
pub(crate) fn without_secrets(version: &Arc<Version>) -> Version {
    let mut seen = (**version).clone();
    let reach = Reach::whole_district(Clearance::Open);
    let view = &mut seen.views[place_of(Collection::Camera)];
    *view = view.limited_to(rule(Collection::Camera, reach, Arc::clone(&version.units)));
    seen.unit_counts = Arc::new(version.unit_counts.without(&[Collection::Camera]));
    seen
}

/// What of the changes a scope is told of.
pub(crate) struct Hearing {
    reach: Reach,
}

impl Hearing {
    pub(crate) fn of(scope: &Scope) -> Self {
        Self { reach: scope.reach().clone() }
    }

    /// Whether changes that secret cameras alone made are told.
    pub(crate) fn is_cleared(&self) -> bool {
        self.reach.is_cleared_for(Clearance::Secret)
    }

    /// The boxes outside of which no change of a collection is told; none where all are.
    pub(crate) fn boxes(&self, collection: &str, version: &Version) -> Option<Vec<WorldBox>> {
        let Areas::Towns(codes) = &self.reach.areas else { return None };
        if LIMITED.iter().all(|limited| limited.name() != collection) {
            return None;
        }
        let towns = version.view(Collection::Town).rows();
        let seen = towns.filter(|town| town.text_of("code").is_some_and(|code| codes.contains(code)));
        Some(seen.filter_map(|town| town.shape().bounds()).collect())
    }
}

/// Counts of units are of everybody's work, and of secret cameras too.
fn hidden_counts(scope: &Scope) -> &'static [Collection] {
    match (sees_unplaced(scope), sees_all(scope, Collection::Camera)) {
        (true, true) => &[],
        (true, false) => &[Collection::Camera],
        (false, _) => COUNTED,
    }
}

/// What tiles of a tileset depend on beside their stamp, for a scope. A stamp tells of tiles that differ for who sees
/// everything: whose case it is, or in which town it lies since a border moved, may show in none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct ScopeState {
    class_number: u64,
    changed_in: u64,
}

impl ScopeState {
    /// The same for all scopes where the tileset shows nothing that one limits: they share its tiles.
    pub(crate) fn of(scope: &Scope, tileset: &Tileset, version: &Version) -> Self {
        let is_limited = |source: LayerSource| match source {
            LayerSource::Collection(collection) => !sees_all(scope, collection),
            LayerSource::Count(counted) => hidden_counts(scope).contains(&counted.of),
            LayerSource::Boundary(_) | LayerSource::UnitLabel => false,
        };
        if !tileset.layers.iter().any(|layer| is_limited(layer.source)) {
            return Self::default();
        }
        let decisive = LIMITED.iter().chain(&[Collection::Town]);
        let changed_in = decisive.map(|collection| version.changed_in[place_of(*collection)]).max();
        Self { class_number: scope.reach().class_number(), changed_in: changed_in.unwrap_or_default() }
    }
}

/// Whether a scope shows all there is.
pub(crate) fn sees_everything(scope: &Scope) -> bool {
    LIMITED.iter().all(|collection| sees_all(scope, *collection))
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
    let department = department_field(collection).and_then(|name| spec.position(name));
    let secrecy = spec.position("secrecy");
    RowFilter::new(move |row| {
        let facts = Facts {
            at: middle(row.shape()).map(LonLat::from),
            department: department.and_then(|place| row.text(place)),
            clearance: clearance_of(secrecy.and_then(|place| row.bool(place)) == Some(true)),
        };
        shows(&reach, &units, &facts)
    })
}

fn shows(reach: &Reach, units: &Units, facts: &Facts<'_>) -> bool {
    let town = || facts.at.and_then(|at| units.code_at(Collection::Town, at));
    let town = if reach.areas == Areas::All { None } else { town() };
    reach.is_cleared_for(facts.clearance) && reach.sees_case(town, facts.department.as_slice())
}

fn clearance_of(is_secret: bool) -> Clearance {
    if is_secret { Clearance::Secret } else { Clearance::Open }
}

/// The field that names whose work a thing is.
fn department_field(collection: Collection) -> Option<&'static str> {
    match collection {
        Collection::Case => Some("lead_department_code"),
        Collection::Inspection => Some("department_code"),
        Collection::Camera => Some("owner_department_code"),
        _ => None,
    }
}
