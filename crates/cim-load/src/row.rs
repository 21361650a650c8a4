//! What a reader hands on: one source row, its wanted cells and its geometry in the file's own coordinates.

use std::borrow::Cow;

use cim_crs::Crs;
use geo_types::{Coord, Geometry, LineString};

/// The longest text of one cell, in bytes.
pub(crate) const LONGEST_CELL_BYTES: usize = 1 << 20;
/// The most vertices of one feature: a whole country's detailed coast has fewer.
pub(crate) const MOST_VERTICES: usize = 4_000_000;

/// One cell of a source row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Empty,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl<'a> Cell<'a> {
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// The cell as text; `None` for nothing or blanks.
    pub(crate) fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Empty => None,
            Self::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
            Self::Int(number) => Some(Cow::Owned(number.to_string())),
            Self::Float(number) => Some(Cow::Owned(number.to_string())),
            Self::Text(text) => {
                let trimmed = text.trim();
                (!trimmed.is_empty()).then_some(Cow::Borrowed(trimmed))
            }
        }
    }
}

/// A geometry as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RawGeometry<'a> {
    None,
    Wkt(&'a str),
    Wkb(&'a [u8]),
    Shape(Shape),
}

/// A geometry in the file's coordinates, and how many of its rings were not closed in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub(crate) geometry: Geometry<f64>,
    pub(crate) unclosed_rings: u32,
}

impl Shape {
    pub(crate) fn new(geometry: Geometry<f64>) -> Self {
        Self { geometry, unclosed_rings: 0 }
    }
}

/// Closes a ring; tells whether it had to.
pub(crate) fn closed_ring(mut coords: Vec<Coord<f64>>) -> (LineString<f64>, bool) {
    let open = coords.len() > 2 && coords.first() != coords.last();
    if open {
        coords.extend(coords.first().copied());
    }
    (LineString(coords), open)
}

/// What a file says of its own coordinate system.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DeclaredCrs {
    /// One that we know.
    Known(Crs),
    /// Its definition as well-known text.
    Text(String),
    /// A name that we cannot place.
    Unknown(String),
}

/// Why reading stopped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stop {
    /// The file cannot be read further: the load is refused.
    Refused(Refusal),
    /// Nobody listens any more.
    Abandoned,
}

/// What is wrong with a file, where and with which value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) rule: &'static str,
    pub(crate) row: Option<u64>,
    pub(crate) value: Option<String>,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, row: None, value: None, message: message.into() }
    }

    pub(crate) fn at(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(crate) fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

pub(crate) type Reading<T = ()> = Result<T, Stop>;

/// A file that ends before it should, or holds what it must not.
pub(crate) fn damaged(message: impl Into<String>) -> Stop {
    Refusal::new("file_damaged", message).into()
}
