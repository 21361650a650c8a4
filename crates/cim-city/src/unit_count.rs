//! Cases, findings and cameras counted by unit, for the zooms at which single ones are too many.

use std::sync::Arc;

use cim_mirror::{Row, Table, TableBuilder, View, WorldBox};
use cim_model::{Collection, Record, Value};
use cim_tile::{Boundaries, Counted, LayerSource, Tally, count_fields};

use crate::change::{Place, difference};
use crate::city::world_box;
use crate::counted_units::CountedUnits;
use crate::units::Units;
use crate::version::Version;

/// What is counted.
pub(crate) const COUNTED: &[Collection] = &[Collection::Case, Collection::Finding, Collection::Camera];

/// The counts of one version.
#[derive(Clone)]
pub(crate) struct UnitCounts {
    minute_ms: i64,
    units: Arc<Units>,
    counted_units: Arc<CountedUnits>,
    /// In the order of [`COUNTED`]; shared with the counts before where nothing changed.
    collections: Vec<Arc<CollectionCount>>,
    /// Collections whose counts are not told.
    hidden: &'static [Collection],
}

/// The counts of one collection.
struct CollectionCount {
    view: View,
    /// By row of the view's base the finest unit that covers it. Where rows lie changes with the base alone.
    unit_of_row: Arc<Vec<Option<u32>>>,
    /// By level, in the order of the counted units' levels.
    tables: Vec<Table>,
}

impl UnitCounts {
    /// No counts yet.
    pub(crate) fn none(units: &Arc<Units>) -> Self {
        Self {
            minute_ms: 0,
            units: Arc::clone(units),
            counted_units: Arc::default(),
            collections: Vec::new(),
            hidden: &[],
        }
    }

    /// Counts the rows of a version; takes over from its last counts what still holds.
    pub(crate) fn of(version: &Version, minute_ms: i64) -> Self {
        let (units, boundaries) = (&version.units, &version.boundaries);
        let before = Some(&*version.unit_counts).filter(|before| !before.collections.is_empty());
        let same = before.filter(|before| before.is_for(units));
        let counted_units = same.map_or_else(
            || Arc::new(CountedUnits::new(units, boundaries)),
            |before| Arc::clone(&before.counted_units),
        );
        // With other numbers every row must be looked up again; with other areas only those that lie in them.
        let before = before.filter(|before| before.counted_units.has_same_numbers(&counted_units));
        let moved = before.map_or_else(Vec::new, |before| {
            let boxes = units.changed_boxes(&before.units, counted_units.levels());
            boxes.into_iter().map(world_box).collect()
        });
        let count = |(place, collection): (usize, &Collection)| {
            let view = version.view(*collection);
            let known = before.and_then(|before| before.collections.get(place));
            // Only cases change with the time: they become overdue.
            let is_timeless =
                *collection != Collection::Case || before.is_some_and(|before| before.minute_ms == minute_ms);
            let is_same = is_timeless && same.is_some();
            if let Some(known) = known.filter(|known| is_same && known.view.is_same(view)) {
                return Arc::clone(known);
            }
            let ground = Ground { units, boundaries, counted_units: &counted_units, moved: &moved };
            Arc::new(CollectionCount::new(view, known.map(AsRef::as_ref), ground, minute_ms))
        };
        let collections = COUNTED.iter().enumerate().map(count).collect();
        Self { minute_ms, units: Arc::clone(units), counted_units, collections, hidden: &[] }
    }

    /// Where figures differ from those of another count.
    pub(crate) fn changed_from(&self, before: &Self) -> Vec<Place> {
        let none = TableBuilder::new(count_fields(Collection::Case), |_| true).finish();
        let mut places = Vec::new();
        for counted in all_counts() {
            let old = before.table(counted).unwrap_or(&none);
            let new = self.table(counted).unwrap_or(&none);
            let is_same = std::ptr::eq(old, new);
            let found = if is_same { Some(Vec::new()) } else { difference(old, new) };
            let source = LayerSource::Count(counted);
            let found = found.unwrap_or_else(|| vec![WorldBox::WORLD]);
            places.extend(found.into_iter().map(|bounds| Place { source, zoom: None, bounds }));
        }
        places
    }

    /// The minute that "overdue" refers to.
    pub(crate) fn minute_ms(&self) -> i64 {
        self.minute_ms
    }

    /// Whether these are counts by these units.
    pub(crate) fn is_for(&self, units: &Arc<Units>) -> bool {
        Arc::ptr_eq(&self.units, units)
    }

    /// Whether these are the counts of a version's rows.
    pub(crate) fn is_of(&self, version: &Version) -> bool {
        self.is_for(&version.units)
            && self.collections.len() == COUNTED.len()
            && self.collections.iter().all(|count| count.view.is_same(version.view(count.view.collection())))
    }

    /// The counts of a collection by the units of a level; a level that the city has not is replaced by the finest one by
    /// which it is counted.
    /// The same counts without those of some collections.
    pub(crate) fn without(&self, hidden: &'static [Collection]) -> Self {
        Self { hidden, ..self.clone() }
    }

    pub(crate) fn table(&self, counted: Counted) -> Option<&Table> {
        if self.hidden.contains(&counted.of) {
            return None;
        }
        let collection = COUNTED.iter().position(|known| *known == counted.of)?;
        let level = self.counted_units.place_of_level(counted.level);
        self.collections.get(collection)?.tables.get(level)
    }
}

/// Everything that a layer may ask for.
fn all_counts() -> impl Iterator<Item = Counted> {
    let levels = Collection::UNITS.iter();
    levels.flat_map(|level| COUNTED.iter().map(|of| Counted { of: *of, level: *level }))
}

/// What rows are counted by.
#[derive(Clone, Copy)]
struct Ground<'a> {
    units: &'a Units,
    boundaries: &'a Boundaries,
    counted_units: &'a CountedUnits,
    /// Where units have other areas than in the count before.
    moved: &'a [WorldBox],
}

impl CollectionCount {
    fn new(view: &View, before: Option<&Self>, ground: Ground<'_>, minute_ms: i64) -> Self {
        let Ground { units, boundaries, counted_units, moved } = ground;
        let unit_of_row = match before.filter(|before| before.view.shares_base_with(view)) {
            Some(before) if moved.is_empty() => Arc::clone(&before.unit_of_row),
            Some(before) => Arc::new(units_of_moved(view, &before.unit_of_row, ground)),
            None => Arc::new(units_of_base(view, units, counted_units)),
        };
        let mut tallies = vec![Tally::default(); counted_units.len()];
        for row in view.rows() {
            let unit = if view.is_in_base(row) {
                unit_of_row.get(row.number() as usize).copied().flatten()
            } else {
                counted_units.unit_at(row, units)
            };
            if let Some(tally) = unit.and_then(|unit| tallies.get_mut(unit as usize)) {
                tally.add(view.collection(), row, minute_ms);
            }
        }
        counted_units.add_up(&mut tallies);
        let levels = counted_units.levels().iter();
        let tables = levels
            .map(|level| table(view.collection(), *level, counted_units, &tallies, boundaries))
            .collect();
        Self { view: view.clone(), unit_of_row, tables }
    }
}

fn units_of_base(view: &View, units: &Units, counted_units: &CountedUnits) -> Vec<Option<u32>> {
    let mut found = vec![None; view.base_len()];
    for row in view.rows().filter(|row| view.is_in_base(*row)) {
        found[row.number() as usize] = counted_units.unit_at(row, units);
    }
    found
}

/// The units of the rows of a base after some areas changed.
fn units_of_moved(view: &View, before: &[Option<u32>], ground: Ground<'_>) -> Vec<Option<u32>> {
    let mut found = before.to_vec();
    for row in ground.moved.iter().flat_map(|bounds| view.meeting(bounds)) {
        if view.is_in_base(row) {
            found[row.number() as usize] = ground.counted_units.unit_at(row, ground.units);
        }
    }
    found
}

/// The units of a level that have any rows, at their label points.
fn table(
    collection: Collection,
    level: Collection,
    counted_units: &CountedUnits,
    tallies: &[Tally],
    boundaries: &Boundaries,
) -> Table {
    let mut builder = TableBuilder::new(count_fields(collection), |_| true);
    for (unit, tally) in counted_units.units().zip(tallies) {
        if unit.level != level || tally.is_empty() {
            continue;
        }
        let figures = tally.figures(collection).map(|(_, figure)| Value::Int(figure));
        let names = [Value::Text(unit.code.clone()), Value::Text(unit.name.clone())];
        let record = Record { values: names.into_iter().chain(figures).collect() };
        let label = boundaries.labels().find(unit.label);
        builder.push_with_shape(unit.label, &record, label.map(Row::shape));
    }
    builder.finish()
}
