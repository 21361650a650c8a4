//! Every operation by example, on squares.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod nested_grid;
mod sample_layers;
mod squares;

use std::collections::BTreeMap;

use cim_coverage::{Applied, FaceNo, Level, LineageKind, Operation, Topology, UnitNo, doubled_area};
use nested_grid::{GRID, all_polygons, arcs_and_arcs_anew, closed, doubled_ground, open};
use squares::{arc_between, at, carve, islands, no, node_at, outline_arc, split, square, squares};

/// Does an operation that must succeed, and checks what every operation keeps.
fn done(topology: &Topology, operation: &Operation) -> Applied {
    let applied = topology.apply(operation, &closed()).unwrap();
    assert_eq!(applied.topology.validate(), vec![]);
    assert_eq!(doubled_ground(&applied.topology), doubled_ground(topology));
    assert_eq!(&applied.topology.with(&applied.delta.inverse()).unwrap(), topology);
    let (arcs, anew) = arcs_and_arcs_anew(&applied.topology);
    assert_eq!(arcs, anew);
    applied
}

fn changed_codes(before: &Topology, applied: &Applied) -> Vec<String> {
    let units = before.changed_units(&applied.topology, &applied.delta);
    let code = |unit: UnitNo| before.unit(unit).or(applied.topology.unit(unit)).unwrap().code.clone();
    units.into_iter().map(code).collect()
}

fn area(topology: &Topology, code: &str) -> i128 {
    topology.polygons_of(no(topology, code)).iter().map(doubled_area).sum::<i128>() / 2_000_000
}

#[test]
fn a_moved_border_changes_its_two_units_and_depends_on_itself_alone() {
    let start = squares();
    let arc = arc_between(&start, "a1.1", "a1.2");
    let inserted = done(&start, &Operation::InsertVertex { arc, index: 1, at: at(12, 5) });
    assert_eq!(changed_codes(&start, &inserted), ["a1.1", "a1.2"]);
    assert_eq!(inserted.footprint.arcs.iter().copied().collect::<Vec<_>>(), [arc]);
    assert!(inserted.footprint.nodes.is_empty() && inserted.footprint.faces.is_empty());
    let moved = done(&inserted.topology, &Operation::MoveVertex { arc, index: 1, to: at(8, 5) });
    let deleted = done(&moved.topology, &Operation::DeleteVertex { arc, index: 1 });
    assert_eq!(deleted.topology, start);
}

#[test]
fn two_borders_of_one_unit_that_move_do_not_conflict() {
    let start = squares();
    let east = arc_between(&start, "a1.1", "a1.2");
    let north = arc_between(&start, "a1.1", "a1.3");
    let one = done(&start, &Operation::InsertVertex { arc: east, index: 1, at: at(11, 5) });
    let other = done(&start, &Operation::InsertVertex { arc: north, index: 1, at: at(5, 11) });
    assert!(one.footprint.common(&other.footprint).is_empty());
    let both = one.topology.apply(&other.operation, &closed()).unwrap();
    assert_eq!(both.topology, one.topology.with(&other.delta).unwrap());
    assert_eq!(one.topology.with(&one.delta).unwrap_err().arcs.into_iter().collect::<Vec<_>>(), [east]);
}

#[test]
fn a_moved_junction_takes_all_its_borders_along() {
    let start = squares();
    let node = node_at(&start, at(10, 10));
    let moved = done(&start, &Operation::MoveNode { node, to: at(11, 12) });
    assert_eq!(moved.delta.arcs.len(), 4);
    assert_eq!(changed_codes(&start, &moved), ["a1.1", "a1.2", "a1.3", "a1.4"]);
}

#[test]
fn a_reshaped_border_follows_the_drawn_line_between_its_ends() {
    let start = squares();
    let arc = arc_between(&start, "a1.2", "a2.1");
    let line = vec![at(20, 8), at(22, 6), at(22, 4), at(20, 2)];
    let reshaped = done(&start, &Operation::Reshape { arc, line: line.clone(), snap_m: 0.5 });
    let mut points = reshaped.topology.arc(arc).unwrap().points[1..5].to_vec();
    points.sort_unstable();
    let mut drawn = line;
    drawn.sort_unstable();
    assert_eq!(points, drawn);
    assert_eq!(changed_codes(&start, &reshaped), ["a1", "a1.2", "a2", "a2.1"]);
}

#[test]
fn a_closed_border_can_be_reshaped_over_its_node() {
    let start = islands();
    let arc = arc_between(&start, "a1.2", "a1.3");
    assert_eq!(start.arc(arc).unwrap().points[0], at(15, 15));
    let line = vec![at(15, 20), at(13, 13), at(20, 15)];
    let reshaped = done(&start, &Operation::Reshape { arc, line, snap_m: 0.5 });
    assert!(reshaped.topology.arc(arc).unwrap().points.contains(&at(13, 13)));
    assert!(!reshaped.topology.arc(arc).unwrap().points.contains(&at(15, 15)));
    assert_eq!(reshaped.topology.arc(arc).unwrap().points.len(), 7);
    let node = node_at(&start, at(15, 15));
    let moved = done(&start, &Operation::MoveNode { node, to: at(14, 14) });
    assert_eq!(moved.topology.arc(arc).unwrap().points.first(), Some(&at(14, 14)));
}

#[test]
fn the_larger_side_of_a_split_keeps_number_and_code() {
    let start = squares();
    let applied = done(&start, &split(&start, "a1.2", vec![at(13, -5), at(13, 15)]));
    assert_eq!(area(&applied.topology, "a1.2"), 70);
    assert_eq!(area(&applied.topology, "a1.1"), 100);
    let Operation::Split { name, code, .. } = &applied.operation else { return };
    assert_eq!((name.as_deref(), code.as_deref()), (Some("Unit a1.2 (2)"), Some("a1.5")));
    assert_eq!(area(&applied.topology, "a1.5"), 30);
    let (old, new) = (no(&start, "a1.2"), no(&applied.topology, "a1.5"));
    let lineage: Vec<_> = applied.lineage.iter().map(|line| (line.kind, line.from, line.to)).collect();
    assert_eq!(lineage, [(LineageKind::Split, old, new)]);
    // The line's end is a new point of the outline, and so of all units there.
    assert_eq!(changed_codes(&start, &applied), ["a1.5", "a", "a1", "a1.2", "a1.4"]);
    let merged =
        done(&applied.topology, &Operation::Merge { into: old, from: vec![new], allow_parts: false });
    assert_eq!(area(&merged.topology, "a1.2"), 100);
    assert_eq!(merged.topology.arcs().count(), start.arcs().count());
}

#[test]
fn a_closed_line_divides_off_what_lies_inside_it() {
    let start = squares();
    let mut line = square(12, 2, 15, 5);
    line.push(line[0]);
    let applied = done(&start, &split(&start, "a1.2", line));
    assert_eq!((area(&applied.topology, "a1.2"), area(&applied.topology, "a1.5")), (91, 9));
    assert_eq!(applied.topology.polygons_of(no(&start, "a1.2"))[0].holes.len(), 1);
}

#[test]
fn a_split_from_corner_to_corner_and_a_merge_lead_back() {
    let start = squares();
    let applied = done(&start, &split(&start, "a1.2", vec![at(10, 0), at(20, 10)]));
    assert_eq!(area(&applied.topology, "a1.5"), 50);
    assert_eq!(changed_codes(&start, &applied), ["a1.5", "a1.2"]);
    let (old, new) = (no(&start, "a1.2"), no(&applied.topology, "a1.5"));
    let merged =
        done(&applied.topology, &Operation::Merge { into: old, from: vec![new], allow_parts: false });
    assert_eq!(merged.topology, start);
}

#[test]
fn a_line_snaps_to_a_vertex_and_is_carried_over_a_border_nearby() {
    let start = squares();
    let arc = arc_between(&start, "a1.1", "a1.2");
    let start = done(&start, &Operation::InsertVertex { arc, index: 1, at: at(10, 5) }).topology;
    let mut line = vec![at(10, 5), at(20, 5)];
    line[0].x += 200;
    line[0].y += 200;
    line[1].x -= 300;
    let applied = done(&start, &split(&start, "a1.2", line));
    assert!(applied.topology.nodes().any(|(_, place)| place == at(10, 5)));
    assert_eq!(area(&applied.topology, "a1.2") + area(&applied.topology, "a1.5"), 100);
    assert_eq!(applied.topology.arcs_at(node_at(&applied.topology, at(10, 5))).count(), 3);
}

#[test]
fn splitting_a_grid_divides_the_micro_grids_that_the_line_cuts() {
    let start = squares();
    let applied = done(&start, &split(&start, "a1", vec![at(-5, 4), at(20, 4)]));
    let state = &applied.topology;
    assert_eq!(state.units().count(), start.units().count() + 3);
    let new = no(state, "a.1");
    assert_eq!(state.children(new).count(), 2);
    assert_eq!(area(state, "a.1"), 80);
    assert_eq!(area(state, "a1"), 320);
    assert_eq!(area(state, "a1.1"), 60);
    assert_eq!(applied.lineage.iter().filter(|line| line.kind == LineageKind::Split).count(), 3);
}

#[test]
fn splitting_a_grid_along_a_border_moves_whole_micro_grids() {
    let start = squares();
    let applied = done(&start, &split(&start, "a1", vec![at(0, 10), at(20, 10)]));
    let state = &applied.topology;
    assert_eq!(state.arcs().count(), start.arcs().count());
    let new = no(state, "a.1");
    let children: Vec<&str> =
        state.children(new).map(|unit| state.unit(unit).unwrap().code.as_str()).collect();
    assert_eq!(children, ["a1.1", "a1.2"]);
    assert!(applied.lineage.iter().any(|line| line.kind == LineageKind::Reparent));
}

#[test]
fn an_overlay_inside_a_face_is_a_closed_border_and_goes_without_trace() {
    let start = squares();
    let carved = done(&start, &carve(square(2, 2, 8, 8)));
    let state = &carved.topology;
    let Operation::Carve { parent, code, .. } = &carved.operation else { return };
    assert_eq!((*parent, code.as_deref()), (Some(no(&start, "a1")), Some("a1.1")));
    let park = state.unit_by_code(Level::OVERLAY, "a1.1").unwrap();
    assert_eq!((state.faces_of(park).len(), state.border_of(park).len()), (1, 1));
    assert_eq!(state.children(no(&start, "a1")).count(), 5);
    assert_eq!(state.base_units_of(park), []);
    assert_eq!(all_polygons(state)[&no(&start, "a1.1")].len(), 1);
    let retired = done(state, &Operation::Retire { unit: park });
    assert_eq!(retired.topology, start);
}

#[test]
fn an_overlay_over_many_units_takes_ground_of_each() {
    let start = squares();
    let carved = done(&start, &carve(square(5, 5, 25, 15)));
    let state = &carved.topology;
    let Operation::Carve { parent, .. } = &carved.operation else { return };
    assert_eq!(*parent, Some(no(&start, "a")));
    assert_eq!(carved.lineage.len(), 6);
    assert_eq!(state.faces().count(), 8 + 6);
    let park = state.unit_by_code(Level::OVERLAY, "a.1").unwrap();
    assert_eq!(state.part_count(park), 1);
    // The borders below get points where the park crosses them; nobody loses ground.
    assert_eq!(area(state, "a1.1"), 100);
    let retired = done(state, &Operation::Retire { unit: park });
    assert_eq!(retired.topology.arcs().count(), start.arcs().count());
}

#[test]
fn an_overlay_may_touch_borders_and_lie_around_an_island() {
    let start = islands();
    let carved = done(&start, &carve(square(10, 10, 30, 30)));
    let park = carved.topology.unit_by_code(Level::OVERLAY, "a1.1").unwrap();
    assert_eq!(carved.topology.faces_of(park).len(), 2);
    let around = done(&start, &carve(square(5, 5, 35, 35)));
    let park = around.topology.unit_by_code(Level::OVERLAY, "a1.1").unwrap();
    assert_eq!(around.topology.faces_of(park).len(), 3);
    assert_eq!(around.topology.polygons_of(park).len(), 1);
}

#[test]
fn a_split_through_an_island_gives_each_side_its_part_of_the_ring() {
    let start = islands();
    let line = vec![at(0, 40), at(20, 20), at(40, 0)];
    let applied = done(&start, &split(&start, "a1", line));
    assert_eq!(applied.topology.units().count(), start.units().count() + 4);
    for code in ["a1", "a1.1", "a1.2", "a1.3"] {
        assert_eq!(area(&applied.topology, code) * 2, area(&start, code));
    }
}

#[test]
fn a_merged_island_leaves_no_hole_and_no_node() {
    let start = islands();
    let merge =
        Operation::Merge { into: no(&start, "a1.2"), from: vec![no(&start, "a1.3")], allow_parts: false };
    let merged = done(&start, &merge);
    assert_eq!((merged.topology.arcs().count(), merged.topology.nodes().count()), (2, 2));
    assert_eq!(merged.topology.polygons_of(no(&start, "a1.2"))[0].holes.len(), 0);
    assert_eq!(changed_codes(&start, &merged), ["a1.2", "a1.3"]);
}

#[test]
fn merged_grids_hand_over_their_micro_grids() {
    let start = squares();
    let (into, from) = (no(&start, "a1"), no(&start, "a2"));
    let merged = done(&start, &Operation::Merge { into, from: vec![from], allow_parts: false });
    assert_eq!(merged.topology.children(into).count(), 6);
    assert_eq!(merged.topology.unit(from), None);
    assert_eq!(merged.topology.unit(no(&start, "a2.1")).unwrap().parent_code.as_deref(), Some("a1"));
    assert_eq!(changed_codes(&start, &merged), ["a1", "a2"]);
}

#[test]
fn micro_grids_change_hands_without_moving_a_border() {
    let start = squares();
    let (units, to) = (vec![no(&start, "a1.2")], no(&start, "a2"));
    let applied = done(&start, &Operation::Reassign { units, to, allow_parts: false });
    assert_eq!(applied.topology.ancestor(no(&start, "a1.2"), GRID), Some(to));
    assert!(applied.delta.arcs.is_empty() && applied.delta.faces.is_empty());
    assert_eq!(changed_codes(&start, &applied), ["a1", "a2"]);
    let (unit, parent) = (no(&start, "a2"), no(&start, "b"));
    let applied = done(&start, &Operation::Reparent { unit, parent });
    assert_eq!(changed_codes(&start, &applied), ["a", "b"]);
    assert_eq!(applied.topology.base_units_of(parent).len(), 4);
}

#[test]
fn a_new_code_reaches_the_children() {
    let start = squares();
    let unit = no(&start, "a1");
    let applied = done(&start, &Operation::Recode { unit, code: Some("x1".to_owned()) });
    assert_eq!(applied.topology.unit(no(&start, "a1.1")).unwrap().parent_code.as_deref(), Some("x1"));
    assert_eq!(applied.topology.unit_by_code(GRID, "x1"), Some(unit));
    assert_eq!(applied.topology.unit_by_code(GRID, "a1"), None);
    assert!(changed_codes(&start, &applied).is_empty());
    let renamed = done(&start, &Operation::Rename { unit, name: " East ".to_owned() });
    assert_eq!(renamed.topology.unit(unit).unwrap().name, "East");
}

#[test]
fn the_outline_moves_when_it_is_open() {
    let start = squares();
    let arc = outline_arc(&start, "a2.1");
    let operation = Operation::InsertVertex { arc, index: 1, at: at(25, -3) };
    let applied = start.apply(&operation, &open()).unwrap();
    assert_eq!(applied.topology.validate(), vec![]);
    assert_eq!(area(&applied.topology, "a2.1"), 115);
    let crossing = Operation::MoveVertex { arc, index: 1, to: at(5, 30) };
    assert!(applied.topology.apply(&crossing, &open()).is_err());
}

#[test]
fn a_split_ends_at_the_nearest_point_of_the_locked_outline() {
    let start = squares();
    // A slanted outline, which a line meets beside the lattice.
    let arc = outline_arc(&start, "a1.2");
    let slant = Operation::InsertVertex { arc, index: 1, at: at(15, -3) };
    let start = start.apply(&slant, &open()).unwrap().topology;
    let applied = done(&start, &split(&start, "a1.2", vec![at(14, 15), at(17, 5), at(21, -4)]));
    assert_eq!(applied.topology.arcs_at(node_at(&applied.topology, at(20, 0))).count(), 4);
    let outline = |topology: &Topology| topology.coverage().coverage.polygon_of(|_, _| true);
    assert_eq!(outline(&applied.topology), outline(&start));
}

#[test]
fn numbers_of_a_draft_become_lasting_ones() {
    let start = squares();
    let applied = done(&start, &split(&start, "a1.2", vec![at(13, -5), at(13, 15)]));
    let drafts = applied.delta.draft_numbers();
    assert_eq!(drafts.len(), 1 + 1 + 2 + 3);
    let numbers: BTreeMap<i64, i64> = drafts.iter().map(|number| (*number, 1_000 - number)).collect();
    let lasting = applied.topology.renumbered(&numbers);
    assert_eq!(lasting.validate(), vec![]);
    assert_eq!(start.with(&applied.delta.renumbered(&numbers)).unwrap(), lasting);
    assert!(lasting.faces().all(|(face, _)| face > FaceNo(0)));
    let next = done(&applied.topology.with(&applied.delta.inverse()).unwrap(), &applied.operation);
    assert!(next.delta.draft_numbers().is_disjoint(&drafts));
}
