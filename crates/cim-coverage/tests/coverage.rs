//! Building, checking and deriving small layers whose outcome is known.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod sample_layers;

use cim_coverage::{
    Coverage, CoverageRule, Face, FaceId, LatticePolygon, LayerUnit, area_m2, build, colour_indexes,
    doubled_area, label_point,
};
use cim_crs::LatticePoint;
use sample_layers::{BentGrid, CELL, ORIGIN, point, polygon, rectangle, unit};

/// A rectangle in metres, roughly, from the origin.
fn block(key: &str, west: i64, south: i64, east: i64, north: i64) -> LayerUnit {
    let (x, y) = (ORIGIN.x, ORIGIN.y);
    unit(
        key,
        vec![polygon(rectangle(x + west * 1_000, y + south * 1_000, x + east * 1_000, y + north * 1_000))],
    )
}

fn rules(units: &[LayerUnit]) -> Vec<CoverageRule> {
    let built = build(units, &[]);
    let mut rules: Vec<CoverageRule> = built.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(built.coverage.is_some(), rules.iter().all(|rule| rule.is_note()), "{:?}", built.findings);
    rules.sort_unstable();
    rules
}

fn built(base: &[LayerUnit], overlay: &[LayerUnit]) -> Coverage {
    let built = build(base, overlay);
    assert!(built.coverage.is_some(), "unclean: {:?}", built.findings);
    let coverage = built.coverage.unwrap();
    assert_eq!(coverage.validate(), vec![]);
    coverage
}

#[test]
fn two_neighbours_share_one_arc() {
    let coverage = built(
        &[
            unit("west", vec![polygon(vec![point(0, 0), point(10, 0), point(10, 10), point(0, 10)])]),
            unit("east", vec![polygon(vec![point(10, 0), point(20, 0), point(20, 10), point(10, 10)])]),
        ],
        &[],
    );
    assert_eq!(coverage.faces, [Face { base: 0, overlay: None }, Face { base: 1, overlay: None }]);
    assert_eq!(coverage.arcs.len(), 3);
    let shared = coverage.arcs.iter().find(|arc| arc.left.is_some() && arc.right.is_some()).unwrap();
    assert_eq!(shared.points, [point(10, 0), point(10, 10)]);
    assert_eq!((shared.left, shared.right), (Some(FaceId(0)), Some(FaceId(1))));
}

#[test]
fn rings_may_be_wound_either_way_and_repeat_points() {
    let mut ring = rectangle(0, 0, 10, 10);
    ring.reverse();
    ring.push(ring[0]);
    let coverage = built(&[unit("a", vec![polygon(ring)])], &[]);
    assert_eq!(coverage.polygon_of(|_, _| true), [polygon(rectangle(0, 0, 10, 10))]);
}

#[test]
fn an_island_in_a_hole_has_its_own_face() {
    let ring_around =
        LatticePolygon { outer: rectangle(0, 0, 100, 100), holes: vec![rectangle(20, 20, 80, 80)] };
    let inner = LatticePolygon { outer: rectangle(20, 20, 80, 80), holes: vec![rectangle(40, 40, 60, 60)] };
    let units = [
        unit("around", vec![ring_around]),
        unit("inner", vec![inner]),
        unit("core", vec![polygon(rectangle(40, 40, 60, 60))]),
    ];
    let coverage = built(&units, &[]);
    assert_eq!(coverage.faces.len(), 3);
    let around = coverage.polygon_of(|_, face| face.base == 0);
    assert_eq!(around.len(), 1);
    assert_eq!(doubled_area(&around[0]), 2 * (100 * 100 - 60 * 60));
    assert_eq!(coverage.polygon_of(|_, _| true), [polygon(rectangle(0, 0, 100, 100))]);
    assert_eq!(coverage.polygon_of(|_, face| face.base != 1).len(), 2);
}

#[test]
fn a_unit_in_two_pieces_has_two_faces() {
    let mut units = [block("a", 0, 0, 10, 10), block("b", 10, 0, 20, 10)];
    units[0].polygons.extend(block("a", 20, 0, 30, 10).polygons);
    let coverage = built(&units, &[]);
    assert_eq!(coverage.faces.iter().filter(|face| face.base == 0).count(), 2);
    assert_eq!(
        coverage.polygons_by(2, |_, face| Some(face.base)).iter().map(Vec::len).collect::<Vec<_>>(),
        [2, 1]
    );
}

#[test]
fn pieces_of_one_unit_that_touch_along_a_line_are_one_face() {
    let mut units = [block("a", 0, 0, 10, 10), block("b", 0, 10, 20, 20)];
    units[0].polygons.extend(block("a", 10, 0, 20, 10).polygons);
    units[1].polygons[0].outer.insert(1, point(ORIGIN.x + 10_000, ORIGIN.y + 10_000));
    assert_eq!(built(&units, &[]).faces.len(), 2);
}

#[test]
fn pieces_that_touch_in_a_point_stay_two_polygons() {
    let mut unit = block("a", 0, 0, 10, 10);
    unit.polygons.extend(block("a", 10, 10, 20, 20).polygons);
    let coverage = built(&[unit, block("b", 10, 0, 20, 10)], &[]);
    assert_eq!(coverage.polygon_of(|_, face| face.base == 0).len(), 2);
    assert_eq!(coverage.polygon_of(|_, _| true).len(), 1);
}

#[test]
fn a_hole_that_touches_the_border_in_a_point_stays_a_hole() {
    let triangle = vec![point(0, 50), point(30, 40), point(30, 60)];
    let mut outer = rectangle(0, 0, 100, 100);
    outer.push(point(0, 50));
    let holed = LatticePolygon { outer, holes: vec![triangle.clone()] };
    let coverage = built(&[unit("around", vec![holed]), unit("in", vec![polygon(triangle)])], &[]);
    let around = coverage.polygon_of(|_, face| face.base == 0);
    assert_eq!((around.len(), around[0].holes.len()), (1, 1));
    assert_eq!(doubled_area(&around[0]), 20_000 - 600);
}

#[test]
fn a_vertex_exactly_on_an_edge_is_inserted_there() {
    let coverage =
        built(&[block("a", 0, 0, 20, 10), block("b", 0, 10, 10, 20), block("c", 10, 10, 20, 20)], &[]);
    let south = coverage.polygon_of(|_, face| face.base == 0);
    assert_eq!(south[0].outer.len(), 5);
}

#[test]
fn an_overlap_is_named_with_its_area() {
    let units = [block("a", 0, 0, 60, 50), block("b", 50, 0, 100, 50)];
    assert_eq!(rules(&units), [CoverageRule::Overlap]);
    let finding = &build(&units, &[]).findings[0];
    assert_eq!(finding.units, ["a", "b"]);
    let expected = area_m2(&block("", 50, 0, 60, 50).polygons[0]);
    assert!((finding.area_m2 - expected).abs() < 1e-3, "{finding}");
}

#[test]
fn a_narrow_hole_is_a_gap_and_a_wide_one_an_enclave() {
    let holed = |west, east| {
        let mut unit = block("a", 0, 0, 200, 100);
        unit.polygons[0].holes = vec![block("", west, 20, east, 80).polygons[0].outer.clone()];
        unit
    };
    assert_eq!(rules(&[holed(50, 52)]), [CoverageRule::Gap]);
    assert_eq!(rules(&[holed(50, 120)]), [CoverageRule::Enclave]);
}

#[test]
fn a_border_that_crosses_itself_is_named() {
    let bow_tie = vec![point(0, 0), point(100_000, 100_000), point(100_000, 0), point(0, 90_000)];
    assert_eq!(rules(&[unit("a", vec![polygon(bow_tie)])]), [CoverageRule::SelfIntersection]);
}

#[test]
fn a_vertex_that_missed_the_edge_by_a_step_is_a_t_junction() {
    let mut units = [block("a", 0, 0, 21, 10), block("b", 0, 10, 10, 20), block("c", 10, 10, 21, 20)];
    for unit in &mut units[1..] {
        for vertex in unit.polygons[0]
            .outer
            .iter_mut()
            .filter(|vertex| **vertex == point(ORIGIN.x + 10_000, ORIGIN.y + 10_000))
        {
            vertex.y += 1;
        }
    }
    assert_eq!(rules(&units), [CoverageRule::TJunction]);
}

#[test]
fn equal_keys_and_empty_rings_are_named() {
    let units = [block("a", 0, 0, 10, 10), block("a", 10, 0, 20, 10)];
    assert_eq!(rules(&units), [CoverageRule::DuplicateKey]);
    let mut collapsed = block("b", 0, 0, 10, 10);
    collapsed.polygons.push(polygon(vec![point(0, 0), point(5, 5)]));
    assert_eq!(rules(&[collapsed]), [CoverageRule::RingCollapsed]);
}

#[test]
fn an_overlay_splits_the_faces_it_cuts_and_keeps_the_base_areas() {
    let grid = BentGrid::new(6, 6, 3, 7).cells();
    let park = block("park", 150, 150, 430, 390);
    let coverage = built(&grid, std::slice::from_ref(&park));
    let plain = built(&grid, &[]);
    assert!(coverage.faces.len() > plain.faces.len());
    let in_park = coverage.polygon_of(|_, face| face.overlay == Some(0));
    assert_eq!(in_park.len(), 1);
    let moved = (area_m2(&in_park[0]) - area_m2(&park.polygons[0])).abs();
    assert!(moved < 1.0, "the park changed by {moved} m2");
    for base in 0..36 {
        let area = |coverage: &Coverage| {
            coverage.polygon_of(|_, face| face.base == base).iter().map(area_m2).sum::<f64>()
        };
        assert!((area(&coverage) - area(&plain)).abs() < 0.2, "cell {base}");
    }
}

#[test]
fn an_overlay_outside_the_base_or_upon_itself_is_named() {
    let base = [block("a", 0, 0, 100, 100)];
    let outside = build(&base, &[block("park", 50, 50, 150, 60)]);
    assert_eq!(
        outside.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
        [CoverageRule::OutsideBase]
    );
    let twice = build(&base, &[block("park", 10, 10, 50, 50), block("school", 40, 10, 60, 50)]);
    assert_eq!(
        twice.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
        [CoverageRule::Overlap]
    );
}

#[test]
fn a_damaged_coverage_is_recognised() {
    let whole = built(&BentGrid::new(4, 4, 2, 3).cells(), &[]);
    let damaged = |damage: &dyn Fn(&mut Coverage)| {
        let mut coverage = whole.clone();
        damage(&mut coverage);
        assert_ne!(coverage.validate(), vec![]);
    };
    damaged(&|coverage| coverage.arcs[5].left = coverage.arcs[9].left);
    damaged(&|coverage| drop(coverage.arcs.pop()));
    damaged(&|coverage| coverage.arcs[7].points[1] = point(ORIGIN.x + 3 * CELL, ORIGIN.y + 3 * CELL));
    damaged(&|coverage| coverage.faces.push(Face { base: 99, overlay: None }));
    damaged(&|coverage| coverage.arcs.push(coverage.arcs[3].clone()));
    damaged(&|coverage| {
        for arc in &mut coverage.arcs {
            std::mem::swap(&mut arc.left, &mut arc.right);
        }
    });
}

#[test]
fn an_island_outside_its_face_is_recognised() {
    let around = LatticePolygon { outer: rectangle(0, 0, 100, 100), holes: vec![rectangle(40, 40, 60, 60)] };
    let mut coverage =
        built(&[unit("a", vec![around]), unit("b", vec![polygon(rectangle(40, 40, 60, 60))])], &[]);
    let island = coverage.arcs.iter_mut().find(|arc| arc.points[0] == point(40, 40)).unwrap();
    for vertex in &mut island.points {
        vertex.x += 200;
    }
    assert_ne!(coverage.validate(), vec![]);
}

#[test]
fn an_area_is_that_of_the_ellipsoid() {
    // GeographicLib by pyproj 3.7.2: geometry_area_perimeter of this square of 0.01 degree at 121 E, 31.8 N on GRS 80.
    let square = rectangle(12_100_000_000, 3_180_000_000, 12_101_000_000, 3_181_000_000);
    let area = area_m2(&polygon(square));
    assert!((area - 1_049_983.555).abs() < 1.0, "{area}");
}

#[test]
fn a_label_lies_inside_and_far_from_the_border() {
    let mut outer = rectangle(0, 0, 1_000_000, 1_000_000);
    outer.insert(2, point(1_000_000, 100_000));
    outer.insert(3, point(100_000, 100_000));
    outer.insert(4, point(100_000, 1_000_000));
    outer.truncate(5);
    outer.push(point(0, 1_000_000));
    let found = label_point(&[polygon(outer)]).unwrap();
    assert!(found.x < 120_000 && found.y < 120_000, "{found:?}");
    assert_eq!(label_point(&[]), None);
}

#[test]
fn neighbours_have_different_colours_and_equal_input_equal_ones() {
    let grid = BentGrid::new(12, 12, 1, 5)
        .units(|row, column| format!("{}-{}", row / 2, (column + row / 2 % 2).div_euclid(2)));
    let coverage = built(&grid, &[]);
    let neighbours = coverage.neighbours(grid.len(), |_, face| Some(face.base));
    let colours = colour_indexes(&neighbours);
    assert!(colours.iter().all(|colour| *colour < 5));
    for (unit, others) in neighbours.iter().enumerate() {
        assert!(!others.is_empty());
        for other in others {
            assert_ne!(colours[unit], colours[*other as usize]);
        }
    }
    assert_eq!(colours, colour_indexes(&neighbours));
}

#[test]
fn thinned_arcs_keep_nodes_and_stay_a_partition() {
    let grid = BentGrid::new(5, 5, 30, 11).cells();
    let coverage = built(&grid, &[]);
    for tolerance_m in [1.0, 10.0, 100.0, 1_000.0] {
        let thinned = coverage.simplify_arcs(tolerance_m);
        let mut smaller = coverage.clone();
        for (arc, points) in smaller.arcs.iter_mut().zip(thinned) {
            assert_eq!(arc.points.first(), points.first());
            assert_eq!(arc.points.last(), points.last());
            arc.points = points;
        }
        assert_eq!(smaller.validate(), vec![], "at {tolerance_m} m");
        let count = |coverage: &Coverage| coverage.arcs.iter().map(|arc| arc.points.len()).sum::<usize>();
        assert!(count(&smaller) <= count(&coverage));
    }
    let coarse: usize = coverage.simplify_arcs(100.0).iter().map(Vec::len).sum();
    assert_eq!(coarse, coverage.arcs.len() * 2, "straight sides need their ends only");
}

#[test]
fn thinning_never_moves_an_island_to_the_other_side() {
    // A bay as deep as 500 m with an island in it, held apart from the sea by a border that would be cut straight.
    let at = |x: i64, y: i64| point(ORIGIN.x + x * 1_000, ORIGIN.y + y * 1_000);
    let south = vec![
        at(0, 0),
        at(1_000, 0),
        at(1_000, 1_000),
        at(600, 1_000),
        at(500, 500),
        at(400, 1_000),
        at(0, 1_000),
    ];
    let island = vec![at(495, 900), at(505, 900), at(505, 910), at(495, 910)];
    let north = LatticePolygon {
        outer: vec![
            at(0, 1_000),
            at(400, 1_000),
            at(500, 500),
            at(600, 1_000),
            at(1_000, 1_000),
            at(1_000, 2_000),
            at(0, 2_000),
        ],
        holes: vec![island.clone()],
    };
    let units = [
        unit("south", vec![polygon(south)]),
        unit("north", vec![north]),
        unit("island", vec![polygon(island)]),
    ];
    let coverage = built(&units, &[]);
    let mut thinned = coverage.clone();
    for (arc, points) in thinned.arcs.iter_mut().zip(coverage.simplify_arcs(2_000.0)) {
        arc.points = points;
    }
    assert_eq!(thinned.validate(), vec![]);
}

#[test]
fn coordinates_all_over_the_world_stay_exact() {
    let far = |x: i64, y: i64| LatticePoint { x, y };
    let (west, east, south, north) = (-18_000_000_000, 18_000_000_000, -9_000_000_000, 9_000_000_000);
    let middle = far(123, 456);
    let corners = [far(west, south), far(east, south), far(east, north), far(west, north)];
    let units: Vec<LayerUnit> = (0..4)
        .map(|side| {
            unit(&side.to_string(), vec![polygon(vec![corners[side], corners[(side + 1) % 4], middle])])
        })
        .collect();
    let coverage = built(&units, &[]);
    assert_eq!(coverage.faces.len(), 4);
    let total: i128 =
        coverage.polygons_by(4, |_, face| Some(face.base)).iter().flatten().map(doubled_area).sum();
    assert_eq!(total, 2 * 36_000_000_000 * 18_000_000_000);
}
