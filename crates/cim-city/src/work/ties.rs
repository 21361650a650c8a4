//! Where things belong, and the queue of those that could not be tied.

use cim_access::Scope;
use cim_model::Collection;
use cim_store::Tie;
use serde::Serialize;

use super::store_error::failed;
use crate::seen::sees_unplaced;
use crate::{City, CityError};

/// Where a thing belongs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TieAnswer {
    /// `tied`, `failed` or `not_needed`.
    pub state: String,
    /// Why it could not be tied: `no_position`, `text_not_found`, `outside_the_city`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How its place was found.
    pub method: Option<String>,
    /// How far its real place may be, metres.
    pub accuracy_m: Option<f64>,
    /// The building that covers it, else the nearest within 10 m.
    pub building_code: Option<String>,
    /// How far that is, metres.
    pub building_distance_m: Option<f64>,
    /// The nearest address within 30 m.
    pub address_code: Option<String>,
    /// How far that is, metres.
    pub address_distance_m: Option<f64>,
    /// Its units now.
    #[serde(flatten)]
    pub units: TiedUnits,
    /// Its units when it was accepted.
    pub accepted: Option<TiedUnits>,
}

/// Codes of units and the boundary revision that they are of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TiedUnits {
    /// Micro grid code.
    pub micro_grid_code: Option<String>,
    /// Comprehensive grid code.
    pub comprehensive_grid_code: Option<String>,
    /// Exclusive grid code.
    pub exclusive_grid_code: Option<String>,
    /// Village code.
    pub village_code: Option<String>,
    /// Town code.
    pub town_code: Option<String>,
    /// The boundary revision under which it was tied.
    pub revision: Option<i64>,
}

/// A page of what could not be tied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailedTies {
    /// The things, in a lasting order.
    pub items: Vec<FailedTieAnswer>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// A thing that could not be tied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailedTieAnswer {
    /// Its collection's name.
    pub kind: String,
    /// Its business key.
    pub id: Option<String>,
    /// Its name or title.
    pub name: Option<String>,
    /// `no_position`, `text_not_found` or `outside_the_city`.
    pub reason: String,
    /// The place as the caller said it.
    pub raw_location: Option<String>,
    /// RFC 3339: since when.
    pub since: String,
    /// Where it is, when it lies outside.
    pub lon: Option<f64>,
    /// Where it is, when it lies outside.
    pub lat: Option<f64>,
}

impl City {
    /// What could not be tied to a place, from where a page before ended.
    pub async fn failed_ties(
        &self,
        scope: &Scope,
        after: Option<&(Collection, i64)>,
        limit: usize,
    ) -> Result<FailedTies, CityError> {
        if !sees_unplaced(scope) {
            return Ok(FailedTies { next: None, items: Vec::new() });
        }
        let after = after.map(|(collection, id)| (collection.name(), *id));
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self.inner.store.failed_ties(after, most).await.map_err(failed)?;
        let next = found.last().filter(|_| found.len() == limit);
        Ok(FailedTies {
            next: next.map(|last| format!("{}.{}", last.collection, last.row_id)),
            items: found
                .into_iter()
                .map(|failed| FailedTieAnswer {
                    kind: failed.collection,
                    id: failed.key,
                    name: failed.name,
                    reason: failed.reason,
                    raw_location: failed.raw_location,
                    since: failed.since.to_string(),
                    lon: failed.at.map(|at| at.0),
                    lat: failed.at.map(|at| at.1),
                })
                .collect(),
        })
    }

    pub(super) async fn tie_of(
        &self,
        collection: Collection,
        id: i64,
    ) -> Result<Option<TieAnswer>, CityError> {
        Ok(self.inner.store.tie_of(collection, id).await.map_err(failed)?.map(answer))
    }
}

fn answer(tie: Tie) -> TieAnswer {
    let (building_code, building_distance_m) = tie.building.unzip();
    let (address_code, address_distance_m) = tie.address.unzip();
    TieAnswer {
        state: tie.state,
        reason: tie.reason,
        method: tie.method,
        accuracy_m: tie.accuracy_m,
        building_code,
        building_distance_m,
        address_code,
        address_distance_m,
        units: units(tie.units),
        accepted: tie.accepted.map(units),
    }
}

fn units(units: cim_store::TiedUnits) -> TiedUnits {
    TiedUnits {
        micro_grid_code: units.micro_grid_code,
        comprehensive_grid_code: units.comprehensive_grid_code,
        exclusive_grid_code: units.exclusive_grid_code,
        village_code: units.village_code,
        town_code: units.town_code,
        revision: units.revision,
    }
}
