//! The units of one level, which faces belong to them, and what lies around them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use cim_coverage::{CoverageArc, FaceId, Walk, colour_indexes};
use cim_mirror::{Row, Shapes, View};
use cim_model::Collection;

use super::FULL_ZOOM;
use super::ground::Ground;
use super::unit_table::UnitTable;
use crate::neighbours::neighbours_by_vertex;

/// The units of one level.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) collection: Collection,
    /// By id.
    pub(super) units: Arc<Vec<Unit>>,
    /// By unit its polygons as stored, for those that no exact partition holds.
    pub(super) given: Arc<Vec<Option<Shapes>>>,
    /// By city and face, the place of the unit that the face belongs to.
    pub(super) unit_of_face: Vec<Arc<Vec<Option<u32>>>>,
    /// By city and unit the walks around it.
    pub(super) walks: OnceLock<Arc<Vec<Vec<Vec<Walk>>>>>,
    pub(super) colours: OnceLock<Arc<Vec<u8>>>,
    pub(super) tables: Vec<OnceLock<UnitTable>>,
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) id: i64,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: Option<String>,
    pub(super) parent_code: Option<String>,
}

impl Unit {
    pub(super) fn read(row: Row<'_>) -> Self {
        let text = |name| row.text_of(name).map(str::to_owned);
        Self {
            id: row.id(),
            code: text("code").unwrap_or_default(),
            name: text("name").unwrap_or_default(),
            kind: text("kind"),
            parent_code: text("parent_code"),
        }
    }
}

impl Level {
    /// A level without anything drawn.
    pub(super) fn new(collection: Collection, units: Arc<Vec<Unit>>) -> Self {
        Self {
            collection,
            units,
            given: Arc::default(),
            unit_of_face: Vec::new(),
            walks: OnceLock::new(),
            colours: OnceLock::new(),
            tables: (0..=FULL_ZOOM).map(|_| OnceLock::new()).collect(),
        }
    }

    pub(super) fn read(view: &View) -> Self {
        let mut units: Vec<Unit> = view.rows().map(Unit::read).collect();
        units.sort_by_key(|unit| unit.id);
        Self::new(view.collection(), Arc::new(units))
    }

    /// Keeps the stored polygons of the units to which no face belongs.
    pub(super) fn keep_given_polygons(&mut self, view: &View) {
        let held: HashSet<u32> =
            self.unit_of_face.iter().flat_map(|faces| faces.iter().flatten().copied()).collect();
        let given = (0..).zip(self.units.iter()).map(|(place, unit)| {
            let row = view.find(unit.id).filter(|_| !held.contains(&place))?;
            let mut shapes = Shapes::default();
            shapes.push_shape(row.shape());
            Some(shapes)
        });
        self.given = Arc::new(given.collect());
    }

    /// The place of a unit by its id.
    pub(super) fn place(&self, id: i64) -> Option<usize> {
        self.units.binary_search_by_key(&id, |unit| unit.id).ok()
    }

    /// The places of the units on both sides of an arc of a city.
    pub(super) fn sides(&self, city: usize, arc: &CoverageArc) -> [Option<u32>; 2] {
        let faces = &self.unit_of_face[city];
        let unit = |face: FaceId| faces.get(face.index()).copied().flatten();
        [arc.left, arc.right].map(|face| face.and_then(unit))
    }

    /// The ids of the units that an arc of a city bounds.
    pub(super) fn bounded(&self, city: usize, arc: &CoverageArc) -> impl Iterator<Item = i64> {
        let [left, right] = self.sides(city, arc);
        let places = if left == right { [None, None] } else { [left, right] };
        places.into_iter().flatten().map(|place| self.units[place as usize].id)
    }

    /// By city and unit the walks around it.
    pub(super) fn walks(&self, grounds: &[Arc<Ground>]) -> &[Vec<Vec<Walk>>] {
        self.walks.get_or_init(|| {
            let of_city = |(city, ground): (usize, &Arc<Ground>)| {
                let mut walks: Vec<Vec<Walk>> = vec![Vec::new(); self.units.len()];
                for (number, arc) in ground.net.arcs() {
                    let [left, right] = self.sides(city, arc);
                    if left != right {
                        for (unit, is_backwards) in [(left, false), (right, true)] {
                            if let Some(unit) = unit {
                                walks[unit as usize].push((number, is_backwards));
                            }
                        }
                    }
                }
                walks
            };
            Arc::new(grounds.iter().enumerate().map(of_city).collect())
        })
    }

    pub(super) fn colours(&self, grounds: &[Arc<Ground>]) -> &Arc<Vec<u8>> {
        self.colours.get_or_init(|| {
            let mut neighbours = neighbours_by_vertex(self.given.iter().map(Option::as_ref));
            for (city, ground) in grounds.iter().enumerate() {
                for (_, arc) in ground.net.arcs() {
                    if let [Some(left), Some(right)] = self.sides(city, arc)
                        && left != right
                    {
                        neighbours[left as usize].push(right);
                        neighbours[right as usize].push(left);
                    }
                }
            }
            for list in &mut neighbours {
                list.sort_unstable();
                list.dedup();
            }
            Arc::new(colour_indexes(&neighbours))
        })
    }
}

/// For every face of a city, the place of the unit of `level` that it belongs to: up the chain of parents.
pub(super) fn units_of_faces(level: &Level, ground: &Ground, levels: &[Level]) -> Vec<Option<u32>> {
    let places: HashMap<&str, u32> =
        (0..).zip(level.units.iter()).map(|(place, unit): (u32, _)| (unit.code.as_str(), place)).collect();
    let parents: HashMap<&str, &str> = levels
        .iter()
        .filter(|level| level.collection != Collection::ExclusiveGrid)
        .flat_map(|level| level.units.iter())
        .filter_map(|unit| Some((unit.code.as_str(), unit.parent_code.as_deref()?)))
        .collect();
    let up_the_chain = |code: &str| {
        let mut at = Some(code);
        // Five levels: a longer chain is a circle.
        for _ in 0..Collection::UNITS.len() {
            let code = at?;
            if let Some(place) = places.get(code) {
                return Some(*place);
            }
            at = parents.get(code).copied();
        }
        None
    };
    let is_overlay = level.collection == Collection::ExclusiveGrid;
    let unit = |face: &Option<super::ground::FaceUnits>| {
        let face = face.as_ref()?;
        if is_overlay { places.get(face.overlay.as_deref()?).copied() } else { up_the_chain(&face.base) }
    };
    ground.faces.iter().map(unit).collect()
}
