//! An immutable table: columns, geometries along a Hilbert curve, and a packed index over them.

mod builder;
mod row;

use std::hash::{DefaultHasher, Hash, Hasher};

use cim_model::Field;
use geo_index::rtree::{RTree, RTreeIndex};

use crate::WorldBox;
use crate::column::Column;
use crate::shapes::Shapes;

pub use builder::TableBuilder;

/// Rows of one collection, or of something derived from one.
#[derive(Debug)]
pub struct Table {
    fields: &'static [Field],
    ids: Vec<i64>,
    /// The transaction that wrote each row as it is; zero for rows of our own making.
    xmins: Vec<u32>,
    /// Row numbers in the order of their ids.
    by_id: Vec<u32>,
    /// The field by whose text rows are found, if any.
    key: Option<usize>,
    /// The upper half is the hash of a row's key, the lower its number; in ascending order.
    by_key: Vec<u64>,
    columns: Vec<Column>,
    shapes: Shapes,
    /// By row the ground area; empty when no row has one.
    areas_m2: Vec<f32>,
    /// Over the rows that have a geometry: they come first.
    index: Option<RTree<u32>>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    number: u32,
}

impl Table {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What the rows' values are.
    #[must_use]
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The place of a field, for reading many rows.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// A row by its number.
    #[must_use]
    #[inline]
    pub fn row(&self, number: u32) -> Row<'_> {
        Row { table: self, number }
    }

    /// All rows, along the curve.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..row_count(self.ids.len())).map(|number| self.row(number))
    }

    /// The row with this id.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<Row<'_>> {
        let place = self.by_id.binary_search_by_key(&id, |row| self.ids[*row as usize]).ok()?;
        Some(self.row(self.by_id[place]))
    }

    /// The rows with this text in the field that the table is keyed by.
    pub fn with_key(&self, text: &str) -> impl Iterator<Item = Row<'_>> {
        let hash = key_hash(text);
        let from = self.by_key.partition_point(|key| key >> 32 < hash);
        let same_hash = self.by_key[from..].iter().take_while(move |key| *key >> 32 == hash);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is the row's number")]
        let rows = same_hash.map(|key| self.row(*key as u32));
        rows.filter(move |row| self.key.and_then(|key| row.text(key)) == Some(text))
    }

    /// The numbers of the rows whose box meets `bounds`, in no useful order.
    #[must_use]
    pub fn meeting(&self, bounds: &WorldBox) -> Vec<u32> {
        self.index.as_ref().map_or_else(Vec::new, |index| {
            index.search(bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y)
        })
    }

    /// The box around all rows.
    #[must_use]
    pub fn bounds(&self) -> Option<WorldBox> {
        self.rows().filter_map(|row| row.shape().bounds()).reduce(WorldBox::union)
    }

    /// The number of the interned text of a row; equal numbers are equal texts within this table's field.
    #[must_use]
    #[inline]
    pub fn text_number(&self, row: u32, position: usize) -> Option<u32> {
        match &self.columns[position] {
            Column::Texts(texts) => Some(texts.number(row)).filter(|number| *number != 0),
            _ => None,
        }
    }

    /// Bytes held, roughly.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(Column::heap_bytes).sum();
        let index = self.index.as_ref().map_or(0, |index| index.num_nodes() * 20);
        let numbers = (self.ids.capacity() + self.by_key.capacity()) * 8
            + (self.xmins.capacity() + self.by_id.capacity()) * 4;
        numbers + columns + self.shapes.heap_bytes() + self.areas_m2.capacity() * 4 + index
    }

    /// All geometries.
    #[must_use]
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a table holds far fewer than 2^32 rows")]
fn row_count(length: usize) -> u32 {
    length as u32
}

/// 32 bits of a text.
fn key_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() >> 32
}

#[cfg(test)]
mod tests {
    use cim_model::{Collection, Record, Value};
    use geo_types::Point;

    use super::*;

    fn place(code: i64, lon: f64, lat: f64) -> Record {
        let text = |text: String| Value::Text(text);
        Record {
            values: vec![
                text(format!("p{code}")),
                text("名".to_owned()),
                text("poi".to_owned()),
                Value::Int(code % 5),
                Value::Geometry(Point::new(lon, lat).into()),
            ],
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn table(rows: i64) -> Table {
        let mut builder = TableBuilder::new(Collection::Place.spec().fields, |_| true);
        for id in 0..rows {
            let (lon, lat) = (121.0 + (id * 37 % 100) as f64 * 0.01, 31.5 + (id * 91 % 100) as f64 * 0.01);
            builder.push(id, 700, &place(id, lon, lat));
        }
        builder.finish()
    }

    #[test]
    fn every_row_is_found_by_its_id_with_its_own_values() {
        for rows in [0, 1, 2, 16, 17, 1000] {
            let table = table(rows);
            for id in 0..rows {
                let row = table.find(id).unwrap();
                assert_eq!(row.text_of("code"), Some(format!("p{id}").as_str()));
                assert_eq!(row.int_of("rank"), Some(id % 5));
            }
            assert!(table.find(rows).is_none());
        }
    }

    #[test]
    fn a_box_finds_what_a_look_at_every_row_finds() {
        let table = table(1000);
        let all = table.bounds().unwrap();
        for part in 1..20 {
            let bounds = WorldBox {
                max_x: all.min_x + (all.max_x - all.min_x) / part,
                min_y: all.max_y - (all.max_y - all.min_y) / part,
                ..all
            };
            let mut found = table.meeting(&bounds);
            found.sort_unstable();
            let looked: Vec<u32> = table
                .rows()
                .filter(|row| row.shape().bounds().is_some_and(|shape| shape.meets(&bounds)))
                .map(Row::number)
                .collect();
            assert_eq!(found, looked);
        }
    }
}
