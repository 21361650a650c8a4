//! Setting a draft on the latest revision, where its operations can be done again.

use std::sync::Arc;

use cim_model::Scope;
use serde::Deserialize;

use super::answer::{EditAnswer, edit_answer};
use super::changeset::written_row;
use super::heads::{Head, refuse_unclean};
use super::replay::replay;
use super::session::session;
use crate::work::failed;
use crate::{City, CityError};

/// How a draft is set on the latest revision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RebaseBody {
    /// Keep only the operations before the first that cannot be done again; the others count as undone.
    #[serde(default)]
    pub keep_before_conflict: bool,
}

impl City {
    /// Sets a draft on the latest revision. Where others changed its ground, the conflict is told and nothing is changed,
    /// unless the operations from the first conflict on are to be undone.
    pub async fn rebase_changeset(
        &self,
        _scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        body: RebaseBody,
    ) -> Result<EditAnswer, CityError> {
        let mut held = self.hold_open(id, version, actor, "rebase").await?;
        let revision = self.head_revision(&session(&held)?.base.city_code).await?;
        refuse_unclean(&revision)?;
        let desk = &self.inner.boundaries;
        let head: Arc<Head> = desk.heads.at(&self.inner.store, &revision).await?;
        let replayed = replay(&self.inner.store, session(&held)?, &head).await?;
        let (steps, version) = match replayed {
            Ok(steps) => (steps, version),
            Err(conflicts) if body.keep_before_conflict => {
                let kept = conflicts.iter().map(|conflict| conflict.seq).min().unwrap_or(1) - 1;
                let count = i32::try_from(kept).unwrap_or(0);
                let cut = self.inner.store.move_changeset_cursor(id, version, count).await.map_err(failed)?;
                let (changeset, _) = written_row(cut, id, version, "rebase")?;
                let version = changeset.version;
                if let Some(session) = held.as_mut() {
                    session.changeset = changeset;
                }
                let again = replay(&self.inner.store, session(&held)?, &head).await?;
                (again.map_err(CityError::BoundaryConflict)?, version)
            }
            Err(conflicts) => return Err(CityError::BoundaryConflict(conflicts)),
        };
        let rebased =
            self.inner.store.rebase_changeset(id, version, head.rev, actor).await.map_err(failed)?;
        let (changeset, xid) = written_row(rebased, id, version, "rebase")?;
        let before = session(&held)?.current().clone();
        if let Some(session) = held.as_mut() {
            session.base = head;
            session.steps = steps;
            session.changeset = changeset;
        }
        let city = self.version()?;
        Ok(edit_answer(&city, session(&held)?, &before, None, self.as_of(), xid))
    }
}
