//! Lines along which a grid without smaller ones could be split: its roads, and straight lines between its buildings.

use cim_coverage::{Topology, UnitNo};
use cim_crs::{LonLat, metres_per_degree};
use cim_mirror::{Area, PartRole, WorldPoint};
use cim_model::Collection;
use cim_store::multi_polygon;

use super::shape::Position;
use crate::version::Version;

/// Directions in which straight lines are tried, over half a turn.
const DIRECTIONS: u32 = 12;
/// How far beyond the grid a line is drawn, metres.
const BEYOND_M: f64 = 50.0;
/// So many roads are tried.
const MOST_ROADS: usize = 30;

/// The lines with their reasons; roads first.
pub(super) fn cutting_lines(
    version: &Version,
    topology: &Topology,
    unit: UnitNo,
) -> Vec<(&'static str, Vec<Position>)> {
    let polygons = multi_polygon(&topology.polygons_of(unit));
    let Some(area) = Area::new(&polygons) else { return Vec::new() };
    let mut lines: Vec<(&'static str, Vec<Position>)> = Vec::new();
    let bounds = area.bounds();
    let roads = version.view(Collection::Road).meeting(&bounds);
    for (role, points) in roads.flat_map(|row| row.shape().parts().collect::<Vec<_>>()).take(MOST_ROADS) {
        if role == PartRole::Line && points.len() > 1 {
            let position = |point: &WorldPoint| {
                let place = LonLat::from(*point);
                [place.lon, place.lat]
            };
            lines.push(("along_road", points.iter().map(position).collect()));
        }
    }
    let homes = homes(version, &area);
    lines.extend(straight_lines(&homes).into_iter().map(|line| ("between_buildings", line)));
    lines
}

/// The middles of the buildings in an area with their households.
fn homes(version: &Version, area: &Area) -> Vec<(LonLat, i64)> {
    let households = Collection::Building.spec().position("household_count");
    let rows = area.rows(version.view(Collection::Building));
    let held =
        |place: Option<usize>, row: cim_mirror::Row<'_>| place.and_then(|place| row.int(place)).unwrap_or(0);
    rows.map(|inside| (LonLat::from(inside.at), held(households, inside.row)))
        .filter(|(_, held)| *held > 0)
        .collect()
}

/// In every direction the line with half of the households on each side, halfway between two buildings.
fn straight_lines(homes: &[(LonLat, i64)]) -> Vec<Vec<Position>> {
    let Some((origin, _)) = homes.first().copied() else { return Vec::new() };
    let (east_m, north_m) = metres_per_degree(origin.lat);
    let metres = |place: LonLat| ((place.lon - origin.lon) * east_m, (place.lat - origin.lat) * north_m);
    let half = homes.iter().map(|(_, held)| held).sum::<i64>() / 2;
    let line = |number: u32| -> Option<Vec<Position>> {
        let angle = f64::from(number) * std::f64::consts::PI / f64::from(DIRECTIONS);
        let (along, across) = ((angle.cos(), angle.sin()), (-angle.sin(), angle.cos()));
        let dot = |place: (f64, f64), direction: (f64, f64)| place.0 * direction.0 + place.1 * direction.1;
        let mut offsets: Vec<(f64, i64)> =
            homes.iter().map(|(place, held)| (dot(metres(*place), across), *held)).collect();
        offsets.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut held = 0;
        let place = offsets.iter().position(|(_, households)| {
            held += households;
            held >= half
        })?;
        let cut = f64::midpoint(offsets[place].0, offsets.get(place + 1)?.0);
        let reach = homes.iter().map(|(place, _)| dot(metres(*place), along).abs()).fold(0.0, f64::max);
        let end = |far: f64| {
            let (east, north) = (along.0 * far + across.0 * cut, along.1 * far + across.1 * cut);
            [origin.lon + east / east_m, origin.lat + north / north_m]
        };
        let far = reach * 2.0 + BEYOND_M;
        Some(vec![end(-far), end(far)])
    };
    (0..DIRECTIONS).filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_leaves_half_of_the_households_on_each_side() {
        let homes: Vec<(LonLat, i64)> =
            (0..10).map(|n| (LonLat { lon: 121.0 + f64::from(n) * 1e-4, lat: 32.0 }, 10)).collect();
        let lines = straight_lines(&homes);
        // Every direction but that of the row itself.
        assert!(lines.len() >= 11, "{}", lines.len());
        for line in &lines[1..] {
            let [[ax, ay], [bx, by]] = [line[0], line[1]];
            let left = homes
                .iter()
                .filter(|(place, _)| (bx - ax) * (place.lat - ay) - (by - ay) * (place.lon - ax) > 0.0)
                .count();
            assert_eq!(left, 5);
        }
    }
}
