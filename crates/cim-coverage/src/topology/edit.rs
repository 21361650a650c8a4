//! An operation at work: the state it changes, and what it has written and read so far.

use std::collections::BTreeSet;
use std::sync::Arc;

use cim_crs::LatticePoint;
use imbl::OrdMap;

use super::apply::EditContext;
use super::delta::{Change, Delta, Footprint};
use super::element::{ArcNo, BorderArc, FaceNo, GroundFace, NodeNo, UnitNo, UnitState};
use super::operation::{Lineage, LineageKind, Operation};
use super::refusal::{EditRule, Refusal};
use super::state::Topology;

/// The work on one operation.
pub(super) struct Edit<'a> {
    pub(super) before: &'a Topology,
    pub(super) state: Topology,
    pub(super) context: EditContext<'a>,
    pub(super) lineage: Vec<Lineage>,
    pub(super) written: Footprint,
    /// What it depends on beside what it writes.
    pub(super) read: Footprint,
}

impl<'a> Edit<'a> {
    pub(super) fn new(before: &'a Topology, context: EditContext<'a>) -> Self {
        Self {
            before,
            state: before.clone(),
            context,
            lineage: Vec::new(),
            written: Footprint::default(),
            read: Footprint::default(),
        }
    }

    /// Does the operation, and answers with it as it is to be recorded.
    pub(super) fn perform(&mut self, operation: &Operation) -> Result<Operation, Refusal> {
        let mut done = operation.clone();
        match &mut done {
            Operation::MoveVertex { arc, index, to } => self.move_vertex(*arc, *index, *to)?,
            Operation::InsertVertex { arc, index, at } => self.insert_vertex(*arc, *index, *at)?,
            Operation::DeleteVertex { arc, index } => self.delete_vertex(*arc, *index)?,
            Operation::MoveNode { node, to } => self.move_node(*node, *to)?,
            Operation::Reshape { arc, line, snap_m } => self.reshape(*arc, line, *snap_m)?,
            Operation::Split { unit, line, snap_m, name, code } => {
                self.split(*unit, line, *snap_m, name, code)?;
            }
            Operation::SplitOff { unit, children, name, code } => {
                self.split_off(*unit, children, name, code)?;
            }
            Operation::Merge { into, from, allow_parts } => self.merge(*into, from, *allow_parts)?,
            Operation::Carve { ring, name, kind, parent, code } => {
                self.carve(ring, name, kind.as_deref(), parent, code)?;
            }
            Operation::Reassign { units, to, allow_parts } => self.reassign(units, *to, *allow_parts)?,
            Operation::Reparent { unit, parent } => self.reparent(*unit, *parent)?,
            Operation::Recode { unit, code } => self.recode(*unit, code)?,
            Operation::Rename { unit, name } => self.rename(*unit, name)?,
            Operation::Retire { unit } => self.retire(*unit)?,
        }
        Ok(done)
    }

    pub(super) fn put_node(&mut self, no: NodeNo, place: Option<LatticePoint>) {
        self.written.nodes.insert(no);
        self.state.put_node(no, place);
    }

    pub(super) fn put_arc(&mut self, no: ArcNo, arc: Option<BorderArc>) {
        self.written.arcs.insert(no);
        self.state.put_arc(no, arc.map(Arc::new));
    }

    pub(super) fn put_face(&mut self, no: FaceNo, face: Option<GroundFace>) {
        self.written.faces.insert(no);
        self.state.put_face(no, face);
    }

    pub(super) fn put_unit(&mut self, no: UnitNo, unit: Option<UnitState>) {
        self.written.units.insert(no);
        self.state.put_unit(no, unit.map(Arc::new));
    }

    pub(super) fn descend(&mut self, kind: LineageKind, from: UnitNo, to: UnitNo) {
        self.lineage.push(Lineage { kind, from, to });
    }

    pub(super) fn need_arc(&mut self, no: ArcNo) -> Result<BorderArc, Refusal> {
        self.read.arcs.insert(no);
        let missing = || {
            let message = format!("there is no border {} in this state any more; load the draft again", no.0);
            Refusal::new(EditRule::NoSuchElement, message)
        };
        self.state.arc(no).map(|arc| (**arc).clone()).ok_or_else(missing)
    }

    pub(super) fn need_unit(&mut self, no: UnitNo) -> Result<UnitState, Refusal> {
        self.read.units.insert(no);
        let missing = || {
            let message = format!("there is no unit {} in this state any more; load the draft again", no.0);
            Refusal::new(EditRule::NoSuchElement, message).naming([no])
        };
        self.state.unit(no).map(|unit| (**unit).clone()).ok_or_else(missing)
    }

    /// What it has changed in the end.
    pub(super) fn delta(&self) -> Delta {
        Delta {
            nodes: changes(&self.written.nodes, &self.before.nodes, &self.state.nodes),
            arcs: changes(&self.written.arcs, &self.before.arcs, &self.state.arcs),
            faces: changes(&self.written.faces, &self.before.faces, &self.state.faces),
            units: changes(&self.written.units, &self.before.units, &self.state.units),
        }
    }

    /// The elements from before that it changed or depends on.
    pub(super) fn footprint(&self, delta: &Delta) -> Footprint {
        let mut footprint = delta.footprint();
        footprint.extend(self.read.clone());
        footprint.nodes.retain(|no| self.before.nodes.contains_key(no));
        footprint.arcs.retain(|no| self.before.arcs.contains_key(no));
        footprint.faces.retain(|no| self.before.faces.contains_key(no));
        footprint.units.retain(|no| self.before.units.contains_key(no));
        footprint
    }
}

fn changes<N: Ord + Copy, T: Clone + PartialEq>(
    written: &BTreeSet<N>,
    before: &OrdMap<N, T>,
    after: &OrdMap<N, T>,
) -> Vec<Change<N, T>> {
    written
        .iter()
        .map(|no| Change { no: *no, before: before.get(no).cloned(), after: after.get(no).cloned() })
        .filter(|change| change.before != change.after)
        .collect()
}
