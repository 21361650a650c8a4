//! Counting what goes from where to where: every thing in the touched ground is asked twice whose it is.

use std::collections::{BTreeMap, HashMap};

use cim_coverage::Level;
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{Row, View, WorldBox, WorldPoint, middle};
use cim_model::Collection;
use cim_tile::is_open;
use rayon::prelude::*;

use super::exact_places::ExactPlaces;
use super::ground::{Belonging, Ground};
use super::impact::{ImpactCounts, ImpactItem, KINDS};

/// So many rows are looked at by one core at a time.
const ROWS_AT_ONCE: usize = 4_096;

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
    /// Points nearer to a border than the mirror knows places.
    unsure: Vec<(Collection, Row<'a>, WorldPoint)>,
}

impl<'a> Tally<'a> {
    /// Counts the rows of a collection in a box.
    pub(super) fn add(&mut self, view: &'a View, bounds: &WorldBox, old: &Ground<'_>, new: &Ground<'_>) {
        let rows: Vec<Row<'a>> = view.meeting(bounds).collect();
        let kind = view.collection();
        let parts: Vec<Self> =
            rows.par_chunks(ROWS_AT_ONCE).map(|rows| Self::of_rows(kind, rows, bounds, old, new)).collect();
        for part in parts {
            for (passage, counts) in part.counts {
                self.counts.entry(passage).or_default().add(&counts);
            }
            self.moving.extend(part.moving);
            self.unsure.extend(part.unsure);
        }
    }

    /// The ids of the rows whose exact places are needed, by collection.
    pub(super) fn unsure(&self) -> BTreeMap<Collection, Vec<i64>> {
        let mut ids: BTreeMap<Collection, Vec<i64>> = BTreeMap::new();
        self.unsure.iter().for_each(|(kind, row, _)| ids.entry(*kind).or_default().push(row.id()));
        ids
    }

    /// Counts those rows by their exact places; one that was moved or removed since stays where the mirror has it.
    pub(super) fn settle(&mut self, exact: &ExactPlaces, old: &Ground<'_>, new: &Ground<'_>) {
        for (kind, row, at) in std::mem::take(&mut self.unsure) {
            let known =
                exact.get(&(kind, row.id())).filter(|place| WorldPoint::from(LonLat::from(**place)) == at);
            let point = known.copied().unwrap_or_else(|| LatticePoint::from(LonLat::from(at)));
            self.count(&CountedFields::of(kind), row, at, (old.at(point), new.at(point)));
        }
    }

    fn count(&mut self, fields: &CountedFields, row: Row<'a>, at: WorldPoint, passage: Passage) {
        if passage.0.base.is_none() && passage.1.base.is_none() {
            return;
        }
        self.counts.entry(passage).or_default().add(&fields.count(row));
        if passage.0 != passage.1 {
            self.moving.push((fields.kind, row, at, passage));
        }
    }

    fn of_rows(
        kind: Collection,
        rows: &[Row<'a>],
        bounds: &WorldBox,
        old: &Ground<'_>,
        new: &Ground<'_>,
    ) -> Self {
        let mut tally = Self::default();
        let fields = CountedFields::of(kind);
        for row in rows {
            // What reaches into a box belongs where its middle lies: it may be in another box, and is counted there.
            let Some(at) = middle(row.shape()).filter(|at| bounds.contains(*at)) else { continue };
            let point = LatticePoint::from(LonLat::from(at));
            // The middle of an area is what it is in the mirror.
            let passage = match old.surely_at(point).zip(new.surely_at(point)) {
                None if row.shape().as_point().is_some() => {
                    tally.unsure.push((kind, *row, at));
                    continue;
                }
                surely => surely.unwrap_or_else(|| (old.at(point), new.at(point))),
            };
            tally.count(&fields, *row, at, passage);
        }
        tally
    }

    /// Open cases first, then by kind and key.
    pub(super) fn items(&self, old: &Ground<'_>, new: &Ground<'_>) -> Vec<ImpactItem> {
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
