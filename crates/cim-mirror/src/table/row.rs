//! One row of a table: its values by the place or the name of their field, and its geometry.

use cim_model::{Record, Value};

use super::{Row, Table};
use crate::shapes::Shape;

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
