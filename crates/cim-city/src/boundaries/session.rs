//! A draft in memory: its operations and the state after each, so that undo and redo are steps between states.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cim_coverage::{Applied, Delta, EditContext, Footprint, Lineage, Topology};
use cim_model::Collection;
use cim_store::{Changeset, ChangesetOp, Store, level_of};
use tokio::sync::OwnedMutexGuard;

use super::codes::CodeBook;
use super::heads::{Head, Heads};
use super::operation_body::OperationBody;
use super::refused::EditFinding;
use super::refused::no_such;
use super::revert;
use crate::CityError;
use crate::work::failed;

/// Drafts kept in memory; others are worked out again from their operations.
const KEPT: usize = 128;

/// One operation and what it led to.
#[derive(Clone)]
pub(super) struct Step {
    /// As it is kept.
    pub(super) body: OperationBody,
    pub(super) topology: Topology,
    pub(super) footprint: Footprint,
    pub(super) lineage: Vec<Lineage>,
}

/// A draft with all its states.
pub(super) struct Session {
    pub(super) changeset: Changeset,
    pub(super) base: Arc<Head>,
    /// The codes that were used until the base.
    pub(super) codes: Arc<CodeBook>,
    /// Those that were undone too.
    pub(super) steps: Vec<Step>,
}

/// An operation ready to be done.
pub(super) enum Prepared {
    /// Something that was drawn.
    Drawn(OperationBody),
    /// The undoing of a revision.
    Undoing(i32, Delta),
}

impl Session {
    /// How many operations hold.
    pub(super) fn cursor(&self) -> usize {
        usize::try_from(self.changeset.op_count).unwrap_or(0).min(self.steps.len())
    }

    /// The draft with its first steps alone.
    pub(super) fn cut_to(&self, count: usize) -> Self {
        Self {
            changeset: self.changeset.clone(),
            base: Arc::clone(&self.base),
            codes: Arc::clone(&self.codes),
            steps: self.steps.iter().take(count).cloned().collect(),
        }
    }

    /// The steps that hold.
    pub(super) fn holding(&self) -> &[Step] {
        &self.steps[..self.cursor()]
    }

    /// The state after so many operations.
    pub(super) fn state_at(&self, cursor: usize) -> &Topology {
        cursor
            .checked_sub(1)
            .and_then(|place| self.steps.get(place))
            .map_or(&self.base.topology, |step| &step.topology)
    }

    /// The state that the draft proposes.
    pub(super) fn current(&self) -> &Topology {
        self.state_at(self.cursor())
    }

    /// Everything that the draft changes.
    pub(super) fn delta(&self) -> Delta {
        self.base.topology.difference(self.current())
    }
}

/// Does an operation on a state.
pub(super) fn step(
    topology: &Topology,
    codes: &CodeBook,
    opens_outline: bool,
    prepared: Prepared,
) -> Result<Step, EditFinding> {
    let body = match prepared {
        Prepared::Undoing(rev, delta) => return revert::step(topology, rev, &delta),
        Prepared::Drawn(body) => body,
    };
    let Some(operation) = body.operation(topology)? else {
        return Err(EditFinding::of_body("this operation is not drawn".to_owned()));
    };
    let context = EditContext {
        outline_is_open: opens_outline,
        overlay_parents_from: level_of(Collection::Village).unwrap_or(topology.base_level()),
        codes,
    };
    let applied = topology.apply(&operation, &context);
    let Applied { topology, footprint, lineage, .. } =
        applied.map_err(|refusal| EditFinding::of_refusal(&refusal, topology))?;
    // As it was meant, units by number: a code that was issued is issued anew where others took it meanwhile.
    Ok(Step { body: OperationBody::of_operation(&operation), topology, footprint, lineage })
}

/// Finds out what an operation needs from the store.
pub(super) async fn prepare(
    store: &Store,
    city_code: &str,
    body: OperationBody,
) -> Result<Prepared, CityError> {
    match body {
        OperationBody::Revert { rev } => {
            Ok(Prepared::Undoing(rev, revert::undoing(store, city_code, rev).await?))
        }
        drawn => Ok(Prepared::Drawn(drawn)),
    }
}

/// The drafts that are in memory.
#[derive(Default)]
pub(crate) struct Sessions {
    kept: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<Option<Session>>>>>,
}

/// A draft, held by one request at a time.
pub(super) type HeldSession = OwnedMutexGuard<Option<Session>>;

impl Sessions {
    /// The draft as the store has it now, held until the answer is dropped.
    pub(super) async fn hold(&self, store: &Store, heads: &Heads, id: i64) -> Result<HeldSession, CityError> {
        let mut held = self.slot(id).lock_owned().await;
        let found = store.changeset(id).await.map_err(failed)?;
        let Some(changeset) = found else { return Err(no_such("changeset", id)) };
        if held.as_ref().is_none_or(|known| known.changeset.version != changeset.version) {
            *held = Some(restored(store, heads, changeset).await?);
        }
        Ok(held)
    }

    fn slot(&self, id: i64) -> Arc<tokio::sync::Mutex<Option<Session>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&id) {
            // Those that nobody holds can be worked out again.
            kept.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(kept.entry(id).or_default())
    }
}

/// The session behind a guard that [`Sessions::hold`] gave.
pub(super) fn session(held: &HeldSession) -> Result<&Session, CityError> {
    held.as_ref().ok_or_else(|| CityError::Internal {
        doing: "opening of a draft",
        source: "the draft was put away while it was held".into(),
    })
}

async fn restored(store: &Store, heads: &Heads, changeset: Changeset) -> Result<Session, CityError> {
    let revision = store.revision(changeset.base_rev).await.map_err(failed)?;
    let revision = revision.ok_or_else(|| no_such("revision", i64::from(changeset.base_rev)))?;
    let base = heads.at(store, &revision).await?;
    let ops = store.changeset_ops(changeset.id).await.map_err(failed)?;
    let codes = heads.codes(store, &base.city_code, base.rev).await?;
    let mut session = Session { changeset, base, codes, steps: Vec::with_capacity(ops.len()) };
    let total = ops.len();
    for op in ops {
        match restored_step(store, &session, op).await? {
            Ok(step) => session.steps.push(step),
            Err(finding) => {
                // What was undone may be lost with a rule that became stricter; what holds may not.
                if session.steps.len() < usize::try_from(session.changeset.op_count).unwrap_or(total) {
                    return Err(CityError::RefusedEdit(vec![finding]));
                }
                break;
            }
        }
    }
    Ok(session)
}

async fn restored_step(
    store: &Store,
    session: &Session,
    op: ChangesetOp,
) -> Result<Result<Step, EditFinding>, CityError> {
    let body = serde_json::from_value(op.operation).map_err(|source| CityError::Internal {
        doing: "reading of a stored operation",
        source: Box::new(source),
    })?;
    let prepared = prepare(store, &session.base.city_code, body).await?;
    let state = session.state_at(session.steps.len());
    let opens_outline = session.changeset.opens_outline;
    Ok(tokio::task::block_in_place(|| step(state, &session.codes, opens_outline, prepared)))
}
