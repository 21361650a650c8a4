//! From what a client wrote to what the kernel does, and back to what is kept.

use cim_coverage::{ArcNo, Level, NodeNo, Operation, Topology, UnitNo};
use cim_crs::LatticePoint;

use super::operation_body::{OperationBody, UnitRef};
use super::refused::EditFinding;
use super::shape::{Position, place, position};

fn lattice(name: &'static str, position: Position) -> Result<LatticePoint, EditFinding> {
    place(position).map(LatticePoint::from).ok_or_else(|| {
        let [lon, lat] = position;
        let message = format!("{name} has the position {lon} {lat}: give longitude and latitude in degrees");
        EditFinding::of_body(message)
    })
}

fn lattice_line(name: &'static str, line: &[Position]) -> Result<Vec<LatticePoint>, EditFinding> {
    if line.len() < 2 || line.len() > MOST_POINTS {
        let message = format!("{name} has {} positions: draw 2 to {MOST_POINTS}", line.len());
        return Err(EditFinding::of_body(message));
    }
    line.iter().map(|place| lattice(name, *place)).collect()
}

/// No border of a grid is drawn with more by hand.
const MOST_POINTS: usize = 20_000;
/// No border is meant to be met from farther away.
const MOST_SNAP_M: f64 = 50.0;

fn snap(snap_m: f64) -> Result<f64, EditFinding> {
    let is_length = (0.0..=MOST_SNAP_M).contains(&snap_m);
    is_length
        .then_some(snap_m)
        .ok_or_else(|| EditFinding::of_body(format!("snap_m is {snap_m}: give 0 to {MOST_SNAP_M} metres")))
}

fn unit(topology: &Topology, given: &UnitRef) -> Result<UnitNo, EditFinding> {
    let code = match given {
        UnitRef::Number(number) => return Ok(UnitNo(*number)),
        UnitRef::Code(code) => code,
    };
    let levels = (0..=topology.base_level().0).map(Level).chain([Level::OVERLAY]);
    let found: Vec<UnitNo> = levels.filter_map(|level| topology.unit_by_code(level, code)).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(EditFinding::of_body(format!("no unit of this draft has the code {code}"))),
        _ => Err(EditFinding::of_body(format!(
            "units of several levels have the code {code}: give the number"
        ))),
    }
}

impl OperationBody {
    /// What it means on a state; none for the undoing of a revision, which is not drawn.
    pub(crate) fn operation(&self, topology: &Topology) -> Result<Option<Operation>, EditFinding> {
        let of = |given: &UnitRef| unit(topology, given);
        let all = |given: &[UnitRef]| given.iter().map(of).collect::<Result<Vec<_>, _>>();
        let operation = match self {
            Self::MoveVertex { arc, index, to } => {
                Operation::MoveVertex { arc: ArcNo(*arc), index: *index, to: lattice("to", *to)? }
            }
            Self::InsertVertex { arc, index, at } => {
                Operation::InsertVertex { arc: ArcNo(*arc), index: *index, at: lattice("at", *at)? }
            }
            Self::DeleteVertex { arc, index } => Operation::DeleteVertex { arc: ArcNo(*arc), index: *index },
            Self::MoveNode { node, to } => {
                Operation::MoveNode { node: NodeNo(*node), to: lattice("to", *to)? }
            }
            Self::Reshape { arc, line, snap_m } => Operation::Reshape {
                arc: ArcNo(*arc),
                line: lattice_line("line", line)?,
                snap_m: snap(*snap_m)?,
            },
            Self::Split { unit, line, snap_m, name, code } => Operation::Split {
                unit: of(unit)?,
                line: lattice_line("line", line)?,
                snap_m: snap(*snap_m)?,
                name: name.clone(),
                code: code.clone(),
            },
            Self::SplitOff { unit, children, name, code } => Operation::SplitOff {
                unit: of(unit)?,
                children: all(children)?,
                name: name.clone(),
                code: code.clone(),
            },
            Self::Merge { into, from, allow_parts } => {
                Operation::Merge { into: of(into)?, from: all(from)?, allow_parts: *allow_parts }
            }
            Self::Carve { ring, name, kind, parent, code } => Operation::Carve {
                ring: ring_of(lattice_line("ring", ring)?)?,
                name: name.clone(),
                kind: kind.clone(),
                parent: parent.as_ref().map(of).transpose()?,
                code: code.clone(),
            },
            Self::Reassign { units, to, allow_parts } => {
                Operation::Reassign { units: all(units)?, to: of(to)?, allow_parts: *allow_parts }
            }
            Self::Reparent { unit, parent } => Operation::Reparent { unit: of(unit)?, parent: of(parent)? },
            Self::Recode { unit, code } => Operation::Recode { unit: of(unit)?, code: code.clone() },
            Self::Rename { unit, name } => Operation::Rename { unit: of(unit)?, name: name.clone() },
            Self::Retire { unit } => Operation::Retire { unit: of(unit)? },
            Self::Revert { .. } => return Ok(None),
        };
        Ok(Some(operation))
    }

    /// As it is kept: units by number.
    pub(crate) fn of_operation(operation: &Operation) -> Self {
        let number = |unit: &UnitNo| UnitRef::Number(unit.0);
        let numbers = |units: &[UnitNo]| units.iter().map(number).collect();
        let line = |points: &[LatticePoint]| points.iter().map(|point| position(*point)).collect();
        match operation.clone() {
            Operation::MoveVertex { arc, index, to } => {
                Self::MoveVertex { arc: arc.0, index, to: position(to) }
            }
            Operation::InsertVertex { arc, index, at } => {
                Self::InsertVertex { arc: arc.0, index, at: position(at) }
            }
            Operation::DeleteVertex { arc, index } => Self::DeleteVertex { arc: arc.0, index },
            Operation::MoveNode { node, to } => Self::MoveNode { node: node.0, to: position(to) },
            Operation::Reshape { arc, line: points, snap_m } => {
                Self::Reshape { arc: arc.0, line: line(&points), snap_m }
            }
            Operation::Split { unit, line: points, snap_m, name, code } => {
                Self::Split { unit: number(&unit), line: line(&points), snap_m, name, code }
            }
            Operation::SplitOff { unit, children, name, code } => {
                Self::SplitOff { unit: number(&unit), children: numbers(&children), name, code }
            }
            Operation::Merge { into, from, allow_parts } => {
                Self::Merge { into: number(&into), from: numbers(&from), allow_parts }
            }
            Operation::Carve { ring, name, kind, parent, code } => {
                Self::Carve { ring: line(&ring), name, kind, parent: parent.as_ref().map(number), code }
            }
            Operation::Reassign { units, to, allow_parts } => {
                Self::Reassign { units: numbers(&units), to: number(&to), allow_parts }
            }
            Operation::Reparent { unit, parent } => {
                Self::Reparent { unit: number(&unit), parent: number(&parent) }
            }
            Operation::Recode { unit, code } => Self::Recode { unit: number(&unit), code },
            Operation::Rename { unit, name } => Self::Rename { unit: number(&unit), name },
            Operation::Retire { unit } => Self::Retire { unit: number(&unit) },
        }
    }
}

/// A ring as people and `GeoJSON` close it, closed implicitly.
fn ring_of(mut ring: Vec<LatticePoint>) -> Result<Vec<LatticePoint>, EditFinding> {
    if ring.first() == ring.last() {
        ring.pop();
    }
    let is_ring = ring.len() >= 3;
    is_ring
        .then_some(ring)
        .ok_or_else(|| EditFinding::of_body("the ring needs three different positions".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_outside_the_world_and_a_line_of_one_point_are_refused_by_name() {
        assert!(lattice("to", [200.0, 31.0]).unwrap_err().message.contains("to has the position 200 31"));
        assert!(lattice_line("line", &[[121.0, 31.0]]).unwrap_err().message.contains("line has 1 positions"));
        let same = LatticePoint { x: 1, y: 1 };
        assert!(ring_of(vec![same, LatticePoint { x: 2, y: 1 }, same]).is_err());
    }
}
