//! Taking entries in, one at a time, and making a gazetteer of them.

mod address;
mod finish;

use std::collections::HashSet;

use cim_crs::LonLat;

use crate::areas::{Area, AreaRank, short_names};
use crate::entry::{KeyPlaceEntry, PlaceEntry, RoadEntry, UnitEntry, WaterEntry};
use crate::keys::Keys;
use crate::lines::Lines;
use crate::names::{Kinds, NameId, Names};
use crate::postings::Postings;
use crate::rows::{NONE, Rows};
use crate::spots::{Spot, SpotKind};
use crate::written::Written;

/// Takes entries in any order and makes a [`crate::Gazetteer`] of them.
#[derive(Debug, Default)]
pub struct GazetteerBuilder {
    names: Names,
    rows: Rows,
    keys: Keys,
    rows_of: Postings,
    areas: Vec<Area>,
    areas_of: Postings,
    /// Areas that only addresses name.
    met_areas: Vec<(NameId, u32)>,
    /// By area: the code of the unit it lies in.
    parents: Vec<Option<String>>,
    spots: Vec<Spot>,
    spots_of: Postings,
    lines: Option<Lines>,
    pieces: Vec<(NameId, Option<Box<str>>)>,
    /// Provinces, cities and districts met before addresses.
    heads: HashSet<String>,
    written: Written,
}

impl GazetteerBuilder {
    /// A builder with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a road or a piece of one in.
    pub fn add_road(&mut self, entry: &RoadEntry<'_>) {
        if let Some(name) = self.names.take_in(entry.name, Kinds::ROAD) {
            for line in &entry.lines {
                self.add_line(name, Some(entry.code), line);
            }
        }
    }

    /// Takes a water or a piece of one in.
    pub fn add_water(&mut self, entry: &WaterEntry<'_>) {
        if let Some(name) = self.names.take_in(entry.name, Kinds::WATER) {
            for line in &entry.lines_or_rings {
                self.add_line(name, None, line);
            }
        }
    }

    fn add_line(&mut self, name: NameId, code: Option<&str>, line: &[LonLat]) {
        let Some(&origin) = line.first() else { return };
        let lines = self.lines.get_or_insert_with(|| Lines::around(origin));
        if lines.add(name, line).is_some() {
            self.pieces.push((name, code.map(Into::into)));
        }
    }

    /// Takes a place in.
    pub fn add_place(&mut self, entry: &PlaceEntry<'_>) {
        self.add_spot(entry.name, entry.kind, entry.at);
    }

    /// Takes a key place in.
    pub fn add_key_place(&mut self, entry: &KeyPlaceEntry<'_>) {
        self.add_spot(entry.name, entry.kind, entry.at);
    }

    fn add_spot(&mut self, name: &str, kind: &str, at: LonLat) {
        let Some(name) = self.names.take_in(name, Kinds::SPOT) else { return };
        self.spots_of.add(name, self.spots.len() as u32);
        self.spots.push(Spot { kind: SpotKind::of(kind), at, town: NONE, village: NONE });
    }

    /// Takes a unit in; its official name is known by its short forms too.
    pub fn add_unit(&mut self, entry: &UnitEntry<'_>) {
        use cim_model::Collection;
        let rank = match entry.level {
            Collection::District => AreaRank::District,
            Collection::Town => AreaRank::Town,
            Collection::Village => AreaRank::Village,
            _ => AreaRank::Grid,
        };
        let area = self.areas.len() as u32;
        let names = std::iter::once(&entry.name).chain(&entry.aliases);
        for name in names.flat_map(|name| short_names(name)) {
            if let Some(name) = self.names.take_in(name, Kinds::AREA) {
                self.areas_of.add(name, area);
            }
        }
        self.parents.push(entry.parent_code.map(str::to_owned));
        self.areas.push(Area {
            rank,
            code: Some(entry.code.into()),
            shown: entry.name.into(),
            parent: None,
            row_name: None,
            at: entry.at,
            radius_m: entry.radius_m,
        });
    }
}
