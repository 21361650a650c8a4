//! What is told about drafts: themselves, and what each operation changed.

use std::collections::BTreeSet;

use cim_coverage::{Delta, Topology, UnitNo};
use cim_store::{Changeset, ChangesetComment, ChangesetEvent, ChangesetOp};
use serde::Serialize;
use serde_json::Value;

use super::changed_elements::ChangedElements;
use super::figures::{UnitFigures, figures};
use super::operation_body::OperationBody;
use super::refused::EditFinding;
use super::session::Session;
use super::shape::Position;
use super::touched::{touched_units, watched};
use crate::version::Version;

/// A draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangesetAnswer {
    /// Its number.
    pub id: i64,
    /// The division code of the city.
    pub city_code: String,
    /// What it is for.
    pub title: String,
    /// `draft`, `submitted`, `approved`, `rejected`, `published` or `abandoned`.
    pub state: &'static str,
    /// Who drew it.
    pub author: String,
    /// The revision that its operations begin from.
    pub base_rev: i32,
    /// How many operations hold.
    pub op_count: i32,
    /// Whether it may move the outline of the city.
    pub opens_outline: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub changed_at: String,
    /// RFC 3339.
    pub submitted_at: Option<String>,
    /// Who reviewed it.
    pub reviewer: Option<String>,
    /// RFC 3339.
    pub reviewed_at: Option<String>,
    /// The day from which it is to hold.
    pub effective_from: Option<String>,
    /// The number of the decision it rests on.
    pub doc_no: Option<String>,
    /// The revision it became.
    pub rev: Option<i32>,
    /// Its version, for `If-Match`.
    #[serde(skip)]
    pub version: i32,
}

impl From<&Changeset> for ChangesetAnswer {
    fn from(changeset: &Changeset) -> Self {
        let time = |time: jiff::Timestamp| time.to_string();
        Self {
            id: changeset.id,
            city_code: changeset.city_code.clone(),
            title: changeset.title.clone(),
            state: changeset.state.name(),
            author: changeset.author.clone(),
            base_rev: changeset.base_rev,
            op_count: changeset.op_count,
            opens_outline: changeset.opens_outline,
            created_at: time(changeset.created_at),
            changed_at: time(changeset.changed_at),
            submitted_at: changeset.submitted_at.map(time),
            reviewer: changeset.reviewer.clone(),
            reviewed_at: changeset.reviewed_at.map(time),
            effective_from: changeset.effective_from.map(|day| day.to_string()),
            doc_no: changeset.doc_no.clone(),
            rev: changeset.rev,
            version: changeset.version,
        }
    }
}

/// A page of drafts, the latest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangesetPage {
    /// The drafts.
    pub items: Vec<ChangesetAnswer>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// A draft with everything about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangesetDetail {
    /// The draft.
    #[serde(flatten)]
    pub changeset: ChangesetAnswer,
    /// The latest published revision; when it is not `base_rev`, publishing replays the operations on it.
    pub head_rev: i32,
    /// Its operations, those that were undone too.
    pub ops: Vec<OpAnswer>,
    /// What happened to it.
    pub events: Vec<EventAnswer>,
    /// What was said about it.
    pub comments: Vec<CommentAnswer>,
    /// The grids that it touches, with what lies in them now.
    pub units: Vec<UnitFigures>,
    /// What a planner should look at again.
    pub findings: Vec<EditFinding>,
    /// What changes hands, as it was when it was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_at_submit: Option<Value>,
}

/// One operation of a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpAnswer {
    /// Its place, from 1.
    pub seq: i32,
    /// Whether it holds; otherwise it was undone.
    pub holds: bool,
    /// What was meant.
    pub operation: Value,
    /// Who did it.
    pub actor: String,
    /// RFC 3339.
    pub at: String,
}

impl OpAnswer {
    /// An operation of a draft of which the first `held` hold.
    pub(super) fn of(op: ChangesetOp, held: i32) -> Self {
        let ChangesetOp { seq, operation, actor, at } = op;
        Self { seq, holds: seq <= held, operation, actor, at: at.to_string() }
    }
}

/// Something that happened to a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventAnswer {
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: String,
    /// RFC 3339.
    pub at: String,
    /// With what.
    pub detail: Value,
}

impl From<ChangesetEvent> for EventAnswer {
    fn from(event: ChangesetEvent) -> Self {
        let ChangesetEvent { action, actor, at, detail } = event;
        Self { action, actor, at: at.to_string(), detail }
    }
}

/// Something that was said about a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommentAnswer {
    /// Its number.
    pub id: i64,
    /// Who said it.
    pub actor: String,
    /// RFC 3339.
    pub at: String,
    /// What.
    pub text: String,
    /// The place it is about.
    pub position: Option<Position>,
    /// The arc it is about.
    pub arc: Option<i64>,
    /// The unit it is about.
    pub unit: Option<i64>,
}

impl From<ChangesetComment> for CommentAnswer {
    fn from(ChangesetComment { id, said_at, comment }: ChangesetComment) -> Self {
        Self {
            id,
            actor: comment.actor,
            at: said_at.to_string(),
            text: comment.text,
            position: comment.at.map(|at| [at.lon, at.lat]),
            arc: comment.arc,
            unit: comment.unit,
        }
    }
}

/// What an operation, an undo or a redo did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EditAnswer {
    /// The draft as it is now.
    pub changeset: ChangesetAnswer,
    /// The operation as it is kept; absent after undo and redo of several. What was issued for it stands in `changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationBody>,
    /// The elements that differ from before; an editor lays them over what it has.
    pub changed: ChangedElements,
    /// The grids that it touched, with what lies in them now.
    pub units: Vec<UnitFigures>,
    /// What a planner should look at again; none of it stops the draft.
    pub findings: Vec<EditFinding>,
    /// Since when the counts hold: when the mirror was last confirmed, RFC 3339.
    pub as_of: String,
    /// The writing transaction, for `x-cim-xid`.
    #[serde(skip)]
    pub xid: Option<u64>,
}

/// The grids that a change touches, with their figures and what is to be looked at again.
pub(super) fn touched_figures(
    version: &Version,
    before: &Topology,
    after: &Topology,
    delta: &Delta,
) -> (Vec<UnitFigures>, Vec<EditFinding>) {
    let touched: BTreeSet<UnitNo> = touched_units(before, after, delta);
    let units: Vec<UnitFigures> =
        watched(after, &touched).into_iter().filter_map(|unit| figures(version, after, unit)).collect();
    let findings = units.iter().flat_map(UnitFigures::warnings).collect();
    (units, findings)
}

/// The answer to a step from one state of a session to its present one.
pub(super) fn edit_answer(
    version: &Version,
    session: &Session,
    before: &Topology,
    operation: Option<OperationBody>,
    as_of: String,
    xid: Option<u64>,
) -> EditAnswer {
    let after = session.current();
    let delta = before.difference(after);
    let (units, findings) = tokio::task::block_in_place(|| touched_figures(version, before, after, &delta));
    EditAnswer {
        changeset: ChangesetAnswer::from(&session.changeset),
        operation,
        changed: ChangedElements::of(&delta, after),
        units,
        findings,
        as_of,
        xid,
    }
}
