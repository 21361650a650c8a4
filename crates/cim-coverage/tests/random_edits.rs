//! Long runs of random edits: every state is an exact partition in canonical form, and every edit can be undone and done
//! again.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod nested_grid;
mod random_editor;
mod sample_layers;

use std::collections::BTreeMap;

use cim_coverage::{Applied, EditContext, EditRule, Operation, Topology};
use nested_grid::{
    all_polygons, arcs_and_arcs_anew, closed, doubled_ground, made_anew, merged, nested, open,
};
use proptest::prelude::*;
use random_editor::{KINDS, RandomEditor};
use sample_layers::BentGrid;

/// What must be true after every edit on a small topology.
fn check_edit(before: &Topology, applied: &Applied, context: &EditContext<'_>) {
    let after = &applied.topology;
    assert_eq!(after.validate(), vec![], "{:?}", applied.operation);
    if !context.outline_is_open {
        assert_eq!(doubled_ground(after), doubled_ground(before), "{:?}", applied.operation);
    }
    assert_eq!(before.difference(after), applied.delta);
    assert_eq!(&before.with(&applied.delta).unwrap(), after);
    assert_eq!(&after.with(&applied.delta.inverse()).unwrap(), before, "{:?}", applied.operation);
    let again = before.apply(&applied.operation, context).unwrap();
    assert_eq!(&again.topology, after, "{:?}", applied.operation);
    assert_eq!(again.operation, applied.operation);
    let (old, new) = (all_polygons(before), all_polygons(after));
    let mut changed: Vec<_> = old.keys().chain(new.keys()).copied().collect();
    changed.sort_unstable();
    changed.dedup();
    let empty = Vec::new();
    changed.retain(|unit| old.get(unit).unwrap_or(&empty) != new.get(unit).unwrap_or(&empty));
    let told: Vec<_> = before.changed_units(after, &applied.delta).into_iter().collect();
    assert_eq!(told, changed, "{:?}", applied.operation);
}

fn check_state(topology: &Topology) {
    let (arcs, anew) = arcs_and_arcs_anew(topology);
    assert_eq!(arcs, anew);
    let plain = topology.coverage();
    assert_eq!(plain.coverage.validate(), vec![]);
    let base = plain.coverage.polygons_by(plain.base_units.len(), |_, face| Some(face.base));
    for (unit, polygons) in plain.base_units.iter().zip(base) {
        assert_eq!(topology.polygons_of(*unit), polygons);
    }
    let overlay = plain.coverage.polygons_by(plain.overlay_units.len(), |_, face| face.overlay);
    for (unit, polygons) in plain.overlay_units.iter().zip(overlay) {
        assert_eq!(topology.polygons_of(*unit), polygons);
    }
    check_indexes(topology);
}

fn check_indexes(topology: &Topology) {
    let anew = made_anew(topology);
    for (node, _) in topology.nodes() {
        assert!(topology.arcs_at(node).eq(anew.arcs_at(node)));
    }
    for (face, _) in topology.faces() {
        assert!(topology.arcs_around(face).eq(anew.arcs_around(face)));
    }
    for (no, unit) in topology.units() {
        assert_eq!(topology.unit_by_code(unit.level, &unit.code), Some(no));
        assert!(topology.children(no).eq(anew.children(no)));
        assert_eq!(topology.faces_of(no), anew.faces_of(no));
        assert_eq!(topology.border_of(no), anew.border_of(no));
    }
}

/// How many edits of each kind were done, and how many refused by which rule.
type Counts = BTreeMap<&'static str, (usize, BTreeMap<EditRule, usize>)>;

/// Tries so many edits and tells how many of each kind were done.
fn run(
    mut topology: Topology,
    edits: usize,
    (mut editor, context): (RandomEditor, EditContext<'_>),
    mut each: impl FnMut(usize, &Topology, &Applied),
) -> (Topology, Vec<Operation>, Counts) {
    let mut done = Vec::new();
    let mut counts = Counts::new();
    for number in 0..edits {
        let kind = editor.kind();
        let Some(operation) = editor.operation(&topology, kind) else { continue };
        let count = counts.entry(kind).or_default();
        match topology.apply(&operation, &context) {
            Ok(applied) => {
                each(number, &topology, &applied);
                topology = applied.topology;
                done.push(applied.operation);
                count.0 += 1;
            }
            Err(refusal) => {
                assert_ne!(refusal.rule, EditRule::BrokenTopology);
                *count.1.entry(refusal.rule).or_default() += 1;
            }
        }
    }
    (topology, done, counts)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_edit_keeps_the_partition_and_can_be_undone_and_done_again(
        columns in 3..9_i64, rows in 3..9_i64, bends in 0..5_i64, seed in any::<u64>(),
    ) {
        let start = nested(&BentGrid::new(columns, rows, bends, seed).cells());
        prop_assert_eq!(start.validate(), vec![]);
        let mut states = vec![start.clone()];
        let (end, done, _) = run(start.clone(), 60, (RandomEditor::new(seed), closed()), |_, before, applied| {
            check_edit(before, applied, &closed());
            check_state(&applied.topology);
            states.push(applied.topology.clone());
        });
        let mut again = start;
        for (operation, state) in done.iter().zip(&states[1..]) {
            again = again.apply(operation, &closed()).unwrap().topology;
            prop_assert_eq!(&again, state);
        }
        prop_assert_eq!(again, end);
    }

    #[test]
    fn units_in_pieces_with_holes_and_an_outline_that_moves_stay_a_partition(
        columns in 3..9_i64, rows in 3..9_i64, bends in 0..4_i64, groups in 1..12_u64, seed in any::<u64>(),
    ) {
        let start = merged(columns, rows, bends, groups, seed);
        prop_assert_eq!(start.validate(), vec![]);
        let editor = RandomEditor::with_outline(seed);
        run(start, 60, (editor, open()), |_, before, applied| {
            check_edit(before, applied, &open());
            check_state(&applied.topology);
        });
    }
}

#[test]
fn ten_thousand_edits_leave_an_exact_partition() {
    let start = nested(&BentGrid::new(40, 40, 4, 7).cells());
    let ground = doubled_ground(&start);
    // `make soak` tries a million.
    let given = std::env::var_os("CIM_EDITS").and_then(|text| text.to_str()?.parse().ok());
    let edits: usize = given.unwrap_or(10_000);
    let mut next_check = 250;
    let (end, done, counts) = run(start, edits, (RandomEditor::new(11), closed()), |number, _, applied| {
        if number >= next_check {
            next_check = number + 250;
            assert_eq!(applied.topology.validate(), vec![]);
            assert_eq!(doubled_ground(&applied.topology), ground);
        }
    });
    assert_eq!(end.validate(), vec![]);
    assert_eq!(doubled_ground(&end), ground);
    check_state(&end);
    println!("{} of {edits} edits were done", done.len());
    for (kind, _) in KINDS {
        println!("{kind}: {:?}", counts.get(kind));
        assert!(
            counts.get(kind).is_some_and(|count| count.0 > 0),
            "no {kind} was done: {:?}",
            counts.get(kind)
        );
    }
    assert!(done.len() > edits * 6 / 10);
}

#[test]
fn a_line_divides_a_unit_although_its_ends_are_rounded_beside_the_border_that_they_lie_on() {
    let start = nested(&BentGrid::new(12, 12, 5, 3).cells());
    let (mut tried, mut divided) = (0, 0);
    for (unit, _) in start.units().filter(|(_, unit)| unit.level == start.base_level()) {
        let ring = start.polygons_of(unit).remove(0).outer;
        // The middles of two pieces of border on opposite sides, as near as the lattice has them.
        let middle = |place: usize| {
            let (a, b) = (ring[place % ring.len()], ring[(place + 1) % ring.len()]);
            cim_crs::LatticePoint { x: i64::midpoint(a.x, b.x), y: i64::midpoint(a.y, b.y) }
        };
        let line = vec![middle(1), middle(1 + ring.len() / 2)];
        let split = Operation::Split { unit, line, snap_m: 2.0, name: None, code: None };
        let context = closed();
        match start.apply(&split, &context) {
            Ok(applied) => {
                check_edit(&start, &applied, &context);
                divided += 1;
            }
            Err(refusal) => assert_ne!(refusal.rule, EditRule::LineMisses, "{}", refusal.message),
        }
        tried += 1;
    }
    assert!(divided * 10 > tried * 9, "{divided} of {tried}");
}

#[test]
fn thinned_borders_are_a_partition_at_every_zoom_after_a_thousand_edits() {
    let start = nested(&BentGrid::new(20, 20, 6, 5).cells());
    let (end, done, _) = run(start, 1_300, (RandomEditor::new(3), closed()), |_, _, _| {});
    assert!(done.len() >= 800, "{}", done.len());
    let plain = end.coverage().coverage;
    for zoom in 0..16_i32 {
        // Half a pixel of a tile of 512 on the equator.
        let tolerance_m = 40_075_016.7 / f64::from(512 * 2) / 2_f64.powi(zoom);
        let mut thinned = plain.clone();
        for (arc, points) in thinned.arcs.iter_mut().zip(plain.simplify_arcs(tolerance_m)) {
            arc.points = points;
        }
        // Each arc is thinned once, for both of its faces: what is a partition has no seam.
        assert_eq!(thinned.validate(), vec![], "zoom {zoom}");
    }
}
