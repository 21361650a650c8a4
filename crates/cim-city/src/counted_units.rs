//! The units by which work is counted, from the finest level upwards, and which of them lies in which.

use std::collections::HashMap;

use cim_crs::LonLat;
use cim_mirror::Row;
use cim_model::Collection;
use cim_tile::{Boundaries, Tally};

use crate::units::Units;

/// One unit.
pub(crate) struct CountedUnit {
    pub(crate) level: Collection,
    /// The id of its label.
    pub(crate) label: i64,
    pub(crate) code: String,
    pub(crate) name: String,
    /// The number of the unit around it: always a higher one.
    parent: Option<u32>,
}

/// All units of the levels that count.
#[derive(Default)]
pub(crate) struct CountedUnits {
    /// Finest first.
    levels: Vec<Collection>,
    /// Level by level, finest first.
    units: Vec<CountedUnit>,
    /// By level the numbers of its units.
    numbers: Vec<HashMap<String, u32>>,
}

impl CountedUnits {
    pub(crate) fn new(units: &Units, boundaries: &Boundaries) -> Self {
        let mut counted = Self { levels: units.counting_levels(), ..Self::default() };
        let mut places: Vec<Option<LonLat>> = Vec::new();
        for level in counted.levels.clone() {
            let mut numbers = HashMap::new();
            let is_of_level = |row: &Row<'_>| row.text_of("level") == Some(level.name());
            let mut rows: Vec<Row<'_>> = boundaries.labels().rows().filter(is_of_level).collect();
            // Labels move with borders; the units' numbers stay.
            rows.sort_unstable_by_key(|row| row.id());
            for row in rows {
                let text = |name| row.text_of(name).unwrap_or_default().to_owned();
                numbers.insert(text("code"), u32::try_from(counted.units.len()).unwrap_or(u32::MAX));
                places.push(row.shape().as_point().map(LonLat::from));
                let (code, name) = (text("code"), text("name"));
                counted.units.push(CountedUnit { level, label: row.id(), code, name, parent: None });
            }
            counted.numbers.push(numbers);
        }
        for (number, place) in places.into_iter().enumerate() {
            counted.units[number].parent = counted.parent_of(&counted.units[number], place, units);
        }
        counted
    }

    /// By the unit's own word, else by where its label stands.
    fn parent_of(&self, unit: &CountedUnit, label: Option<LonLat>, units: &Units) -> Option<u32> {
        let above = self.place_of_level(unit.level) + 1;
        let code = units.parent_code(unit.level, &unit.code);
        let named = code.and_then(|code| self.numbers[above..].iter().find_map(|level| level.get(code)));
        named.copied().or_else(|| self.finest_at(label?, above, units))
    }

    fn finest_at(&self, position: LonLat, first_level: usize, units: &Units) -> Option<u32> {
        let mut levels = self.levels.iter().zip(&self.numbers).skip(first_level);
        levels.find_map(|(level, numbers)| numbers.get(units.code_at(*level, position)?)).copied()
    }

    /// The number of the finest unit that covers a row's point.
    pub(crate) fn unit_at(&self, row: Row<'_>, units: &Units) -> Option<u32> {
        self.finest_at(LonLat::from(row.shape().as_point()?), 0, units)
    }

    /// Adds the figures of every unit to those of the unit around it.
    pub(crate) fn add_up(&self, tallies: &mut [Tally]) {
        for (number, unit) in self.units.iter().enumerate() {
            if let Some(parent) = unit.parent {
                let figures = tallies[number];
                tallies[parent as usize].add_all(figures);
            }
        }
    }

    /// Whether both give the same units the same numbers.
    pub(crate) fn has_same_numbers(&self, other: &Self) -> bool {
        self.levels == other.levels && self.numbers == other.numbers
    }

    /// The levels, finest first.
    pub(crate) fn levels(&self) -> &[Collection] {
        &self.levels
    }

    /// The place of a level; of the finest one for a level that does not count.
    pub(crate) fn place_of_level(&self, level: Collection) -> usize {
        self.levels.iter().position(|known| *known == level).unwrap_or(0)
    }

    /// All units by their numbers.
    pub(crate) fn units(&self) -> impl Iterator<Item = &CountedUnit> {
        self.units.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.units.len()
    }
}
