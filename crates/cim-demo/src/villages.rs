//! Towns and villages as groups of cells, grown from real and invented places.

use std::collections::BTreeMap;

use crate::divisions::{Divisions, TownKind, VillageKind};
use crate::field::ZoneRank;
use crate::mesh::{Ground, OUTSIDE};
use crate::network::{NO_VILLAGE, Network};
use crate::plane::{P, ring_centroid, ring_contains};

/// Cells of land as a graph.
struct CellGraph {
    faces: Vec<u32>,
    centre: Vec<P>,
    area_km2: Vec<f64>,
    built_up: Vec<bool>,
    /// Neighbour and length of the common border; less over a river.
    near: Vec<Vec<(usize, f64)>>,
    outside_m: Vec<f64>,
}

const FREE: usize = usize::MAX;

impl Network {
    /// Gives every land cell to a village.
    pub(crate) fn found_villages(&mut self, divisions: &Divisions) {
        let graph = self.cell_graph();
        let town_of = self.grow_towns(&graph, divisions);
        let mut village_of = vec![FREE; graph.faces.len()];
        for (town, unit) in divisions.towns.iter().enumerate() {
            let cells: Vec<usize> = (0..graph.faces.len()).filter(|&cell| town_of[cell] == town).collect();
            grow_villages(&graph, divisions, &unit.villages, &cells, &mut village_of);
        }
        smooth(&graph, &mut village_of, |a, b| divisions.villages[a].town == divisions.villages[b].town);
        join_strays(&graph, &mut village_of);
        for (cell, &face) in graph.faces.iter().enumerate() {
            self.mesh.tags[face as usize].village = village_of[cell] as u16;
        }
        self.share_out_water();
    }

    fn cell_graph(&self) -> CellGraph {
        let mesh = &self.mesh;
        let faces: Vec<u32> =
            (1..mesh.face_count()).filter(|&face| mesh.tags[face as usize].ground == Ground::Land).collect();
        let index: BTreeMap<u32, usize> = faces.iter().enumerate().map(|(at, &face)| (face, at)).collect();
        let mut near = vec![BTreeMap::<usize, f64>::new(); faces.len()];
        let mut outside_m = vec![0.0; faces.len()];
        for edge in 0..mesh.edge_count() {
            let half = edge * 2;
            let length = mesh.from(half).distance(mesh.to(half));
            let ease = match self.lines[mesh.line(half) as usize].class {
                crate::lines::LineClass::River => 0.25,
                crate::lines::LineClass::Motorway => 0.5,
                _ => 1.0,
            };
            match (index.get(&mesh.face(half)), index.get(&mesh.face(half ^ 1))) {
                (Some(&a), Some(&b)) => {
                    *near[a].entry(b).or_default() += length * ease;
                    *near[b].entry(a).or_default() += length * ease;
                }
                (Some(&a), None) | (None, Some(&a)) => outside_m[a] += length,
                (None, None) => {}
            }
        }
        let rings: Vec<Vec<P>> = faces.iter().map(|&face| mesh.ring_points(face)).collect();
        CellGraph {
            centre: rings.iter().map(|ring| ring_centroid(ring)).collect(),
            area_km2: faces.iter().map(|&face| mesh.area(face) / 1e6).collect(),
            built_up: faces
                .iter()
                .map(|&face| {
                    let zone = mesh.tags[face as usize].zone;
                    zone > 0
                        && (self.field.zones[zone as usize - 1].rank != ZoneRank::Hamlet
                            || self.field.zones[zone as usize - 1].name == "滨江")
                })
                .collect(),
            near: near.into_iter().map(|list| list.into_iter().collect()).collect(),
            outside_m,
            faces,
        }
    }

    fn grow_towns(&self, graph: &CellGraph, divisions: &Divisions) -> Vec<usize> {
        let mut owner = vec![FREE; graph.faces.len()];
        let mut area = vec![0.0; divisions.towns.len()];
        // Enclaves first: the few cells around their place, and never more.
        for (town, unit) in divisions.towns.iter().enumerate() {
            if !matches!(unit.kind, TownKind::Enclave | TownKind::Farm) || unit.quota_km2 > 5.0 {
                continue;
            }
            while area[town] < unit.quota_km2 {
                let next = (0..graph.faces.len())
                    .filter(|&cell| owner[cell] == FREE)
                    .filter(|&cell| {
                        area[town] == 0.0 || graph.near[cell].iter().any(|&(other, _)| owner[other] == town)
                    })
                    .min_by(|&a, &b| {
                        let distance = |cell: usize| graph.centre[cell].distance(unit.anchors[0]);
                        distance(a).total_cmp(&distance(b))
                    });
                let Some(next) = next else { break };
                owner[next] = town;
                area[town] += graph.area_km2[next];
            }
        }
        let quota: Vec<f64> = divisions
            .towns
            .iter()
            .map(|unit| if unit.quota_km2 > 5.0 { unit.quota_km2 } else { 0.0 })
            .collect();
        let mut anchors: Vec<Vec<P>> = divisions.towns.iter().map(|unit| unit.anchors.clone()).collect();
        for village in &divisions.villages {
            anchors[village.town as usize].extend(village.known);
        }
        let mut starts = Vec::new();
        for (town, points) in anchors.iter().enumerate().filter(|&(town, _)| quota[town] > 0.0) {
            for &point in points {
                let cell = (0..graph.faces.len()).find(|&cell| {
                    graph.centre[cell].distance(point) < 1500.0
                        && ring_contains(&self.mesh.ring_points(graph.faces[cell]), point)
                });
                if let Some(cell) = cell {
                    starts.push((cell, town));
                }
            }
        }
        // A built-up zone belongs to its town as a whole.
        for cell in 0..graph.faces.len() {
            let zone = self.mesh.tags[graph.faces[cell] as usize].zone;
            if zone > 0 {
                let digits = self.field.zones[zone as usize - 1].town;
                let town = divisions.towns.iter().position(|unit| unit.code.ends_with(digits));
                starts.extend(town.map(|town| (cell, town)));
            }
        }
        grow(graph, &quota, &starts, |town, cell| {
            anchors[town].iter().map(|&at| at.distance(graph.centre[cell])).fold(f64::MAX, f64::min)
        }, &mut owner, |_| true);
        smooth(graph, &mut owner, |a, b| quota[a] > 0.0 && quota[b] > 0.0);
        join_strays(graph, &mut owner);
        owner
    }

    /// River and sea: cut where two villages meet on the shore, each part to the village beside it.
    fn share_out_water(&mut self) {
        use crate::cut::{CutRule, Start};
        let rule = CutRule { snap_m: 30.0, least_area_m2: 60_000.0, step_m: 400.0, clearance_m: 60.0 };
        let line = self.add_line(crate::lines::LineClass::PlotLine, "", 0.0, 0);
        let mut meets = Vec::new();
        for edge in 0..self.mesh.edge_count() {
            for half in [edge * 2, edge * 2 + 1] {
                let water = self.mesh.face(half);
                if water == OUTSIDE || self.mesh.tags[water as usize].ground != Ground::Water {
                    continue;
                }
                let next = self.mesh.next(half);
                let (here, there) = (self.mesh.face(half ^ 1), self.mesh.face(next ^ 1));
                let (a, b) = (self.mesh.tags[here as usize].village, self.mesh.tags[there as usize].village);
                if here != OUTSIDE && there != OUTSIDE && a != b && a != NO_VILLAGE && b != NO_VILLAGE {
                    meets.push(self.mesh.origin(next));
                }
            }
        }
        for vertex in meets {
            let direction = crate::plane::p(0.32, -1.0).unit();
            let face = self.mesh.face_towards(vertex, direction);
            if face != OUTSIDE && self.mesh.tags[face as usize].ground == Ground::Water {
                self.mesh.cut_along(face, Start::Vertex(vertex), line, &rule, &|_| direction);
            }
        }
        for face in 1..self.mesh.face_count() {
            if self.mesh.tags[face as usize].ground == Ground::Water {
                let mut shared: BTreeMap<u16, f64> = BTreeMap::new();
                for half in self.mesh.ring(face) {
                    let other = self.mesh.face(half ^ 1);
                    let tag = self.mesh.tags[other as usize];
                    if other != OUTSIDE && tag.ground == Ground::Land {
                        *shared.entry(tag.village).or_default() += self.mesh.from(half).distance(self.mesh.to(half));
                    }
                }
                let best = shared.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
                self.mesh.tags[face as usize].village = best.map_or(NO_VILLAGE, |(village, _)| village);
            }
        }
        self.adopt_strays();
    }

    /// Water that touches no land goes to the village of the water beside it.
    fn adopt_strays(&mut self) {
        for _ in 0..8 {
            for face in 1..self.mesh.face_count() {
                if self.mesh.tags[face as usize].village == NO_VILLAGE {
                    let village = self
                        .mesh
                        .ring(face)
                        .into_iter()
                        .map(|half| self.mesh.face(half ^ 1))
                        .filter(|&other| other != OUTSIDE)
                        .map(|other| self.mesh.tags[other as usize].village)
                        .find(|&village| village != NO_VILLAGE);
                    self.mesh.tags[face as usize].village = village.unwrap_or(NO_VILLAGE);
                }
            }
        }
    }
}

/// The hungriest unit takes the nearest free neighbour, until none is left.
fn grow(
    graph: &CellGraph,
    quota: &[f64],
    starts: &[(usize, usize)],
    distance: impl Fn(usize, usize) -> f64,
    owner: &mut [usize],
    allowed: impl Fn(usize) -> bool,
) {
    let mut area = vec![0.0; quota.len()];
    let mut frontier: Vec<Vec<usize>> = vec![Vec::new(); quota.len()];
    let mut todo: Vec<(usize, usize)> = starts.to_vec();
    todo.reverse();
    loop {
        while let Some((cell, unit)) = todo.pop() {
            if owner[cell] != FREE || !allowed(cell) {
                continue;
            }
            owner[cell] = unit;
            area[unit] += graph.area_km2[cell];
            frontier[unit].extend(graph.near[cell].iter().map(|&(other, _)| other));
        }
        let mut hungriest: Option<(f64, usize)> = None;
        for unit in 0..quota.len() {
            frontier[unit].retain(|&cell| owner[cell] == FREE && allowed(cell));
            if quota[unit] > 0.0 && !frontier[unit].is_empty() {
                let fill = area[unit] / quota[unit];
                if hungriest.is_none_or(|(least, _)| fill < least) {
                    hungriest = Some((fill, unit));
                }
            }
        }
        let Some((_, unit)) = hungriest else { break };
        let score = |cell: usize| {
            let (mut shared, mut all) = (0.0, graph.outside_m[cell]);
            for &(other, length) in &graph.near[cell] {
                all += length;
                if owner[other] == unit {
                    shared += length;
                }
            }
            distance(unit, cell) * (1.25 - 0.9 * shared / all)
        };
        let best = frontier[unit].iter().copied().min_by(|&a, &b| score(a).total_cmp(&score(b)));
        todo.extend(best.map(|cell| (cell, unit)));
    }
}

fn grow_villages(
    graph: &CellGraph,
    divisions: &Divisions,
    villages: &[u16],
    cells: &[usize],
    village_of: &mut [usize],
) {
    if let [only] = villages {
        for &cell in cells {
            village_of[cell] = *only as usize;
        }
        return;
    }
    let mut member = vec![false; graph.faces.len()];
    for &cell in cells {
        member[cell] = true;
    }
    let count = divisions.villages.len();
    let is_community = |village: usize| divisions.villages[village].kind == VillageKind::Community;
    let mut seed = vec![FREE; count];
    let mut taken = vec![false; graph.faces.len()];
    let mut order: Vec<usize> = villages.iter().map(|&village| village as usize).collect();
    order.sort_by_key(|&village| divisions.villages[village].known.is_none());
    for &village in &order {
        let suits = |cell: usize| graph.built_up[cell] == is_community(village);
        let free = |cell: &usize| !taken[*cell];
        let choice = if let Some(at) = divisions.villages[village].known {
            cells.iter().copied().filter(free).min_by(|&a, &b| {
                let score = |cell: usize| graph.centre[cell].distance(at) + if suits(cell) { 0.0 } else { 1200.0 };
                score(a).total_cmp(&score(b))
            })
        } else {
            // The emptiest place of its sort: farthest from every other seed.
            let room = |cell: usize| {
                let nearest = villages
                    .iter()
                    .filter(|&&other| seed[other as usize] != FREE)
                    .map(|&other| graph.centre[seed[other as usize]].distance(graph.centre[cell]))
                    .fold(20_000.0, f64::min);
                if suits(cell) { nearest } else { nearest * 0.02 }
            };
            cells.iter().copied().filter(free).max_by(|&a, &b| room(a).total_cmp(&room(b)))
        };
        if let Some(cell) = choice {
            seed[village] = cell;
            taken[cell] = true;
        }
    }
    let mut quota = vec![0.0; count];
    for community in [true, false] {
        let sort: Vec<usize> = order.iter().copied().filter(|&village| is_community(village) == community).collect();
        for &village in &sort {
            quota[village] = 1.0;
        }
    }
    let distance = |village: usize, cell: usize| graph.centre[seed[village]].distance(graph.centre[cell]);
    for community in [true, false] {
        let starts: Vec<(usize, usize)> = order
            .iter()
            .filter(|&&village| is_community(village) == community && seed[village] != FREE)
            .map(|&village| (seed[village], village))
            .collect();
        let quotas: Vec<f64> =
            (0..count).map(|village| if is_community(village) == community { quota[village] } else { 0.0 }).collect();
        let mut owner = village_of.to_vec();
        grow(graph, &quotas, &starts, distance, &mut owner, |cell| {
            let seeded = villages.iter().find(|&&village| taken[cell] && seed[village as usize] == cell);
            member[cell] && seeded.map_or(graph.built_up[cell], |&village| is_community(village as usize)) == community
        });
        village_of.copy_from_slice(&owner);
    }
    // What is left, built-up land without a community for one, goes to whoever is beside it.
    let starts: Vec<(usize, usize)> =
        cells.iter().filter(|&&cell| village_of[cell] != FREE).map(|&cell| (cell, village_of[cell])).collect();
    let mut owner = village_of.to_vec();
    for &(cell, _) in &starts {
        owner[cell] = FREE;
    }
    grow(graph, &quota, &starts, distance, &mut owner, |cell| member[cell]);
    village_of.copy_from_slice(&owner);
    for &cell in cells {
        if village_of[cell] == FREE {
            let nearest = order.iter().copied().min_by(|&a, &b| distance(a, cell).total_cmp(&distance(b, cell)));
            village_of[cell] = nearest.unwrap_or(0);
        }
    }
}

/// Gives every part of a unit that hangs apart from its largest part to the neighbour it borders most.
fn join_strays(graph: &CellGraph, owner: &mut [usize]) {
    for _ in 0..6 {
        let mut largest: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        let mut part = vec![FREE; owner.len()];
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for start in 0..owner.len() {
            if part[start] != FREE {
                continue;
            }
            let mut cells = vec![start];
            part[start] = parts.len();
            let mut at = 0;
            while at < cells.len() {
                for &(other, _) in &graph.near[cells[at]] {
                    if owner[other] == owner[start] && part[other] == FREE {
                        part[other] = parts.len();
                        cells.push(other);
                    }
                }
                at += 1;
            }
            let area: f64 = cells.iter().map(|&cell| graph.area_km2[cell]).sum();
            let best = largest.entry(owner[start]).or_insert((0.0, parts.len()));
            if area > best.0 {
                *best = (area, parts.len());
            }
            parts.push(cells);
        }
        let mut moved = false;
        for (number, cells) in parts.iter().enumerate() {
            let unit = owner[cells[0]];
            if largest.get(&unit).is_some_and(|&(_, main)| main == number) {
                continue;
            }
            let mut border: BTreeMap<usize, f64> = BTreeMap::new();
            for &cell in cells {
                for &(other, length) in &graph.near[cell] {
                    if owner[other] != unit {
                        *border.entry(owner[other]).or_default() += length;
                    }
                }
            }
            if let Some((&to, _)) = border.iter().max_by(|a, b| a.1.total_cmp(b.1)) {
                for &cell in cells {
                    owner[cell] = to;
                }
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}

/// Gives cells that stick out to the neighbour that surrounds them.
fn smooth(graph: &CellGraph, owner: &mut [usize], may: impl Fn(usize, usize) -> bool) {
    for _ in 0..3 {
        for cell in 0..owner.len() {
            if owner[cell] == FREE {
                continue;
            }
            let mut border: BTreeMap<usize, f64> = BTreeMap::new();
            for &(other, length) in &graph.near[cell] {
                *border.entry(owner[other]).or_default() += length;
            }
            let own = border.get(&owner[cell]).copied().unwrap_or(0.0);
            let best = border
                .iter()
                .filter(|&(&unit, _)| unit != FREE && unit != owner[cell] && may(owner[cell], unit))
                .max_by(|a, b| a.1.total_cmp(b.1));
            if let Some((&unit, &length)) = best
                && length > own * 2.2
                && stays_whole(graph, owner, cell)
            {
                owner[cell] = unit;
            }
        }
    }
}

/// Whether the rest of its unit hangs together without this cell.
fn stays_whole(graph: &CellGraph, owner: &[usize], cell: usize) -> bool {
    let unit = owner[cell];
    let total = (0..owner.len()).filter(|&other| owner[other] == unit).count();
    if total <= 2 {
        return false;
    }
    let Some(start) = graph.near[cell].iter().map(|&(other, _)| other).find(|&other| owner[other] == unit) else {
        return true;
    };
    let mut seen = std::collections::BTreeSet::from([cell, start]);
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for &(other, _) in &graph.near[at] {
            if owner[other] == unit && seen.insert(other) {
                open.push(other);
            }
        }
    }
    seen.len() == total
}
