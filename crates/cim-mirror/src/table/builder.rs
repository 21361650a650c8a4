//! Making a table: rows in any order, put along the curve, with their indexes.

use cim_model::{Field, Record, Value};
use geo_index::indices::MutableIndices;
use geo_index::rtree::sort::{Sort, SortParams};
use geo_index::rtree::{RTree, RTreeBuilder};

use super::{Row, Table, key_hash, row_count};
use crate::WorldBox;
use crate::area::area_m2;
use crate::column::{Column, ColumnBuilder};
use crate::shapes::{Shape, Shapes};
use crate::world::{WorldPoint, hilbert};

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

fn keys_of(column: &Column, rows: u32) -> Vec<u64> {
    let keyed = |row| column.text(row).map(|text| key_hash(text) << 32 | u64::from(row));
    let mut keys: Vec<u64> = (0..rows).filter_map(keyed).collect();
    keys.sort_unstable();
    keys
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
