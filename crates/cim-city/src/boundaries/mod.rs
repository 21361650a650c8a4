//! Boundaries: drafts and their review, publication and what follows from it, and every state that was ever published.

mod activation;
mod answer;
mod as_of;
mod changed_elements;
mod changeset;
mod codes;
mod comment;
mod edit;
mod exact_places;
mod figures;
mod ground;
mod heads;
mod impact;
mod impact_csv;
mod impact_tally;
mod lineage;
mod moved_ground;
mod operation_body;
mod operation_meaning;
mod past_version;
mod proposal;
mod proposal_line;
mod proposal_parts;
mod publish;
mod rebase;
mod refused;
mod replay;
mod revert;
mod review;
mod revision;
mod session;
mod shape;
mod shown;
mod state_sum;
mod straddling;
mod topology;
mod touched;
mod touched_boxes;
mod unit;
mod validate;
mod workload;

use tokio::sync::Semaphore;

pub use answer::{
    ChangesetAnswer, ChangesetDetail, ChangesetPage, CommentAnswer, EditAnswer, EventAnswer, OpAnswer,
};
pub use as_of::AsOf;
pub use changed_elements::{ArcState, ChangedElements, FaceState, NodeState, UnitChange};
pub use changeset::{ListChangesets, NewChangeset};
pub use comment::NewCommentBody;
pub use figures::{HOUSEHOLD_BAND, UnitFigures};
pub use impact::{ImpactAnswer, ImpactCounts, ImpactItem, ImpactMove, StraddlingBuilding};
pub use impact_csv::{csv_cell, impact_csv};
pub use operation_body::{OperationBody, UnitRef};
pub use proposal::{Proposal, ProposalAnswer, ProposalQuery};
pub use publish::PublishedAnswer;
pub use rebase::RebaseBody;
pub use refused::{BoundaryConflict, ConflictElement, EDIT_RULES, EditFinding, ElementState};
pub use review::{ApproveBody, RejectBody};
pub use revision::{DifferenceAnswer, LineageAnswer, RevisionAnswer, RevisionPage, UnitDifference};
pub use shape::{DrawnShape, Position};
pub use topology::{TopologyAnswer, TopologyQuery};
pub use unit::{UnitAnswer, UnitQuery};
pub use validate::ValidationAnswer;
pub use workload::GridWorkload;

pub(crate) use activation::keep_activating;
pub(crate) use codes::CodeBook;
pub(crate) use heads::Heads;
pub(crate) use past_version::PastBoundaries;
pub(crate) use session::Sessions;

/// Large reads (impact, validation, proposals) that are worked on at once; more would take the cores from the map.
const LARGE_READS_AT_ONCE: usize = 2;

/// What the city keeps in memory of its boundaries beside the mirror.
pub(crate) struct BoundaryDesk {
    /// One publication at a time goes to the database.
    pub(crate) publishing: Semaphore,
    pub(crate) large_reads: Semaphore,
    pub(crate) heads: Heads,
    pub(crate) sessions: Sessions,
    pub(crate) past: PastBoundaries,
}

impl Default for BoundaryDesk {
    fn default() -> Self {
        Self {
            publishing: Semaphore::new(1),
            large_reads: Semaphore::new(LARGE_READS_AT_ONCE),
            heads: Heads::default(),
            sessions: Sessions::default(),
            past: PastBoundaries::default(),
        }
    }
}
