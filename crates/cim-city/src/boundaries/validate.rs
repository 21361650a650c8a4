//! Proving the whole state that a draft proposes.

use cim_access::Scope;
use cim_coverage::Refusal;
use serde::Serialize;

use super::answer::{ChangesetAnswer, touched_figures};
use super::figures::UnitFigures;
use super::refused::EditFinding;
use super::session::session;
use crate::{City, CityError, load};

/// What a full proof found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValidationAnswer {
    /// The draft.
    pub changeset: ChangesetAnswer,
    /// Whether the whole state is an exact partition and every rule holds.
    pub valid: bool,
    /// Errors first, then what a planner should look at again.
    pub findings: Vec<EditFinding>,
    /// The grids that the draft touches, with what lies in them now.
    pub units: Vec<UnitFigures>,
}

impl City {
    /// Proves the whole state of a draft: every face, every border, every chain of units.
    pub async fn validate_changeset(&self, scope: &Scope, id: i64) -> Result<ValidationAnswer, CityError> {
        let desk = &self.inner.boundaries;
        let _turn = desk.large_reads.acquire().await;
        let held = desk.sessions.hold(&self.inner.store, &desk.heads, id).await?;
        let now = session(&held)?;
        let changeset = ChangesetAnswer::from(&now.changeset);
        let (before, after) = (now.base.topology.clone(), now.current().clone());
        drop(held);
        let version = self.version_for(scope)?;
        Ok(load::off_the_runtime(move || {
            let refusals = after.validate();
            let of = |refusal: &Refusal| EditFinding::of_refusal(refusal, &after);
            let mut findings: Vec<EditFinding> = refusals.iter().map(of).collect();
            let (units, warnings) = touched_figures(&version, &before, &after, &before.difference(&after));
            findings.extend(warnings);
            ValidationAnswer { changeset, valid: refusals.is_empty(), findings, units }
        })
        .await)
    }
}
