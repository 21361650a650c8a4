//! Drawing: an operation is done in memory, kept in the store, and answered with what it changed.

use cim_access::Scope;
use cim_store::Changeset;

use super::answer::{EditAnswer, edit_answer};
use super::changeset::{refuse_others, state_conflict, written_row};
use super::operation_body::OperationBody;
use super::refused::refuse;
use super::session::{HeldSession, Session, prepare, session, step};
use crate::work::failed;
use crate::{City, CityError};

/// A draft of so many operations is several drafts.
const MOST_OPS: usize = 5_000;

impl City {
    /// Does an operation and keeps it. What was undone before is gone.
    pub async fn edit_changeset(
        &self,
        scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        body: OperationBody,
    ) -> Result<EditAnswer, CityError> {
        let mut held = self.hold_open(id, version, actor, "ops").await?;
        let now = session(&held)?;
        if now.cursor() >= MOST_OPS {
            return Err(refuse(
                "too_many_operations",
                format!("a draft holds at most {MOST_OPS} operations: publish it first"),
            ));
        }
        let prepared = prepare(&self.inner.store, &now.base.city_code, body).await?;
        let done = step(now.current(), &now.codes, now.changeset.opens_outline, prepared);
        let done = done.map_err(|finding| CityError::RefusedEdit(vec![finding]))?;
        let kept = serde_json::to_value(&done.body).map_err(|source| CityError::Internal {
            doing: "writing of an operation",
            source: Box::new(source),
        })?;
        let written =
            self.inner.store.append_changeset_op(id, version, &kept, actor).await.map_err(failed)?;
        let (changeset, xid) = written_row(written, id, version, "ops")?;
        let before = now.current().clone();
        let operation = done.body.clone();
        if let Some(session) = held.as_mut() {
            session.steps.truncate(session.cursor());
            session.steps.push(done);
            session.changeset = changeset;
        }
        let version = self.version_for(scope)?;
        Ok(edit_answer(&version, session(&held)?, &before, Some(operation), self.as_of(), xid))
    }

    /// Undoes the last operations that hold.
    pub async fn undo_changeset(
        &self,
        scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        steps: usize,
    ) -> Result<EditAnswer, CityError> {
        let held = self.hold_open(id, version, actor, "undo").await?;
        let now = session(&held)?.cursor();
        if now == 0 {
            return Err(refuse("nothing_to_undo", format!("changeset {id} has no operation to undo")));
        }
        self.move_to(scope, held, version, now.saturating_sub(steps)).await
    }

    /// Does operations again that were undone.
    pub async fn redo_changeset(
        &self,
        scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        steps: usize,
    ) -> Result<EditAnswer, CityError> {
        let held = self.hold_open(id, version, actor, "redo").await?;
        let (now, most) = (session(&held)?.cursor(), session(&held)?.steps.len());
        if now == most {
            return Err(refuse(
                "nothing_to_redo",
                format!("changeset {id} has no operation that was undone"),
            ));
        }
        self.move_to(scope, held, version, now.saturating_add(steps).min(most)).await
    }

    async fn move_to(
        &self,
        scope: &Scope,
        mut held: HeldSession,
        version: i32,
        cursor: usize,
    ) -> Result<EditAnswer, CityError> {
        let now = session(&held)?;
        let (id, before) = (now.changeset.id, now.current().clone());
        let (moved, wanted) = (one_step(now, cursor), if cursor < now.cursor() { "undo" } else { "redo" });
        let count = i32::try_from(cursor).unwrap_or(i32::MAX);
        let written = self.inner.store.move_changeset_cursor(id, version, count).await.map_err(failed)?;
        let (changeset, xid) = written_row(written, id, version, wanted)?;
        if let Some(session) = held.as_mut() {
            session.changeset = changeset;
        }
        let city = self.version_for(scope)?;
        Ok(edit_answer(&city, session(&held)?, &before, moved, self.as_of(), xid))
    }

    /// A draft that may be drawn on, of the version that was read, by its author.
    pub(super) async fn hold_open(
        &self,
        id: i64,
        version: i32,
        actor: &str,
        wanted: &str,
    ) -> Result<HeldSession, CityError> {
        let desk = &self.inner.boundaries;
        let held = desk.sessions.hold(&self.inner.store, &desk.heads, id).await?;
        let changeset = &session(&held)?.changeset;
        refuse_others(changeset, actor)?;
        expect_version(changeset, version)?;
        if !changeset.state.is_open() {
            return Err(state_conflict(changeset, wanted));
        }
        Ok(held)
    }
}

pub(super) fn expect_version(changeset: &Changeset, version: i32) -> Result<(), CityError> {
    if changeset.version == version {
        Ok(())
    } else {
        Err(CityError::Stale { what: "changeset", name: changeset.id.to_string() })
    }
}

/// The operation between two neighbouring states.
fn one_step(session: &Session, to: usize) -> Option<OperationBody> {
    let from = session.cursor();
    let is_one = from.abs_diff(to) == 1;
    session.steps.get(from.min(to)).filter(|_| is_one).map(|step| step.body.clone())
}
