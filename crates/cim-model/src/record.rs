//! A record: one row of a collection, its values in the order of the collection's fields.

use geo_types::Geometry;
use jiff::Timestamp;
use jiff::civil::Date;

/// One value of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing known.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A measured number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// An instant.
    Time(Timestamp),
    /// A calendar day.
    Date(Date),
    /// A geometry in CGCS2000 longitude, latitude (EPSG:4490).
    Geometry(Geometry<f64>),
}

/// One row: `values[i]` belongs to `spec().fields[i]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The values, in field order.
    pub values: Vec<Value>,
}
