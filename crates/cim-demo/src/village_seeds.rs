//! The villages of one town: seeds at real or empty places, grown until the town is full.

use crate::cell_graph::CellGraph;
use crate::divisions::{Divisions, VillageKind};
use crate::growth::{FREE, grow};

/// The villages of one town on its cells.
struct Town<'a> {
    graph: &'a CellGraph,
    divisions: &'a Divisions,
    cells: &'a [usize],
    /// Villages, those with a known place first.
    order: Vec<usize>,
    member: Vec<bool>,
    /// The first cell of every village.
    seed: Vec<usize>,
}

/// Gives every cell of a town to one of its villages.
pub(crate) fn grow_villages(
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
    let mut order: Vec<usize> = villages.iter().map(|&village| village as usize).collect();
    order.sort_by_key(|&village| divisions.villages[village].known.is_none());
    let mut member = vec![false; graph.faces.len()];
    for &cell in cells {
        member[cell] = true;
    }
    let seed = vec![FREE; divisions.villages.len()];
    let mut town = Town { graph, divisions, cells, order, member, seed };
    town.sow();
    // Communities share the built-up land, villages the rest; then what is left goes to whoever is beside it.
    town.grow_kind(true, village_of);
    town.grow_kind(false, village_of);
    town.grow_rest(village_of);
}

impl Town<'_> {
    fn is_community(&self, village: usize) -> bool {
        self.divisions.villages[village].kind == VillageKind::Community
    }

    fn suits(&self, village: usize, cell: usize) -> bool {
        self.graph.built_up[cell] == self.is_community(village)
    }

    /// Chooses the first cell of every village.
    fn sow(&mut self) {
        let mut taken = vec![false; self.graph.faces.len()];
        for village in self.order.clone() {
            let free = self.cells.iter().copied().filter(|&cell| !taken[cell]);
            let choice = if let Some(at) = self.divisions.villages[village].known {
                let miss = |cell: usize| {
                    let unfit = if self.suits(village, cell) { 0.0 } else { 1200.0 };
                    self.graph.centre[cell].distance(at) + unfit
                };
                free.min_by(|&a, &b| miss(a).total_cmp(&miss(b)))
            } else {
                free.max_by(|&a, &b| self.room(village, a).total_cmp(&self.room(village, b)))
            };
            if let Some(cell) = choice {
                self.seed[village] = cell;
                taken[cell] = true;
            }
        }
    }

    /// How empty a cell is: its distance from every other seed.
    fn room(&self, village: usize, cell: usize) -> f64 {
        let nearest = self
            .order
            .iter()
            .filter(|&&other| self.seed[other] != FREE)
            .map(|&other| self.graph.centre[self.seed[other]].distance(self.graph.centre[cell]))
            .fold(20_000.0, f64::min);
        if self.suits(village, cell) { nearest } else { nearest * 0.02 }
    }

    fn distance(&self, village: usize, cell: usize) -> f64 {
        self.graph.centre[self.seed[village]].distance(self.graph.centre[cell])
    }

    /// Equal shares for all villages of a kind on the land of that kind.
    fn grow_kind(&self, community: bool, village_of: &mut [usize]) {
        let mut quota = vec![0.0; self.seed.len()];
        let mut starts = Vec::new();
        for &village in self.order.iter().filter(|&&village| self.is_community(village) == community) {
            quota[village] = 1.0;
            if self.seed[village] != FREE {
                starts.push((self.seed[village], village));
            }
        }
        let allowed = |cell: usize| {
            let seeded = self.order.iter().find(|&&village| self.seed[village] == cell);
            let kind = seeded.map_or(self.graph.built_up[cell], |&village| self.is_community(village));
            self.member[cell] && kind == community
        };
        grow(self.graph, &quota, &starts, |village, cell| self.distance(village, cell), village_of, allowed);
    }

    fn grow_rest(&self, village_of: &mut [usize]) {
        let mut quota = vec![0.0; self.seed.len()];
        for &village in &self.order {
            quota[village] = 1.0;
        }
        let starts: Vec<(usize, usize)> = self
            .cells
            .iter()
            .map(|&cell| (cell, village_of[cell]))
            .filter(|&(_, village)| village != FREE)
            .collect();
        for &(cell, _) in &starts {
            village_of[cell] = FREE;
        }
        let distance = |village: usize, cell: usize| self.distance(village, cell);
        grow(self.graph, &quota, &starts, distance, village_of, |cell| self.member[cell]);
        for &cell in self.cells {
            if village_of[cell] == FREE {
                let nearest = self.order.iter().copied();
                let nearest =
                    nearest.min_by(|&a, &b| self.distance(a, cell).total_cmp(&self.distance(b, cell)));
                village_of[cell] = nearest.unwrap_or(0);
            }
        }
    }
}
