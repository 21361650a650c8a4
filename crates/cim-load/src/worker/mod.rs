//! Parsing away from the database: in a limited child process, or in a thread for files of our own making.

mod child;
mod decode;
mod encode;
mod frame;
mod parent;

use cim_model::Finding;

use crate::check::{Batch, Summary};

pub use child::parse_worker_main;
pub(crate) use decode::decode_rows;
pub(crate) use encode::encode_rows;
pub(crate) use parent::{relay, start};

/// What a parser says, in this order: any number of batches and findings, then one summary.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Message {
    Rows(Batch),
    Finding(Finding),
    Done(Summary),
    /// The parser process ended without a summary.
    Died(Finding),
}
