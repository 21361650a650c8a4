//! What is told about drafts: themselves, and what each operation changed.

use std::collections::BTreeSet;

use cim_coverage::{BorderArc, Delta, Topology, UnitNo};
use cim_model::Collection;
use cim_store::{Changeset, ChangesetComment, ChangesetEvent, collection_of};
use serde::Serialize;
use serde_json::Value;

use super::figures::{UnitFigures, figures};
use super::operation_body::OperationBody;
use super::refused::EditFinding;
use super::session::Session;
use super::shape::{Position, position};
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
    /// The operation as it is kept, with what was issued; absent after undo and redo of several.
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

/// Elements as they are after a change; one without a state is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct ChangedElements {
    /// Nodes.
    pub nodes: Vec<NodeState>,
    /// Arcs.
    pub arcs: Vec<ArcState>,
    /// Faces.
    pub faces: Vec<FaceState>,
    /// Units.
    pub units: Vec<UnitChange>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeState {
    /// Its number.
    pub id: i64,
    /// Where it is; null when it is gone.
    pub at: Option<Position>,
}

/// An arc.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArcState {
    /// Its number.
    pub id: i64,
    /// Its points; null when it is gone.
    pub points: Option<Vec<Position>>,
    /// The node at its start.
    pub start: Option<i64>,
    /// The node at its end.
    pub end: Option<i64>,
    /// The face on its left; null outside the city.
    pub left: Option<i64>,
    /// The face on its right.
    pub right: Option<i64>,
}

/// A face.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaceState {
    /// Its number.
    pub id: i64,
    /// Its unit of the finest level; null when it is gone.
    pub base: Option<i64>,
    /// The exclusive grid over it.
    pub overlay: Option<i64>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitChange {
    /// Its number.
    pub id: i64,
    /// Whether it is there.
    pub is_gone: bool,
    /// Its collection's name.
    pub level: Option<&'static str>,
    /// Its code.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Option<String>,
    /// The unit it belongs to.
    pub parent: Option<i64>,
}

pub(super) fn arc_state(id: i64, arc: Option<&BorderArc>) -> ArcState {
    ArcState {
        id,
        points: arc.map(|arc| arc.points.iter().map(|point| position(*point)).collect()),
        start: arc.map(|arc| arc.start.0),
        end: arc.map(|arc| arc.end.0),
        left: arc.and_then(|arc| arc.left).map(|face| face.0),
        right: arc.and_then(|arc| arc.right).map(|face| face.0),
    }
}

pub(super) fn unit_change(topology: &Topology, unit: UnitNo) -> UnitChange {
    let state = topology.unit(unit);
    UnitChange {
        id: unit.0,
        is_gone: state.is_none(),
        level: state.and_then(|state| collection_of(state.level)).map(Collection::name),
        code: state.map(|state| state.code.clone()),
        name: state.map(|state| state.name.clone()),
        kind: state.and_then(|state| state.kind.clone()),
        parent: state.and_then(|state| state.parent).map(|parent| parent.0),
    }
}

impl ChangedElements {
    pub(super) fn of(delta: &Delta, after: &Topology) -> Self {
        Self {
            nodes: delta
                .nodes
                .iter()
                .map(|change| NodeState { id: change.no.0, at: change.after.map(position) })
                .collect(),
            arcs: delta.arcs.iter().map(|change| arc_state(change.no.0, change.after.as_deref())).collect(),
            faces: delta
                .faces
                .iter()
                .map(|change| FaceState {
                    id: change.no.0,
                    base: change.after.map(|face| face.base.0),
                    overlay: change.after.and_then(|face| face.overlay).map(|unit| unit.0),
                })
                .collect(),
            units: delta.units.iter().map(|change| unit_change(after, change.no)).collect(),
        }
    }
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
