//! The polygons of units: joined from their faces, or as given where there is no coverage.

use cim_coverage::{Coverage, LatticePolygon, Ring};
use cim_crs::LonLat;
use cim_model::Collection;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::UnitsLoad;
use super::hierarchy::Hierarchy;

/// The polygons of every unit, by its place in the load; none for a unit without ground.
pub(super) fn of_units(load: &UnitsLoad, hierarchy: &Hierarchy<'_>) -> Vec<Option<MultiPolygon<f64>>> {
    let Some(coverage) = &load.coverage else {
        return load
            .units
            .iter()
            .map(|unit| unit.polygons.clone().filter(|multi| !multi.0.is_empty()))
            .collect();
    };
    let mut polygons: Vec<Option<MultiPolygon<f64>>> = vec![None; load.units.len()];
    for level in Collection::UNITS {
        for (place, joined) in joined(coverage, hierarchy, load.units.len(), *level).into_iter().enumerate() {
            if !joined.is_empty() {
                polygons[place] = Some(multi_polygon(&joined));
            }
        }
    }
    polygons
}

/// The pieces of every unit of one level.
fn joined(
    coverage: &Coverage,
    hierarchy: &Hierarchy<'_>,
    units: usize,
    level: Collection,
) -> Vec<Vec<LatticePolygon>> {
    coverage.polygons_by(units, |_, face| {
        let place = if level == Collection::ExclusiveGrid {
            hierarchy.overlay_unit(face.overlay)
        } else {
            hierarchy.ancestor(hierarchy.base_unit(face.base)?, level)
        };
        u32::try_from(place?).ok()
    })
}

/// Polygons of the lattice in degrees (EPSG:4490).
#[must_use]
pub fn multi_polygon(pieces: &[LatticePolygon]) -> MultiPolygon<f64> {
    MultiPolygon(pieces.iter().map(polygon).collect())
}

fn polygon(lattice: &LatticePolygon) -> Polygon<f64> {
    Polygon::new(ring(&lattice.outer), lattice.holes.iter().map(ring).collect())
}

fn ring(points: &Ring) -> LineString<f64> {
    points
        .iter()
        .chain(points.first())
        .map(|point| {
            let place = LonLat::from(*point);
            Coord { x: place.lon, y: place.lat }
        })
        .collect()
}
