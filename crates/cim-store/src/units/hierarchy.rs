//! The chain of keys: which unit of every level a unit belongs to.

use std::collections::HashMap;

use cim_model::Collection;

use super::{UnitRow, UnitsLoad};
use crate::StoreError;

/// The units of a load with their ancestors resolved.
pub(super) struct Hierarchy<'a> {
    units: &'a [UnitRow],
    /// Place of every unit by level and code.
    places: HashMap<(Collection, &'a str), usize>,
    /// Place of every unit's parent.
    parents: Vec<Option<usize>>,
    /// Place of the unit that `Face::base` counts into, and of the exclusive grid that `Face::overlay` counts into.
    base: Vec<usize>,
    overlay: Vec<usize>,
}

impl<'a> Hierarchy<'a> {
    /// Resolves parents and faces. A parent that is not loaded stays a text; a face without a unit is refused.
    pub(super) fn of(load: &'a UnitsLoad) -> Result<Self, StoreError> {
        let units = &load.units[..];
        let places: HashMap<_, _> = units
            .iter()
            .enumerate()
            .map(|(place, unit)| ((unit.collection, unit.code.as_str()), place))
            .collect();
        let parents = units.iter().map(|unit| parent_of(unit, &places)).collect();
        let resolve = |level: Collection, codes: &[String]| {
            codes
                .iter()
                .map(|code| {
                    let place = places.get(&(level, code.as_str())).copied();
                    place.ok_or_else(|| StoreError::UnknownFaceUnit { level, code: code.clone() })
                })
                .collect::<Result<Vec<_>, _>>()
        };
        let base = resolve(load.base_level, &load.base_codes)?;
        let overlay = resolve(Collection::ExclusiveGrid, &load.overlay_codes)?;
        Ok(Self { units, places, parents, base, overlay })
    }

    /// The parent of the unit at a place.
    pub(super) fn parent(&self, place: usize) -> Option<&'a UnitRow> {
        self.parents[place].map(|parent| &self.units[parent])
    }

    /// The place of the base unit of a face.
    pub(super) fn base_unit(&self, base: u32) -> Option<usize> {
        self.base.get(base as usize).copied()
    }

    /// The place of the exclusive grid of a face.
    pub(super) fn overlay_unit(&self, overlay: Option<u32>) -> Option<usize> {
        self.overlay.get(overlay? as usize).copied()
    }

    /// The place of the unit of a level that a unit is or belongs to.
    pub(super) fn ancestor(&self, mut place: usize, level: Collection) -> Option<usize> {
        // A chain is at most as long as there are levels; more is a circle in the data.
        for _ in Collection::UNITS {
            if self.units[place].collection == level {
                return Some(place);
            }
            place = self.parents[place]?;
        }
        None
    }

    /// The place of the unit with a level and code.
    pub(super) fn place(&self, level: Collection, code: &str) -> Option<usize> {
        self.places.get(&(level, code)).copied()
    }
}

/// The nearest level above that has the parent's code; levels may be missing.
fn parent_of(unit: &UnitRow, places: &HashMap<(Collection, &str), usize>) -> Option<usize> {
    let code = unit.parent_code.as_deref()?;
    Collection::UNITS
        .iter()
        .rev()
        .skip_while(|level| **level != unit.collection)
        .skip(1)
        .filter(|level| **level != Collection::ExclusiveGrid)
        .find_map(|level| places.get(&(*level, code)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(collection: Collection, code: &str, parent: Option<&str>) -> UnitRow {
        UnitRow {
            collection,
            code: code.to_owned(),
            name: code.to_owned(),
            kind: None,
            parent_code: parent.map(str::to_owned),
            urban_rural_class: None,
            polygons: None,
        }
    }

    #[test]
    fn a_missing_level_is_skipped_and_a_circle_ends() {
        let load = UnitsLoad {
            units: vec![
                unit(Collection::District, "D", None),
                unit(Collection::Village, "V", Some("D")),
                unit(Collection::MicroGrid, "M", Some("V")),
                unit(Collection::ExclusiveGrid, "E", Some("V")),
                unit(Collection::MicroGrid, "lost", Some("nowhere")),
            ],
            coverage: None,
            base_level: Collection::MicroGrid,
            base_codes: vec!["M".to_owned()],
            overlay_codes: vec!["E".to_owned()],
        };
        let hierarchy = Hierarchy::of(&load).unwrap();
        assert_eq!(hierarchy.ancestor(2, Collection::District), Some(0));
        assert_eq!(hierarchy.ancestor(2, Collection::Town), None);
        assert_eq!(hierarchy.ancestor(3, Collection::Village), Some(1));
        assert_eq!(hierarchy.ancestor(4, Collection::Village), None);
        assert!(hierarchy.parent(0).is_none());
    }

    #[test]
    fn a_face_without_a_unit_is_refused() {
        let load = UnitsLoad {
            units: Vec::new(),
            coverage: None,
            base_level: Collection::MicroGrid,
            base_codes: vec!["M".to_owned()],
            overlay_codes: Vec::new(),
        };
        assert!(matches!(Hierarchy::of(&load), Err(StoreError::UnknownFaceUnit { .. })));
    }
}
