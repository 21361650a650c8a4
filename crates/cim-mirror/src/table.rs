//! An immutable table: columns, geometries along a Hilbert curve, and a packed index over them.

use std::hash::{DefaultHasher, Hash, Hasher};

use cim_model::{Field, Record, Value};
use geo_index::indices::MutableIndices;
use geo_index::rtree::sort::{Sort, SortParams};
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};

use crate::WorldBox;
use crate::area::area_m2;
use crate::column::{Column, ColumnBuilder};
use crate::shapes::{Shape, Shapes};
use crate::world::{WorldPoint, hilbert};

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

/// Takes rows in any order and makes a table of them.
pub struct TableBuilder {
    fields: &'static [Field],
    kept: fn(&Field) -> bool,
    ids: Vec<i64>,
    xmins: Vec<u32>,
    columns: Vec<ColumnBuilder>,
    shapes: Shapes,
    key: Option<usize>,
}

/// The rows stand along the curve already.
struct InOrder;

impl Sort<u32> for InOrder {
    fn sort(_: &mut SortParams<u32>, _: &mut [u32], _: &mut MutableIndices<'_>) {}
}

impl TableBuilder {
    /// A builder that keeps the fields for which `kept` holds.
    #[must_use]
    pub fn new(fields: &'static [Field], kept: fn(&Field) -> bool) -> Self {
        Self {
            fields,
            kept,
            ids: Vec::new(),
            xmins: Vec::new(),
            columns: fields.iter().map(|_| ColumnBuilder::new()).collect(),
            shapes: Shapes::default(),
            key: None,
        }
    }

    /// Has rows found by their text in a field.
    #[must_use]
    pub fn keyed_by(self, name: &str) -> Self {
        Self { key: self.fields.iter().position(|field| field.name == name), ..self }
    }

    /// Appends a stored row as the transaction `xmin` wrote it; values beyond the record's end count as null.
    pub fn push(&mut self, id: i64, xmin: u32, record: &Record) {
        self.push_values(id, xmin, record);
        match record.values.iter().find_map(geometry_of) {
            Some(geometry) => self.shapes.push(geometry),
            None => self.shapes.push_none(),
        }
    }

    /// Appends a row of another table of the same fields as it is.
    pub fn push_row(&mut self, row: Row<'_>) {
        self.push_values(row.id(), row.xmin(), &row.record());
        self.shapes.push_shape(row.shape());
    }

    /// Appends a row that was worked out and is stored nowhere, with the geometry of another.
    pub fn push_with_shape(&mut self, id: i64, record: &Record, shape: Option<Shape<'_>>) {
        self.push_values(id, 0, record);
        match shape {
            Some(shape) => self.shapes.push_shape(shape),
            None => self.shapes.push_none(),
        }
    }

    fn push_values(&mut self, id: i64, xmin: u32, record: &Record) {
        self.ids.push(id);
        self.xmins.push(xmin);
        for (place, (field, column)) in self.fields.iter().zip(&mut self.columns).enumerate() {
            let value = if (self.kept)(field) { record.values.get(place) } else { None };
            column.push(value.unwrap_or(&Value::Null));
        }
    }

    /// The table: rows with geometry first, along the curve; equal places by id.
    #[must_use]
    pub fn finish(self) -> Table {
        let order = curve_order(&self.ids, &self.shapes);
        let mut shapes = Shapes::default();
        for row in &order {
            shapes.push_shape(self.shapes.get(*row));
        }
        drop(self.shapes);
        shapes.shrink();
        let ids: Vec<i64> = order.iter().map(|row| self.ids[*row as usize]).collect();
        let xmins = order.iter().map(|row| self.xmins[*row as usize]).collect();
        let mut by_id: Vec<u32> = (0..row_count(ids.len())).collect();
        by_id.sort_unstable_by_key(|row| ids[*row as usize]);
        let columns: Vec<Column> =
            self.columns.into_iter().map(|column| column.finish().reordered(&order)).collect();
        let by_key = self.key.map(|key| keys_of(&columns[key], row_count(ids.len()))).unwrap_or_default();
        let index = build_index(&shapes);
        let areas_m2 = areas_of(&shapes);
        let Self { fields, key, .. } = self;
        Table { fields, ids, xmins, by_id, key, by_key, columns, shapes, areas_m2, index }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a table holds far fewer than 2^32 rows")]
fn row_count(length: usize) -> u32 {
    length as u32
}

fn keys_of(column: &Column, rows: u32) -> Vec<u64> {
    let keyed = |row| column.text(row).map(|text| key_hash(text) << 32 | u64::from(row));
    let mut keys: Vec<u64> = (0..rows).filter_map(keyed).collect();
    keys.sort_unstable();
    keys
}

/// 32 bits of a text.
fn key_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() >> 32
}

fn geometry_of(value: &Value) -> Option<&geo_types::Geometry<f64>> {
    match value {
        Value::Geometry(geometry) => Some(geometry),
        _ => None,
    }
}

fn curve_order(ids: &[i64], shapes: &Shapes) -> Vec<u32> {
    let mut keyed: Vec<(u64, i64, u32)> = (0..row_count(ids.len()))
        .map(|row| {
            let centre = shapes.get(row).bounds().map(|bounds| WorldPoint {
                x: bounds.min_x.midpoint(bounds.max_x),
                y: bounds.min_y.midpoint(bounds.max_y),
            });
            (centre.map_or(u64::MAX, hilbert), ids[row as usize], row)
        })
        .collect();
    // A row in the very last place of the curve still comes before the rows that have no place.
    keyed.sort_unstable_by_key(|(place, id, row)| (shapes.get(*row).is_empty(), *place, *id));
    keyed.into_iter().map(|(_, _, row)| row).collect()
}

/// The areas of all rows, not a number for those that have none.
fn areas_of(shapes: &Shapes) -> Vec<f32> {
    let all = || (0..row_count(shapes.len())).map(|row| area_m2(shapes.get(row)));
    if all().any(|area| area.is_some()) {
        all().map(|area| area.unwrap_or(f32::NAN)).collect()
    } else {
        Vec::new()
    }
}

fn build_index(shapes: &Shapes) -> Option<RTree<u32>> {
    let located = (0..row_count(shapes.len())).take_while(|row| !shapes.get(*row).is_empty()).count();
    if located == 0 {
        return None;
    }
    let mut builder = RTreeBuilder::<u32>::new(row_count(located));
    for row in 0..row_count(located) {
        let bounds = shapes.get(row).bounds().unwrap_or(WorldBox::WORLD);
        builder.add(bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y);
    }
    Some(builder.finish::<InOrder>())
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

impl<'a> Row<'a> {
    /// The row's table.
    #[must_use]
    #[inline]
    pub fn table(self) -> &'a Table {
        self.table
    }

    /// The row's number in its table.
    #[must_use]
    #[inline]
    pub fn number(self) -> u32 {
        self.number
    }

    /// Its id in the database.
    #[must_use]
    #[inline]
    pub fn id(self) -> i64 {
        self.table.ids[self.number as usize]
    }

    /// The number of the transaction that wrote it as it is, its lower 32 bits; zero when it is stored nowhere.
    #[must_use]
    pub fn xmin(self) -> u32 {
        self.table.xmins[self.number as usize]
    }

    /// Looks at the values at these places and at the first vertex, so that they are in the processor's cache when they are
    /// read in another order than the table's; the result means nothing.
    #[must_use]
    #[inline]
    pub fn read_ahead(self, positions: &[usize]) -> u64 {
        let value = |position: &usize| self.table.columns[*position].bits(self.number);
        let vertex = self.shape().vertices().first().map_or(0, |vertex| u64::from(vertex.x));
        let area = self.table.areas_m2.get(self.number as usize).map_or(0, |area| u64::from(area.to_bits()));
        positions.iter().map(value).fold(vertex ^ area, |sum, bits| sum ^ bits)
    }

    /// Its geometry; empty when it has none.
    #[must_use]
    #[inline]
    pub fn shape(self) -> Shape<'a> {
        self.table.shapes.get(self.number)
    }

    /// Its ground area in square metres; `None` for points and lines.
    #[must_use]
    #[inline]
    pub fn area_m2(self) -> Option<f32> {
        self.table.areas_m2.get(self.number as usize).copied().filter(|area| !area.is_nan())
    }

    /// Its value in the field at a place.
    #[must_use]
    pub fn value(self, position: usize) -> Value {
        self.table.columns[position].value(self.number, self.table.fields[position].field_type)
    }

    /// Its value in a text, code or list field.
    #[must_use]
    #[inline]
    pub fn text(self, position: usize) -> Option<&'a str> {
        self.table.columns[position].text(self.number)
    }

    /// Its value in a whole-number field; instants in milliseconds and days in days since 1970.
    #[must_use]
    #[inline]
    pub fn int(self, position: usize) -> Option<i64> {
        self.table.columns[position].int(self.number)
    }

    /// Its value in a measured field.
    #[must_use]
    #[inline]
    pub fn float(self, position: usize) -> Option<f64> {
        self.table.columns[position].float(self.number)
    }

    /// Its value in a yes-no field.
    #[must_use]
    #[inline]
    pub fn bool(self, position: usize) -> Option<bool> {
        self.table.columns[position].bool(self.number)
    }

    /// Its text in the field of this name.
    #[must_use]
    pub fn text_of(self, name: &str) -> Option<&'a str> {
        self.text(self.table.position(name)?)
    }

    /// Its whole number, milliseconds or days in the field of this name.
    #[must_use]
    pub fn int_of(self, name: &str) -> Option<i64> {
        self.int(self.table.position(name)?)
    }

    /// Its measured value in the field of this name.
    #[must_use]
    pub fn float_of(self, name: &str) -> Option<f64> {
        self.float(self.table.position(name)?)
    }

    /// Its yes or no in the field of this name.
    #[must_use]
    pub fn bool_of(self, name: &str) -> Option<bool> {
        self.bool(self.table.position(name)?)
    }

    /// Its value in the field of this name; null when there is no such field.
    #[must_use]
    pub fn value_of(self, name: &str) -> Value {
        self.table.position(name).map_or(Value::Null, |position| self.value(position))
    }

    /// The row as a record without its geometry.
    #[must_use]
    pub fn record(self) -> Record {
        Record { values: (0..self.table.fields.len()).map(|position| self.value(position)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use cim_model::Collection;
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
