//! Boundary layers: every unit's border at every zoom, simplified arc by arc so that neighbours stay neighbours.

use std::collections::HashMap;
use std::sync::OnceLock;

use cim_coverage::{Coverage, CoverageArc, LatticePolygon, colour_indexes, label_point};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{EQUATOR_M, PartRole, Shapes, Table, TableBuilder, View, WorldPoint};
use cim_model::{Collection, Record, Value};

use crate::neighbours::neighbours_by_vertex;
use crate::{BOUNDARY_FIELDS, EXTENT, UNIT_LABEL_FIELDS};

/// From this zoom on borders are shown with every vertex.
const FULL_ZOOM: u8 = 16;
/// How far a simplified border may lie from the true one, in tile steps: half a pixel of a 512-pixel tile.
const TOLERANCE_STEPS: f64 = 4.0;

/// The exact partition of one city.
#[derive(Debug)]
pub struct CityCoverage {
    /// Arcs and faces.
    pub coverage: Coverage,
    /// The level of the faces' base units.
    pub base_level: Collection,
    /// The code that `Face::base` counts into.
    pub base_codes: Vec<String>,
    /// The code that `Face::overlay` counts into.
    pub overlay_codes: Vec<String>,
}

/// All units of all levels, ready to be drawn at any zoom.
#[derive(Debug)]
pub struct Boundaries {
    levels: Vec<Level>,
    coverages: Vec<CityCoverage>,
    /// By zoom below the full one: the coverages with simplified arcs.
    simplified: Vec<OnceLock<Vec<Coverage>>>,
    labels: OnceLock<Table>,
}

#[derive(Debug)]
struct Level {
    collection: Collection,
    units: Vec<Unit>,
    /// By coverage and face, the place of the unit that the face belongs to.
    unit_of_face: Vec<Vec<Option<u32>>>,
    colours: OnceLock<Vec<u8>>,
    tables: Vec<OnceLock<Table>>,
}

#[derive(Debug)]
struct Unit {
    id: i64,
    code: String,
    name: String,
    kind: Option<String>,
    parent_code: Option<String>,
    /// Its polygons as stored, for units that no exact partition holds.
    given: Option<Shapes>,
}

impl Boundaries {
    /// The boundaries of the units in these views, one view a level.
    #[must_use]
    pub fn new(views: &[&View], coverages: Vec<CityCoverage>) -> Self {
        let mut levels: Vec<Level> = views.iter().map(|view| Level::read(view)).collect();
        let unit_of_face: Vec<Vec<Vec<Option<u32>>>> = levels
            .iter()
            .map(|level| coverages.iter().map(|city| faces_of_level(level, city, &levels)).collect())
            .collect();
        for ((level, faces), view) in levels.iter_mut().zip(unit_of_face).zip(views) {
            level.unit_of_face = faces;
            level.keep_given_polygons(view);
        }
        Self {
            levels,
            coverages,
            simplified: (0..FULL_ZOOM).map(|_| OnceLock::new()).collect(),
            labels: OnceLock::new(),
        }
    }

    /// The units of a level as they are drawn at a zoom; worked out when first asked for.
    #[must_use]
    pub fn table(&self, collection: Collection, zoom: u8) -> Option<&Table> {
        let level = self.levels.iter().find(|level| level.collection == collection)?;
        let place = zoom.min(FULL_ZOOM);
        Some(level.tables[usize::from(place)].get_or_init(|| self.draw(level, place)))
    }

    /// The label points of all units; worked out when first asked for.
    #[must_use]
    pub fn labels(&self) -> &Table {
        self.labels.get_or_init(|| {
            let mut builder = TableBuilder::new(UNIT_LABEL_FIELDS, |_| true);
            for level in &self.levels {
                self.add_labels(level, &mut builder);
            }
            builder.finish()
        })
    }

    /// Works out every level at every zoom and the labels, so that no request has to wait for them.
    pub fn warm_up(&self) {
        let _labels = self.labels();
        for zoom in (0..=FULL_ZOOM).rev() {
            for level in &self.levels {
                let _table = self.table(level.collection, zoom);
            }
        }
    }

    fn coverages_at(&self, zoom: u8) -> &[Coverage] {
        let Some(place) = self.simplified.get(usize::from(zoom)) else { return &[] };
        place.get_or_init(|| {
            self.coverages
                .iter()
                .map(|city| Coverage {
                    arcs: simplified_arcs(&city.coverage, zoom),
                    faces: city.coverage.faces.clone(),
                })
                .collect()
        })
    }

    /// Polygons of a level's units, by unit; empty for units that no partition holds.
    fn polygons(&self, level: &Level, zoom: u8) -> Vec<Vec<LatticePolygon>> {
        let mut polygons = vec![Vec::new(); level.units.len()];
        let simplified = self.coverages_at(zoom);
        for (place, city) in self.coverages.iter().enumerate() {
            let coverage = simplified.get(place).unwrap_or(&city.coverage);
            let faces = &level.unit_of_face[place];
            let drawn =
                coverage.polygons_by(level.units.len(), |face, _| faces.get(face.index()).copied().flatten());
            for (all, more) in polygons.iter_mut().zip(drawn) {
                all.extend(more);
            }
        }
        polygons
    }

    fn draw(&self, level: &Level, zoom: u8) -> Table {
        let colours = level.colours.get_or_init(|| self.colours(level));
        let mut builder = TableBuilder::new(BOUNDARY_FIELDS, |_| true);
        for ((unit, polygons), colour) in level.units.iter().zip(self.polygons(level, zoom)).zip(colours) {
            let record = Record {
                values: vec![
                    Value::Text(unit.code.clone()),
                    Value::Text(unit.name.clone()),
                    unit.kind.clone().map_or(Value::Null, Value::Text),
                    Value::Int(i64::from(*colour)),
                ],
            };
            if let Some(given) = &unit.given {
                builder.push_with_shape(unit.id, &record, Some(given.get(0)));
            } else {
                builder.push_with_shape(unit.id, &record, Some(world_shapes(&polygons).get(0)));
            }
        }
        builder.finish()
    }

    fn colours(&self, level: &Level) -> Vec<u8> {
        let mut neighbours = neighbours_by_vertex(level.units.iter().map(|unit| unit.given.as_ref()));
        for (place, city) in self.coverages.iter().enumerate() {
            let faces = &level.unit_of_face[place];
            let found = city
                .coverage
                .neighbours(level.units.len(), |face, _| faces.get(face.index()).copied().flatten());
            for (all, more) in neighbours.iter_mut().zip(found) {
                all.extend(more);
            }
        }
        colour_indexes(&neighbours)
    }

    fn add_labels(&self, level: &Level, builder: &mut TableBuilder) {
        for (unit, polygons) in level.units.iter().zip(self.polygons(level, FULL_ZOOM)) {
            let polygons = unit.given.as_ref().map_or(polygons, lattice_polygons);
            let Some(point) = label_point(&polygons) else { continue };
            let record = Record {
                values: vec![
                    Value::Text(level.collection.name().to_owned()),
                    Value::Text(unit.code.clone()),
                    Value::Text(unit.name.clone()),
                    unit.kind.clone().map_or(Value::Null, Value::Text),
                ],
            };
            let mut shapes = Shapes::default();
            shapes.push_part(PartRole::Point, &[WorldPoint::from(LonLat::from(point))]);
            shapes.push_none();
            builder.push_with_shape(label_id(level.collection, unit.id), &record, Some(shapes.get(0)));
        }
    }
}

/// Unit ids repeat from level to level; labels of all levels share a layer.
fn label_id(collection: Collection, id: i64) -> i64 {
    let levels = i64::try_from(Collection::UNITS.len()).unwrap_or(1);
    let place = Collection::UNITS.iter().position(|level| *level == collection).unwrap_or(0);
    id.saturating_mul(levels).saturating_add(i64::try_from(place).unwrap_or(0))
}

impl Level {
    fn read(view: &View) -> Self {
        let text = |row: cim_mirror::Row<'_>, name| row.text_of(name).map(str::to_owned);
        let mut units: Vec<Unit> = view
            .rows()
            .map(|row| Unit {
                id: row.id(),
                code: text(row, "code").unwrap_or_default(),
                name: text(row, "name").unwrap_or_default(),
                kind: text(row, "kind"),
                parent_code: text(row, "parent_code"),
                given: None,
            })
            .collect();
        units.sort_by_key(|unit| unit.id);
        Self {
            collection: view.collection(),
            units,
            unit_of_face: Vec::new(),
            colours: OnceLock::new(),
            tables: (0..=FULL_ZOOM).map(|_| OnceLock::new()).collect(),
        }
    }

    fn keep_given_polygons(&mut self, view: &View) {
        let mut is_held = vec![false; self.units.len()];
        for place in self.unit_of_face.iter().flatten().flatten() {
            is_held[*place as usize] = true;
        }
        for (unit, is_held) in self.units.iter_mut().zip(is_held) {
            if let Some(row) = view.find(unit.id).filter(|_| !is_held) {
                let mut shapes = Shapes::default();
                shapes.push_shape(row.shape());
                unit.given = Some(shapes);
            }
        }
    }
}

/// For every face of a city, the place of the unit of `level` that it belongs to: up the chain of parents.
fn faces_of_level(level: &Level, city: &CityCoverage, levels: &[Level]) -> Vec<Option<u32>> {
    let places: HashMap<&str, u32> =
        (0..).zip(&level.units).map(|(place, unit): (u32, _)| (unit.code.as_str(), place)).collect();
    let parents: HashMap<&str, &str> = levels
        .iter()
        .filter(|level| level.collection != Collection::ExclusiveGrid)
        .flat_map(|level| &level.units)
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
    let of_base: Vec<Option<u32>> = city.base_codes.iter().map(|code| up_the_chain(code)).collect();
    city.coverage
        .faces
        .iter()
        .map(|face| {
            if level.collection == Collection::ExclusiveGrid {
                let code = city.overlay_codes.get(face.overlay? as usize)?;
                places.get(code.as_str()).copied()
            } else {
                of_base.get(face.base as usize).copied().flatten()
            }
        })
        .collect()
}

fn simplified_arcs(coverage: &Coverage, zoom: u8) -> Vec<CoverageArc> {
    let latitude = coverage
        .arcs
        .first()
        .and_then(|arc| arc.points.first())
        .map_or(0.0, |point| LonLat::from(*point).lat);
    let step_m = EQUATOR_M / f64::from(1_u32 << zoom) / f64::from(EXTENT) * latitude.to_radians().cos();
    let points = coverage.simplify_arcs(step_m * TOLERANCE_STEPS);
    points
        .into_iter()
        .zip(&coverage.arcs)
        .map(|(points, arc)| CoverageArc { points, left: arc.left, right: arc.right })
        .collect()
}

fn world_shapes(polygons: &[LatticePolygon]) -> Shapes {
    let world = |ring: &[LatticePoint]| -> Vec<WorldPoint> {
        ring.iter().map(|point| WorldPoint::from(LonLat::from(*point))).collect()
    };
    let mut shapes = Shapes::default();
    for polygon in polygons {
        if shapes.push_ring(PartRole::Outer, world(&polygon.outer).into_iter()) {
            for hole in &polygon.holes {
                shapes.push_ring(PartRole::Hole, world(hole).into_iter());
            }
        }
    }
    shapes.push_none();
    shapes
}

fn lattice_polygons(shapes: &Shapes) -> Vec<LatticePolygon> {
    let lattice = |ring: &[WorldPoint]| -> Vec<LatticePoint> {
        // World rings run clockwise, lattice rings counter-clockwise.
        ring.iter().rev().map(|point| LatticePoint::from(LonLat::from(*point))).collect()
    };
    let mut polygons: Vec<LatticePolygon> = Vec::new();
    for (role, points) in shapes.get(0).parts() {
        match (role, polygons.last_mut()) {
            (PartRole::Outer, _) => {
                polygons.push(LatticePolygon { outer: lattice(points), holes: Vec::new() });
            }
            (PartRole::Hole, Some(polygon)) => polygon.holes.push(lattice(points)),
            _ => {}
        }
    }
    polygons
}
