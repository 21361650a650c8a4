//! Rows of units that change a few at a time: a large table that stays, and a small one with what is newer.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use cim_mirror::{Row, Shapes, Table, TableBuilder, WorldBox};
use cim_model::{Field, Record};

/// With so many newer rows all are put into one table again.
const MOST_NEWER: usize = 256;

/// Units with something that is drawn for each.
#[derive(Debug, Clone)]
pub struct UnitTable {
    fields: &'static [Field],
    base: Arc<Table>,
    newer: Arc<Table>,
    /// Rows of the base that are gone or newer elsewhere, by number.
    dead: Arc<BTreeSet<u32>>,
}

/// A row as it was drawn.
pub(super) struct DrawnRow {
    pub(super) id: i64,
    pub(super) record: Record,
    pub(super) shapes: Shapes,
}

impl UnitTable {
    pub(super) fn new(fields: &'static [Field], rows: impl Iterator<Item = DrawnRow>) -> Self {
        let mut builder = TableBuilder::new(fields, |_| true);
        rows.for_each(|row| push(&mut builder, &row));
        let newer = TableBuilder::new(fields, |_| true).finish();
        Self { fields, base: Arc::new(builder.finish()), newer: Arc::new(newer), dead: Arc::default() }
    }

    /// The row with this id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<Row<'_>> {
        self.newer.find(id).or_else(|| self.base.find(id).filter(|row| self.is_alive(row)))
    }

    /// Every row, in no useful order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.base.rows().filter(|row| self.is_alive(row)).chain(self.newer.rows())
    }

    /// The rows whose box meets `bounds`, in no useful order.
    pub fn meeting(&self, bounds: &WorldBox) -> impl Iterator<Item = Row<'_>> {
        let base = self.base.meeting(bounds).into_iter().map(|number| self.base.row(number));
        let newer = self.newer.meeting(bounds).into_iter().map(|number| self.newer.row(number));
        base.filter(|row| self.is_alive(row)).chain(newer)
    }

    fn is_alive(&self, row: &Row<'_>) -> bool {
        self.dead.is_empty() || !self.dead.contains(&row.number())
    }

    /// The table after some rows came or changed and others went.
    pub(super) fn with(&self, rows: &[DrawnRow], gone: &[i64]) -> Self {
        let touched: HashSet<i64> = rows.iter().map(|row| row.id).chain(gone.iter().copied()).collect();
        if touched.is_empty() {
            return self.clone();
        }
        let mut dead = (*self.dead).clone();
        dead.extend(touched.iter().filter_map(|id| self.base.find(*id)).map(Row::number));
        let mut builder = TableBuilder::new(self.fields, |_| true);
        let is_kept = |row: &Row<'_>| !touched.contains(&row.id());
        self.newer.rows().filter(is_kept).for_each(|row| builder.push_row(row));
        for row in rows {
            push(&mut builder, row);
        }
        let newer = builder.finish();
        if newer.len().max(dead.len()) > MOST_NEWER {
            let mut builder = TableBuilder::new(self.fields, |_| true);
            self.base
                .rows()
                .filter(|row| !dead.contains(&row.number()))
                .for_each(|row| builder.push_row(row));
            newer.rows().for_each(|row| builder.push_row(row));
            let none = TableBuilder::new(self.fields, |_| true).finish();
            let (base, newer) = (Arc::new(builder.finish()), Arc::new(none));
            return Self { fields: self.fields, base, newer, dead: Arc::default() };
        }
        let base = Arc::clone(&self.base);
        Self { fields: self.fields, base, newer: Arc::new(newer), dead: Arc::new(dead) }
    }
}

fn push(builder: &mut TableBuilder, row: &DrawnRow) {
    builder.push_with_shape(row.id, &row.record, Some(row.shapes.get(0)));
}
