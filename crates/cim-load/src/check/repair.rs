//! Repairs of areas that cannot change what the area is: what would is left alone and refused.

use geo_types::{Coord, LineString, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use super::validity::first_defect;

/// Steps of the lattice that a repair computes on: a tenth of the border lattice, so that its rounding is not seen there.
const STEPS_PER_DEGREE: f64 = 1e9;
/// A repair may change the area by this part of it: the zero-area loops and slivers that digitising leaves.
const MOST_AREA_CHANGE: f64 = 1e-4;

/// The names of the small repairs done on one area.
pub(super) type Repairs = Vec<&'static str>;

/// Removes repeated vertices and spikes of no width, drops holes without area, turns rings the standard way
/// (which is no repair: half of all formats have it the other way round).
pub(super) fn tidy(polygon: Polygon<f64>, repairs: &mut Repairs) -> Polygon<f64> {
    let (outer, holes) = polygon.into_inner();
    let outer = tidy_ring(outer, false, repairs);
    let count = holes.len();
    let mut holes: Vec<_> = holes.into_iter().map(|hole| tidy_ring(hole, true, repairs)).collect();
    holes.retain(|hole| hole.0.len() >= 4);
    if holes.len() < count {
        note(repairs, "empty_hole");
    }
    Polygon::new(outer, holes)
}

fn note(repairs: &mut Repairs, name: &'static str) {
    if !repairs.contains(&name) {
        repairs.push(name);
    }
}

fn tidy_ring(mut ring: LineString<f64>, hole: bool, repairs: &mut Repairs) -> LineString<f64> {
    let before = ring.0.len();
    ring.0.dedup();
    if ring.0.len() < before {
        note(repairs, "repeated_vertex");
    }
    if ring.0.windows(3).any(is_spike) || closing_spike(&ring.0) {
        ring.0 = without_spikes(ring.0);
        note(repairs, "spike");
    }
    if (doubled_area(&ring.0) < 0.0) != hole {
        ring.0.reverse();
    }
    ring
}

/// Out to a point and back the same way.
fn is_spike(corner: &[Coord<f64>]) -> bool {
    let (a, b, c) = (corner[0], corner[1], corner[2]);
    let point = |coord: Coord<f64>| robust::Coord { x: coord.x, y: coord.y };
    let forth = Coord { x: b.x - a.x, y: b.y - a.y };
    let back = Coord { x: c.x - b.x, y: c.y - b.y };
    forth.x * back.x + forth.y * back.y < 0.0 && robust::orient2d(point(a), point(b), point(c)).abs() <= 0.0
}

fn closing_spike(ring: &[Coord<f64>]) -> bool {
    ring.len() >= 4 && is_spike(&[ring[ring.len() - 2], ring[0], ring[1]])
}

fn without_spikes(ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    let mut open = ring;
    open.pop();
    loop {
        let count = open.len();
        if count < 3 {
            break;
        }
        let spike = (0..count)
            .find(|at| is_spike(&[open[(at + count - 1) % count], open[*at], open[(at + 1) % count]]));
        let Some(at) = spike else { break };
        open.remove(at);
        let count = open.len();
        let before = (at + count - 1) % count;
        if open[before] == open[at % count] {
            open.remove(at % count);
        }
    }
    open.extend(open.first().copied());
    open
}

/// Twice the signed area in square degrees, counted from the first vertex so that nothing large cancels.
pub(crate) fn doubled_area(ring: &[Coord<f64>]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    ring.windows(2)
        .map(|pair| {
            (pair[0].x - origin.x) * (pair[1].y - origin.y) - (pair[1].x - origin.x) * (pair[0].y - origin.y)
        })
        .sum()
}

fn area(polygons: &[Polygon<f64>]) -> f64 {
    polygons
        .iter()
        .map(|polygon| {
            let holes: f64 = polygon.interiors().iter().map(|hole| doubled_area(&hole.0).abs()).sum();
            doubled_area(&polygon.exterior().0).abs() - holes
        })
        .sum()
}

/// The same area with valid rings, if there is one that is the same area within a ten-thousandth under every way of
/// reading the rings.
pub(super) fn rebuilt(polygons: &[Polygon<f64>]) -> Option<Vec<Polygon<f64>>> {
    let by_parity = resolve(polygons, FillRule::EvenOdd, STEPS_PER_DEGREE);
    let by_winding = resolve(polygons, FillRule::NonZero, STEPS_PER_DEGREE);
    let (as_given, parity, winding) = (area(polygons), area(&by_parity), area(&by_winding));
    let allowed = MOST_AREA_CHANGE * as_given.abs();
    let close = |other: f64| (other - as_given).abs() <= allowed;
    if !close(parity) || !close(winding) || by_parity.is_empty() {
        return None;
    }
    let mut repairs = Repairs::new();
    let tidied: Vec<Polygon<f64>> = by_parity.into_iter().map(|part| tidy(part, &mut repairs)).collect();
    first_defect(&tidied).is_none().then_some(tidied)
}

/// The ground that areas cover together, in any unit: `steps_per_unit` says how fine. Areas side by side become one.
pub(crate) fn dissolved(polygons: &[Polygon<f64>], steps_per_unit: f64) -> Vec<Polygon<f64>> {
    // Areas that run either way round count alike.
    let turned: Vec<Polygon<f64>> =
        polygons.iter().map(|polygon| tidy(polygon.clone(), &mut Repairs::new())).collect();
    resolve(&turned, FillRule::NonZero, steps_per_unit)
}

#[expect(clippy::cast_possible_truncation, reason = "180 degrees or 20,000 km are below 2^48 steps")]
fn resolve(polygons: &[Polygon<f64>], fill: FillRule, steps_per_unit: f64) -> Vec<Polygon<f64>> {
    let step = |coord: &Coord<f64>| {
        IntPoint::new((coord.x * steps_per_unit).round() as i64, (coord.y * steps_per_unit).round() as i64)
    };
    let contours: Vec<Vec<IntPoint<i64>>> = polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(|ring| ring.0[..ring.0.len().saturating_sub(1)].iter().map(step).collect())
        .collect();
    let mut overlay = Overlay::<i64>::from_subj(&contours);
    overlay.options = IntOverlayOptions { ogc: true, ..IntOverlayOptions::keep_all_points() };
    let shapes = overlay.overlay(OverlayRule::Subject, fill).into_iter();
    shapes.filter_map(|shape| polygon_of(shape, steps_per_unit)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "steps are below 2^53")]
fn polygon_of(shape: Vec<Vec<IntPoint<i64>>>, steps_per_unit: f64) -> Option<Polygon<f64>> {
    let mut rings = shape.into_iter().map(|contour| {
        let mut coords: Vec<Coord<f64>> = contour
            .iter()
            .map(|point| Coord { x: point.x as f64 / steps_per_unit, y: point.y as f64 / steps_per_unit })
            .collect();
        coords.extend(coords.first().copied());
        LineString(coords)
    });
    let outer = rings.next()?;
    Some(Polygon::new(outer, rings.collect()))
}

#[cfg(test)]
mod tests {
    use geo_types::Geometry;

    use super::*;
    use crate::readers::wkt::parse_wkt;

    fn polygon(text: &str) -> Polygon<f64> {
        match parse_wkt(text).unwrap().geometry {
            Geometry::Polygon(polygon) => polygon,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn small_defects_go_without_moving_the_border() {
        for (text, done) in [
            ("POLYGON((0 0,4 0,4 0,4 4,0 4,0 0))", vec!["repeated_vertex"]),
            ("POLYGON((0 0,4 0,4 4,2 4,2 6,2 4,0 4,0 0))", vec!["spike"]),
            ("POLYGON((0 0,0 -2,0 0,4 0,4 4,0 4,0 0))", vec!["spike"]),
            ("POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 2,1 1))", vec!["spike", "empty_hole"]),
            ("POLYGON((0 0,0 4,4 4,4 0,0 0))", vec![]),
        ] {
            let mut repairs = Repairs::new();
            let tidied = tidy(polygon(text), &mut repairs);
            assert_eq!(repairs, done, "{text}");
            assert_eq!(first_defect(std::slice::from_ref(&tidied)), None, "{text} {tidied:?}");
            assert!((area(&[tidied]) - 32.0).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn an_area_that_touches_itself_becomes_parts_of_the_same_area() {
        for text in ["POLYGON((0 0,4 0,2 2,4 4,0 4,2 2,0 0))", "POLYGON((0 0,2 2,4 0,4 4,2 2,0 4,0 0))"] {
            assert_eq!(rebuilt(&[polygon(text)]).map(|parts| parts.len()), Some(2), "{text}");
        }
    }

    #[test]
    fn a_bow_tie_is_left_alone_because_nobody_knows_what_it_was() {
        assert_eq!(rebuilt(&[polygon("POLYGON((0 0,4 4,4 0,0 4,0 0))")]), None);
    }

    #[test]
    fn a_loop_of_almost_no_area_is_cut_off() {
        let text = "POLYGON((0 0,4 0,4 4,2 4,2.0001 4.0001,2 4.0001,2.0001 4,0 4,0 0))";
        assert!(rebuilt(&[polygon(text)]).is_some());
    }
}
