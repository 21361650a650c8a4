//! Growing units from places over cells, and mending what grew badly.

use std::collections::BTreeMap;

use crate::cell_graph::CellGraph;

/// A cell that belongs to nobody yet.
pub(crate) const FREE: usize = usize::MAX;

/// The hungriest unit takes the nearest free neighbour, until none is left.
pub(crate) fn grow(
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

/// Gives every part of a unit that hangs apart from its largest part to the neighbour it borders most.
pub(crate) fn join_strays(graph: &CellGraph, owner: &mut [usize]) {
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
pub(crate) fn smooth(graph: &CellGraph, owner: &mut [usize], may: impl Fn(usize, usize) -> bool) {
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
    let Some(start) = graph.near[cell].iter().map(|&(other, _)| other).find(|&other| owner[other] == unit)
    else {
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
