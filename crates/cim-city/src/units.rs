//! Units by code, what covers a point, and the chain of units above one.

use std::collections::HashMap;
use std::sync::Arc;

use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{Cover, Row, View};
use cim_model::Collection;
use geo_types::MultiPolygon;

use crate::load::ChangedArea;

/// The levels of the chain, finest first; an exclusive grid lies beside it.
pub(crate) const CHAIN: &[Collection] = &[
    Collection::MicroGrid,
    Collection::ComprehensiveGrid,
    Collection::Village,
    Collection::Town,
    Collection::District,
];

/// The exact polygons of one level, by code.
pub(crate) type LevelPolygons = Vec<(String, MultiPolygon<f64>)>;

/// All units, ready to be asked.
pub(crate) struct Units {
    /// Shared with the units before where nothing changed.
    levels: Vec<Arc<Level>>,
    exclusive: Arc<Level>,
    pub(crate) revision: Option<i64>,
}

struct Level {
    collection: Collection,
    cover: Cover,
    by_code: HashMap<String, Unit>,
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) level: Collection,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    parent_code: Option<String>,
}

/// What lies at a point.
pub(crate) struct Place<'a> {
    /// Finest first; empty outside.
    pub(crate) chain: Vec<&'a Unit>,
    pub(crate) exclusive: Option<&'a Unit>,
    pub(crate) on_boundary: bool,
    pub(crate) distance_to_border_m: Option<f64>,
}

impl Unit {
    pub(crate) fn new(
        level: Collection,
        code: String,
        name: String,
        kind: Option<String>,
        parent_code: Option<String>,
    ) -> Self {
        Self { level, code, name, kind, parent_code }
    }
}

impl Place<'_> {
    /// Where no unit lies.
    pub(crate) fn outside() -> Self {
        Self { chain: Vec::new(), exclusive: None, on_boundary: false, distance_to_border_m: None }
    }
}

impl Level {
    fn new(view: &View, polygons: &LevelPolygons) -> Self {
        Self {
            collection: view.collection(),
            cover: Cover::new(polygons.iter().map(|(code, polygons)| (code.as_str(), polygons))),
            by_code: units_by_code(view),
        }
    }

    /// The level after the areas of some of its units changed; those gone come first.
    fn after(&self, view: &View, areas: &[ChangedArea]) -> Self {
        let mut last: HashMap<&str, Option<&MultiPolygon<f64>>> = HashMap::new();
        last.extend(areas.iter().map(|(code, polygons)| (code.as_str(), polygons.as_ref())));
        Self { collection: self.collection, cover: self.cover.with(last), by_code: units_by_code(view) }
    }
}

fn units_by_code(view: &View) -> HashMap<String, Unit> {
    let unit = |row: Row<'_>| {
        let text = |name| row.text_of(name).map(str::to_owned);
        let code = text("code").unwrap_or_default();
        let unit = Unit {
            level: view.collection(),
            code: code.clone(),
            name: text("name").unwrap_or_default(),
            kind: text("kind"),
            parent_code: text("parent_code"),
        };
        (code, unit)
    };
    view.rows().map(unit).collect()
}

impl Units {
    /// `polygons` holds the exact polygons of every level that has any.
    pub(crate) fn new<'a>(
        view_of: impl Fn(Collection) -> &'a View,
        polygons: &HashMap<Collection, LevelPolygons>,
        revision: Option<i64>,
    ) -> Self {
        let none = LevelPolygons::new();
        let level = |collection: Collection| {
            Arc::new(Level::new(view_of(collection), polygons.get(&collection).unwrap_or(&none)))
        };
        Self {
            levels: CHAIN.iter().map(|collection| level(*collection)).collect(),
            exclusive: level(Collection::ExclusiveGrid),
            revision,
        }
    }

    /// The units after the areas of some changed, by level.
    pub(crate) fn after<'a>(
        &self,
        view_of: impl Fn(Collection) -> &'a View,
        changed: &[(Collection, Vec<ChangedArea>)],
        revision: Option<i64>,
    ) -> Self {
        let level = |level: &Arc<Level>| {
            let areas = changed.iter().find(|(collection, _)| *collection == level.collection);
            let renewed = areas.map(|(collection, areas)| level.after(view_of(*collection), areas));
            renewed.map_or_else(|| Arc::clone(level), Arc::new)
        };
        Self { levels: self.levels.iter().map(level).collect(), exclusive: level(&self.exclusive), revision }
    }

    /// The boxes (west, south, east, north in degrees) in which units of some levels have other areas than in `before`.
    pub(crate) fn changed_boxes(&self, before: &Self, levels: &[Collection]) -> Vec<[f64; 4]> {
        let of_level = |(new, old): (&Arc<Level>, &Arc<Level>)| new.cover.changed_boxes(&old.cover);
        let pairs = self.levels.iter().zip(&before.levels);
        let differing = pairs.filter(|(new, old)| levels.contains(&new.collection) && !Arc::ptr_eq(new, old));
        differing.flat_map(of_level).collect()
    }

    /// What lies at a point: the finest unit that covers it, everything above, and the exclusive grid beside.
    pub(crate) fn at(&self, position: LonLat) -> Place<'_> {
        let point = LatticePoint::from(position);
        let mut place = Place {
            chain: Vec::with_capacity(5),
            exclusive: None,
            on_boundary: false,
            distance_to_border_m: None,
        };
        for (depth, level) in self.levels.iter().enumerate() {
            let Some(found) = level.cover.find(point) else { continue };
            let Some(unit) = level.by_code.get(found.key) else { continue };
            place.on_boundary = found.on_boundary;
            place.distance_to_border_m = Some(level.cover.distance_to_border_m(found.place, point));
            place.chain.push(unit);
            self.climb(depth, point, &mut place.chain);
            break;
        }
        let exclusive = self.exclusive.cover.find(point);
        place.exclusive = exclusive.and_then(|found| self.exclusive.by_code.get(found.key));
        place
    }

    /// Adds the units above the last of a chain: by parent code, or by the point where a file names no parent.
    fn climb<'a>(&'a self, depth: usize, point: LatticePoint, chain: &mut Vec<&'a Unit>) {
        let mut parent = chain.last().and_then(|unit| unit.parent_code.as_deref());
        let mut names_parents = parent.is_some();
        for level in &self.levels[depth + 1..] {
            let by_key = parent.and_then(|code| level.by_code.get(code));
            let by_point = || level.cover.find(point).and_then(|found| level.by_code.get(found.key));
            let unit = if names_parents { by_key } else { by_point() };
            if let Some(unit) = unit {
                chain.push(unit);
                parent = unit.parent_code.as_deref();
                names_parents = parent.is_some();
            }
        }
    }

    /// The finest unit nearest to a point outside, and how far it is.
    pub(crate) fn nearest(&self, position: LonLat) -> Option<(&Unit, f64)> {
        let level = self.levels.iter().find(|level| !level.cover.is_empty())?;
        let (code, distance_m) = level.cover.nearest(LatticePoint::from(position))?;
        Some((level.by_code.get(code)?, distance_m))
    }

    /// The code of the unit of a level that covers a point.
    pub(crate) fn code_at(&self, level: Collection, position: LonLat) -> Option<&str> {
        let level = self.levels.iter().find(|known| known.collection == level)?;
        level.cover.find(LatticePoint::from(position)).map(|found| found.key)
    }

    /// The code of the unit above one, where the city names it.
    pub(crate) fn parent_code(&self, level: Collection, code: &str) -> Option<&str> {
        let level = self.levels.iter().find(|known| known.collection == level)?;
        level.by_code.get(code)?.parent_code.as_deref()
    }

    /// The levels by which work is counted, finest first: comprehensive grids and all above; micro grids where there are no others.
    pub(crate) fn counting_levels(&self) -> Vec<Collection> {
        let has_units = |level: &&Arc<Level>| !level.cover.is_empty();
        let is_fine = |level: &&Arc<Level>| level.collection == Collection::MicroGrid;
        let coarse = || self.levels.iter().filter(has_units).filter(|level| !is_fine(level));
        let finest_alone = self.levels.iter().filter(has_units).take(usize::from(coarse().next().is_none()));
        coarse().chain(finest_alone).map(|level| level.collection).collect()
    }
}
