//! Every rule by example: the refusal names it, the units and the place, and says what to do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod nested_grid;
mod sample_layers;
mod squares;

use cim_coverage::{EditRule, Level, Operation, Refusal, Topology, UnitNo};
use nested_grid::{closed, topology};
use sample_layers::{ORIGIN, point, polygon, unit};
use squares::{arc_between, at, carve, islands, no, node_at, outline_arc, split, square, squares};

/// What comes of an operation that must be refused by a rule.
fn refused(topology: &Topology, operation: &Operation, rule: EditRule) -> Refusal {
    let before = topology.clone();
    let refusal = topology.apply(operation, &closed()).unwrap_err();
    assert_eq!(refusal.rule, rule, "{}", refusal.message);
    assert_eq!(&before, topology);
    assert!(!refusal.message.ends_with('.') && refusal.message.contains([',', ';']), "{}", refusal.message);
    refusal
}

fn names(topology: &Topology, refusal: &Refusal, codes: &[&str]) {
    let mut expected: Vec<UnitNo> = codes.iter().map(|code| no(topology, code)).collect();
    expected.sort_unstable();
    assert_eq!(refusal.units, expected, "{}", refusal.message);
}

#[test]
fn what_does_not_exist_cannot_be_changed() {
    let start = squares();
    let arc = arc_between(&start, "a1.1", "a1.2");
    let missing = cim_coverage::ArcNo(999);
    refused(&start, &Operation::DeleteVertex { arc: missing, index: 1 }, EditRule::NoSuchElement);
    refused(&start, &Operation::Retire { unit: UnitNo(999) }, EditRule::NoSuchElement);
    let node = cim_coverage::NodeNo(999);
    refused(&start, &Operation::MoveNode { node, to: at(1, 1) }, EditRule::NoSuchElement);
    let refusal =
        refused(&start, &Operation::MoveVertex { arc, index: 1, to: at(1, 1) }, EditRule::NoSuchVertex);
    assert_eq!(refusal.geometry, [[at(10, 0), at(10, 10)]]);
    refused(&start, &Operation::InsertVertex { arc, index: 0, at: at(1, 1) }, EditRule::NoSuchVertex);
}

#[test]
fn borders_cannot_cross() {
    let start = squares();
    let arc = arc_between(&start, "a1.1", "a1.2");
    let refusal =
        refused(&start, &Operation::InsertVertex { arc, index: 1, at: at(5, 15) }, EditRule::BorderCrossing);
    names(&start, &refusal, &["a1.1", "a1.2", "a1.3"]);
    assert_eq!(refusal.geometry.len(), 2);
    let line = vec![at(10, 9), at(12, 3), at(12, 6), at(10, 1)];
    let reshape = Operation::Reshape { arc, line, snap_m: 0.5 };
    names(&start, &refused(&start, &reshape, EditRule::SelfCrossing), &[]);
    let bent =
        start.apply(&Operation::InsertVertex { arc, index: 1, at: at(13, 5) }, &closed()).unwrap().topology;
    let bent =
        bent.apply(&Operation::InsertVertex { arc, index: 2, at: at(13, 7) }, &closed()).unwrap().topology;
    let refusal =
        refused(&bent, &Operation::MoveVertex { arc, index: 2, to: at(14, 1) }, EditRule::SelfCrossing);
    names(&start, &refusal, &["a1.1", "a1.2"]);
    let (from, to) = (node_at(&start, at(10, 10)), at(20, 10));
    refused(&start, &Operation::MoveNode { node: from, to }, EditRule::BorderCrossing);
    let touching = Operation::InsertVertex { arc, index: 1, at: at(10, 20) };
    refused(&start, &touching, EditRule::BorderCrossing);
}

#[test]
fn borders_cannot_pass_over_an_island() {
    let start = islands();
    let line = vec![at(30, 30), at(29, 12), at(30, 10)];
    let arc = arc_between(&start, "a1.1", "a1.2");
    let bent = start.apply(&Operation::Reshape { arc, line, snap_m: 0.5 }, &closed()).unwrap().topology;
    let index = bent.arc(arc).unwrap().points.iter().position(|point| *point == at(29, 12)).unwrap();
    refused(&bent, &Operation::MoveVertex { arc, index, to: at(12, 20) }, EditRule::BorderCrossing);
    let park = squares();
    let park = park.apply(&carve(square(6, 4, 8, 6)), &closed()).unwrap().topology;
    let arc = arc_between(&park, "a1.1", "a1.2");
    let park =
        park.apply(&Operation::InsertVertex { arc, index: 1, at: at(11, 9) }, &closed()).unwrap().topology;
    let line = vec![at(10, 0), at(3, 3), at(3, 7), at(11, 9)];
    let refusal = refused(&park, &Operation::Reshape { arc, line, snap_m: 0.5 }, EditRule::IslandCrossed);
    assert_eq!(refusal.geometry.len(), 1);
    assert!(refusal.units.contains(&no(&park, "a1.1")));
}

#[test]
fn ground_cannot_become_too_small() {
    let start = squares();
    let arc = arc_between(&start, "a1.1", "a1.2");
    refused(&start, &Operation::InsertVertex { arc, index: 1, at: at(10, 0) }, EditRule::TooSmall);
    refused(&start, &split(&start, "a1.2", vec![at(10, 9), at(11, 10)]), EditRule::TooSmall);
    let ring = [at(2, 2), at(3, 2), at(2, 3)].map(|point| cim_crs::LatticePoint { x: point.x, ..point });
    refused(&start, &carve(ring.to_vec()), EditRule::TooSmall);
    let ring = islands();
    let arc = arc_between(&ring, "a1.2", "a1.3");
    let triangle = ring.apply(&Operation::DeleteVertex { arc, index: 1 }, &closed()).unwrap().topology;
    refused(&triangle, &Operation::DeleteVertex { arc, index: 1 }, EditRule::TooSmall);
}

/// A slanting border under an hourglass whose waist, a junction of the grids above it, is half a lattice step higher.
#[test]
fn a_crossing_that_rounds_onto_the_waist_of_a_neighbour_does_not_cut_it_in_two() {
    let ring = |places: &[(i64, i64)]| {
        vec![polygon(places.iter().map(|(x, y)| point(ORIGIN.x + x, ORIGIN.y + y)).collect())]
    };
    let (low, waist) = ((100_000, 1), (50_000, 1));
    let start = topology(&[
        unit("a1.1", ring(&[(0, -100_000), (100_000, -100_000), low, (0, 0)])),
        unit("a1.2", ring(&[(0, 0), low, (100_000, 100_001), waist, (0, 100_000)])),
        unit("a1.3", ring(&[(0, 100_000), waist, (50_000, 100_000)])),
        unit("a1.4", ring(&[(50_000, 100_000), waist, (100_000, 100_001)])),
    ]);
    assert_eq!(start.validate(), []);
    let down = |x: i64| split(&start, "a1.1", vec![at(x, -110), at(x, 10)]);
    names(&start, &refused(&start, &down(50), EditRule::NotContiguous), &["a1.2"]);
    assert_eq!(start.apply(&down(45), &closed()).unwrap().topology.validate(), []);
}

#[test]
fn the_locked_outline_keeps_its_shape() {
    let start = squares();
    let arc = outline_arc(&start, "a1.2");
    let refusal =
        refused(&start, &Operation::InsertVertex { arc, index: 1, at: at(15, 1) }, EditRule::OutlineLocked);
    names(&start, &refusal, &["a1.2"]);
    let node = node_at(&start, at(20, 0));
    refused(&start, &Operation::MoveNode { node, to: at(21, 0) }, EditRule::OutlineLocked);
    // A slanted outline without a point within 5 m of where the line meets it.
    let open = nested_grid::open();
    let wide =
        start.apply(&Operation::InsertVertex { arc, index: 1, at: at(14, -40) }, &open).unwrap().topology;
    let line = vec![at(11, 15), at(13, -7), at(30, -19)];
    refused(&wide, &split(&wide, "a1.2", line), EditRule::OutlineLocked);
}

#[test]
fn an_overlay_lies_in_the_city_and_beside_others() {
    let start = squares();
    let refusal = refused(&start, &carve(square(-2, 2, 5, 5)), EditRule::OutsideCity);
    assert_eq!(refusal.geometry.len(), 1);
    refused(&start, &carve(square(-5, -5, 50, 30)), EditRule::OutsideCity);
    refused(&start, &carve(square(100, 100, 120, 120)), EditRule::OutsideCity);
    let carved = start.apply(&carve(square(2, 2, 8, 8)), &closed()).unwrap().topology;
    let refusal = refused(&carved, &carve(square(7, 7, 15, 15)), EditRule::OverlayOverlap);
    assert_eq!(refusal.units, [carved.unit_by_code(Level::OVERLAY, "a1.1").unwrap()]);
    let beside = carved.apply(&carve(square(8, 2, 9, 8)), &closed()).unwrap();
    assert_eq!(beside.topology.validate(), vec![]);
    refused(&start, &carve(vec![at(2, 2), at(8, 8), at(8, 2), at(2, 6)]), EditRule::SelfCrossing);
}

#[test]
fn a_line_must_divide_and_lie_on_its_border() {
    let start = squares();
    let refusal = refused(&start, &split(&start, "a1.2", vec![at(12, 5), at(18, 5)]), EditRule::LineMisses);
    names(&start, &refusal, &["a1.2"]);
    assert_eq!(refusal.geometry, [[at(12, 5), at(18, 5)]]);
    refused(&start, &split(&start, "a1.2", vec![at(25, -5), at(25, 25)]), EditRule::LineMisses);
    let ring = islands();
    refused(&ring, &split(&ring, "a1.1", vec![at(-5, 20), at(12, 20)]), EditRule::LineMisses);
    let arc = arc_between(&start, "a1.1", "a1.2");
    let reshape = Operation::Reshape { arc, line: vec![at(12, 2), at(12, 8)], snap_m: 0.5 };
    refused(&start, &reshape, EditRule::LineOffArc);
}

#[test]
fn levels_and_parents_must_fit() {
    let start = squares();
    let unit = |code: &str| no(&start, code);
    let merge = |into: &str, from: &str| Operation::Merge {
        into: unit(into),
        from: vec![unit(from)],
        allow_parts: false,
    };
    refused(&start, &merge("a1.1", "a2"), EditRule::WrongLevel);
    let refusal = refused(&start, &merge("a1.2", "a2.1"), EditRule::DifferentParents);
    names(&start, &refusal, &["a1.2", "a2.1", "a1", "a2"]);
    names(&start, &refused(&start, &merge("a1.1", "a1.4"), EditRule::NotContiguous), &["a1.1", "a1.4"]);
    refused(&start, &merge("a1.1", "a1.1"), EditRule::NothingChanges);
    let reassign = |units: &[&str], to: &str| Operation::Reassign {
        units: units.iter().map(|code| unit(code)).collect(),
        to: unit(to),
        allow_parts: false,
    };
    refused(&start, &reassign(&["a1.1", "a2"], "a2"), EditRule::WrongLevel);
    refused(&start, &reassign(&["a1.1"], "b"), EditRule::WrongLevel);
    refused(&start, &reassign(&["a2.1"], "b1"), EditRule::DifferentParents);
    names(&start, &refused(&start, &reassign(&["a1.1"], "a2"), EditRule::NotContiguous), &["a2"]);
    names(&start, &refused(&start, &reassign(&["a2.1", "a2.2"], "a1"), EditRule::NothingLeft), &["a2"]);
    refused(&start, &reassign(&["a1.1"], "a1"), EditRule::NothingChanges);
    let reparent = |code: &str, parent: &str| Operation::Reparent { unit: unit(code), parent: unit(parent) };
    refused(&start, &reparent("a", "a1"), EditRule::WrongParent);
    refused(&start, &reparent("a1", "a2"), EditRule::WrongParent);
    refused(&start, &reparent("b1", "a"), EditRule::NothingLeft);
    refused(&start, &reparent("b1", "b"), EditRule::NothingChanges);
    names(
        &start,
        &refused(&start, &Operation::Retire { unit: unit("a1.1") }, EditRule::StillInUse),
        &["a1.1"],
    );
    let carved = start.apply(&carve(square(2, 2, 8, 8)), &closed()).unwrap().topology;
    let park = carved.unit_by_code(Level::OVERLAY, "a1.1").unwrap();
    let line = vec![at(0, 5), at(10, 5)];
    let split = Operation::Split { unit: park, line, snap_m: 0.5, name: None, code: None };
    refused(&carved, &split, EditRule::WrongLevel);
}

#[test]
fn codes_and_names_follow_their_rules() {
    let start = squares();
    let unit = no(&start, "a1.1");
    let recode = |code: &str| Operation::Recode { unit, code: Some(code.to_owned()) };
    let refusal = refused(&start, &recode("a1.2"), EditRule::CodeTaken);
    names(&start, &refusal, &["a1.1", "a1.2"]);
    refused(&start, &recode("used"), EditRule::CodeTaken);
    refused(&start, &recode("no!"), EditRule::CodeMalformed);
    refused(&start, &recode(" "), EditRule::CodeMalformed);
    refused(&start, &recode("a1.1"), EditRule::NothingChanges);
    refused(&start, &Operation::Rename { unit, name: "  ".to_owned() }, EditRule::NameMissing);
    refused(&start, &Operation::Rename { unit, name: "Unit a1.1".to_owned() }, EditRule::NothingChanges);
    let node = node_at(&start, at(10, 10));
    refused(&start, &Operation::MoveNode { node, to: at(10, 10) }, EditRule::NothingChanges);
}
