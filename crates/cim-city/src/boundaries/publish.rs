//! Publication: a draft becomes a revision in one transaction, or nothing happens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use cim_access::Scope;
use cim_coverage::{Delta, Lineage, Refusal, Topology};
use cim_store::{ChangesetState, ChangesetWrite, NewRevision, Publication, Revision, StateSum, hexadecimal};
use jiff::civil::Date;
use serde::Serialize;
use tokio::task::JoinHandle;

use super::activation::take_hold;
use super::answer::ChangesetAnswer;
use super::changeset::{state_conflict, written_row};
use super::codes::CodeBook;
use super::edit::expect_version;
use super::heads::{Head, head_of, refuse_unclean};
use super::lineage::new_lineage;
use super::refused::{no_such, refuse};
use super::replay::replay;
use super::review::{refuse_before, refuse_broken};
use super::session::{Session, session};
use super::state_sum;
use crate::responsible::china_today;
use crate::work::failed;
use crate::{City, CityError};

/// A published draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedAnswer {
    /// The draft.
    pub changeset: ChangesetAnswer,
    /// The revision it became.
    pub rev: i32,
    /// The revision it follows; when the draft began from another, its operations were replayed on this one.
    pub parent: i32,
    /// The day from which it holds.
    pub effective_from: String,
    /// Whether maps and answers show it already; otherwise they will from that day on.
    pub is_effective: bool,
    /// SHA-256 of the state.
    pub state_hash: String,
    /// Codes that units have now and had not before.
    pub codes_created: Vec<String>,
    /// Codes that no unit has any more.
    pub codes_retired: Vec<String>,
    /// The writing transaction.
    #[serde(skip)]
    pub xid: Option<u64>,
}

/// A new state, ready to be written.
struct Proposal {
    /// In lasting numbers.
    topology: Topology,
    delta: Delta,
    lineage: Vec<Lineage>,
    sum: StateSum,
    kind: &'static str,
}

/// The proof of a whole state, worked out while the state is written.
struct Proof {
    drawn: Topology,
    found: JoinHandle<Vec<Refusal>>,
}

impl Proof {
    fn of(drawn: Topology) -> Self {
        let state = drawn.clone();
        Self { drawn, found: tokio::task::spawn_blocking(move || state.validate()) }
    }

    /// Refuses a state that is no exact partition.
    async fn holds(self) -> Result<(), CityError> {
        let found = self.found.await.map_err(|source| CityError::Internal {
            doing: "proof of the boundaries",
            source: Box::new(source),
        })?;
        refuse_broken(&found, &self.drawn)
    }
}

impl City {
    /// Publishes an approved draft on the latest revision.
    pub async fn publish_changeset(
        &self,
        _scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
    ) -> Result<PublishedAnswer, CityError> {
        let desk = &self.inner.boundaries;
        let store = &self.inner.store;
        let draft = desk.sessions.hold(store, &desk.heads, id).await?;
        let session = session(&draft)?;
        expect_version(&session.changeset, version)?;
        if session.changeset.state != ChangesetState::Approved {
            return Err(not_approved(session));
        }
        // One after the other, in the order they came, before the database is asked for its lock.
        let _turn = desk.publishing.acquire().await;
        let publication = store.begin_publication(&session.base.city_code).await.map_err(failed)?;
        let changeset =
            publication.changeset(id).await.map_err(failed)?.ok_or_else(|| no_such("changeset", id))?;
        expect_version(&changeset, version)?;
        let day = changeset.effective_from.unwrap_or_else(china_today);
        let revision = publication.head().await.map_err(failed)?;
        let revision = revision
            .ok_or_else(|| CityError::NotFound { what: "city", name: session.base.city_code.clone() })?;
        refuse_unclean(&revision)?;
        refuse_passed(day)?;
        refuse_before(&revision, day)?;
        let head = desk.heads.at(store, &revision).await?;
        let codes = desk.heads.codes(store, &head.city_code, head.rev).await?;
        let (proposal, proof) = proposed(self, session, (&head, &codes), &publication).await?;
        let new = new_revision(session, &head, &proposal, actor, day);
        let is_effective = day <= china_today();
        let (written, rev) = write(&publication, &head, &proposal, &new, (id, version)).await?;
        // Nothing of what was written is seen by anybody before the transaction ends.
        proof.holds().await?;
        if is_effective && let Some(active) = publication.active().await.map_err(failed)? {
            take_hold(&self.inner, &publication, &active, rev, &proposal.topology).await?;
        }
        let (published, _) = written_row(written, id, version, "publish")?;
        publication.tell_audit(actor, &format!("changeset {id}"), rev).await.map_err(failed)?;
        let xid = publication.commit().await.map_err(failed)?;
        desk.heads.keep_codes(rev, CodeBook::after(&codes, &proposal.topology));
        let (created, retired) = code_changes(&proposal.delta);
        let answer = PublishedAnswer {
            changeset: ChangesetAnswer::from(&published),
            rev,
            parent: head.rev,
            effective_from: day.to_string(),
            is_effective,
            state_hash: hexadecimal(&new.state_hash),
            codes_created: created,
            codes_retired: retired,
            xid: xid.map(|xid| xid.0),
        };
        let next = Revision { rev, ..revision };
        desk.heads.keep(head_of(&next, proposal.topology, OnceLock::from(proposal.sum)));
        Ok(answer)
    }
}

/// What an unreviewed draft is told.
fn not_approved(session: &Session) -> CityError {
    let changeset = &session.changeset;
    if changeset.state.is_open() || changeset.state == ChangesetState::Submitted {
        let message = format!(
            "changeset {} is {}: somebody other than its author has to approve it before it is published",
            changeset.id,
            changeset.state.name()
        );
        return refuse("not_reviewed", message);
    }
    state_conflict(changeset, "publish")
}

/// An approval for a day that went by while nobody published is given again, so that nothing is backdated.
fn refuse_passed(day: Date) -> Result<(), CityError> {
    let today = china_today();
    if day >= today {
        return Ok(());
    }
    let message = format!(
        "it was approved to hold from {day}, which has passed: reject it, have it submitted again, and approve it for \
         {today} or later"
    );
    Err(refuse("backdated", message))
}

/// Replays the draft on the head, begins to prove the whole result, and gives new elements their lasting numbers.
async fn proposed(
    city: &City,
    session: &Session,
    (head, codes): (&Arc<Head>, &CodeBook),
    publication: &Publication,
) -> Result<(Proposal, Proof), CityError> {
    let replayed = replay(&city.inner.store, session, head, codes).await?;
    let steps = replayed.map_err(CityError::BoundaryConflict)?;
    let drawn = steps.last().map_or(&head.topology, |step| &step.topology).clone();
    let drafted = head.topology.difference(&drawn);
    if drafted.is_empty() {
        return Err(refuse(
            "nothing_changes",
            "the draft changes nothing: there is nothing to publish".to_owned(),
        ));
    }
    let proof = Proof::of(drawn);
    let drafts: Vec<i64> = drafted.draft_numbers().into_iter().collect();
    let lasting = publication.new_numbers(drafts.len()).await.map_err(failed)?;
    let numbers: BTreeMap<i64, i64> = drafts.into_iter().rev().zip(lasting).collect();
    let delta = drafted.renumbered(&numbers);
    // Laid over the head, which costs what it changes; nobody else writes before this transaction ends.
    let topology = head.topology.with(&delta).map_err(|_differing| CityError::Internal {
        doing: "numbering of new boundaries",
        source: "the head is not what the draft was replayed on".into(),
    })?;
    let is_revert = steps.iter().all(|step| matches!(step.body, super::OperationBody::Revert { .. }));
    let proposal = Proposal {
        sum: state_sum::moved(head.sum(), &head.topology, &topology, &delta),
        lineage: steps
            .iter()
            .flat_map(|step| &step.lineage)
            .map(|line| renumbered(*line, &numbers))
            .collect(),
        kind: if is_revert { "revert" } else { "publish" },
        topology,
        delta,
    };
    Ok((proposal, proof))
}

fn renumbered(line: Lineage, numbers: &BTreeMap<i64, i64>) -> Lineage {
    let lasting = |unit: cim_coverage::UnitNo| {
        numbers.get(&unit.0).map_or(unit, |number| cim_coverage::UnitNo(*number))
    };
    Lineage { kind: line.kind, from: lasting(line.from), to: lasting(line.to) }
}

fn new_revision(session: &Session, head: &Head, proposal: &Proposal, actor: &str, day: Date) -> NewRevision {
    let changeset = &session.changeset;
    NewRevision {
        parent: head.rev,
        kind: proposal.kind,
        base_level: head.base_level.name().to_owned(),
        effective_from: day,
        actor: actor.to_owned(),
        reason: changeset.title.clone(),
        doc_no: changeset.doc_no.clone(),
        state_hash: proposal.sum.finish(head.base_level.name()),
        changeset: Some(changeset.id),
    }
}

/// Writes the revision. What is shown at once comes after it, because that takes the lock that holds back who ties work to
/// places.
async fn write(
    publication: &Publication,
    head: &Head,
    proposal: &Proposal,
    new: &NewRevision,
    (id, version): (i64, i32),
) -> Result<(ChangesetWrite, i32), CityError> {
    let lineage = tokio::task::block_in_place(|| {
        new_lineage(&head.topology, &proposal.topology, &proposal.delta, &proposal.lineage)
    });
    let rev = publication.write(new, &proposal.delta, &lineage).await.map_err(failed)?;
    let written = publication.mark_published(id, version, rev, &new.actor).await.map_err(failed)?;
    Ok((written, rev))
}

/// Codes that are new, and codes that are no more.
pub(super) fn code_changes(delta: &Delta) -> (Vec<String>, Vec<String>) {
    let codes = |after: bool| -> BTreeSet<String> {
        let states = delta
            .units
            .iter()
            .filter_map(|change| if after { change.after.as_ref() } else { change.before.as_ref() });
        states.map(|unit| unit.code.clone()).collect()
    };
    let (before, after) = (codes(false), codes(true));
    (after.difference(&before).cloned().collect(), before.difference(&after).cloned().collect())
}
