//! Moving borders point by point: vertices and junctions.

use cim_crs::LatticePoint;

use super::edit::Edit;
use super::element::{ArcNo, BorderArc, NodeNo};
use super::refusal::{EditRule, Refusal};

impl Edit<'_> {
    pub(super) fn move_vertex(&mut self, no: ArcNo, index: usize, to: LatticePoint) -> Result<(), Refusal> {
        let mut arc = self.open_arc(no)?;
        check_inner(&arc, index)?;
        arc.points[index] = to;
        self.put_moved(no, arc)
    }

    pub(super) fn insert_vertex(&mut self, no: ArcNo, index: usize, at: LatticePoint) -> Result<(), Refusal> {
        let mut arc = self.open_arc(no)?;
        if index == 0 || index >= arc.points.len() {
            return Err(no_vertex(&arc, index));
        }
        arc.points.insert(index, at);
        self.put_moved(no, arc)
    }

    pub(super) fn delete_vertex(&mut self, no: ArcNo, index: usize) -> Result<(), Refusal> {
        let mut arc = self.open_arc(no)?;
        check_inner(&arc, index)?;
        arc.points.remove(index);
        if arc.start == arc.end && arc.points.len() < 4 {
            let message = "a closed border needs three points; merge the ground inside it instead";
            return Err(Refusal::new(EditRule::TooSmall, message)
                .naming(self.units_beside(&arc))
                .showing(arc.points));
        }
        self.put_moved(no, arc)
    }

    pub(super) fn move_node(&mut self, no: NodeNo, to: LatticePoint) -> Result<(), Refusal> {
        self.read.nodes.insert(no);
        let Some(from) = self.state.node(no) else {
            let message =
                format!("there is no junction {} in this state any more; load the draft again", no.0);
            return Err(Refusal::new(EditRule::NoSuchElement, message));
        };
        let numbers: Vec<ArcNo> = self.state.arcs_at(no).collect();
        if self.state.node_at.get(&to).is_some_and(|other| *other != no) {
            let units = self.state.node_at.get(&to).into_iter().flat_map(|other| self.state.arcs_at(*other));
            let arcs = units.chain(numbers).filter_map(|arc| self.state.arc(arc));
            let units: Vec<_> = arcs.flat_map(|arc| self.units_beside(arc)).collect();
            let message = "another junction lies there already; two junctions cannot share a place";
            return Err(Refusal::new(EditRule::BorderCrossing, message).naming(units).showing(vec![to]));
        }
        self.put_node(no, Some(to));
        for number in numbers {
            let mut arc = self.open_arc(number)?;
            let last = arc.points.len() - 1;
            if arc.start == no {
                arc.points[0] = to;
            }
            if arc.end == no {
                arc.points[last] = to;
            }
            if from != to {
                self.put_moved(number, arc)?;
            }
        }
        Ok(())
    }

    /// An arc whose shape may change. Its nodes are not read: when one moves, the arc is another too.
    pub(super) fn open_arc(&mut self, no: ArcNo) -> Result<BorderArc, Refusal> {
        let arc = self.need_arc(no)?;
        if !self.context.outline_is_open && (arc.left.is_none() || arc.right.is_none()) {
            let message = "the outline of the city is locked; open a draft that may change it";
            return Err(Refusal::new(EditRule::OutlineLocked, message)
                .naming(self.units_beside(&arc))
                .showing(arc.points));
        }
        Ok(arc)
    }

    /// Puts an arc with another shape, unless two points of it have become one.
    pub(super) fn put_moved(&mut self, no: ArcNo, arc: BorderArc) -> Result<(), Refusal> {
        if let Some(pair) = arc.points.windows(2).find(|pair| pair[0] == pair[1]) {
            let message = "two neighbouring points would lie on each other; delete one of them instead";
            return Err(Refusal::new(EditRule::TooSmall, message)
                .naming(self.units_beside(&arc))
                .showing(vec![pair[0]]));
        }
        self.put_arc(no, Some(arc));
        Ok(())
    }
}

fn check_inner(arc: &BorderArc, index: usize) -> Result<(), Refusal> {
    if index == 0 || index >= arc.points.len().saturating_sub(1) {
        Err(no_vertex(arc, index))
    } else {
        Ok(())
    }
}

fn no_vertex(arc: &BorderArc, index: usize) -> Refusal {
    let last = arc.points.len() - 1;
    let message =
        format!("the border has no point at place {index} that can be changed; its places end at {last}");
    Refusal::new(EditRule::NoSuchVertex, message).showing(arc.points.clone())
}
