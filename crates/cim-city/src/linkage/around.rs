//! The linkage view: everything around a case, a thing or a point in one answer, in groups of a fixed order.

use cim_access::Scope;
use cim_crs::{LonLat, bearing_deg, distance_m};
use cim_mirror::middle;
use cim_model::Collection;
use serde::Serialize;

use super::buildings::{address_at, building_at};
use super::item::{NearbyItem, name_of, state_of, to_centimetre_degrees, to_centimetres, to_tenths};
use super::nearby::{NEARBY_KINDS, NearbyFilter, NearbyQuery, StateFilter, near_of};
use super::seeing::{CameraSight, USUAL_TARGET_HEIGHT_M, sights};
use crate::responsible;
use crate::version::Version;
use crate::{City, CityError, PostAnswer, ResponsibilityAnswer, ResponsibilityQuery};

/// Things at one place lie within this distance.
const SAME_PLACE_M: f64 = 15.0;
/// Nobody reads more of one group.
const GROUP_LIMIT: usize = 20;
/// Stations beyond the chain's own that are still of help.
const STATIONS: usize = 3;

/// What is in the middle.
#[derive(Debug, Clone, PartialEq)]
pub enum AroundTarget {
    /// A thing, by its kind and business key.
    Thing(Collection, String),
    /// A point.
    Point(LonLat),
}

/// A place and how far around it.
#[derive(Debug, Clone, PartialEq)]
pub struct AroundQuery {
    /// What is in the middle.
    pub target: AroundTarget,
    /// How far around, metres.
    pub radius_m: f64,
}

/// Everything around it; the groups always come in this order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AroundAnswer {
    /// What is in the middle.
    pub target: TargetAnswer,
    /// Both lines of responsibility.
    pub responsibility: ResponsibilityAnswer,
    /// Cameras that have it in range: those that see it first.
    pub cameras: Group<CameraSight>,
    /// Cases, findings and inspections at the same building, address or spot, latest first.
    pub history: Group<NearbyItem>,
    /// Open cases near by, nearest first.
    pub cases: Group<NearbyItem>,
    /// Inspections near by, nearest first.
    pub inspections: Group<NearbyItem>,
    /// Open findings near by, nearest first.
    pub findings: Group<NearbyItem>,
    /// Key places near by, nearest first.
    pub key_places: Group<NearbyItem>,
    /// Grid stations and the posts of the responsible units.
    pub staff: Group<Staff>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// What is in the middle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetAnswer {
    /// Its collection's name; none for a point.
    pub kind: Option<&'static str>,
    /// Its business key.
    pub id: Option<String>,
    /// Its name or title.
    pub name: Option<String>,
    /// Its state.
    pub state: Option<String>,
    /// Its class.
    pub category_code: Option<String>,
    /// The building that it is in or at.
    pub building_code: Option<String>,
    /// The address that it is at.
    pub address: Option<String>,
    /// Where it is.
    pub lon: f64,
    /// Where it is.
    pub lat: f64,
}

/// Rows of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group<T> {
    /// The rows.
    pub items: Vec<T>,
    /// There are more.
    pub more: bool,
}

/// People to call: a post and where its station is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Staff {
    /// The collection of the unit or `grid_station`.
    pub level: &'static str,
    /// The code of the unit or station.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its posts.
    pub posts: Vec<PostAnswer>,
    /// Geodesic metres to the station; none for a unit without one.
    pub distance_m: Option<f64>,
    /// Degrees clockwise from north to the station.
    pub bearing_deg: Option<f64>,
}

impl City {
    /// Everything around a thing or a point.
    pub fn around(&self, scope: &Scope, query: &AroundQuery) -> Result<AroundAnswer, CityError> {
        let version = self.version_for(scope)?;
        let (at, target, own) = target_of(&version, &query.target)?;
        let asked = ResponsibilityQuery { at, category: target.category_code.clone(), datetime: None };
        let responsibility = responsible::answer(&version, &asked, self.as_of());
        let near = |kind: Collection, state: Option<StateFilter>, radius_m: f64, limit: usize| {
            let filter = NearbyFilter { state, ..NearbyFilter::default() };
            let query = NearbyQuery { at, radius_m: Some(radius_m), kinds: Vec::new(), filter, limit };
            near_of(&version, &query, &[kind])
        };
        let nearest = |kind, state| group(near(kind, state, query.radius_m, GROUP_LIMIT + 1), own.as_ref());
        Ok(AroundAnswer {
            cameras: limited(sights(&version, at, USUAL_TARGET_HEIGHT_M)),
            history: history(&version, at, own.as_ref(), &|kind| {
                near(kind, None, SAME_PLACE_M, usize::MAX).0
            }),
            cases: nearest(Collection::Case, Some(StateFilter::Open)),
            inspections: nearest(Collection::Inspection, None),
            findings: nearest(Collection::Finding, Some(StateFilter::Open)),
            key_places: nearest(Collection::KeyPlace, None),
            staff: staff(&version, at, &responsibility),
            target,
            responsibility,
            as_of: self.as_of(),
            snapshot: version.snapshot.to_string(),
        })
    }
}

/// The thing in the middle, which its own groups leave out.
type Own = (&'static str, String);

fn target_of(
    version: &Version,
    target: &AroundTarget,
) -> Result<(LonLat, TargetAnswer, Option<Own>), CityError> {
    let (at, row) = match target {
        AroundTarget::Point(at) => (*at, None),
        AroundTarget::Thing(kind, id) => {
            let not_found = || CityError::NotFound { what: kind.name(), name: id.clone() };
            let row = version.view(*kind).with_key(id).filter(|_| NEARBY_KINDS.contains(kind));
            let row = row.ok_or_else(not_found)?;
            let placeless = || CityError::NotFound { what: "place", name: format!("{} {id}", kind.name()) };
            (LonLat::from(middle(row.shape()).ok_or_else(placeless)?), Some((kind.name(), id.clone(), row)))
        }
    };
    let code = |row: Option<cim_mirror::Row<'_>>| row.and_then(|row| row.text_of("code")).map(str::to_owned);
    let named = row.as_ref().map(|(_, _, row)| *row);
    let answer = TargetAnswer {
        kind: row.as_ref().map(|(kind, ..)| *kind),
        id: row.as_ref().map(|(_, id, _)| id.clone()),
        name: named.map(|row| name_of(row).to_owned()),
        state: named.and_then(state_of).map(str::to_owned),
        category_code: named.and_then(|row| row.text_of("category_code")).map(str::to_owned),
        building_code: code(building_at(version, at)),
        address: address_at(version, at).map(|row| name_of(row).to_owned()),
        lon: to_centimetre_degrees(at.lon),
        lat: to_centimetre_degrees(at.lat),
    };
    Ok((at, answer, row.map(|(kind, id, _)| (kind, id))))
}

fn limited<T>(mut items: Vec<T>) -> Group<T> {
    let more = items.len() > GROUP_LIMIT;
    items.truncate(GROUP_LIMIT);
    Group { items, more }
}

fn group((items, more): (Vec<NearbyItem>, bool), own: Option<&Own>) -> Group<NearbyItem> {
    let mut group = limited(without(items, own));
    group.more |= more;
    group
}

fn without(mut items: Vec<NearbyItem>, own: Option<&Own>) -> Vec<NearbyItem> {
    if let Some((kind, id)) = own {
        items.retain(|item| item.kind != *kind || item.id != *id);
    }
    items
}

/// Work at the same place, latest first: at the spot itself, and in the building that holds it.
fn history(
    version: &Version,
    at: LonLat,
    own: Option<&Own>,
    at_the_spot: &dyn Fn(Collection) -> Vec<NearbyItem>,
) -> Group<NearbyItem> {
    let building = building_at(version, at);
    let mut items: Vec<NearbyItem> = Vec::new();
    for kind in [Collection::Case, Collection::Finding, Collection::Inspection] {
        items.extend(at_the_spot(kind));
        let Some(building) = building else { continue };
        let Some(bounds) = building.shape().bounds() else { continue };
        let rows = version.view(kind).meeting(&bounds);
        let inside = rows.filter_map(|row| {
            let point = row.shape().as_point().filter(|point| building.shape().contains(*point))?;
            let there = LonLat::from(point);
            let (distance_m, bearing_deg) = (distance_m(at, there), bearing_deg(at, there));
            Some(super::item_of(kind, &cim_mirror::Near { row, distance_m, bearing_deg, at: there }))
        });
        items.extend(inside);
    }
    items
        .sort_by(|a, b| b.last_event_at.cmp(&a.last_event_at).then(a.kind.cmp(b.kind)).then(a.id.cmp(&b.id)));
    items.dedup_by(|a, b| a.kind == b.kind && a.id == b.id);
    limited(without(items, own))
}

/// The posts of the chain, finest unit first, each with its own station; then the nearest other stations.
fn staff(version: &Version, at: LonLat, responsibility: &ResponsibilityAnswer) -> Group<Staff> {
    let units = responsibility.exclusive_grid.iter().chain(&responsibility.chain);
    let mut items: Vec<Staff> = units
        .filter(|unit| !unit.posts.is_empty())
        .map(|unit| Staff {
            level: unit.level,
            code: unit.code.clone(),
            name: unit.name.clone(),
            posts: unit.posts.clone(),
            distance_m: None,
            bearing_deg: None,
        })
        .collect();
    for near in cim_mirror::nearest_few(version.view(Collection::GridStation), at, STATIONS, |_| true) {
        items.push(Staff {
            level: Collection::GridStation.name(),
            code: near.row.text_of(Collection::GridStation.id_field()).unwrap_or_default().to_owned(),
            name: name_of(near.row).to_owned(),
            posts: Vec::new(),
            distance_m: Some(to_centimetres(near.distance_m)),
            bearing_deg: Some(to_tenths(near.bearing_deg)),
        });
    }
    limited(items)
}
