//! Cases counted by grid, for the zooms at which single cases are too many.

use std::collections::HashMap;
use std::sync::Arc;

use cim_crs::LonLat;
use cim_mirror::{Row, Table, TableBuilder, View, WorldBox};
use cim_model::{Collection, Record, Value};
use cim_tile::{Boundaries, CASE_COUNT_FIELDS, LayerSource, is_open, is_overdue};

use crate::change::{Place, difference};
use crate::units::Units;
use crate::version::Version;

/// No grid covers the case.
const NOWHERE: u32 = u32::MAX;

/// The counts of one version.
pub(crate) struct CaseCounts {
    table: Table,
    /// Nothing was counted yet.
    is_first: bool,
    minute_ms: i64,
    view: View,
    units: Arc<Units>,
    /// By row of the view's base the grid that covers it, as a number in `codes`.
    grid_of_row: Arc<Vec<u32>>,
    codes: Arc<Codes>,
}

#[derive(Default)]
struct Codes {
    level: Option<Collection>,
    numbers: HashMap<String, u32>,
    /// Label id, code and name by number.
    labels: Vec<(i64, String, String)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    open: i64,
    overdue: i64,
    closed: i64,
}

impl CaseCounts {
    /// No counts yet.
    pub(crate) fn none(view: &View, units: &Arc<Units>) -> Self {
        let table = TableBuilder::new(CASE_COUNT_FIELDS, |_| true).finish();
        Self {
            table,
            is_first: true,
            minute_ms: 0,
            view: view.clone(),
            units: Arc::clone(units),
            grid_of_row: Arc::default(),
            codes: Arc::default(),
        }
    }

    /// Counts the cases of a version; takes over from its last counts what still holds.
    pub(crate) fn of(version: &Version, minute_ms: i64) -> Self {
        let (units, boundaries) = (&version.units, &version.boundaries);
        let view = version.view(Collection::Case);
        let before = Some(&*version.case_counts).filter(|before| before.is_for(units) && !before.is_first);
        let codes = before
            .map_or_else(|| Arc::new(Codes::new(units, boundaries)), |before| Arc::clone(&before.codes));
        let grid_of_row = match before.filter(|before| before.view.shares_base_with(view)) {
            Some(before) => Arc::clone(&before.grid_of_row),
            None => Arc::new(grids_of_base(view, units, &codes)),
        };
        let mut counts = vec![Count::default(); codes.labels.len()];
        for row in view.rows() {
            let grid = if view.is_in_base(row) {
                grid_of_row[row.number() as usize]
            } else {
                codes.grid_at(row, units)
            };
            if let Some(count) = counts.get_mut(grid as usize) {
                count.add(row, minute_ms);
            }
        }
        let table = codes.table(&counts, boundaries);
        let (view, units) = (view.clone(), Arc::clone(units));
        Self { table, is_first: false, minute_ms, view, units, grid_of_row, codes }
    }

    /// Where figures differ from those of another count.
    pub(crate) fn changed_from(&self, before: &Self) -> Vec<Place> {
        let place = |bounds| Place { source: LayerSource::CaseCount, zoom: None, bounds };
        let found = difference(&before.table, &self.table).unwrap_or_else(|| vec![WorldBox::WORLD]);
        found.into_iter().map(place).collect()
    }

    /// The minute that "overdue" refers to.
    pub(crate) fn minute_ms(&self) -> i64 {
        self.minute_ms
    }

    /// Whether these are counts by the grids of these units.
    pub(crate) fn is_for(&self, units: &Arc<Units>) -> bool {
        Arc::ptr_eq(&self.units, units)
    }

    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Whether these are the counts of a view.
    pub(crate) fn is_of(&self, view: &View) -> bool {
        self.view.is_same(view)
    }
}

fn grids_of_base(view: &View, units: &Units, codes: &Codes) -> Vec<u32> {
    let mut grids = vec![NOWHERE; view.base_len()];
    for row in view.rows().filter(|row| view.is_in_base(*row)) {
        grids[row.number() as usize] = codes.grid_at(row, units);
    }
    grids
}

impl Codes {
    fn new(units: &Units, boundaries: &Boundaries) -> Self {
        let Some(level) = units.counting_level() else { return Self::default() };
        let mut codes = Self { level: Some(level), ..Self::default() };
        for row in boundaries.labels().rows().filter(|row| row.text_of("level") == Some(level.name())) {
            let (code, name) =
                (row.text_of("code").unwrap_or_default(), row.text_of("name").unwrap_or_default());
            codes.numbers.insert(code.to_owned(), u32::try_from(codes.labels.len()).unwrap_or(NOWHERE));
            codes.labels.push((row.id(), code.to_owned(), name.to_owned()));
        }
        codes
    }

    fn grid_at(&self, row: Row<'_>, units: &Units) -> u32 {
        let position = row.shape().as_point().map(LonLat::from);
        let code = position.and_then(|position| units.code_at(self.level?, position));
        code.and_then(|code| self.numbers.get(code)).copied().unwrap_or(NOWHERE)
    }

    fn table(&self, counts: &[Count], boundaries: &Boundaries) -> Table {
        let mut builder = TableBuilder::new(CASE_COUNT_FIELDS, |_| true);
        for ((id, code, name), count) in self.labels.iter().zip(counts) {
            let record = Record {
                values: vec![
                    Value::Text(code.clone()),
                    Value::Text(name.clone()),
                    Value::Int(count.open),
                    Value::Int(count.overdue),
                    Value::Int(count.closed),
                ],
            };
            let label = boundaries.labels().find(*id);
            builder.push_with_shape(*id, &record, label.map(Row::shape));
        }
        builder.finish()
    }
}

impl Count {
    fn add(&mut self, row: Row<'_>, now_ms: i64) {
        if is_open(row.text_of("state")) {
            self.open += 1;
            self.overdue += i64::from(is_overdue(row.int_of("due_at"), now_ms));
        } else {
            self.closed += 1;
        }
    }
}
