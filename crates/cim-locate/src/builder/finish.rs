//! Closing the books: units of the addresses, trees of points and lines, the automaton of names.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use cim_crs::LonLat;
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder};

use super::GazetteerBuilder;
use crate::accuracy::{middle, reach_m};
use crate::areas::{Area, AreaRank};
use crate::gazetteer::Gazetteer;
use crate::lines::Lines;
use crate::rows::{NONE, Rows};
use crate::segment::Lexicon;

impl GazetteerBuilder {
    /// Makes the gazetteer.
    #[must_use]
    pub fn finish(mut self) -> Gazetteer {
        self.areas_of.close();
        self.link_parents();
        self.settle_rows();
        for (name, area) in std::mem::take(&mut self.met_areas) {
            self.areas_of.add(name, area);
        }
        self.areas_of.close();
        self.measure_areas();
        self.keys.close();
        self.rows_of.close();
        self.spots_of.close();
        self.names.close();
        self.rows.close();
        let origin = self.rows.at.first().copied().unwrap_or(LonLat { lon: 121.2, lat: 31.9 });
        let mut lines = self.lines.take().unwrap_or_else(|| Lines::around(origin));
        lines.close();
        let row_tree = row_tree(&self.rows, &lines);
        let piece_tree = piece_tree(&lines);
        let mut gazetteer = Gazetteer {
            lexicon: Lexicon::of(&self.names),
            names: self.names,
            rows: self.rows,
            keys: self.keys,
            rows_of: self.rows_of,
            areas: self.areas,
            areas_of: self.areas_of,
            spots: self.spots,
            spots_of: self.spots_of,
            lines,
            pieces: self.pieces,
            row_tree,
            piece_tree,
        };
        let units: Vec<(u32, u32)> = gazetteer.spots.iter().map(|spot| gazetteer.units_at(spot.at)).collect();
        for (spot, (town, village)) in gazetteer.spots.iter_mut().zip(units) {
            (spot.town, spot.village) = (town, village);
        }
        gazetteer
    }

    fn link_parents(&mut self) {
        let by_code: HashMap<String, u32> = (0..)
            .zip(&self.areas)
            .filter_map(|(id, area)| Some((area.code.as_deref()?.to_owned(), id)))
            .collect();
        for (area, parent) in self.areas.iter_mut().zip(&self.parents) {
            area.parent = parent.as_ref().and_then(|code| by_code.get(code).copied());
        }
    }

    /// The names of town and village of every address become their areas; names without a unit make one.
    fn settle_rows(&mut self) {
        let mut towns = self.towns_by_villages();
        let mut villages: HashMap<(u32, u32), u32> = HashMap::new();
        for row in 0..self.rows.at.len() {
            let town_name = self.rows.town.get(row).copied().unwrap_or(NONE);
            let village_name = self.rows.village.get(row).copied().unwrap_or(NONE);
            let town = *towns.entry(town_name).or_insert_with(|| {
                if town_name == NONE { NONE } else { self.area_named(town_name, AreaRank::Town, NONE) }
            });
            let village = *villages.entry((town, village_name)).or_insert_with(|| {
                if village_name == NONE {
                    NONE
                } else {
                    self.area_named(village_name, AreaRank::Village, town)
                }
            });
            if let Some(slot) = self.rows.town.get_mut(row) {
                *slot = town;
            }
            if let Some(slot) = self.rows.village.get_mut(row) {
                *slot = village;
            }
        }
    }

    /// Towns that addresses call by a name of their own: 海门经开区 is the unit that most of its villages lie in.
    fn towns_by_villages(&mut self) -> HashMap<u32, u32> {
        let mut votes: HashMap<(u32, u32), u32> = HashMap::new();
        let mut seen: HashSet<(u32, u32)> = HashSet::new();
        for pair in self.rows.town.iter().copied().zip(self.rows.village.iter().copied()) {
            let is_unit = |area: u32, rank: AreaRank| {
                self.areas.get(area as usize).is_some_and(|area| area.rank == rank && area.code.is_some())
            };
            let (town, village) = pair;
            if town == NONE
                || !seen.insert(pair)
                || self.areas_of.of(town).any(|area| is_unit(area, AreaRank::Town))
            {
                continue;
            }
            let homes = self.areas_of.of(village).filter(|&area| is_unit(area, AreaRank::Village));
            for parent in homes.filter_map(|area| self.areas.get(area as usize)?.parent) {
                *votes.entry((town, parent)).or_insert(0) += 1;
            }
        }
        let mut ranked: Vec<((u32, u32), u32)> = votes.into_iter().collect();
        ranked.sort_by_key(|&((town, parent), votes)| (town, std::cmp::Reverse(votes), parent));
        let mut towns = HashMap::new();
        for ((name, parent), _) in ranked {
            if let Entry::Vacant(slot) = towns.entry(name) {
                slot.insert(parent);
                self.met_areas.push((name, parent));
            }
        }
        towns
    }

    fn area_named(&mut self, name: u32, rank: AreaRank, town: u32) -> u32 {
        let fits = |id: &u32| {
            self.areas.get(*id as usize).is_some_and(|area| {
                area.rank == rank && (town == NONE || area.parent.is_none() || area.parent == Some(town))
            })
        };
        let known = self.areas_of.of(name).find(fits);
        if let Some(known) = known {
            if let Some(area) = self.areas.get_mut(known as usize) {
                area.row_name = Some(name);
            }
            return known;
        }
        let id = self.areas.len() as u32;
        // Added to the postings at the end: adding would unsort what is being searched here.
        self.met_areas.push((name, id));
        self.areas.push(Area {
            rank,
            code: None,
            shown: self.names.shown(name).into(),
            parent: (town != NONE).then_some(town),
            row_name: Some(name),
            at: LonLat { lon: 0.0, lat: 0.0 },
            radius_m: 0.0,
        });
        id
    }

    /// Where and how large the areas are that no unit describes, from their addresses.
    fn measure_areas(&mut self) {
        let mut points: Vec<Vec<LonLat>> = vec![Vec::new(); self.areas.len()];
        let is_open = |area: &Area| area.radius_m.is_nan() || area.radius_m <= 0.0;
        for (row, &at) in (0..).zip(&self.rows.at) {
            for area in [self.rows.town_of(row), self.rows.village_of(row)] {
                if self.areas.get(area as usize).is_some_and(is_open)
                    && let Some(list) = points.get_mut(area as usize)
                {
                    list.push(at);
                }
            }
        }
        for (area, points) in self.areas.iter_mut().zip(points) {
            if let Some(centre) = middle(&points) {
                area.at = centre;
                area.radius_m = reach_m(centre, &points);
            }
        }
    }
}

fn row_tree(rows: &Rows, lines: &Lines) -> Option<RTree<f32>> {
    let mut builder = RTreeBuilder::<f32>::new(rows.len());
    for &at in &rows.at {
        let (x, y) = lines.frame().to_metres(at);
        builder.add(x as f32, y as f32, x as f32, y as f32);
    }
    (rows.len() > 0).then(|| builder.finish::<HilbertSort>())
}

fn piece_tree(lines: &Lines) -> Option<RTree<f32>> {
    let bounds = lines.bounds();
    let count = bounds.len() as u32;
    let mut builder = RTreeBuilder::<f32>::new(count);
    for (low, high) in bounds {
        builder.add(low.0 as f32, low.1 as f32, high.0 as f32, high.1 as f32);
    }
    (count > 0).then(|| builder.finish::<HilbertSort>())
}
