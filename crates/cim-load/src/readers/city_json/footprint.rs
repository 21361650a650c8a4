//! The ground that a building covers and how high it stands over it.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use super::model::{CityObject, Surface, Transform};
use crate::check::dissolved;

/// A building's ground and height.
pub(super) struct Footprint {
    pub(super) geometry: Geometry<f64>,
    pub(super) height_m: f64,
    pub(super) ground_m: f64,
}

/// A surface counts as ground when all of it lies this near to the lowest point.
const GROUND_TOLERANCE_M: f64 = 0.05;
/// Metres are dissolved on a lattice of a tenth of a millimetre, degrees on one of 1e-9.
const STEPS_PER_METRE: f64 = 1e4;
const STEPS_PER_DEGREE: f64 = 1e9;
const LARGEST_DEGREE: f64 = 360.0;
/// Farther from its origin no system has a place; the lattice would not hold it.
const LARGEST_METRE: f64 = 1e8;

/// The footprint of a building with its parts: level 0 where there is one, else its ground surfaces, else whatever is flat
/// at its lowest point.
pub(super) fn footprint(
    parts: &[&CityObject],
    vertices: &[[f64; 3]],
    transform: &Transform,
) -> Option<Footprint> {
    let place = |number: &usize| vertices.get(*number).map(|vertex| transform.apply(*vertex));
    let solids = || parts.iter().flat_map(|part| &part.geometry);
    let surfaces: Vec<(bool, Surface<'_>)> = solids()
        .flat_map(|solid| solid.surfaces().into_iter().map(|surface| (solid.is_flat(), surface)))
        .collect();
    let heights: Vec<f64> = surfaces
        .iter()
        .flat_map(|(_, surface)| surface.rings.iter().flatten())
        .filter_map(|number| place(number).map(|[_, _, z]| z))
        .collect();
    let ground_m = heights.iter().copied().fold(f64::INFINITY, f64::min);
    let top_m = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lies_low = |surface: &Surface<'_>| {
        let mut numbers = surface.rings.iter().flatten();
        numbers.all(|number| place(number).is_some_and(|[_, _, z]| z - ground_m <= GROUND_TOLERANCE_M))
    };
    let pick = |wanted: &dyn Fn(bool, &Surface<'_>) -> bool| -> Vec<Polygon<f64>> {
        let chosen = surfaces.iter().filter(|(flat, surface)| wanted(*flat, surface));
        chosen.filter_map(|(_, surface)| polygon_of(surface, &place)).collect()
    };
    let candidates = [
        pick(&|flat, surface| flat && surface.kind != Some("RoofSurface")),
        pick(&|_, surface| surface.kind == Some("GroundSurface")),
        pick(&|_, surface| lies_low(surface)),
    ];
    let ground = candidates.into_iter().find(|polygons| !polygons.is_empty())?;
    let mut rings =
        ground.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    if !rings.all(|ring| ring.0.iter().all(|at| at.x.abs() <= LARGEST_METRE && at.y.abs() <= LARGEST_METRE)) {
        return None;
    }
    let degrees =
        ground.iter().flat_map(|polygon| &polygon.exterior().0).all(|at| at.x.abs() <= LARGEST_DEGREE);
    let steps = if degrees { STEPS_PER_DEGREE } else { STEPS_PER_METRE };
    let mut pieces = dissolved(&ground, steps);
    let geometry = match pieces.len() {
        0 => return None,
        1 => Geometry::Polygon(pieces.remove(0)),
        _ => Geometry::MultiPolygon(MultiPolygon(pieces)),
    };
    Some(Footprint { geometry, height_m: ((top_m - ground_m) * 1_000.0).round() / 1_000.0, ground_m })
}

/// A surface seen from above; `None` for walls, which have no ground.
fn polygon_of(surface: &Surface<'_>, place: &impl Fn(&usize) -> Option<[f64; 3]>) -> Option<Polygon<f64>> {
    let ring = |numbers: &Vec<usize>| -> Option<LineString<f64>> {
        let mut coords: Vec<Coord<f64>> = numbers
            .iter()
            .map(|number| place(number).map(|[x, y, _]| Coord { x, y }))
            .collect::<Option<_>>()?;
        coords.extend(coords.first().copied());
        Some(LineString(coords))
    };
    let mut rings = surface.rings.iter().map(ring).collect::<Option<Vec<_>>>()?.into_iter();
    let outer = rings.next()?;
    (crate::check::doubled_area(&outer.0).abs() > 0.0).then(|| Polygon::new(outer, rings.collect()))
}
