//! What changes hands with a draft: from which unit to which, by kind, equal to a recount of everything.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cim_coverage::{Level, Topology, UnitNo};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{Row, View, WorldBox, WorldPoint, middle};
use cim_model::{Collection, Scope};
use cim_store::collection_of;
use cim_tile::is_open;
use rayon::prelude::*;
use serde::Serialize;

use super::ground::{Belonging, Ground};
use super::publish::code_changes;
use super::session::session;
use super::straddling::straddling;
use super::touched::base_units;
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
/// So many rows are looked at by one core at a time.
const ROWS_AT_ONCE: usize = 4_096;

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

impl ImpactCounts {
    pub(super) fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.open_cases += other.open_cases;
        self.findings += other.findings;
        self.inspections += other.inspections;
        self.cameras += other.cameras;
        self.key_places += other.key_places;
        self.buildings += other.buildings;
        self.households += other.households;
        self.population += other.population;
    }
}

/// Before and after.
pub(super) type Passage = (Belonging, Belonging);

/// The count of every passage, and the rows that take one, by their kind.
#[derive(Default)]
pub(super) struct Tally<'a> {
    pub(super) counts: HashMap<Passage, ImpactCounts>,
    moving: Vec<(Collection, Row<'a>, WorldPoint, Passage)>,
}

impl City {
    /// What changes hands with a draft, with at most a thousand of the things themselves.
    pub async fn changeset_impact(&self, scope: &Scope, id: i64) -> Result<ImpactAnswer, CityError> {
        self.changeset_impact_of(scope, id, 1_000).await
    }

    /// What changes hands with a draft.
    pub async fn changeset_impact_of(
        &self,
        _scope: &Scope,
        id: i64,
        most_items: usize,
    ) -> Result<ImpactAnswer, CityError> {
        let desk = &self.inner.boundaries;
        let _turn = desk.large_reads.acquire().await;
        let held = desk.sessions.hold(&self.inner.store, &desk.heads, id).await?;
        let now = session(&held)?;
        let (before, after, rev) = (now.base.topology.clone(), now.current().clone(), now.base.rev);
        drop(held);
        let (version, as_of) = (self.version()?, self.as_of());
        Ok(load::off_the_runtime(move || impact(&version, (&before, &after), rev, most_items, as_of)).await)
    }
}

fn impact(
    version: &Version,
    (before, after): (&Topology, &Topology),
    base_rev: i32,
    most_items: usize,
    as_of: String,
) -> ImpactAnswer {
    let delta = before.difference(after);
    let mut units = with_their_grids(before, base_units(before, after, &delta, before));
    units.extend(with_their_grids(after, base_units(before, after, &delta, after)));
    // The same ground on both sides, or what lies in a grid that only one of them names would seem to leave the city.
    let (old, new) = (Ground::new(before, &units), Ground::new(after, &units));
    let bounds =
        [before, after].into_iter().filter_map(|state| bounds_of(state, &units)).reduce(WorldBox::union);
    let mut tally = Tally::default();
    if let Some(bounds) = bounds {
        for kind in KINDS {
            tally.add(version.view(kind), &bounds, &old, &new);
        }
    }
    let (codes_created, codes_retired) = code_changes(&delta);
    let mut items = tally.items(&old, &new);
    let item_count = items.len();
    items.truncate(most_items);
    ImpactAnswer {
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
    }
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

fn bounds_of(topology: &Topology, units: &BTreeSet<UnitNo>) -> Option<WorldBox> {
    let arcs = units.iter().flat_map(|unit| topology.border_of(*unit));
    let points: Vec<WorldPoint> = arcs
        .filter_map(|arc| topology.arc(arc))
        .flat_map(|arc| arc.points.iter().map(|point| WorldPoint::from(LonLat::from(*point))))
        .collect();
    WorldBox::around(&points)
}

impl<'a> Tally<'a> {
    fn add(&mut self, view: &'a View, bounds: &WorldBox, old: &Ground<'_>, new: &Ground<'_>) {
        let rows: Vec<Row<'a>> = view.meeting(bounds).collect();
        let kind = view.collection();
        let parts: Vec<Self> =
            rows.par_chunks(ROWS_AT_ONCE).map(|rows| Self::of_rows(kind, rows, old, new)).collect();
        for part in parts {
            for (passage, counts) in part.counts {
                self.counts.entry(passage).or_default().add(&counts);
            }
            self.moving.extend(part.moving);
        }
    }

    fn of_rows(kind: Collection, rows: &[Row<'a>], old: &Ground<'_>, new: &Ground<'_>) -> Self {
        let mut tally = Self::default();
        let fields = CountedFields::of(kind);
        for row in rows {
            let Some(at) = middle(row.shape()) else { continue };
            let point = LatticePoint::from(LonLat::from(at));
            let passage = (old.at(point), new.at(point));
            if passage.0.base.is_none() && passage.1.base.is_none() {
                continue;
            }
            tally.counts.entry(passage).or_default().add(&fields.count(*row));
            if passage.0 != passage.1 {
                tally.moving.push((kind, *row, at, passage));
            }
        }
        tally
    }

    /// Open cases first, then by kind and key.
    fn items(&self, old: &Ground<'_>, new: &Ground<'_>) -> Vec<ImpactItem> {
        let base = |ground: &Ground<'_>, belonging: Belonging, level| {
            ground.code(belonging, level).map(str::to_owned)
        };
        let mut items: Vec<ImpactItem> = self
            .moving
            .iter()
            .map(|(kind, row, at, (was, will_be))| {
                let text = |name: &str| row.text_of(name).map(str::to_owned);
                let at = LonLat::from(*at);
                ImpactItem {
                    kind: kind.name(),
                    id: text(kind.id_field()).unwrap_or_else(|| row.id().to_string()),
                    name: text("title").or_else(|| text("name")),
                    state: text("state").or_else(|| text("status")),
                    lon: at.lon,
                    lat: at.lat,
                    from: base(old, *was, old.base_level()),
                    to: base(new, *will_be, new.base_level()),
                    exclusive_from: base(old, *was, Level::OVERLAY),
                    exclusive_to: base(new, *will_be, Level::OVERLAY),
                }
            })
            .collect();
        let rank = |item: &ImpactItem| {
            let is_case = item.kind == Collection::Case.name();
            let place = KINDS.iter().position(|kind| kind.name() == item.kind);
            (!(is_case && is_open(item.state.as_deref())), place, item.id.clone())
        };
        items.sort_by_cached_key(rank);
        items
    }
}

/// Where the figures of a kind stand in its rows.
struct CountedFields {
    kind: Collection,
    state: Option<usize>,
    households: Option<usize>,
    population: Option<usize>,
}

impl CountedFields {
    fn of(kind: Collection) -> Self {
        let place = |name| kind.spec().position(name);
        Self {
            kind,
            state: place("state"),
            households: place("household_count"),
            population: place("population"),
        }
    }

    fn count(&self, row: Row<'_>) -> ImpactCounts {
        let mut counts = ImpactCounts::default();
        let number = |place: Option<usize>| place.and_then(|place| row.int(place)).unwrap_or(0);
        match self.kind {
            Collection::Case => {
                counts.cases = 1;
                counts.open_cases = u64::from(is_open(self.state.and_then(|place| row.text(place))));
            }
            Collection::Finding => counts.findings = 1,
            Collection::Inspection => counts.inspections = 1,
            Collection::Camera => counts.cameras = 1,
            Collection::KeyPlace => counts.key_places = 1,
            _ => {
                counts.buildings = 1;
                counts.households = number(self.households);
                counts.population = number(self.population);
            }
        }
        counts
    }
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
