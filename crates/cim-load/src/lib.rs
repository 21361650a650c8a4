#![doc = include_str!("../README.md")]

mod check;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod job;
mod load;
mod options;
mod pack;
mod readers;
mod report;
mod row;
mod worker;

pub use error::LoadError;
pub use load::{load_file, load_pack, repair_load};
pub use options::{FileSource, Isolation, LoadOptions, Progress};
pub use report::{
    CollectionReport, CoverageProposal, Language, LoadReport, Outcome, Request, UnitAreaChange,
};
pub use worker::parse_worker_main;
