//! Choosing rows by a CQL2 text and by time: parsed, checked against what a tileset allows, and run over mirror rows.

mod compile;
mod error;
mod expression;
mod like;
mod parse;
mod queryable;
mod reading;
mod row_test;
mod selection;
mod time_span;
mod token;

pub use error::{DatetimeError, FilterError, SelectionError};
pub use expression::Filter;
pub use queryable::{Queryable, ValueKind};
pub use selection::{Selected, Selection};
pub use time_span::TimeSpan;
