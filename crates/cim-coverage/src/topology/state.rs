//! One state of a topology: persistent maps of its elements, so that a state is copied at no cost and undo is a stack.

use std::fmt;
use std::sync::Arc;

use cim_crs::LatticePoint;
use imbl::OrdMap;

use super::cells::{Cell, cells_of};
use super::element::{ArcNo, BorderArc, FaceNo, GroundFace, Level, NodeNo, UnitNo, UnitState};
use super::lists::Lists;

/// Everything that a topology consists of, as it is stored.
#[derive(Debug, Clone, Default)]
pub struct TopologyParts {
    /// The finest level: every face belongs to one of its units.
    pub base_level: Level,
    /// Nodes.
    pub nodes: Vec<(NodeNo, LatticePoint)>,
    /// Arcs.
    pub arcs: Vec<(ArcNo, Arc<BorderArc>)>,
    /// Faces.
    pub faces: Vec<(FaceNo, GroundFace)>,
    /// Units of every level.
    pub units: Vec<(UnitNo, Arc<UnitState>)>,
}

/// An immutable state of a coverage with its units. A copy shares everything with its original.
///
/// It is in canonical form: a node lies where the number of arc ends is not 2, and one on every closed border that has no
/// such place; the faces on the sides of an arc differ in their unit or in the overlay over them.
#[derive(Clone)]
pub struct Topology {
    pub(super) base_level: Level,
    /// The number that the next new element gets.
    next_draft: i64,
    pub(super) nodes: OrdMap<NodeNo, LatticePoint>,
    pub(super) arcs: OrdMap<ArcNo, Arc<BorderArc>>,
    pub(super) faces: OrdMap<FaceNo, GroundFace>,
    pub(super) units: OrdMap<UnitNo, Arc<UnitState>>,
    pub(super) arcs_at: Lists<NodeNo, ArcNo>,
    /// By face; the arcs of the outline by none.
    pub(super) arcs_around: Lists<Option<FaceNo>, ArcNo>,
    pub(super) faces_of_base: Lists<UnitNo, FaceNo>,
    pub(super) faces_of_overlay: Lists<UnitNo, FaceNo>,
    pub(super) children: Lists<UnitNo, UnitNo>,
    pub(super) cells: Lists<Cell, ArcNo>,
    pub(super) node_at: OrdMap<LatticePoint, NodeNo>,
    pub(super) unit_by_code: OrdMap<(Level, String), UnitNo>,
}

impl fmt::Debug for Topology {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Topology")
            .field("nodes", &self.nodes.len())
            .field("arcs", &self.arcs.len())
            .field("faces", &self.faces.len())
            .field("units", &self.units.len())
            .finish_non_exhaustive()
    }
}

/// Two states are equal when they have the same elements; which numbers were given before does not matter.
impl PartialEq for Topology {
    fn eq(&self, other: &Self) -> bool {
        self.base_level == other.base_level
            && self.nodes == other.nodes
            && self.arcs == other.arcs
            && self.faces == other.faces
            && self.units == other.units
    }
}

impl Topology {
    /// The state with these elements. It is trusted: [`Topology::validate`] proves it.
    #[must_use]
    pub fn new(parts: TopologyParts) -> Self {
        let mut numbers = parts.nodes.iter().map(|(no, _)| no.0).chain(parts.arcs.iter().map(|(no, _)| no.0));
        let least = numbers.by_ref().min().unwrap_or(0);
        let faces = parts.faces.iter().map(|(no, _)| no.0);
        let least = faces.chain(parts.units.iter().map(|(no, _)| no.0)).fold(least, i64::min);
        let (mut at, mut around, mut cells) = (Vec::new(), Vec::new(), Vec::new());
        for (no, arc) in &parts.arcs {
            at.extend(nodes_of(arc).into_iter().map(|node| (node, *no)));
            around.extend([arc.left, arc.right].map(|face| (face, *no)));
            cells.extend(cells_of(&arc.points, 0).into_iter().map(|cell| (cell, *no)));
        }
        let of_base = parts.faces.iter().map(|(no, face)| (face.base, *no)).collect();
        let of_overlay = parts.faces.iter().filter_map(|(no, face)| Some((face.overlay?, *no))).collect();
        let children = parts.units.iter().filter_map(|(no, unit)| Some((unit.parent?, *no))).collect();
        let codes = parts.units.iter().map(|(no, unit)| ((unit.level, unit.code.clone()), *no)).collect();
        Self {
            base_level: parts.base_level,
            next_draft: least.min(0) - 1,
            arcs_at: Lists::from_pairs(at),
            arcs_around: Lists::from_pairs(around),
            cells: Lists::from_pairs(cells),
            faces_of_base: Lists::from_pairs(of_base),
            faces_of_overlay: Lists::from_pairs(of_overlay),
            children: Lists::from_pairs(children),
            node_at: parts.nodes.iter().map(|(no, point)| (*point, *no)).collect(),
            unit_by_code: codes,
            nodes: parts.nodes.into_iter().collect(),
            arcs: parts.arcs.into_iter().collect(),
            faces: parts.faces.into_iter().collect(),
            units: parts.units.into_iter().collect(),
        }
    }

    /// The finest level.
    #[must_use]
    pub fn base_level(&self) -> Level {
        self.base_level
    }

    /// The place of a node.
    #[must_use]
    pub fn node(&self, no: NodeNo) -> Option<LatticePoint> {
        self.nodes.get(&no).copied()
    }

    /// An arc.
    #[must_use]
    pub fn arc(&self, no: ArcNo) -> Option<&Arc<BorderArc>> {
        self.arcs.get(&no)
    }

    /// A face.
    #[must_use]
    pub fn face(&self, no: FaceNo) -> Option<GroundFace> {
        self.faces.get(&no).copied()
    }

    /// A unit.
    #[must_use]
    pub fn unit(&self, no: UnitNo) -> Option<&Arc<UnitState>> {
        self.units.get(&no)
    }

    /// All nodes by number.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeNo, LatticePoint)> + '_ {
        self.nodes.iter().map(|(no, point)| (*no, *point))
    }

    /// All arcs by number.
    pub fn arcs(&self) -> impl Iterator<Item = (ArcNo, &Arc<BorderArc>)> + '_ {
        self.arcs.iter().map(|(no, arc)| (*no, arc))
    }

    /// All faces by number.
    pub fn faces(&self) -> impl Iterator<Item = (FaceNo, GroundFace)> + '_ {
        self.faces.iter().map(|(no, face)| (*no, *face))
    }

    /// All units by number.
    pub fn units(&self) -> impl Iterator<Item = (UnitNo, &Arc<UnitState>)> + '_ {
        self.units.iter().map(|(no, unit)| (*no, unit))
    }

    /// The arcs that start or end at a node.
    pub fn arcs_at(&self, node: NodeNo) -> impl Iterator<Item = ArcNo> + '_ {
        self.arcs_at.of(&node).iter().copied()
    }

    /// The arcs around a face.
    pub fn arcs_around(&self, face: FaceNo) -> impl Iterator<Item = ArcNo> + '_ {
        self.arcs_around.of(&Some(face)).iter().copied()
    }

    /// A number for a new element of any kind.
    pub(super) fn new_number(&mut self) -> i64 {
        let number = self.next_draft;
        self.next_draft -= 1;
        number
    }

    fn keep_below(&mut self, number: i64) {
        self.next_draft = self.next_draft.min(number - 1);
    }

    pub(super) fn put_node(&mut self, no: NodeNo, place: Option<LatticePoint>) {
        self.keep_below(no.0);
        let old = match place {
            Some(place) => self.nodes.insert(no, place),
            None => self.nodes.remove(&no),
        };
        // Several nodes may be put one after the other on each other's places.
        if let Some(old) = old.filter(|old| self.node_at.get(old) == Some(&no)) {
            self.node_at.remove(&old);
        }
        if let Some(place) = place {
            self.node_at.insert(place, no);
        }
    }

    pub(super) fn put_arc(&mut self, no: ArcNo, arc: Option<Arc<BorderArc>>) {
        self.keep_below(no.0);
        let places = |arc: Option<&BorderArc>| {
            arc.map_or_else(Default::default, |arc| {
                let mut sides = vec![arc.left, arc.right];
                sides.sort_unstable();
                (nodes_of(arc), sides, cells_of(&arc.points, 0))
            })
        };
        let (new_nodes, new_sides, new_cells) = places(arc.as_deref());
        let old = match arc {
            Some(arc) => self.arcs.insert(no, arc),
            None => self.arcs.remove(&no),
        };
        let (old_nodes, old_sides, old_cells) = places(old.as_deref());
        self.arcs_at.shift(&old_nodes, &new_nodes, no);
        self.arcs_around.shift(&old_sides, &new_sides, no);
        self.cells.shift(&old_cells, &new_cells, no);
    }

    pub(super) fn put_face(&mut self, no: FaceNo, face: Option<GroundFace>) {
        self.keep_below(no.0);
        let old = match face {
            Some(face) => self.faces.insert(no, face),
            None => self.faces.remove(&no),
        };
        let base = |face: Option<GroundFace>| face.map(|face| face.base);
        let overlay = |face: Option<GroundFace>| face.and_then(|face| face.overlay);
        self.faces_of_base.shift(base(old).as_slice(), base(face).as_slice(), no);
        self.faces_of_overlay.shift(overlay(old).as_slice(), overlay(face).as_slice(), no);
    }

    pub(super) fn put_unit(&mut self, no: UnitNo, unit: Option<Arc<UnitState>>) {
        self.keep_below(no.0);
        let parent = unit.as_ref().and_then(|unit| unit.parent);
        let code = unit.as_ref().map(|unit| (unit.level, unit.code.clone()));
        let old = match unit {
            Some(unit) => self.units.insert(no, unit),
            None => self.units.remove(&no),
        };
        let old_parent = old.as_ref().and_then(|unit| unit.parent);
        self.children.shift(old_parent.as_slice(), parent.as_slice(), no);
        if let Some(old) = old.map(|unit| (unit.level, unit.code.clone()))
            && self.unit_by_code.get(&old) == Some(&no)
        {
            self.unit_by_code.remove(&old);
        }
        if let Some(code) = code {
            self.unit_by_code.insert(code, no);
        }
    }
}

/// The nodes at the ends of an arc, sorted, once each.
fn nodes_of(arc: &BorderArc) -> Vec<NodeNo> {
    let mut nodes = vec![arc.start, arc.end];
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
