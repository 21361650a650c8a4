//! Undoing a published revision: its changes the other way round, as one operation of a draft.

use cim_coverage::{Delta, Lineage, LineageKind, Topology, UnitNo};
use cim_store::Store;

use super::operation_body::OperationBody;
use super::refused::{EditFinding, codes, no_such, refuse};
use super::session::Step;
use crate::CityError;
use crate::work::failed;

/// What undoes a revision.
pub(super) async fn undoing(store: &Store, city_code: &str, rev: i32) -> Result<Delta, CityError> {
    let revision = store.revision(rev).await.map_err(failed)?.filter(|found| found.city_code == city_code);
    let revision = revision.ok_or_else(|| no_such("revision", i64::from(rev)))?;
    let Some(parent) = revision.parent else {
        let message =
            format!("revision {rev} is the first of its city: there is nothing before it to go back to");
        return Err(refuse("first_revision", message));
    };
    let forth = store.elements_between(city_code, parent, rev).await.map_err(failed)?;
    Ok(forth.inverse())
}

/// Undoes a revision on a state in which everything that it changed is still as it left it.
pub(super) fn step(topology: &Topology, rev: i32, delta: &Delta) -> Result<Step, EditFinding> {
    let undone = topology.with(delta).map_err(|differing| EditFinding {
        units: codes(topology, differing.units.iter().copied()),
        ..EditFinding::of_rule(
            "changed_since",
            format!(
                "what revision {rev} changed was changed again since ({} arcs, {} nodes, {} faces, {} units): revert the \
                 later revisions first, latest first",
                differing.arcs.len(),
                differing.nodes.len(),
                differing.faces.len(),
                differing.units.len()
            ),
        )
    })?;
    let footprint = delta.footprint();
    let lineage = delta.units.iter().filter_map(|change| lineage_of(change.no, delta)).collect();
    Ok(Step { body: OperationBody::Revert { rev }, topology: undone, footprint, lineage })
}

/// A unit that ends with the undoing; one that comes back goes on from itself.
fn lineage_of(unit: UnitNo, delta: &Delta) -> Option<Lineage> {
    let change = delta.units.iter().find(|change| change.no == unit)?;
    let kind = match (&change.before, &change.after) {
        (Some(_), None) => LineageKind::Retire,
        (Some(before), Some(after)) if before.code != after.code => LineageKind::Recode,
        (Some(before), Some(after)) if before.parent != after.parent => LineageKind::Reparent,
        (Some(before), Some(after)) if before.name != after.name => LineageKind::Rename,
        _ => return None,
    };
    Some(Lineage { kind, from: unit, to: unit })
}
