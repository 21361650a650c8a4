//! Puts the pieces of cut faces back into the topology: new faces, and arcs between what differs.

use std::collections::{BTreeMap, BTreeSet};

use cim_crs::LatticePoint;

use super::cut::{Cut, Side};
use super::edit::Edit;
use super::element::{ArcNo, BorderArc, FaceNo, GroundFace, NodeNo};
use super::refusal::{EditRule, Refusal};
use crate::area::ring_area_m2;
use crate::planar_graph::{PlanarGraph, as_number};
use crate::predicate::doubled_ring_area;

/// The least ground that a piece may have.
pub(super) const LEAST_AREA_M2: f64 = 1.0;

/// What lies beside a segment in the end: a piece of a face and whether it is marked, or a face that was not cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Piece(FaceNo, bool),
    Beyond(Option<FaceNo>),
}

/// The cut without the lines that divide nothing.
struct Drawing {
    graph: PlanarGraph,
    ground: Vec<[Ground; 2]>,
    /// By segment: the arc that it is a piece of, and whether it runs from the lesser end to the greater.
    sources: Vec<Option<(u32, bool)>>,
    /// By region; none beyond the faces that were cut.
    faces: Vec<Option<FaceNo>>,
}

impl Edit<'_> {
    /// Replaces the faces of a cut by pieces of equal marks. `label` gives the units over the piece of a face by its mark.
    pub(super) fn replace_ground(
        &mut self,
        cut: &Cut,
        is_marked: impl Fn(u32) -> bool,
        label: impl Fn(GroundFace, bool) -> GroundFace,
    ) -> Result<(), Refusal> {
        let mut drawing = draw(cut, is_marked);
        self.number_faces(&mut drawing, label)?;
        self.put_borders(cut, &drawing);
        Ok(())
    }

    /// Numbers the pieces of every face: the largest goes on as the face.
    fn number_faces(
        &mut self,
        drawing: &mut Drawing,
        label: impl Fn(GroundFace, bool) -> GroundFace,
    ) -> Result<(), Refusal> {
        let mut pieces: BTreeMap<FaceNo, Vec<(i128, LatticePoint, u32, bool)>> = BTreeMap::new();
        for (region, rings) in (0_u32..).zip(&drawing.graph.rings_of).skip(1) {
            let Some(&first) = rings.first() else { continue };
            if let Ground::Piece(face, mark) = drawing.ground[(first / 2) as usize][(first % 2) as usize] {
                let rings: Vec<Vec<LatticePoint>> =
                    rings.iter().map(|half| ring_points(&drawing.graph, *half)).collect();
                let area: i128 = rings.iter().map(|ring| doubled_ring_area(ring)).sum();
                let least = rings[0].iter().min().copied().unwrap_or(rings[0][0]);
                pieces.entry(face).or_default().push((-area, least, region, mark));
            }
        }
        for (face, mut of_face) in pieces {
            of_face.sort_unstable();
            let Some(ground) = self.state.face(face) else { continue };
            if of_face.len() > 1 {
                self.read.faces.insert(face);
                for (_, _, region, _) in &of_face {
                    check_size(&drawing.graph, *region).map_err(|refusal| refusal.naming([ground.base]))?;
                }
            }
            for (place, (_, _, region, mark)) in of_face.into_iter().enumerate() {
                let number = if place == 0 { face } else { FaceNo(self.state.new_number()) };
                drawing.faces[region as usize] = Some(number);
                self.put_face(number, Some(label(ground, mark)));
            }
        }
        Ok(())
    }

    /// Writes the arcs that have changed. Of the pieces of an old arc the first goes on as the arc.
    fn put_borders(&mut self, cut: &Cut, drawing: &Drawing) {
        let mut ended: BTreeSet<ArcNo> = cut.numbers.iter().copied().collect();
        let chains = self.chains(cut, drawing);
        for chain in chains {
            let source = drawing.source_of(&chain);
            let number = match source.map(|(arc, _)| cut.numbers[arc as usize]) {
                Some(number) if ended.remove(&number) => number,
                _ => ArcNo(self.state.new_number()),
            };
            let forwards = source.is_none_or(|(_, forwards)| forwards);
            let arc = self.arc_along(drawing, &chain, forwards);
            if self.state.arc(number).is_none_or(|old| **old != arc) {
                self.put_arc(number, Some(arc));
            }
        }
        for number in ended {
            self.put_arc(number, None);
        }
        let nodes: BTreeSet<NodeNo> = cut.arcs.iter().flat_map(|arc| [arc.start, arc.end]).collect();
        // A line that passes a node within a step may loosen a border from it.
        for node in nodes {
            self.tidy_node(node);
        }
    }

    fn arc_along(&mut self, drawing: &Drawing, chain: &[u32], forwards: bool) -> BorderArc {
        let graph = &drawing.graph;
        let mut points: Vec<LatticePoint> =
            chain.iter().map(|half| graph.points[graph.start(*half) as usize]).collect();
        let last = chain[chain.len() - 1];
        points.push(graph.points[graph.end(last) as usize]);
        let (mut left, mut right) = (drawing.face_beside(chain[0]), drawing.face_beside(chain[0] ^ 1));
        if !forwards {
            points.reverse();
            (left, right) = (right, left);
        }
        let start = self.node_on(points[0]);
        let end = self.node_on(points[points.len() - 1]);
        BorderArc { start, end, points, left, right }
    }

    fn node_on(&mut self, place: LatticePoint) -> NodeNo {
        if let Some(node) = self.state.node_at.get(&place) {
            return *node;
        }
        let node = NodeNo(self.state.new_number());
        self.put_node(node, Some(place));
        node
    }

    /// The half-edges of every arc, from node to node; then the closed ones that have no node.
    fn chains(&self, cut: &Cut, drawing: &Drawing) -> Vec<Vec<u32>> {
        let graph = &drawing.graph;
        let mut is_node: Vec<bool> = graph.degree.iter().map(|degree| *degree != 2).collect();
        let number_of = |place: &LatticePoint| graph.points.binary_search(place).ok();
        let inside = |arc: ArcNo| cut.numbers.binary_search(&arc).is_ok();
        let ends: BTreeSet<NodeNo> = cut.arcs.iter().flat_map(|arc| [arc.start, arc.end]).collect();
        let old: Vec<(NodeNo, usize)> =
            ends.into_iter().filter_map(|node| Some((node, number_of(&self.state.node(node)?)?))).collect();
        for &(node, place) in &old {
            is_node[place] |= self.state.arcs_at(node).any(|arc| !inside(arc));
        }
        // Closed borders keep their node, so that they stay as they are when nothing cuts them.
        let starts = old.iter().map(|(_, place)| as_number(*place));
        let mut seen = vec![false; graph.edges.len()];
        let mut chains = Vec::new();
        let halves = || 0..as_number(graph.edges.len() * 2);
        for half in halves().filter(|half| is_node[graph.start(*half) as usize]) {
            push_chain(graph, half, |point| is_node[point as usize], &mut seen, &mut chains);
        }
        for start in starts {
            if let Some(half) = halves_from(graph, start) {
                push_chain(graph, half, |point| point == start, &mut seen, &mut chains);
            }
        }
        for half in halves() {
            let start = graph.start(half);
            push_chain(graph, half, |point| point == start, &mut seen, &mut chains);
        }
        chains
    }
}

impl Drawing {
    /// The old arc that a whole chain is a piece of, and whether the chain runs as the arc does.
    fn source_of(&self, chain: &[u32]) -> Option<(u32, bool)> {
        let (arc, along) = self.sources[(chain[0] / 2) as usize]?;
        let same = |half: &u32| self.sources[(half / 2) as usize].is_some_and(|(other, _)| other == arc);
        chain.iter().all(same).then_some((arc, along == chain[0].is_multiple_of(2)))
    }

    fn face_beside(&self, half: u32) -> Option<FaceNo> {
        match self.ground[(half / 2) as usize][(half % 2) as usize] {
            Ground::Piece(..) => self.faces[self.graph.region_of[half as usize] as usize],
            Ground::Beyond(face) => face,
        }
    }
}

/// Refuses a piece of ground that is too small to be one.
fn check_size(graph: &PlanarGraph, region: u32) -> Result<(), Refusal> {
    let rings: Vec<Vec<LatticePoint>> =
        graph.rings_of[region as usize].iter().map(|half| ring_points(graph, *half)).collect();
    if rings.iter().map(|ring| ring_area_m2(ring)).sum::<f64>() >= LEAST_AREA_M2 {
        return Ok(());
    }
    let message =
        "the line would leave a piece of less than one square metre; draw it on the border or farther away";
    let refusal = Refusal::new(EditRule::TooSmall, message);
    Err(rings.into_iter().take(1).fold(refusal, Refusal::showing))
}

fn draw(cut: &Cut, is_marked: impl Fn(u32) -> bool) -> Drawing {
    let ground_beside = |half: u32| match cut.side(half) {
        Side::Piece(region) => match cut.face_of[region as usize] {
            Some(face) => Ground::Piece(face, is_marked(region)),
            None => Ground::Beyond(None),
        },
        Side::Beyond(face) => Ground::Beyond(face),
    };
    let (mut segments, mut ground, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for (edge, ends) in (0_u32..).zip(&cut.graph.edges) {
        let sides = [2 * edge, 2 * edge + 1].map(ground_beside);
        if sides[0] != sides[1] {
            let [from, to] = ends.map(|end| cut.graph.points[end as usize]);
            segments.push((from, to));
            ground.push(sides);
            sources.push(cut.origins[edge as usize].arc);
        }
    }
    let graph = PlanarGraph::new(&segments);
    let faces = vec![None; graph.rings_of.len()];
    Drawing { graph, ground, sources, faces }
}

fn ring_points(graph: &PlanarGraph, half: u32) -> Vec<LatticePoint> {
    graph.ring(half).map(|half| graph.points[graph.start(half) as usize]).collect()
}

/// A half-edge that leaves a point.
fn halves_from(graph: &PlanarGraph, point: u32) -> Option<u32> {
    // Segments are sorted by their lesser end; a closed border may have its node at a greater one.
    let lesser = graph.edges.partition_point(|ends| ends[0] < point);
    if graph.edges.get(lesser).is_some_and(|ends| ends[0] == point) {
        return Some(2 * as_number(lesser));
    }
    graph.edges.iter().position(|ends| ends[1] == point).map(|edge| 2 * as_number(edge) + 1)
}

fn push_chain(
    graph: &PlanarGraph,
    first: u32,
    is_end: impl Fn(u32) -> bool,
    seen: &mut [bool],
    chains: &mut Vec<Vec<u32>>,
) {
    if seen[(first / 2) as usize] {
        return;
    }
    let mut chain = vec![first];
    let mut half = first;
    loop {
        seen[(half / 2) as usize] = true;
        if is_end(graph.end(half)) {
            break;
        }
        half = graph.next[half as usize];
        chain.push(half);
    }
    chains.push(chain);
}
