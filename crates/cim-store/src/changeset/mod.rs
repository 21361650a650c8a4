//! Drafts of boundaries as they are stored: what they say of themselves, their operations, and what is said about them.

mod log;
mod record;
mod review;

pub use log::ChangesetOp;
pub use record::{Changeset, ChangesetState, ChangesetWrite};
pub use review::{ChangesetComment, ChangesetEvent, NewComment, NewEvent};
