//! Every check that a row goes through before anything is written.

mod city_case;
mod fields;
mod geometry;
mod repair;
mod row_checker;
mod segments;
mod tally;
mod timeline;
mod validity;
mod values;

pub(crate) use fields::{Wanted, admits_text};
pub(crate) use row_checker::{Batch, BatchOutput, CheckedRow, RowChecker, Summary, refused};

pub(crate) use repair::{dissolved, doubled_area};
pub(crate) use segments::lies_inside;
pub(crate) use timeline::TimeShift;
