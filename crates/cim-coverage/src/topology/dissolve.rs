//! Back to canonical form after ground has changed hands: equal neighbours become one face, needless nodes vanish.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::Edit;
use super::element::{ArcNo, BorderArc, FaceNo, NodeNo};

impl Edit<'_> {
    /// Joins faces, whose units have just changed, with neighbours of the same units.
    pub(super) fn join_equal_faces(&mut self, relabelled: &[FaceNo]) {
        let mut heads: BTreeMap<FaceNo, FaceNo> = BTreeMap::new();
        let mut vanishing: BTreeSet<ArcNo> = BTreeSet::new();
        for &face in relabelled {
            for arc in self.state.arcs_around(face) {
                let Some(other) = self.state.beyond(arc, face) else { continue };
                if self.state.face(other) == self.state.face(face) {
                    vanishing.insert(arc);
                    let (one, other) = (head(&heads, face), head(&heads, other));
                    let (older, younger) =
                        if age(one.0) <= age(other.0) { (one, other) } else { (other, one) };
                    if older != younger {
                        heads.insert(younger, older);
                    }
                }
            }
        }
        let mut nodes: BTreeSet<NodeNo> = BTreeSet::new();
        for no in vanishing {
            if let Some(arc) = self.state.arc(no) {
                nodes.extend([arc.start, arc.end]);
            }
            self.put_arc(no, None);
        }
        for &face in heads.keys() {
            let arcs: Vec<ArcNo> = self.state.arcs_around(face).collect();
            for no in arcs {
                let Some(mut arc) = self.state.arc(no).map(|arc| (**arc).clone()) else { continue };
                arc.left = arc.left.map(|face| head(&heads, face));
                arc.right = arc.right.map(|face| head(&heads, face));
                self.put_arc(no, Some(arc));
            }
            self.put_face(face, None);
        }
        for node in nodes {
            self.tidy_node(node);
        }
    }

    /// Removes a node without arcs, and one at which a border only goes on.
    pub(super) fn tidy_node(&mut self, node: NodeNo) {
        let arcs: Vec<ArcNo> = self.state.arcs_at(node).collect();
        match arcs[..] {
            [] => self.put_node(node, None),
            [one, other] => {
                let (Some(first), Some(second)) = (self.state.arc(one), self.state.arc(other)) else {
                    return;
                };
                if first.start == first.end || second.start == second.end {
                    return;
                }
                let joined = joined(first, second, node);
                let (kept, ended) = if age(one.0) <= age(other.0) { (one, other) } else { (other, one) };
                self.put_arc(ended, None);
                self.put_arc(kept, Some(joined));
                self.put_node(node, None);
            }
            _ => {}
        }
    }
}

/// Lasting numbers are older than those of a draft, and lower ones of a kind older than higher ones.
fn age(number: i64) -> (bool, u64) {
    (number < 0, number.unsigned_abs())
}

fn head(heads: &BTreeMap<FaceNo, FaceNo>, mut face: FaceNo) -> FaceNo {
    while let Some(above) = heads.get(&face) {
        face = *above;
    }
    face
}

/// Two arcs that meet at a node, as one in the direction of the first.
fn joined(first: &BorderArc, second: &BorderArc, node: NodeNo) -> BorderArc {
    let mut second =
        if (first.end == node) == (second.start == node) { second.clone() } else { reversed(second) };
    if first.end == node {
        let mut points = first.points.clone();
        points.extend_from_slice(&second.points[1..]);
        BorderArc { points, end: second.end, ..first.clone() }
    } else {
        second.points.extend_from_slice(&first.points[1..]);
        BorderArc { points: second.points, start: second.start, ..first.clone() }
    }
}

/// The same arc in the other direction.
pub(super) fn reversed(arc: &BorderArc) -> BorderArc {
    let points = arc.points.iter().rev().copied().collect();
    BorderArc { start: arc.end, end: arc.start, points, left: arc.right, right: arc.left }
}
