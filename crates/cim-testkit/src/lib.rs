#![doc = include_str!("../README.md")]

mod cluster;
mod database;
pub mod mvt;
mod records;

pub use database::TestDatabase;
pub use records::{arriving, building, load, place, point, provenance, record, rows, rows_now, square, text};
