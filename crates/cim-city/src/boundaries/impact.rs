//! What changes hands with a draft: from which unit to which, by kind, equal to a recount.

use std::collections::{BTreeMap, BTreeSet};

use cim_access::Scope;
use cim_coverage::{Level, Topology, UnitNo};
use cim_model::Collection;
use cim_store::collection_of;
use serde::Serialize;
use tokio::runtime::Handle;

use super::exact_places::{ExactPlaces, exact_places};
use super::ground::Ground;
use super::impact_tally::Tally;
use super::publish::code_changes;
use super::session::session;
use super::straddling::straddling;
use super::touched::base_units;
use super::touched_boxes::touched_boxes;
use super::workload::{GridWorkload, workloads};
use crate::version::Version;
use crate::{City, CityError, load};

/// The kinds that change hands.
pub(super) const KINDS: [Collection; 6] = [
    Collection::Case,
    Collection::Finding,
    Collection::Inspection,
    Collection::Camera,
    Collection::KeyPlace,
    Collection::Building,
];

/// What changes hands with a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactAnswer {
    /// The revision that it is compared with.
    pub base_rev: i32,
    /// From which unit to which, level by level; an absent code is outside of every unit of the level.
    pub moves: Vec<ImpactMove>,
    /// The things themselves, open cases first; as many as were asked for.
    pub items: Vec<ImpactItem>,
    /// How many things there are.
    pub item_count: usize,
    /// Buildings that a changed border cuts, with the share of each unit.
    pub straddling: Vec<StraddlingBuilding>,
    /// Comprehensive grids whose work changes by a tenth or more, and their posts.
    pub workloads: Vec<GridWorkload>,
    /// Codes that units get.
    pub codes_created: Vec<String>,
    /// Codes that no unit has any more.
    pub codes_retired: Vec<String>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the counts.
    #[serde(skip)]
    pub snapshot: String,
}

/// Things that go from one unit to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactMove {
    /// The level's collection.
    pub level: &'static str,
    /// The code of the unit that has them.
    pub from: Option<String>,
    /// The code of the unit that will.
    pub to: Option<String>,
    /// How many.
    #[serde(flatten)]
    pub counts: ImpactCounts,
}

/// How many of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ImpactCounts {
    /// Cases.
    pub cases: u64,
    /// Of those, the ones still to be done.
    pub open_cases: u64,
    /// Findings of grid workers.
    pub findings: u64,
    /// Inspections.
    pub inspections: u64,
    /// Cameras.
    pub cameras: u64,
    /// Key places.
    pub key_places: u64,
    /// Buildings, by their middle.
    pub buildings: u64,
    /// Households of those.
    pub households: i64,
    /// People who live in those.
    pub population: i64,
}

/// One thing that changes hands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactItem {
    /// Its collection's name.
    pub kind: &'static str,
    /// Its business key.
    pub id: String,
    /// Its title or name.
    pub name: Option<String>,
    /// The state of a case, the status of a camera.
    pub state: Option<String>,
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// The code of the finest unit that has it.
    pub from: Option<String>,
    /// The code of the finest unit that will.
    pub to: Option<String>,
    /// The code of the exclusive grid that has it.
    pub exclusive_from: Option<String>,
    /// The code of the exclusive grid that will.
    pub exclusive_to: Option<String>,
}

/// A building that a changed border cuts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StraddlingBuilding {
    /// Its code.
    pub code: String,
    /// Its households.
    pub households: i64,
    /// The unit that has it: the one its middle lies in.
    pub belongs_to: Option<String>,
    /// By code the part of its ground that lies in each unit of the finest level.
    pub shares: BTreeMap<String, f64>,
}

impl City {
    /// What changes hands with a draft, with at most a thousand of the things themselves.
    pub async fn changeset_impact(&self, scope: &Scope, id: i64) -> Result<ImpactAnswer, CityError> {
        self.changeset_impact_of(scope, id, 1_000).await
    }

    /// What changes hands with a draft.
    pub async fn changeset_impact_of(
        &self,
        scope: &Scope,
        id: i64,
        most_items: usize,
    ) -> Result<ImpactAnswer, CityError> {
        let desk = &self.inner.boundaries;
        let _turn = desk.large_reads.acquire().await;
        let held = desk.sessions.hold(&self.inner.store, &desk.heads, id).await?;
        let now = session(&held)?;
        let (before, after, rev) = (now.base.topology.clone(), now.current().clone(), now.base.rev);
        drop(held);
        let (version, as_of, store) = (self.version_for(scope)?, self.as_of(), self.inner.store.clone());
        let runtime = Handle::current();
        load::off_the_runtime(move || {
            let exact = |wanted: &_| runtime.block_on(exact_places(&store, wanted));
            impact(&version, (&before, &after), rev, most_items, as_of, exact)
        })
        .await
    }
}

fn impact(
    version: &Version,
    (before, after): (&Topology, &Topology),
    base_rev: i32,
    most_items: usize,
    as_of: String,
    exact: impl FnOnce(&BTreeMap<Collection, Vec<i64>>) -> Result<ExactPlaces, CityError>,
) -> Result<ImpactAnswer, CityError> {
    let delta = before.difference(after);
    let mut units = with_their_grids(before, base_units(before, after, &delta, before));
    units.extend(with_their_grids(after, base_units(before, after, &delta, after)));
    // The same ground on both sides, or what lies in a grid that only one of them names would seem to leave the city.
    let (old, new) = (Ground::new(before, &units), Ground::new(after, &units));
    let mut tally = Tally::default();
    for bounds in touched_boxes(&[before, after], &units) {
        for kind in KINDS {
            tally.add(version.view(kind), &bounds, &old, &new);
        }
    }
    tally.settle(&exact(&tally.unsure())?, &old, &new);
    let (codes_created, codes_retired) = code_changes(&delta);
    let mut items = tally.items(&old, &new);
    let item_count = items.len();
    items.truncate(most_items);
    Ok(ImpactAnswer {
        base_rev,
        moves: moves(&tally, &old, &new, before.base_level()),
        items,
        item_count,
        straddling: straddling(version, after, &delta, &new),
        workloads: workloads(version, &tally, (before, &old), (after, &new)),
        codes_created,
        codes_retired,
        as_of,
        snapshot: version.snapshot.to_string(),
    })
}

/// The units and all others of the grids that they belong to, so that the work of those grids is counted whole.
fn with_their_grids(topology: &Topology, units: BTreeSet<UnitNo>) -> BTreeSet<UnitNo> {
    let parents: BTreeSet<UnitNo> = units.iter().filter_map(|unit| topology.unit(*unit)?.parent).collect();
    let is_grid = |unit: &UnitNo| {
        let level = topology.unit(*unit).and_then(|unit| collection_of(unit.level));
        level == Some(Collection::ComprehensiveGrid)
    };
    let siblings = parents.iter().filter(|unit| is_grid(unit)).flat_map(|unit| topology.base_units_of(*unit));
    let siblings: Vec<UnitNo> = siblings.collect();
    units.into_iter().chain(siblings).collect()
}

/// Level by level from the finest, then by codes; only where the code differs.
fn moves(tally: &Tally<'_>, old: &Ground<'_>, new: &Ground<'_>, base: Level) -> Vec<ImpactMove> {
    let mut found = Vec::new();
    for level in (0..=base.0).rev().map(Level).chain([Level::OVERLAY]) {
        let Some(collection) = collection_of(level) else { continue };
        let mut moved: BTreeMap<(Option<&str>, Option<&str>), ImpactCounts> = BTreeMap::new();
        for ((was, will_be), counts) in &tally.counts {
            let (from, to) = (old.code(*was, level), new.code(*will_be, level));
            if from != to {
                moved.entry((from, to)).or_default().add(counts);
            }
        }
        found.extend(moved.into_iter().map(|((from, to), counts)| ImpactMove {
            level: collection.name(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            counts,
        }));
    }
    found
}
