//! Every check that a row goes through before anything is written.

mod city_case;
mod fields;
mod geometry;
mod geometry_cells;
mod output;
mod repair;
mod row_checker;
mod samples;
mod segments;
mod spoken;
mod tally;
mod timeline;
mod validity;
mod values;

pub(crate) use fields::{Wanted, admits_text};
pub(crate) use output::{Batch, BatchOutput, CheckedRow, Summary, refused};
pub(crate) use row_checker::RowChecker;

pub(crate) use repair::{dissolved, doubled_area};
pub(crate) use segments::lies_inside;
pub(crate) use timeline::TimeShift;
