//! Setting a draft on the latest revision, where its operations can be done again.

use std::sync::Arc;

use cim_access::Scope;
use serde::Deserialize;

use super::answer::{EditAnswer, edit_answer};
use super::changeset::written_row;
use super::heads::{Head, refuse_unclean};
use super::replay::replay;
use super::session::{Session, session};
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
        scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        body: RebaseBody,
    ) -> Result<EditAnswer, CityError> {
        let mut draft = self.hold_open(id, version, actor, "rebase").await?;
        let revision = self.head_revision(&session(&draft)?.base.city_code).await?;
        refuse_unclean(&revision)?;
        let desk = &self.inner.boundaries;
        let head: Arc<Head> = desk.heads.at(&self.inner.store, &revision).await?;
        let codes = desk.heads.codes(&self.inner.store, &head.city_code, head.rev).await?;
        let replayed = replay(&self.inner.store, session(&draft)?, &head, &codes).await?;
        let steps = match replayed {
            Ok(steps) => steps,
            Err(conflicts) if body.keep_before_conflict => {
                let first = conflicts.iter().map(|conflict| conflict.seq).min().unwrap_or(1);
                let mut kept = session(&draft)?.cut_to(first - 1);
                kept.changeset.op_count = i32::try_from(first - 1).unwrap_or(0);
                let again = replay(&self.inner.store, &kept, &head, &codes).await?;
                again.map_err(CityError::BoundaryConflict)?
            }
            Err(conflicts) => return Err(CityError::BoundaryConflict(conflicts)),
        };
        let count = i32::try_from(steps.len()).unwrap_or(i32::MAX);
        let rebased = self.inner.store.rebase_changeset(id, version, head.rev, actor, count).await;
        let (changeset, xid) = written_row(rebased.map_err(failed)?, id, version, "rebase")?;
        let before = session(&draft)?.current().clone();
        if let Some(session) = draft.as_mut() {
            *session = Session { changeset, base: head, codes, steps };
        }
        let city = self.version_for(scope)?;
        Ok(edit_answer(&city, session(&draft)?, &before, None, self.as_of(), xid))
    }
}
