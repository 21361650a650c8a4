//! Doing a draft's operations again on boundaries that others changed meanwhile.

use std::sync::Arc;

use cim_coverage::Footprint;
use cim_store::Store;

use super::codes::CodeBook;
use super::heads::Head;
use super::refused::{BoundaryConflict, three_ways};
use super::session::{Session, Step, prepare, step};
use crate::CityError;

/// The steps on the present boundaries, or where both changed the same.
pub(super) type Replayed = Result<Vec<Step>, Vec<BoundaryConflict>>;

/// Does the operations that hold again on `head`. An operation whose elements nobody else changed is done as it was meant;
/// each result is checked as exactly as if it had just been drawn.
pub(super) async fn replay(
    store: &Store,
    session: &Session,
    head: &Arc<Head>,
    codes: &CodeBook,
) -> Result<Replayed, CityError> {
    if head.rev == session.base.rev {
        return Ok(Ok(session.holding().to_vec()));
    }
    let theirs = session.base.topology.difference(&head.topology).footprint();
    let mut steps: Vec<Step> = Vec::new();
    let mut conflicts = Vec::new();
    for (place, old) in session.holding().iter().enumerate() {
        let common = old.footprint.common(&theirs);
        let mut conflict = |common: &Footprint, refused| {
            conflicts.push(BoundaryConflict {
                seq: place + 1,
                operation: old.body.clone(),
                refused,
                elements: three_ways(common, &session.base.topology, &old.topology, &head.topology),
            });
        };
        if !common.is_empty() {
            conflict(&common, None);
        }
        if !are_all_done(&steps, place) {
            // An operation before this one could not be done: what this one would do is not known.
            continue;
        }
        if common.is_empty() {
            let now = steps.last().map_or(&head.topology, |step| &step.topology);
            let prepared = prepare(store, &head.city_code, old.body.clone()).await?;
            let opens_outline = session.changeset.opens_outline;
            match tokio::task::block_in_place(|| step(now, codes, opens_outline, prepared)) {
                Ok(done) => steps.push(done),
                Err(finding) => conflict(&old.footprint, Some(finding)),
            }
        }
    }
    Ok(if conflicts.is_empty() { Ok(steps) } else { Err(conflicts) })
}

/// Whether every operation before this place was done.
fn are_all_done(steps: &[Step], place: usize) -> bool {
    steps.len() == place
}
