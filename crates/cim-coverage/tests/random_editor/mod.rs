//! Random operations on any topology: what they name they pick from the state, so that most of them can be done.

#![allow(dead_code, reason = "every test file uses its own part of this")]

use cim_coverage::{ArcNo, BorderArc, Level, NodeNo, Operation, Topology, USUAL_SNAP_M, UnitNo};
use cim_crs::LatticePoint;

/// The kinds of operation, by name, with how often of a hundred each is tried.
pub(crate) const KINDS: &[(&str, u64)] = &[
    ("move vertex", 22),
    ("move node", 14),
    ("insert vertex", 12),
    ("delete vertex", 12),
    ("reshape", 8),
    ("split", 6),
    ("split above", 2),
    ("split off", 2),
    ("merge", 5),
    ("merge above", 2),
    ("carve", 4),
    ("retire", 3),
    ("reassign", 4),
    ("reparent", 2),
    ("recode", 1),
    ("rename", 1),
];

/// A source of operations that gives the same ones for the same seed and states.
pub(crate) struct RandomEditor {
    state: u64,
    edits_outline: bool,
}

impl RandomEditor {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed ^ 0x9E37_79B9_7F4A_7C15, edits_outline: false }
    }

    /// As [`Self::new`], and the outline of the city moves too.
    pub(crate) fn with_outline(seed: u64) -> Self {
        Self { edits_outline: true, ..Self::new(seed) }
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or(0) % limit.max(1)
    }

    fn around_zero(&mut self, reach: i64) -> i64 {
        let width = usize::try_from(2 * reach.max(0) + 1).unwrap_or(1);
        i64::try_from(self.below(width)).unwrap_or(0) - reach.max(0)
    }

    fn beside(&mut self, point: LatticePoint, reach: i64) -> LatticePoint {
        LatticePoint { x: point.x + self.around_zero(reach), y: point.y + self.around_zero(reach) }
    }

    /// A kind of operation, by its share.
    pub(crate) fn kind(&mut self) -> &'static str {
        let mut left = self.below(100);
        for (kind, share) in KINDS {
            let share = usize::try_from(*share).unwrap_or(0);
            if left < share {
                return kind;
            }
            left -= share;
        }
        "rename"
    }

    /// An operation of a kind; none when what was picked does not lend itself to it.
    pub(crate) fn operation(&mut self, topology: &Topology, kind: &str) -> Option<Operation> {
        let base = topology.base_level();
        match kind {
            "move vertex" => self.move_vertex(topology),
            "move node" => self.move_node(topology),
            "insert vertex" => self.insert_vertex(topology),
            "delete vertex" => {
                let (arc, border) = self.inner_arc(topology)?;
                Some(Operation::DeleteVertex { arc, index: 1 + self.below(border.points.len() - 1) })
            }
            "reshape" => self.reshape(topology),
            "split" => self.split(topology, base),
            "split above" => {
                let level = self.level_above(topology);
                self.split(topology, level)
            }
            "merge" => self.merge(topology, base),
            "merge above" => {
                let level = self.level_above(topology);
                self.merge(topology, level)
            }
            "carve" => self.carve(topology),
            "retire" => {
                let unit = self.unit_of(topology, Level::OVERLAY)?;
                Some(Operation::Retire { unit })
            }
            "reassign" => {
                let (one, other) = self.neighbours(topology, base)?;
                let to = topology.unit(other)?.parent?;
                Some(Operation::Reassign { units: vec![one], to, allow_parts: self.below(2) == 0 })
            }
            "reparent" => {
                let level = self.level_above(topology);
                let (one, other) = self.neighbours(topology, level)?;
                Some(Operation::Reparent { unit: one, parent: topology.unit(other)?.parent? })
            }
            "split off" => {
                let one = self.unit(topology)?;
                let unit = topology.unit(one)?.parent?;
                Some(Operation::SplitOff { unit, children: vec![one], name: None, code: None })
            }
            "recode" => Some(Operation::Recode { unit: self.unit(topology)?, code: None }),
            _ => {
                let name = format!("Renamed {}", self.below(1_000_000));
                Some(Operation::Rename { unit: self.unit(topology)?, name })
            }
        }
    }

    /// A level above the finest one, the lowest most often.
    fn level_above(&mut self, topology: &Topology) -> Level {
        let base = topology.base_level();
        let lowest = Level(base.0.saturating_sub(1));
        if self.below(4) == 0 { Level(base.0.saturating_sub(2)) } else { lowest }
    }

    fn unit(&mut self, topology: &Topology) -> Option<UnitNo> {
        let count = topology.units().count();
        let place = self.below(count);
        topology.units().nth(place).map(|(no, _)| no)
    }

    fn unit_of(&mut self, topology: &Topology, level: Level) -> Option<UnitNo> {
        let of_level = || topology.units().filter(|(_, unit)| unit.level == level);
        let place = self.below(of_level().count());
        of_level().nth(place).map(|(no, _)| no)
    }

    /// An arc with ground on both sides, or any where the outline moves too.
    fn inner_arc<'a>(&mut self, topology: &'a Topology) -> Option<(ArcNo, &'a BorderArc)> {
        let count = topology.arcs().count();
        for _ in 0..8 {
            let place = self.below(count);
            let (no, arc) = topology.arcs().nth(place)?;
            if self.edits_outline || (arc.left.is_some() && arc.right.is_some()) {
                return Some((no, arc));
            }
        }
        None
    }

    fn move_vertex(&mut self, topology: &Topology) -> Option<Operation> {
        let (arc, border) = self.inner_arc(topology)?;
        if border.points.len() < 3 {
            return None;
        }
        let index = 1 + self.below(border.points.len() - 2);
        let at = border.points[index];
        let reach = (distance(at, border.points[index - 1]) + distance(at, border.points[index + 1])) / 4;
        let to = self.beside(at, reach);
        Some(Operation::MoveVertex { arc, index, to })
    }

    fn move_node(&mut self, topology: &Topology) -> Option<Operation> {
        let (_, border) = self.inner_arc(topology)?;
        let node: NodeNo = if self.below(2) == 0 { border.start } else { border.end };
        let at = topology.node(node)?;
        let nearest = topology.arcs_at(node).filter_map(|arc| topology.arc(arc)).map(|arc| {
            let beside = if arc.start == node { arc.points[1] } else { arc.points[arc.points.len() - 2] };
            distance(at, beside)
        });
        let reach = nearest.min()? / 2;
        let to = self.beside(at, reach);
        Some(Operation::MoveNode { node, to })
    }

    fn insert_vertex(&mut self, topology: &Topology) -> Option<Operation> {
        let (arc, border) = self.inner_arc(topology)?;
        let index = 1 + self.below(border.points.len() - 1);
        let (a, b) = (border.points[index - 1], border.points[index]);
        let reach = distance(a, b) / 6;
        let at = self.beside(middle(a, b), reach);
        Some(Operation::InsertVertex { arc, index, at })
    }

    fn reshape(&mut self, topology: &Topology) -> Option<Operation> {
        let (arc, border) = self.inner_arc(topology)?;
        let points = &border.points;
        let first = self.below(points.len() - 1);
        let last = first + 1 + self.below((points.len() - 1 - first).min(6));
        let reach = distance(points[first], points[last]) / 8;
        let mut line = vec![points[first]];
        let bent = self.beside(middle(points[first], points[last]), reach);
        line.push(bent);
        line.push(points[last]);
        if self.below(2) == 0 {
            line.reverse();
        }
        Some(Operation::Reshape { arc, line, snap_m: USUAL_SNAP_M })
    }

    fn split(&mut self, topology: &Topology, level: Level) -> Option<Operation> {
        let unit = self.unit_of(topology, level)?;
        let border = topology.border_of(unit);
        if border.is_empty() {
            return None;
        }
        let mut line = Vec::new();
        for _ in 0..2 {
            let arc = topology.arc(border[self.below(border.len())])?;
            line.push(arc.points[self.below(arc.points.len())]);
        }
        let reach = distance(line[0], line[1]) / 8;
        let bent = self.beside(middle(line[0], line[1]), reach);
        line.insert(1, bent);
        // Every other line reaches beyond its ends.
        if self.below(2) == 0 {
            for (end, inner) in [(0, 1), (2, 1)] {
                let (end_at, inner_at) = (line[end], line[inner]);
                line[end] = LatticePoint {
                    x: end_at.x + (end_at.x - inner_at.x) / 5,
                    y: end_at.y + (end_at.y - inner_at.y) / 5,
                };
            }
        }
        Some(Operation::Split { unit, line, snap_m: USUAL_SNAP_M, name: None, code: None })
    }

    /// The units of a level on both sides of an arc, where they differ.
    fn neighbours(&mut self, topology: &Topology, level: Level) -> Option<(UnitNo, UnitNo)> {
        for _ in 0..12 {
            let (_, arc) = self.inner_arc(topology)?;
            let unit = |face| topology.ancestor(topology.face(face)?.base, level);
            if let (Some(left), Some(right)) = (arc.left.and_then(unit), arc.right.and_then(unit))
                && left != right
            {
                return Some((left, right));
            }
        }
        None
    }

    fn merge(&mut self, topology: &Topology, level: Level) -> Option<Operation> {
        let (into, from) = self.neighbours(topology, level)?;
        Some(Operation::Merge { into, from: vec![from], allow_parts: self.below(3) == 0 })
    }

    /// A star of points around a vertex, about as large as the arc that it lies on.
    #[expect(clippy::cast_possible_truncation, reason = "a place near a place on the lattice")]
    #[expect(clippy::cast_precision_loss, reason = "only a size")]
    fn carve(&mut self, topology: &Topology) -> Option<Operation> {
        let (_, border) = self.inner_arc(topology)?;
        let centre = border.points[self.below(border.points.len())];
        let size = distance(border.points[0], border.points[border.points.len() / 2]).max(2_000);
        let count = 4 + self.below(6);
        let ring = (0..count)
            .map(|corner| {
                let angle = std::f64::consts::TAU * (corner as f64) / (count as f64);
                let radius = (size as f64) * (0.4 + (self.below(1_000) as f64) / 1_000.0);
                LatticePoint {
                    x: centre.x + (radius * angle.cos()) as i64,
                    y: centre.y + (radius * angle.sin()) as i64,
                }
            })
            .collect();
        let kind = Some("park".to_owned());
        Some(Operation::Carve { ring, name: "Park".to_owned(), kind, parent: None, code: None })
    }
}

fn middle(a: LatticePoint, b: LatticePoint) -> LatticePoint {
    LatticePoint { x: i64::midpoint(a.x, b.x), y: i64::midpoint(a.y, b.y) }
}

/// The greater of the distances along the axes.
fn distance(a: LatticePoint, b: LatticePoint) -> i64 {
    (a.x - b.x).abs().max((a.y - b.y).abs())
}
