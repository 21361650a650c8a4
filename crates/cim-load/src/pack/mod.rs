//! A city pack: what `city.toml` says, checked when it is read.

mod files;
mod format;
mod parse;
mod source_table;
mod toml_table;

use std::collections::BTreeMap;

use cim_crs::Crs;
use cim_model::{Collection, ExclusivePolicy};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub(crate) use files::{expand_files, resolve_variables};
pub(crate) use format::Format;
pub(crate) use parse::{parse_pack, read_pack};

/// What `city.toml` says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pack {
    pub(crate) city: String,
    pub(crate) division_code: Option<String>,
    pub(crate) exclusive: Option<ExclusivePolicy>,
    pub(crate) synthetic: bool,
    pub(crate) timeline: Option<Timeline>,
    pub(crate) sources: Vec<Source>,
}

/// The last day of a synthetic history and how much of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeline {
    pub(crate) last_day: Date,
    pub(crate) keep_days: i64,
}

/// One `[[source]]` table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub(crate) collection: Collection,
    /// The file as written, variables and `*` not yet resolved.
    pub(crate) file: String,
    pub(crate) format: Option<Format>,
    pub(crate) crs: Option<Crs>,
    pub(crate) mapping: Mapping,
    /// Whether rows that are in the database and not in this source are to be removed.
    pub(crate) complete: bool,
}

/// How a file's columns become a collection's fields: all that the parser needs to know besides the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub(crate) struct Mapping {
    pub(crate) layer: Option<String>,
    pub(crate) encoding: Option<String>,
    pub(crate) delimiter: Option<char>,
    pub(crate) fields: BTreeMap<String, FieldSource>,
    /// field -> (source value -> value); `*` is every other value, an empty text is nothing.
    pub(crate) values: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) timezone: Option<String>,
    pub(crate) time_format: Option<String>,
    pub(crate) reject: Reject,
}

/// Where a field's value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldSource {
    /// A column.
    Column(String),
    /// The same value in every row.
    Constant(String),
    /// Several columns, joined; empty ones are left out.
    Joined { columns: Vec<String>, join: String },
    /// A column whose repeats are told apart: `7`, `7#2`, `7#3`.
    CountedRepeats(String),
    /// The row's number, behind a prefix.
    RowNumber { prefix: String },
    /// A point from two columns.
    Point { lon: String, lat: String },
}

/// A row is read only where the column has (or has not) one of these values; `*` is any value at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Filter {
    pub(crate) column: String,
    pub(crate) any_of: Vec<String>,
    pub(crate) none_of: Vec<String>,
}

/// What an error in a row leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reject {
    /// The whole pack is refused.
    #[default]
    Pack,
    /// The row is left out.
    Rows,
    /// A bad optional value is left out; a row that lacks what it must have is left out.
    Values,
}
