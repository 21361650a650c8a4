//! Units as rows and as areas on the lattice: levels, parents and what lies in what.

use std::collections::{HashMap, HashSet};

use cim_coverage::{LatticePolygon, LayerUnit, Ring, label_point};
use cim_crs::{LatticePoint, LonLat};
use cim_model::{Collection, Record, Value};
use cim_store::UnitRow;
use geo_types::{Geometry, LineString, MultiPolygon, Polygon};

/// A unit with the place of its row and its area on the lattice.
pub(super) struct Unit {
    pub(super) row: UnitRow,
    pub(super) file: String,
    pub(super) number: u64,
    pub(super) lattice: Vec<LatticePolygon>,
}

/// The levels of the chain, from the top; exclusive grids lie over it.
pub(super) const CHAIN: [Collection; 5] = [
    Collection::District,
    Collection::Town,
    Collection::Village,
    Collection::ComprehensiveGrid,
    Collection::MicroGrid,
];

impl Unit {
    pub(super) fn of(collection: Collection, record: Record, file: String, number: u64) -> Self {
        let spec = collection.spec();
        let mut values = record.values;
        let mut take = |name: &str| {
            spec.position(name)
                .map_or(Value::Null, |place| std::mem::replace(&mut values[place], Value::Null))
        };
        let mut text = |name: &str| match take(name) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        let (code, name) = (text("code").unwrap_or_default(), text("name").unwrap_or_default());
        let (kind, parent_code) = (text("kind"), text("parent_code"));
        let urban_rural_class = text("urban_rural_class");
        let polygons = match take("geom") {
            Value::Geometry(Geometry::Polygon(polygon)) => Some(MultiPolygon(vec![polygon])),
            Value::Geometry(Geometry::MultiPolygon(parts)) => Some(parts),
            _ => None,
        };
        let lattice = polygons.iter().flat_map(|parts| &parts.0).filter_map(on_lattice).collect();
        let row = UnitRow { collection, code, name, kind, parent_code, urban_rural_class, polygons };
        Self { row, file, number, lattice }
    }

    fn layer_unit(&self) -> LayerUnit {
        LayerUnit {
            key: self.row.code.clone(),
            parent: self.row.parent_code.clone(),
            polygons: self.lattice.clone(),
        }
    }
}

fn on_lattice(polygon: &Polygon<f64>) -> Option<LatticePolygon> {
    let outer = lattice_ring(polygon.exterior())?;
    Some(LatticePolygon { outer, holes: polygon.interiors().iter().filter_map(lattice_ring).collect() })
}

/// A ring without its closing point; `None` when nothing is left of it on the lattice.
fn lattice_ring(ring: &LineString<f64>) -> Option<Ring> {
    let mut points: Ring =
        ring.0.iter().map(|coord| LatticePoint::from(LonLat { lon: coord.x, lat: coord.y })).collect();
    points.dedup();
    if points.first() == points.last() {
        points.pop();
    }
    (points.len() >= 3).then_some(points)
}

/// The finest level of the chain that has areas.
pub(super) fn base_level(units: &[Unit]) -> Option<Collection> {
    CHAIN
        .into_iter()
        .rev()
        .find(|level| units.iter().any(|unit| unit.row.collection == *level && !unit.lattice.is_empty()))
}

/// The units of one level that have areas, as the coverage takes them.
pub(super) fn layer(units: &[Unit], level: Collection) -> Vec<LayerUnit> {
    units
        .iter()
        .filter(|unit| unit.row.collection == level && !unit.lattice.is_empty())
        .map(Unit::layer_unit)
        .collect()
}

/// Gives every unit without a parent the one that its middle lies in; answers with those whose parent is nowhere.
pub(super) fn find_parents(units: &mut [Unit]) -> Vec<usize> {
    let codes: HashSet<String> = units.iter().map(|unit| unit.row.code.clone()).collect();
    let mut orphans = Vec::new();
    let mut found: HashMap<usize, String> = HashMap::new();
    for (index, unit) in units.iter().enumerate() {
        match &unit.row.parent_code {
            Some(parent) if !codes.contains(parent) => orphans.push(index),
            Some(_) => {}
            None => {
                if let Some(parent) = containing(unit, units) {
                    found.insert(index, parent);
                }
            }
        }
    }
    for (index, parent) in found {
        units[index].row.parent_code = Some(parent);
    }
    orphans
}

/// The levels that may hold a unit, the nearest first.
fn levels_above(level: Collection) -> Vec<Collection> {
    match CHAIN.iter().position(|one| *one == level) {
        Some(place) => CHAIN[..place].iter().rev().copied().collect(),
        None => vec![Collection::Village, Collection::Town, Collection::District],
    }
}

fn containing(unit: &Unit, units: &[Unit]) -> Option<String> {
    for level in levels_above(unit.row.collection) {
        let mut holders = units.iter().filter(|holder| holder.row.collection == level).peekable();
        if holders.peek().is_none() {
            continue;
        }
        let Some(middle) = label_point(&unit.lattice) else {
            // Without an area of its own a unit can only belong to the one that there is.
            let only = holders.next().map(|holder| holder.row.code.clone());
            return only.filter(|_| holders.next().is_none());
        };
        let all: Vec<&Unit> = holders.collect();
        if let Some(holder) =
            all.iter().find(|holder| holder.lattice.iter().any(|polygon| holds(polygon, middle)))
        {
            return Some(holder.row.code.clone());
        }
        if all.len() == 1 && all[0].lattice.is_empty() {
            return Some(all[0].row.code.clone());
        }
    }
    None
}

fn holds(polygon: &LatticePolygon, point: LatticePoint) -> bool {
    ring_holds(&polygon.outer, point) && !polygon.holes.iter().any(|hole| ring_holds(hole, point))
}

/// By parity of crossings, exact on the lattice.
fn ring_holds(ring: &Ring, point: LatticePoint) -> bool {
    let mut inside = false;
    for (index, a) in ring.iter().enumerate() {
        let b = ring[(index + 1) % ring.len()];
        if (a.y > point.y) != (b.y > point.y) {
            let cross = i128::from(b.x - a.x) * i128::from(point.y - a.y)
                - i128::from(b.y - a.y) * i128::from(point.x - a.x);
            if (cross > 0) == (b.y > a.y) {
                inside = !inside;
            }
        }
    }
    inside
}
