//! Boundaries after a small change: what did not change is taken over, and what did is named.
//!
//! The outcome is what [`Boundaries::new`] makes of the same state. What a unit looks like depends on the lines of its
//! arcs, on which faces are its own, on its names and on its colour: a row is drawn anew when one of these differs.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use cim_coverage::CoverageArc;
use cim_mirror::View;
use cim_model::Collection;

use super::Boundaries;
use super::ground::{ChangedGround, GroundChange};
use super::level::{Level, Unit, units_of_faces};
use crate::LayerSource;

/// The units of a level that were written or are gone, by their ids.
pub type UnitsChanged = (Collection, Vec<i64>);

/// Rows of a layer that may differ from what they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundaryChange {
    /// The layer's source.
    pub source: LayerSource,
    /// The only zoom at which they differ; none when they are the same rows at all.
    pub zoom: Option<u8>,
    /// Their ids, rising.
    pub ids: Vec<i64>,
}

/// A city's ground after the change, and its arcs that were written.
pub(super) struct Renewed<'a> {
    pub(super) before: &'a Boundaries,
    pub(super) after: Boundaries,
    /// By city.
    pub(super) arcs: Vec<Vec<u32>>,
    /// By level the units that differ at every zoom.
    pub(super) units: Vec<BTreeSet<i64>>,
}

impl Boundaries {
    /// The boundaries after units and grounds changed, `grounds` in the order of the cities; and the rows that may differ.
    /// `None` when the change is such that everything must be read again.
    #[must_use]
    pub fn after(
        &self,
        views: &[&View],
        units: &[UnitsChanged],
        grounds: &[GroundChange],
    ) -> Option<(Self, Vec<BoundaryChange>)> {
        if grounds.len() != self.grounds.len() || views.len() != self.levels.len() {
            return None;
        }
        let changed: Vec<ChangedGround> = self
            .grounds
            .iter()
            .zip(grounds)
            .map(|(ground, change)| ground.with(change))
            .collect::<Option<_>>()?;
        let (grounds, arcs): (Vec<_>, Vec<_>) =
            changed.into_iter().map(|city| (Arc::new(city.ground), city.arcs)).unzip();
        let levels = self.levels_after(views, units, &grounds, &arcs);
        let after = Self::of(levels, grounds);
        let mut renewed = Renewed { before: self, after, arcs, units: Vec::new() };
        renewed.find_units();
        let drawn = renewed.draw();
        Some((renewed.after, drawn))
    }

    fn levels_after(
        &self,
        views: &[&View],
        changed: &[UnitsChanged],
        grounds: &[Arc<super::Ground>],
        arcs: &[Vec<u32>],
    ) -> Vec<Level> {
        let ids_of = |level: &Level| -> Vec<i64> {
            let level = level.collection;
            changed.iter().filter(|(of, _)| *of == level).flat_map(|(_, ids)| ids).copied().collect()
        };
        let with_units = |(level, view): (&Level, &&View)| {
            Level::new(level.collection, units_after(&level.units, view, ids_of(level)))
        };
        let mut levels: Vec<Level> = self.levels.iter().zip(views).map(with_units).collect();
        let has_same_units = levels.iter().zip(&self.levels).all(|(new, old)| has_same_chain(new, old));
        let has_same_faces =
            grounds.iter().zip(&self.grounds).all(|(new, old)| Arc::ptr_eq(&new.faces, &old.faces));
        let has_same_sides = self.has_same_sides(grounds, arcs);
        let faces: Vec<Vec<Arc<Vec<Option<u32>>>>> = levels
            .iter()
            .zip(&self.levels)
            .map(|(level, old)| {
                if has_same_units && has_same_faces {
                    return old.unit_of_face.clone();
                }
                let found = |(ground, old): (&Arc<super::Ground>, &Arc<Vec<Option<u32>>>)| {
                    let found = units_of_faces(level, ground, &levels);
                    if found == **old { Arc::clone(old) } else { Arc::new(found) }
                };
                grounds.iter().zip(&old.unit_of_face).map(found).collect()
            })
            .collect();
        for (((level, old), faces), view) in levels.iter_mut().zip(&self.levels).zip(faces).zip(views) {
            let is_same_face = |(new, old): (&Arc<Vec<_>>, &Arc<Vec<_>>)| Arc::ptr_eq(new, old);
            let has_same_faces = faces.iter().zip(&old.unit_of_face).all(is_same_face);
            level.unit_of_face = faces;
            let is_untouched = ids_of(level).is_empty() && has_same_faces;
            if is_untouched && Arc::ptr_eq(&level.units, &old.units) {
                level.given = Arc::clone(&old.given);
            } else {
                level.keep_given_polygons(view);
            }
            let has_same_places = level.units.len() == old.units.len() && has_same_units;
            if has_same_sides && has_same_faces && has_same_places {
                copy(&level.walks, &old.walks);
                if !level.given.iter().any(Option::is_some) && !old.given.iter().any(Option::is_some) {
                    copy(&level.colours, &old.colours);
                }
            }
        }
        levels
    }

    /// Whether the arcs that were written have the faces on their sides that they had.
    fn has_same_sides(&self, grounds: &[Arc<super::Ground>], arcs: &[Vec<u32>]) -> bool {
        grounds.iter().zip(&self.grounds).zip(arcs).all(|((new, old), arcs)| {
            arcs.iter().all(|arc| match (new.net.arc(*arc), old.net.arc(*arc)) {
                (Some(new), Some(old)) => (new.left, new.right) == (old.left, old.right),
                _ => false,
            })
        })
    }
}

/// The units after some were written or went; the same list when none of them differs.
fn units_after(units: &Arc<Vec<Unit>>, view: &View, ids: Vec<i64>) -> Arc<Vec<Unit>> {
    let mut next = Arc::clone(units);
    for id in ids {
        let now = view.find(id).map(Unit::read);
        match (next.binary_search_by_key(&id, |unit| unit.id), now) {
            (Ok(place), Some(unit)) if next[place] != unit => Arc::make_mut(&mut next)[place] = unit,
            (Ok(place), None) => {
                Arc::make_mut(&mut next).remove(place);
            }
            (Err(place), Some(unit)) => Arc::make_mut(&mut next).insert(place, unit),
            _ => {}
        }
    }
    next
}

/// Whether both have the same units in the same places of the same chain.
fn has_same_chain(new: &Level, old: &Level) -> bool {
    let is_same = |(new, old): (&Unit, &Unit)| {
        (new.id, &new.code, &new.parent_code) == (old.id, &old.code, &old.parent_code)
    };
    Arc::ptr_eq(&new.units, &old.units)
        || (new.units.len() == old.units.len() && new.units.iter().zip(old.units.iter()).all(is_same))
}

fn copy<T: Clone>(to: &OnceLock<T>, from: &OnceLock<T>) {
    if let Some(known) = from.get() {
        // It was made a moment ago and holds nothing yet.
        let _ = to.set(known.clone());
    }
}

impl Renewed<'_> {
    /// Finds the units that differ at every zoom: by name, colour, polygons as given, or by their faces.
    fn find_units(&mut self) {
        let levels = self.after.levels.iter().zip(&self.before.levels);
        self.units = levels.map(|(new, old)| self.units_of(new, old)).collect();
    }

    fn units_of(&self, new: &Level, old: &Level) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let has_same_places = has_same_chain(new, old);
        let colours = (new.colours(&self.after.grounds), old.colours(&self.before.grounds));
        let is_all_same = Arc::ptr_eq(&new.units, &old.units)
            && Arc::ptr_eq(&new.given, &old.given)
            && Arc::ptr_eq(colours.0, colours.1);
        if !is_all_same {
            for (place, unit) in new.units.iter().enumerate() {
                let known = if has_same_places { Some(place) } else { old.place(unit.id) };
                let is_same = known.is_some_and(|known| {
                    old.units[known] == *unit
                        && colours.0.get(place) == colours.1.get(known)
                        && new.given[place].is_none()
                        && old.given[known].is_none()
                });
                if !is_same {
                    found.insert(unit.id);
                }
            }
            found.extend(old.units.iter().map(|unit| unit.id).filter(|id| new.place(*id).is_none()));
        }
        for city in 0..self.arcs.len() {
            let has_same_faces = Arc::ptr_eq(&new.unit_of_face[city], &old.unit_of_face[city]);
            let nets = (&self.after.grounds[city].net, &self.before.grounds[city].net);
            let mut compare = |new_arc: Option<&CoverageArc>, old_arc: Option<&CoverageArc>| {
                let now: Vec<i64> = new_arc.map_or_else(Vec::new, |arc| new.bounded(city, arc).collect());
                let then: Vec<i64> = old_arc.map_or_else(Vec::new, |arc| old.bounded(city, arc).collect());
                if now != then {
                    found.extend(now.into_iter().chain(then));
                }
            };
            if has_same_faces && has_same_places {
                self.arcs[city].iter().for_each(|arc| compare(nets.0.arc(*arc), nets.1.arc(*arc)));
            } else {
                let numbers = 0..u32::try_from(nets.0.len()).unwrap_or(u32::MAX);
                numbers.for_each(|arc| compare(nets.0.arc(arc), nets.1.arc(arc)));
            }
        }
        found
    }
}
