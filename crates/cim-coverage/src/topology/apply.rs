//! Doing an operation: which state, delta, footprint and descent come of it, or why it is refused.

use super::delta::{Delta, Footprint};
use super::edit::Edit;
use super::element::{Level, UnitNo};
use super::operation::{Lineage, Operation};
use super::refusal::{EditRule, Refusal};
use super::state::Topology;

/// Gives and judges the codes of units.
pub trait CodeIssuer {
    /// A code for a new unit; none when its class has no template and a code must be given.
    fn issue(&self, topology: &Topology, level: Level, parent: Option<UnitNo>) -> Option<String>;

    /// Why a code cannot be used: [`EditRule::CodeTaken`] for one that was ever used, or [`EditRule::CodeMalformed`].
    fn refuse(&self, topology: &Topology, level: Level, code: &str) -> Option<EditRule>;
}

/// What an operation may do, beside what the state says.
#[derive(Clone, Copy)]
pub struct EditContext<'a> {
    /// Whether the outline of the city may change.
    pub outline_is_open: bool,
    /// The lowest level whose units overlay units belong to: villages.
    pub overlay_parents_from: Level,
    /// Who gives codes.
    pub codes: &'a dyn CodeIssuer,
}

/// An operation that was done.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The state after it.
    pub topology: Topology,
    /// What changed.
    pub delta: Delta,
    /// What it depends on.
    pub footprint: Footprint,
    /// What became of which unit.
    pub lineage: Vec<Lineage>,
    /// The operation with the names and codes that it gave, so that doing it again gives the same.
    pub operation: Operation,
}

impl Topology {
    /// Does an operation. A refusal leaves everything as it was.
    pub fn apply(&self, operation: &Operation, context: &EditContext<'_>) -> Result<Applied, Refusal> {
        let mut edit = Edit::new(self, *context);
        let operation = edit.perform(operation)?;
        edit.check_ground()?;
        let delta = edit.delta();
        if delta.is_empty() {
            return Err(Refusal::new(
                EditRule::NothingChanges,
                "the operation changes nothing, so it is not recorded",
            ));
        }
        let footprint = edit.footprint(&delta);
        Ok(Applied { topology: edit.state, delta, footprint, lineage: edit.lineage, operation })
    }
}
