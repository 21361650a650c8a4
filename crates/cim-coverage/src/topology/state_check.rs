//! Proves a whole state: that its arcs are an exact partition, and that nodes, faces and units fit together.

use std::collections::{BTreeMap, BTreeSet};

use cim_crs::LatticePoint;

use super::connection::torn_faces;
use super::element::{BorderArc, FaceNo, NodeNo, UnitNo};
use super::refusal::{EditRule, Refusal};
use super::state::Topology;
use crate::coverage::FaceId;
use crate::planar_graph::as_number;
use crate::validation::{ArcView, defects};

impl Topology {
    /// What keeps this from being an exact partition of the ground among units of a tree; empty when it is one.
    #[must_use]
    pub fn validate(&self) -> Vec<Refusal> {
        let mut found = Vec::new();
        self.check_nodes(&mut found);
        self.check_faces(&mut found);
        self.check_units(&mut found);
        self.check_partition(&mut found);
        found
    }

    /// Every arc ends at its nodes, and every node is needed.
    fn check_nodes(&self, found: &mut Vec<Refusal>) {
        let mut ends: Vec<(NodeNo, bool)> = Vec::with_capacity(self.arcs.len() * 2);
        for (no, arc) in self.arcs() {
            let is_loop = arc.start == arc.end;
            ends.extend([(arc.start, is_loop), (arc.end, is_loop)]);
            let places = [self.node(arc.start), self.node(arc.end)];
            if places != [arc.points.first().copied(), arc.points.last().copied()] {
                found.push(
                    broken(&format!("border {} does not end at its nodes", no.0)).showing(arc.points.clone()),
                );
            }
        }
        ends.sort_unstable();
        let mut groups = ends.chunk_by(|one, other| one.0 == other.0).peekable();
        for (no, place) in self.nodes() {
            let group = groups.next_if(|group| group[0].0 == no).unwrap_or_default();
            if group.is_empty() || (group.len() == 2 && !group[0].1) {
                found.push(
                    broken(&format!("node {} joins {} ends of borders", no.0, group.len()))
                        .showing(vec![place]),
                );
            }
        }
        let mut places: Vec<LatticePoint> = self.nodes().map(|(_, place)| place).collect();
        places.sort_unstable();
        for pair in places.windows(2).filter(|pair| pair[0] == pair[1]) {
            found.push(broken("two nodes lie on one place").showing(vec![pair[0]]));
        }
    }

    /// Every face belongs to a unit of the finest level, and differs from its neighbours.
    fn check_faces(&self, found: &mut Vec<Refusal>) {
        let mut with_ground: BTreeSet<UnitNo> = BTreeSet::new();
        for (no, face) in self.faces() {
            with_ground.insert(face.base);
            if self.unit(face.base).is_none_or(|unit| unit.level != self.base_level) {
                found.push(
                    broken(&format!("face {} has no unit of the finest level", no.0)).naming([face.base]),
                );
            }
            if let Some(overlay) = face.overlay
                && self.unit(overlay).is_none_or(|unit| !unit.level.is_overlay())
            {
                found.push(
                    broken(&format!("face {} names an overlay unit that is none", no.0)).naming([overlay]),
                );
            }
        }
        for (no, unit) in self.units() {
            if unit.level == self.base_level && !with_ground.contains(&no) {
                found.push(broken(&format!("{} has no ground", unit.code)).naming([no]));
            }
        }
    }

    /// Every parent exists and ranks above, and every code is unique in its level.
    fn check_units(&self, found: &mut Vec<Refusal>) {
        let mut owners = BTreeMap::new();
        for (no, unit) in self.units() {
            if let Some(parent) = unit.parent {
                let above = self.unit(parent);
                if above.is_none_or(|above| above.level.is_overlay() || above.level >= unit.level) {
                    found.push(broken(&format!("{} has no parent above it", unit.code)).naming([no, parent]));
                }
                if above.is_some_and(|above| unit.parent_code.as_ref() != Some(&above.code)) {
                    found.push(
                        broken(&format!("{} names another code than its parent has", unit.code))
                            .naming([no, parent]),
                    );
                }
            }
            if let Some(owner) = owners.insert((unit.level, unit.code.as_str()), no) {
                found.push(
                    broken(&format!("the code {} belongs to two units", unit.code)).naming([no, owner]),
                );
            }
        }
    }

    /// The arcs are a plane drawing in which every region has one face.
    fn check_partition(&self, found: &mut Vec<Refusal>) {
        let faces: Vec<FaceNo> = self.faces.keys().copied().collect();
        let mut has_border = vec![false; faces.len()];
        let arcs: Vec<&BorderArc> = self.arcs.values().map(|arc| &**arc).collect();
        let mut views = Vec::with_capacity(arcs.len());
        for arc in &arcs {
            let [left, right] = [arc.left, arc.right].map(|face| {
                let place = faces.binary_search(&face?).unwrap_or(faces.len());
                if let Some(seen) = has_border.get_mut(place) {
                    *seen = true;
                } else {
                    found.push(broken("a border has a face that does not exist").showing(arc.points.clone()));
                }
                Some(FaceId(as_number(place)))
            });
            views.push(ArcView { points: &arc.points, left, right });
            let ground = [arc.left, arc.right].map(|face| face.and_then(|face| self.face(face)));
            if ground[0] == ground[1] {
                found.push(broken("a border divides no units").showing(arc.points.clone()));
            }
        }
        for (face, _) in faces.iter().zip(&has_border).filter(|(_, seen)| !**seen) {
            found.push(broken(&format!("face {} has no border", face.0)));
        }
        let disagreements = defects(&views);
        if disagreements.is_empty() {
            for face in torn_faces(&arcs) {
                found.push(broken(&format!("face {} lies in pieces", face.0)));
            }
        }
        for defect in disagreements {
            let beside =
                defect.arcs.iter().flat_map(|arc| [arcs[*arc as usize].left, arcs[*arc as usize].right]);
            let units: Vec<UnitNo> =
                beside.flatten().filter_map(|face| self.face(face)).map(|face| face.base).collect();
            let what = if defect.crossing { "cross" } else { "disagree" };
            let message = format!("the borders of {} {what}", self.codes_of(&units));
            found.push(broken(&message).naming(units).showing(vec![defect.at]));
        }
    }
}

fn broken(message: &str) -> Refusal {
    Refusal::new(EditRule::BrokenTopology, format!("{message}; restore the last published state"))
}
