//! Polygons of any set of faces: the arcs with the set on one side only, joined into rings.

use std::collections::BTreeMap;

use cim_crs::LatticePoint;

use crate::coverage::{Coverage, CoverageArc, Face, FaceId};
use crate::layer::{LatticePolygon, Ring};
use crate::planar_graph::as_number;
use crate::predicate::{Place, compare_angles, doubled_ring_area, place_in_ring};

/// An arc walked in one direction: its number, and whether from its last point to its first.
pub type Walk = (u32, bool);

/// The polygons with these walks around them, as [`Coverage::polygon_of`] gives them: for units whose walks are known.
pub fn polygons_along<A: AsRef<[LatticePoint]>>(points_of_arcs: &[A], walks: &[Walk]) -> Vec<LatticePolygon> {
    polygons(join(points_of_arcs, walks))
}

impl Coverage {
    /// The polygons of the chosen faces together: outer rings counter-clockwise, holes clockwise and with their polygon,
    /// every ring from its least point, polygons in the order of those.
    pub fn polygon_of(&self, chosen: impl Fn(FaceId, Face) -> bool) -> Vec<LatticePolygon> {
        self.polygons_by(1, |id, face| chosen(id, face).then_some(0)).pop().unwrap_or_default()
    }

    /// The polygons of many units in one pass: `unit_of` says which of the `units` each face belongs to.
    pub fn polygons_by(
        &self,
        units: usize,
        unit_of: impl Fn(FaceId, Face) -> Option<u32>,
    ) -> Vec<Vec<LatticePolygon>> {
        let arcs: Vec<&[LatticePoint]> = self.arcs.iter().map(|arc| arc.points.as_slice()).collect();
        self.polygons_from(&arcs, units, unit_of)
    }

    /// As [`Self::polygons_by`], from other points of the same arcs, such as [`Self::simplify_arcs`] gives.
    pub fn polygons_from<A: AsRef<[LatticePoint]>>(
        &self,
        points_of_arcs: &[A],
        units: usize,
        unit_of: impl Fn(FaceId, Face) -> Option<u32>,
    ) -> Vec<Vec<LatticePolygon>> {
        let unit_of_face = self.units_of_faces(unit_of);
        let mut walks: Vec<Vec<Walk>> = vec![Vec::new(); units];
        for (number, arc) in self.arcs.iter().enumerate() {
            let [left, right] = sides(arc, &unit_of_face);
            if left != right {
                for (unit, backwards) in [(left, false), (right, true)] {
                    if let Some(walks) = unit.and_then(|unit| walks.get_mut(unit as usize)) {
                        walks.push((as_number(number), backwards));
                    }
                }
            }
        }
        walks.iter().map(|walks| polygons_along(points_of_arcs, walks)).collect()
    }

    /// The units that share a border with each unit, sorted: for colours. Touching in a point is no border.
    pub fn neighbours(&self, units: usize, unit_of: impl Fn(FaceId, Face) -> Option<u32>) -> Vec<Vec<u32>> {
        let unit_of_face = self.units_of_faces(unit_of);
        let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); units];
        for arc in &self.arcs {
            if let [Some(left), Some(right)] = sides(arc, &unit_of_face)
                && left != right
            {
                for (unit, other) in [(left, right), (right, left)] {
                    if let Some(list) = neighbours.get_mut(unit as usize) {
                        list.push(other);
                    }
                }
            }
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        neighbours
    }

    fn units_of_faces(&self, unit_of: impl Fn(FaceId, Face) -> Option<u32>) -> Vec<Option<u32>> {
        (0..).zip(&self.faces).map(|(number, face)| unit_of(FaceId(number), *face)).collect()
    }
}

fn sides(arc: &CoverageArc, unit_of_face: &[Option<u32>]) -> [Option<u32>; 2] {
    [arc.left, arc.right].map(|face| face.and_then(|face| unit_of_face.get(face.index()).copied().flatten()))
}

/// Joins walks into closed ones that keep their ground on the left, and cuts those where they touch themselves.
fn join<A: AsRef<[LatticePoint]>>(arcs: &[A], walks: &[Walk]) -> Vec<Ring> {
    let points = |walk: Walk| arcs[walk.0 as usize].as_ref();
    let ends = |walk: Walk| {
        let points = points(walk);
        let (first, last) = (points[0], points[points.len() - 1]);
        if walk.1 { (last, first) } else { (first, last) }
    };
    // The point next to the start and the one next to the end.
    let beside = |walk: Walk| {
        let points = points(walk);
        let (second, last_but_one) = (points[1], points[points.len() - 2]);
        if walk.1 { (last_but_one, second) } else { (second, last_but_one) }
    };
    let mut leaving: BTreeMap<LatticePoint, Vec<Walk>> = BTreeMap::new();
    for &walk in walks {
        leaving.entry(ends(walk).0).or_default().push(walk);
    }
    let mut rings = Vec::new();
    while let Some(mut entry) = leaving.first_entry() {
        let Some(first) = entry.get_mut().pop() else {
            entry.remove();
            continue;
        };
        let start = ends(first).0;
        let mut ring: Ring = Vec::new();
        let mut walk = first;
        loop {
            let points = points(walk);
            if walk.1 {
                ring.extend(points[1..].iter().rev());
            } else {
                ring.extend(&points[..points.len() - 1]);
            }
            let (end, before) = (ends(walk).1, beside(walk).1);
            let choices = leaving.entry(end).or_default();
            // Sharpest to the left: the last one counter-clockwise from the way back.
            let turn = |walk: &Walk| {
                let towards = beside(*walk).0;
                (compare_angles(end, before, towards).is_ge(), towards)
            };
            let best = (0..choices.len()).max_by(|&one, &other| {
                let ((one_wrapped, one), (other_wrapped, other)) =
                    (turn(&choices[one]), turn(&choices[other]));
                one_wrapped.cmp(&other_wrapped).then_with(|| compare_angles(end, one, other))
            });
            // Back at the start, the walk is closed unless a sharper turn goes on from here.
            match best {
                Some(index)
                    if end != start || is_sharper(end, before, beside(choices[index]).0, beside(first).0) =>
                {
                    walk = choices.swap_remove(index);
                }
                _ => break,
            }
        }
        cut_at_touches(ring, &mut rings);
    }
    rings
}

/// Whether `one` comes later than `other` counter-clockwise from the way back towards `before`.
fn is_sharper(at: LatticePoint, before: LatticePoint, one: LatticePoint, other: LatticePoint) -> bool {
    let wrapped = |towards| compare_angles(at, before, towards).is_ge();
    wrapped(one).cmp(&wrapped(other)).then_with(|| compare_angles(at, one, other)).is_gt()
}

/// Cuts a closed walk into rings that pass every point once.
fn cut_at_touches(walk: Ring, rings: &mut Vec<Ring>) {
    let mut sorted = walk.clone();
    sorted.sort_unstable();
    if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        rings.push(walk);
        return;
    }
    let mut path: Ring = Vec::new();
    for point in walk {
        if let Some(index) = path.iter().position(|other| *other == point) {
            rings.push(path.split_off(index));
        }
        path.push(point);
    }
    rings.push(path);
}

/// Puts every hole into the smallest outer ring around it, and everything into its one order.
fn polygons(rings: Vec<Ring>) -> Vec<LatticePolygon> {
    let (mut outers, mut holes) = (Vec::new(), Vec::new());
    for mut ring in rings {
        let least = (0..ring.len()).min_by_key(|index| ring[*index]).unwrap_or(0);
        ring.rotate_left(least);
        let area = doubled_ring_area(&ring);
        if area > 0 {
            outers.push((area, LatticePolygon { outer: ring, holes: Vec::new() }));
        } else {
            holes.push(ring);
        }
    }
    holes.sort_unstable();
    outers.sort_unstable_by_key(|(area, _)| *area);
    for hole in holes {
        let only = outers.len() == 1;
        if let Some((_, polygon)) =
            outers.iter_mut().find(|(_, polygon)| only || is_around(&polygon.outer, &hole))
        {
            polygon.holes.push(hole);
        }
    }
    let mut polygons: Vec<LatticePolygon> = outers.into_iter().map(|(_, polygon)| polygon).collect();
    polygons.sort_unstable_by(|one, other| one.outer.cmp(&other.outer));
    polygons
}

fn is_around(outer: &[LatticePoint], hole: &[LatticePoint]) -> bool {
    hole.iter()
        .map(|point| place_in_ring(*point, outer))
        .find(|place| *place != Place::OnBorder)
        .is_some_and(|place| place == Place::Inside)
}
