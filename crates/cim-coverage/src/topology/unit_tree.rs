//! The tree of units: who belongs to whom, at every level.

use super::element::{GroundFace, Level, UnitNo};
use super::state::Topology;

impl Topology {
    /// The unit of a level with this code.
    #[must_use]
    pub fn unit_by_code(&self, level: Level, code: &str) -> Option<UnitNo> {
        self.unit_by_code.get(&(level, code.to_owned())).copied()
    }

    /// The units whose parent this is, overlay units included.
    pub fn children(&self, unit: UnitNo) -> impl Iterator<Item = UnitNo> + '_ {
        self.children.of(&unit).iter().copied()
    }

    /// The unit of a level that holds this one: itself when it is of that level.
    #[must_use]
    pub fn ancestor(&self, unit: UnitNo, level: Level) -> Option<UnitNo> {
        self.line_of(unit).find(|above| self.unit(*above).is_some_and(|state| state.level == level))
    }

    /// The unit, its parent and so on upwards. A damaged circle of parents ends at the number of levels.
    pub(super) fn line_of(&self, unit: UnitNo) -> impl Iterator<Item = UnitNo> + '_ {
        let first = self.units.contains_key(&unit).then_some(unit);
        let above = |unit: &UnitNo| self.unit(*unit)?.parent.filter(|parent| self.units.contains_key(parent));
        std::iter::successors(first, above).take(usize::from(u8::MAX))
    }

    /// All units over a face: its unit of the finest level, what holds that, and the overlay unit. Sorted.
    pub(super) fn units_over(&self, face: GroundFace) -> Vec<UnitNo> {
        let mut units: Vec<UnitNo> = self.line_of(face.base).chain(face.overlay).collect();
        units.sort_unstable();
        units
    }

    /// The units of the finest level in a unit: itself when it is of that level, none for an overlay unit. Sorted.
    #[must_use]
    pub fn base_units_of(&self, unit: UnitNo) -> Vec<UnitNo> {
        let mut found = Vec::new();
        let mut waiting: Vec<UnitNo> = vec![unit];
        while let Some(unit) = waiting.pop() {
            match self.unit(unit).map(|state| state.level) {
                Some(level) if level == self.base_level => found.push(unit),
                Some(level) if !level.is_overlay() => waiting.extend(self.children(unit)),
                _ => {}
            }
        }
        found.sort_unstable();
        found
    }

    /// The code of a unit, for messages.
    pub(super) fn code_of(&self, unit: UnitNo) -> &str {
        self.unit(unit).map_or("?", |state| &state.code)
    }

    /// The codes of units, for messages.
    pub(super) fn codes_of(&self, units: &[UnitNo]) -> String {
        units.iter().map(|unit| self.code_of(*unit)).collect::<Vec<_>>().join(", ")
    }
}
