//! Rows of boundary layers, one unit at a time: its border at a zoom, and its label point.

use cim_coverage::{LatticePolygon, label_point, polygons_along};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{PartRole, Shapes, WorldPoint};
use cim_model::{Collection, Record, Value};

use super::level::Level;
use super::unit_table::DrawnRow;
use super::{Boundaries, FULL_ZOOM};

impl Boundaries {
    /// A unit's polygons; none for a unit that no partition holds.
    fn polygons(&self, level: &Level, place: usize, zoom: u8) -> Vec<LatticePolygon> {
        let of_city = |(city, walks): (usize, &Vec<Vec<_>>)| {
            let walks = &walks[place];
            if walks.is_empty() { Vec::new() } else { polygons_along(self.lines(city, zoom), walks) }
        };
        level.walks(&self.grounds).iter().enumerate().flat_map(of_city).collect()
    }

    pub(super) fn drawn_unit(&self, level: &Level, place: usize, zoom: u8) -> DrawnRow {
        let unit = &level.units[place];
        let colour = level.colours(&self.grounds).get(place).copied().unwrap_or_default();
        let record = Record {
            values: vec![
                Value::Text(unit.code.clone()),
                Value::Text(unit.name.clone()),
                unit.kind.clone().map_or(Value::Null, Value::Text),
                Value::Int(i64::from(colour)),
            ],
        };
        let given = level.given.get(place).and_then(Clone::clone);
        let shapes = given.unwrap_or_else(|| world_shapes(&self.polygons(level, place, zoom)));
        DrawnRow { id: unit.id, record, shapes }
    }

    pub(super) fn drawn_label(&self, level: &Level, place: usize) -> Option<DrawnRow> {
        let unit = &level.units[place];
        let given = level.given.get(place).and_then(Option::as_ref);
        let polygons = given.map_or_else(|| self.polygons(level, place, FULL_ZOOM), lattice_polygons);
        let point = label_point(&polygons)?;
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
        Some(DrawnRow { id: label_id(level.collection, unit.id), record, shapes })
    }
}

/// Unit ids repeat from level to level; labels of all levels share a layer.
pub(super) fn label_id(collection: Collection, id: i64) -> i64 {
    let levels = i64::try_from(Collection::UNITS.len()).unwrap_or(1);
    let place = Collection::UNITS.iter().position(|level| *level == collection).unwrap_or(0);
    id.saturating_mul(levels).saturating_add(i64::try_from(place).unwrap_or(0))
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
