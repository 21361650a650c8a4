//! Thinned lines after any change are those of a fresh start.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod sample_layers;

use std::collections::HashMap;

use cim_coverage::{ArcNet, Coverage, CoverageArc, LayerUnit, ThinnedArcs, build};
use sample_layers::{BentGrid, CELL, ORIGIN, Random, polygon, rectangle, unit};

/// A net in which arcs keep their places from one coverage to the next.
struct Kept {
    net: ArcNet,
    places: HashMap<CoverageArc, u32>,
    next: u32,
}

impl Kept {
    fn new(coverage: &Coverage) -> Self {
        let net = ArcNet::new(coverage.arcs.iter().cloned().map(Some));
        let places = coverage.arcs.iter().cloned().zip(0..).collect();
        Self { net, places, next: u32::try_from(coverage.arcs.len()).unwrap() }
    }

    /// The net of another coverage, and the places that differ.
    fn change_to(&mut self, coverage: &Coverage) -> Vec<u32> {
        let mut changes: Vec<(u32, Option<CoverageArc>)> = Vec::new();
        let mut places = HashMap::new();
        for arc in &coverage.arcs {
            let place = self.places.remove(arc).unwrap_or_else(|| {
                changes.push((self.next, Some(arc.clone())));
                self.next += 1;
                self.next - 1
            });
            places.insert(arc.clone(), place);
        }
        changes.extend(self.places.values().map(|place| (*place, None)));
        self.places = places;
        self.net = self.net.with(&changes);
        changes.into_iter().map(|(place, _)| place).collect()
    }
}

fn parks(random: &mut Random) -> Vec<LayerUnit> {
    (1..4)
        .map(|park| {
            let west = ORIGIN.x + (park * 2 - 1) * CELL + CELL / 3 + random.around_zero(CELL / 2);
            let south = ORIGIN.y + 2 * CELL + CELL / 3 + random.around_zero(CELL / 2);
            let side = CELL / 4 + random.around_zero(CELL / 8);
            unit(&park.to_string(), vec![polygon(rectangle(west, south, west + side, south + side))])
        })
        .collect()
}

#[test]
fn parks_come_go_and_move_and_the_lines_are_those_of_a_fresh_start() {
    let cells = BentGrid::new(8, 6, 7, 3).cells();
    let mut random = Random(17);
    let mut kept = Kept::new(&build(&cells, &parks(&mut random)).coverage.unwrap());
    let tolerances = [5.0, 40.0, 300.0, 5_000.0];
    let mut thinned: Vec<ThinnedArcs> =
        tolerances.map(|tolerance| ThinnedArcs::new(&kept.net, tolerance)).into();
    for turn in 0..30 {
        let before = kept.net.clone();
        let changed = kept.change_to(&build(&cells, &parks(&mut random)).coverage.unwrap());
        for (known, tolerance_m) in thinned.iter_mut().zip(tolerances) {
            let (next, other) = known.after(&before, &kept.net, &changed, tolerance_m);
            let fresh = ThinnedArcs::new(&kept.net, tolerance_m);
            assert_eq!(next.lines(), fresh.lines(), "turn {turn}, {tolerance_m} m");
            for (place, line) in (0..).zip(known.lines()) {
                assert!(
                    line == &next.lines()[place as usize] || other.contains(&place),
                    "turn {turn}, arc {place}"
                );
            }
            *known = next;
        }
    }
}

#[test]
fn vertices_move_far_and_the_lines_are_those_of_a_fresh_start() {
    let mut random = Random(5);
    let cells = BentGrid::new(7, 7, 9, 21).cells();
    let mut coverage = build(&cells, &parks(&mut random)).coverage.unwrap();
    let mut net = ArcNet::new(coverage.arcs.iter().cloned().map(Some));
    let tolerances = [2.0, 12.0, 60.0, 400.0];
    let mut thinned = tolerances.map(|tolerance| ThinnedArcs::new(&net, tolerance));
    let mut moves = 0;
    while moves < 300 {
        let place = usize::try_from(random.next()).unwrap() % coverage.arcs.len();
        let arc = &mut coverage.arcs[place];
        if arc.points.len() < 3 {
            continue;
        }
        let vertex = 1 + usize::try_from(random.next()).unwrap() % (arc.points.len() - 2);
        let known = arc.points[vertex];
        arc.points[vertex].x += random.around_zero(CELL / 3);
        arc.points[vertex].y += random.around_zero(CELL / 3);
        if !coverage.validate().is_empty() {
            coverage.arcs[place].points[vertex] = known;
            continue;
        }
        moves += 1;
        let number = u32::try_from(place).unwrap();
        let later = net.with(&[(number, Some(coverage.arcs[place].clone()))]);
        for (known, tolerance_m) in thinned.iter_mut().zip(tolerances) {
            let after = known.after(&net, &later, &[number], tolerance_m).0;
            let fresh = ThinnedArcs::new(&later, tolerance_m);
            assert_eq!(after.lines(), fresh.lines(), "move {moves}, {tolerance_m} m");
            let mut small = coverage.clone();
            for (arc, line) in small.arcs.iter_mut().zip(after.lines()) {
                arc.points = line.to_vec();
            }
            assert_eq!(small.validate(), vec![], "move {moves}, {tolerance_m} m");
            *known = after;
        }
        net = later;
    }
}
