//! A collection at one moment: an immutable base, a small overlay of what changed since, and the rows that are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cim_model::{Collection, Field, Fingerprint, Record};

use crate::{Row, RowFilter, Table, TableBuilder, WorldBox};

/// From so many changed rows on a view asks for compaction.
const OVERLAY_LIMIT: usize = 2_000;

/// What became of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    /// Its id.
    pub id: i64,
    /// The row as it is now; none when it is gone.
    pub now: Option<StoredState>,
}

/// A row as a transaction wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredState {
    /// The number of that transaction, its lower 32 bits.
    pub xmin: u32,
    /// The values.
    pub record: Record,
}

impl RowChange {
    /// The row is there, as the transaction `xmin` wrote it.
    #[must_use]
    pub fn written(id: i64, xmin: u32, record: Record) -> Self {
        Self { id, now: Some(StoredState { xmin, record }) }
    }

    /// The row is gone.
    #[must_use]
    pub fn gone(id: i64) -> Self {
        Self { id, now: None }
    }
}

/// A collection at one moment. Cloning shares everything.
#[derive(Debug, Clone)]
pub struct View {
    collection: Collection,
    base: Arc<Table>,
    overlay: Arc<Overlay>,
    /// Base rows that were changed or removed since, by row number.
    dead: Arc<BTreeSet<u32>>,
    /// What its reader may see of it; nothing for the whole.
    seen: Option<RowFilter>,
}

#[derive(Debug)]
struct Overlay {
    rows: BTreeMap<i64, Arc<StoredState>>,
    table: Table,
}

/// Whether the mirror keeps a field: long texts that no map, list or tile shows stay in the database.
#[must_use]
pub fn is_mirrored(collection: Collection, field: &str) -> bool {
    !matches!(
        (collection, field),
        (
            Collection::Case,
            "content" | "raw_location" | "source_crs" | "source_x" | "source_y" | "source_updated_at"
        ) | (Collection::Finding, "content" | "source_updated_at")
            | (Collection::Inspection, "summary" | "source_updated_at")
            | (Collection::Camera, "source_updated_at")
            | (Collection::Building, "address_text")
    )
}

/// A builder of a collection's table that leaves out what is not mirrored.
#[must_use]
pub fn collection_builder(collection: Collection) -> TableBuilder {
    TableBuilder::new(collection.spec().fields, kept_in(collection)).keyed_by(collection.id_field())
}

fn kept_in(collection: Collection) -> fn(&Field) -> bool {
    match collection {
        Collection::Case => |field| is_mirrored(Collection::Case, field.name),
        Collection::Finding => |field| is_mirrored(Collection::Finding, field.name),
        Collection::Inspection => |field| is_mirrored(Collection::Inspection, field.name),
        Collection::Camera => |field| is_mirrored(Collection::Camera, field.name),
        Collection::Building => |field| is_mirrored(Collection::Building, field.name),
        _ => |_| true,
    }
}

impl View {
    /// A view of a freshly loaded table.
    #[must_use]
    pub fn new(collection: Collection, base: Table) -> Self {
        let overlay = Overlay { rows: BTreeMap::new(), table: collection_builder(collection).finish() };
        Self {
            collection,
            base: Arc::new(base),
            overlay: Arc::new(overlay),
            dead: Arc::default(),
            seen: None,
        }
    }

    /// The same rows but those for which a rule does not hold: as if they were not there, whichever way rows are asked for.
    #[must_use]
    pub fn limited_to(&self, rule: RowFilter) -> Self {
        Self { seen: Some(rule), ..self.clone() }
    }

    fn is_seen(&self, row: Row<'_>) -> bool {
        self.seen.as_ref().is_none_or(|rule| rule.holds(row))
    }

    fn is_alive(&self, row: Row<'_>) -> bool {
        self.dead.is_empty() || !self.dead.contains(&row.number())
    }

    /// A view without rows.
    #[must_use]
    pub fn empty(collection: Collection) -> Self {
        Self::new(collection, collection_builder(collection).finish())
    }

    /// Which collection.
    #[must_use]
    pub fn collection(&self) -> Collection {
        self.collection
    }

    /// The number of rows; of a limited view every row is looked at.
    #[must_use]
    pub fn len(&self) -> usize {
        if self.seen.is_some() {
            return self.rows().count();
        }
        self.base.len() - self.dead.len() + self.overlay.table.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row with this id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<Row<'_>> {
        let changed = self.overlay.table.find(id);
        let found = changed.or_else(|| self.base.find(id).filter(|row| self.is_alive(*row)));
        found.filter(|row| self.is_seen(*row))
    }

    /// Every row, in no useful order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let base = self.base.rows().filter(|row| self.is_alive(*row));
        base.chain(self.overlay.table.rows()).filter(|row| self.is_seen(*row))
    }

    /// The rows whose box meets `bounds`, in no useful order.
    pub fn meeting(&self, bounds: &WorldBox) -> impl Iterator<Item = Row<'_>> {
        let base = self.base.meeting(bounds).into_iter().map(|number| self.base.row(number));
        let changed =
            self.overlay.table.meeting(bounds).into_iter().map(|number| self.overlay.table.row(number));
        base.filter(|row| self.is_alive(*row)).chain(changed).filter(|row| self.is_seen(*row))
    }

    /// The row that people call by this business key (see [`Collection::id_field`]).
    #[must_use]
    pub fn with_key(&self, text: &str) -> Option<Row<'_>> {
        let changed = self.overlay.table.with_key(text).next();
        let found = changed.or_else(|| self.base.with_key(text).find(|row| self.is_alive(*row)));
        found.filter(|row| self.is_seen(*row))
    }

    /// The box around all rows, gone ones included until the next compaction.
    #[must_use]
    pub fn bounds(&self) -> Option<WorldBox> {
        [self.base.bounds(), self.overlay.table.bounds()].into_iter().flatten().reduce(WorldBox::union)
    }

    /// The view after changes.
    #[must_use]
    pub fn with(&self, changes: Vec<RowChange>) -> Self {
        if changes.is_empty() {
            return self.clone();
        }
        let mut rows = self.overlay.rows.clone();
        let mut dead = (*self.dead).clone();
        for change in changes {
            dead.extend(self.base.find(change.id).map(Row::number));
            match change.now {
                Some(now) => rows.insert(change.id, Arc::new(now)),
                None => rows.remove(&change.id),
            };
        }
        let mut builder = collection_builder(self.collection);
        for (id, row) in &rows {
            builder.push(*id, row.xmin, &row.record);
        }
        let overlay = Overlay { rows, table: builder.finish() };
        Self { overlay: Arc::new(overlay), dead: Arc::new(dead), ..self.clone() }
    }

    /// Whether so much changed that a new base is worth its making.
    #[must_use]
    pub fn wants_compaction(&self) -> bool {
        self.overlay.rows.len() + self.dead.len() > OVERLAY_LIMIT
    }

    /// The same rows in one new base. Takes a while for large collections: not for the path of a request.
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut builder = collection_builder(self.collection);
        for row in self.base.rows().filter(|row| !self.dead.contains(&row.number())) {
            builder.push_row(row);
        }
        for (id, row) in &self.overlay.rows {
            builder.push(*id, row.xmin, &row.record);
        }
        Self::new(self.collection, builder.finish())
    }

    /// What the table of the collection has in the same snapshot, unless one of them is wrong. Looks at every row.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.rows().map(|row| (row.id(), row.xmin())).collect()
    }

    /// Bytes held, roughly; shared ones counted with every view that shares them.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.base.heap_bytes() + self.overlay.table.heap_bytes() + self.overlay.rows.len() * 512
    }

    /// Whether both views stand on the same base, so that what was worked out for its rows still holds.
    #[must_use]
    pub fn shares_base_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.base, &other.base)
    }

    /// Whether nothing differs, known without a look at the rows.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.shares_base_with(other)
            && Arc::ptr_eq(&self.overlay, &other.overlay)
            && Arc::ptr_eq(&self.dead, &other.dead)
    }

    /// Whether the row belongs to the base, whose row numbers are lasting.
    #[must_use]
    pub fn is_in_base(&self, row: Row<'_>) -> bool {
        std::ptr::eq(row.table(), Arc::as_ptr(&self.base))
    }

    /// The number of rows of the base, gone ones included.
    #[must_use]
    pub fn base_len(&self) -> usize {
        self.base.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cim_model::Value;
    use geo_types::Point;

    use super::*;

    fn place(code: i64, lon: f64) -> Record {
        let text = |text: String| Value::Text(text);
        Record {
            values: vec![
                text(format!("p{code}")),
                text(format!("n{code}")),
                text("poi".to_owned()),
                Value::Null,
                Value::Geometry(Point::new(lon, 32.0).into()),
            ],
        }
    }

    fn names(view: &View, bounds: &WorldBox) -> BTreeMap<i64, String> {
        view.meeting(bounds)
            .map(|row| (row.id(), row.text_of("name").unwrap_or_default().to_owned()))
            .collect()
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn random_changes_leave_a_view_equal_to_one_built_afresh() {
        let mut seed = 7_u64;
        let mut next = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let mut truth: BTreeMap<i64, (u32, Record)> =
            (0..300).map(|id| (id, (700, place(id, 121.0 + id as f64 * 0.001)))).collect();
        let mut builder = collection_builder(Collection::Place);
        for (id, (xmin, record)) in &truth {
            builder.push(*id, *xmin, record);
        }
        let mut view = View::new(Collection::Place, builder.finish());
        for step in 0..400 {
            let id = i64::try_from(next(400)).unwrap();
            let record = (next(3) > 0)
                .then(|| place(i64::try_from(next(10_000)).unwrap(), 121.0 + next(400) as f64 * 0.001));
            let change = if let Some(record) = record {
                truth.insert(id, (701 + step, record.clone()));
                RowChange::written(id, 701 + step, record)
            } else {
                truth.remove(&id);
                RowChange::gone(id)
            };
            view = view.with(vec![change]);
            assert_eq!(view.fingerprint(), truth.iter().map(|(id, (xmin, _))| (*id, *xmin)).collect());
            if step % 97 == 0 {
                view = view.compacted();
            }
        }
        let mut builder = collection_builder(Collection::Place);
        for (id, (xmin, record)) in &truth {
            builder.push(*id, *xmin, record);
        }
        let fresh = View::new(Collection::Place, builder.finish());
        assert_eq!(view.len(), truth.len());
        let all = fresh.bounds().unwrap();
        assert_eq!(names(&view, &all), names(&fresh, &all));
        let part = WorldBox { max_x: all.min_x + (all.max_x - all.min_x) / 3, ..all };
        assert_eq!(names(&view, &part), names(&fresh, &part));
        for id in truth.keys() {
            assert_eq!(view.find(*id).map(Row::record), fresh.find(*id).map(Row::record));
            assert_eq!(view.find(*id).map(Row::xmin), fresh.find(*id).map(Row::xmin));
        }
    }

    #[test]
    fn a_view_of_one_row_finds_it_in_its_box() {
        let view = View::empty(Collection::Place).with(vec![RowChange::written(9, 700, place(1, 121.0))]);
        assert_eq!(view.meeting(&WorldBox::WORLD).count(), 1);
        assert_eq!(view.with(vec![RowChange::gone(9)]).meeting(&WorldBox::WORLD).count(), 0);
    }
}
