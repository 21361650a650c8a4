//! Work and what watches it, as sources give it: cases, inspections, findings and cameras come in, change and move on.

mod batch;
mod case_command;
mod cases;
mod given_row;
mod placing;
mod store_error;
mod things;
mod ties;
mod video;

pub(crate) use given_row::{given_fields, given_row};
pub(crate) use store_error::failed;
pub(crate) use things::{point_of, text_of};

pub use batch::{BatchWritten, MAX_BATCH_ROWS, RefusedRow};
pub use cases::{AcceptCase, CaseAnswer, CaseEventAnswer, CaseEventCommand, CaseWritten};
pub use things::{GIVEN_KINDS, ThingAnswer, ThingPage, ThingWritten};
pub use ties::{FailedTieAnswer, FailedTies, TieAnswer, TiedUnits};
pub use video::{VideoAnswer, VideoOptions, VideoUrlError};
