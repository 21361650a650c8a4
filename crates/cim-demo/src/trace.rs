//! The polygons of groups of faces, on the lattice, every vertex of the network kept.

use std::collections::BTreeMap;

use cim_crs::LatticePoint;

use crate::mesh::Mesh;

/// A ring, closed implicitly.
pub(crate) type Ring = Vec<LatticePoint>;

/// A polygon: its outer ring first, then its holes.
pub(crate) type Polygon = Vec<Ring>;

impl Mesh {
    /// The polygons of every group; `group_of` answers none for faces that belong to no group.
    pub(crate) fn polygons_by_group(
        &self,
        group_of: &dyn Fn(u32) -> Option<u32>,
    ) -> BTreeMap<u32, Vec<Polygon>> {
        let lattice: Vec<LatticePoint> = self.points.iter().map(|point| point.lattice()).collect();
        let group: Vec<Option<u32>> = (0..self.face_count()).map(group_of).collect();
        let of = |half: u32| group[self.face(half) as usize];
        let mut seen = vec![false; self.edge_count() as usize * 2];
        let mut rings: BTreeMap<u32, Vec<Vec<u32>>> = BTreeMap::new();
        for half in 0..self.edge_count() * 2 {
            let Some(owner) = of(half) else { continue };
            if seen[half as usize] || of(half ^ 1) == Some(owner) {
                continue;
            }
            let mut ring = Vec::new();
            let mut at = half;
            loop {
                seen[at as usize] = true;
                ring.push(self.origin(at));
                at = self.next(at);
                while of(at ^ 1) == Some(owner) {
                    at = self.next(at ^ 1);
                }
                if at == half {
                    break;
                }
            }
            rings.entry(owner).or_default().extend(simple_loops(ring));
        }
        rings
            .into_iter()
            .map(|(owner, loops)| {
                (
                    owner,
                    assemble(
                        loops.into_iter().map(|ring| ring.iter().map(|&v| lattice[v as usize]).collect()),
                    ),
                )
            })
            .collect()
    }
}

/// Splits a ring that touches itself in a vertex into rings that do not.
fn simple_loops(ring: Vec<u32>) -> Vec<Vec<u32>> {
    let mut loops = Vec::new();
    let mut way: Vec<u32> = Vec::new();
    let mut place: BTreeMap<u32, usize> = BTreeMap::new();
    for vertex in ring {
        if let Some(&from) = place.get(&vertex) {
            let part: Vec<u32> = way.drain(from..).collect();
            for gone in &part {
                place.remove(gone);
            }
            loops.push(part);
        }
        place.insert(vertex, way.len());
        way.push(vertex);
    }
    loops.push(way);
    loops.retain(|part| part.len() > 2);
    loops
}

/// Twice the signed area.
fn doubled_area(ring: &Ring) -> i128 {
    (0..ring.len())
        .map(|index| {
            let (a, b) = (ring[index], ring[(index + 1) % ring.len()]);
            i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)
        })
        .sum()
}

/// Puts every hole into the smallest outer ring around it.
fn assemble(rings: impl Iterator<Item = Ring>) -> Vec<Polygon> {
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    for ring in rings {
        let area = doubled_area(&ring);
        if area > 0 { outer.push((area, vec![ring])) } else { holes.push(ring) }
    }
    outer.sort_by_key(|&(area, _)| area);
    for hole in holes {
        let home = outer.iter().position(|(_, polygon)| hole.iter().all(|&point| covers(&polygon[0], point)));
        if let Some(home) = home {
            outer[home].1.push(hole);
        }
    }
    outer.reverse();
    outer.into_iter().map(|(_, polygon)| polygon).collect()
}

/// Whether a point lies in a ring or on one of its corners.
fn covers(ring: &Ring, point: LatticePoint) -> bool {
    let mut inside = false;
    for index in 0..ring.len() {
        let (a, b) = (ring[index], ring[(index + 1) % ring.len()]);
        if a == point {
            return true;
        }
        if (a.y > point.y) != (b.y > point.y) {
            let left = i128::from(b.x - a.x) * i128::from(point.y - a.y)
                - i128::from(b.y - a.y) * i128::from(point.x - a.x);
            if (left > 0) == (b.y > a.y) {
                inside = !inside;
            }
        }
    }
    inside
}
