//! Forgetting the people behind cases that ended long ago; the cases themselves stay, with masked texts.

use std::time::Duration;

use cim_store::{Store, StoreError};
use jiff::Timestamp;

/// Forgets who is behind cases that were closed longer ago than `keep`, and says behind how many.
pub(crate) async fn forget_people(store: &Store, keep: Option<Duration>) -> Result<i64, StoreError> {
    let Some(keep) = keep else { return Ok(0) };
    let now = Timestamp::now();
    store.forget_people(now.checked_sub(keep).unwrap_or(Timestamp::MIN)).await
}
