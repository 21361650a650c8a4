//! From labelled regions to a coverage: borders between equal labels vanish, the others become arcs.

use crate::coverage::{Coverage, CoverageArc, Face, FaceId};
use crate::planar_graph::{PlanarGraph, as_number};

/// The coverage in which every region with a label is ground of that label.
///
/// The outcome depends on the ground alone: faces stand by (base, overlay, least vertex), arcs by their points.
pub(crate) fn assemble(graph: &PlanarGraph, label_of: &[Option<Face>]) -> Coverage {
    let side = |half: usize| label_of[graph.region_of[half] as usize];
    let mut segments = Vec::new();
    let mut labels = Vec::new();
    for (edge, ends) in graph.edges.iter().enumerate() {
        let (left, right) = (side(2 * edge), side(2 * edge + 1));
        if left != right {
            segments.push((graph.points[ends[0] as usize], graph.points[ends[1] as usize]));
            labels.push([left, right]);
        }
    }
    let graph = PlanarGraph::new(&segments);
    let (faces, face_of) = number_faces(&graph, &labels);
    let mut arcs = collect_arcs(&graph, &face_of);
    arcs.sort_unstable_by(|one, other| one.points.cmp(&other.points));
    Coverage { arcs, faces }
}

fn number_faces(graph: &PlanarGraph, labels: &[[Option<Face>; 2]]) -> (Vec<Face>, Vec<Option<FaceId>>) {
    let mut order: Vec<(u32, Option<u32>, u32, u32)> = Vec::new();
    for (region, rings) in graph.rings_of.iter().enumerate().skip(1) {
        let Some(&half) = rings.first() else { continue };
        if let Some(face) = labels[(half / 2) as usize][(half % 2) as usize] {
            let least = graph.ring(half).map(|half| graph.start(half)).min().unwrap_or(0);
            order.push((face.base, face.overlay, least, as_number(region)));
        }
    }
    order.sort_unstable();
    let mut face_of = vec![None; graph.rings_of.len()];
    let faces = order
        .iter()
        .enumerate()
        .map(|(number, &(base, overlay, _, region))| {
            face_of[region as usize] = Some(FaceId(as_number(number)));
            Face { base, overlay }
        })
        .collect();
    (faces, face_of)
}

/// Follows the borders from node to node, and then the closed ones that have none.
fn collect_arcs(graph: &PlanarGraph, face_of: &[Option<FaceId>]) -> Vec<CoverageArc> {
    let mut seen = vec![false; graph.edges.len()];
    let mut arcs = Vec::new();
    let is_node = |point: u32| graph.degree[point as usize] != 2;
    let half_edges = || 0..as_number(graph.edges.len() * 2);
    for half in half_edges().filter(|half| is_node(graph.start(*half))) {
        push_arc(graph, face_of, half, &is_node, &mut seen, &mut arcs);
    }
    // Half-edges come by their start, so a closed border starts at its least point.
    for half in half_edges() {
        let start = graph.start(half);
        push_arc(graph, face_of, half, &|point| point == start, &mut seen, &mut arcs);
    }
    arcs
}

fn push_arc(
    graph: &PlanarGraph,
    face_of: &[Option<FaceId>],
    first: u32,
    is_end: &impl Fn(u32) -> bool,
    seen: &mut [bool],
    arcs: &mut Vec<CoverageArc>,
) {
    if seen[(first / 2) as usize] {
        return;
    }
    let mut half = first;
    let mut points = vec![graph.points[graph.start(half) as usize]];
    loop {
        seen[(half / 2) as usize] = true;
        points.push(graph.points[graph.end(half) as usize]);
        if is_end(graph.end(half)) {
            break;
        }
        half = graph.next[half as usize];
    }
    let face = |half: u32| face_of[graph.region_of[half as usize] as usize];
    let (mut left, mut right) = (face(first), face(first ^ 1));
    let reversed: Vec<_> = points.iter().rev().copied().collect();
    if reversed < points {
        points = reversed;
        std::mem::swap(&mut left, &mut right);
    }
    arcs.push(CoverageArc { points, left, right });
}
