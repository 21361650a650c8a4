//! The way of a draft through its review: submit, withdraw, approve, reject.

use cim_access::Scope;
use cim_coverage::Refusal;
use cim_store::{Changeset, ChangesetState, NewEvent};
use jiff::civil::Date;
use serde::Deserialize;

use super::answer::ChangesetAnswer;
use super::changeset::{state_conflict, written_answer};
use super::edit::expect_version;
use super::refused::{EditFinding, refuse};
use super::session::session;
use crate::responsible::china_today;
use crate::work::failed;
use crate::{City, CityError};

/// The approval of a draft.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// The day from which it holds, at 00:00 in China.
    pub effective_from: Date,
    /// The number of the decision it rests on.
    pub doc_no: Option<String>,
}

/// The rejection of a draft.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectBody {
    /// Why.
    pub reason: String,
}

type Moved = Result<(ChangesetAnswer, Option<u64>), CityError>;

impl City {
    /// Gives a draft to be reviewed: the whole state is proved once more, and what changes hands is kept as evidence.
    pub async fn submit_changeset(&self, scope: &Scope, id: i64, version: i32, actor: &str) -> Moved {
        let held = self.hold_open(id, version, actor, "submit").await?;
        let proposed = session(&held)?.current().clone();
        if session(&held)?.delta().is_empty() {
            return Err(refuse(
                "nothing_changes",
                format!("changeset {id} changes nothing: draw before you submit it"),
            ));
        }
        let proved = crate::load::off_the_runtime(move || (proposed.validate(), proposed)).await;
        refuse_broken(&proved.0, &proved.1)?;
        drop(held);
        let impact = self.changeset_impact(scope, id).await?;
        let impact = serde_json::to_value(impact).map_err(|source| CityError::Internal {
            doing: "writing of an impact",
            source: Box::new(source),
        })?;
        self.moved(id, version, actor, &NewEvent::Submit(impact), "submit").await
    }

    /// Takes a draft back to be drawn on.
    pub async fn withdraw_changeset(&self, _scope: &Scope, id: i64, version: i32, actor: &str) -> Moved {
        self.author_alone(id, actor).await?;
        self.moved(id, version, actor, &NewEvent::Withdraw, "withdraw").await
    }

    /// Approves a draft of somebody else, from a day on that has not passed.
    pub async fn approve_changeset(
        &self,
        _scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        body: ApproveBody,
    ) -> Moved {
        let found = self.by_another(id, version, actor, "approve").await?;
        if found.state != ChangesetState::Submitted {
            return Err(state_conflict(&found, "approve"));
        }
        self.refuse_past_day(&found.city_code, body.effective_from).await?;
        let event = NewEvent::Approve(body.effective_from, body.doc_no);
        self.moved(id, version, actor, &event, "approve").await
    }

    /// Sends a draft of somebody else back.
    pub async fn reject_changeset(
        &self,
        _scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
        body: RejectBody,
    ) -> Moved {
        self.by_another(id, version, actor, "reject").await?;
        if body.reason.trim().is_empty() {
            return Err(refuse("reason_missing", "say in `reason` what is to be changed".to_owned()));
        }
        self.moved(id, version, actor, &NewEvent::Reject(body.reason), "reject").await
    }

    async fn moved(&self, id: i64, version: i32, actor: &str, event: &NewEvent, wanted: &str) -> Moved {
        let written = self.inner.store.move_changeset(id, version, actor, event).await.map_err(failed)?;
        written_answer(written, id, version, wanted)
    }

    /// A draft that somebody else drew, of the version that was read.
    async fn by_another(
        &self,
        id: i64,
        version: i32,
        actor: &str,
        wanted: &str,
    ) -> Result<Changeset, CityError> {
        let found = self.changeset(id).await?;
        expect_version(&found, version)?;
        if found.author == actor {
            let message = format!("changeset {id} is your own: somebody else has to {wanted} it");
            return Err(refuse("own_review", message));
        }
        Ok(found)
    }

    /// Boundaries hold from today at the earliest, and never from before those that they follow.
    pub(super) async fn refuse_past_day(&self, city_code: &str, day: Date) -> Result<(), CityError> {
        let today = china_today();
        if day < today {
            let message = format!("{day} has passed: boundaries hold from {today} at the earliest");
            return Err(refuse("backdated", message));
        }
        let head = self.head_revision(city_code).await?;
        refuse_before(&head, day)
    }
}

pub(super) fn refuse_before(head: &cim_store::Revision, day: Date) -> Result<(), CityError> {
    if day >= head.effective_from {
        return Ok(());
    }
    let message = format!(
        "revision {} holds from {}: what follows it cannot hold from {day}, before it",
        head.rev, head.effective_from
    );
    Err(refuse("backdated", message))
}

/// A state that is no exact partition goes no further.
pub(super) fn refuse_broken(found: &[Refusal], topology: &cim_coverage::Topology) -> Result<(), CityError> {
    if found.is_empty() {
        return Ok(());
    }
    let findings = found.iter().take(100).map(|refusal| EditFinding::of_refusal(refusal, topology));
    Err(CityError::RefusedEdit(findings.collect()))
}
