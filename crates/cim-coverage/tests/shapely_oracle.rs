//! The coverages of random, repaired and edited layers against GEOS, by the Python package shapely 2.1 or later. Without it
//! this test says that it did not run.

#![expect(clippy::print_stdout, reason = "a test tells that it did not run")]

mod nested_grid;
mod random_editor;
mod sample_layers;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use cim_coverage::{Coverage, LatticePolygon, RepairOptions, build, repair};
use nested_grid::{closed, nested};
use random_editor::RandomEditor;
use sample_layers::{BentGrid, Random, jittered};

/// What GEOS says of the polygons of all units; none when it cannot be asked.
fn verdict(coverage: &Coverage, units: usize) -> Option<String> {
    let polygons = coverage.polygons_by(units, |_, face| Some(face.base));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shapely_oracle.py");
    let mut python =
        Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    // The answer comes after all input, so that no pipe can fill up on both sides; without shapely nobody reads.
    let text: String = polygons.iter().map(|polygons| wkt(polygons)).collect();
    let _ = python.stdin.take()?.write_all(text.as_bytes());
    let answer = String::from_utf8(python.wait_with_output().ok()?.stdout).ok()?;
    let answer = answer.trim().to_owned();
    if answer == "absent" || answer.is_empty() {
        println!("did not run: python3 has no shapely of 2.1 or later");
        return None;
    }
    Some(answer)
}

fn wkt(polygons: &[LatticePolygon]) -> String {
    let mut text = "MULTIPOLYGON(".to_owned();
    for (index, polygon) in polygons.iter().enumerate() {
        text.push_str(if index > 0 { ",(" } else { "(" });
        for (index, ring) in std::iter::once(&polygon.outer).chain(&polygon.holes).enumerate() {
            text.push_str(if index > 0 { ",(" } else { "(" });
            for point in ring.iter().chain(ring.first()) {
                let _ = write!(text, "{} {},", point.x, point.y);
            }
            text.pop();
            text.push(')');
        }
        text.push(')');
    }
    text.push_str(")\n");
    text
}

#[test]
fn geos_agrees_that_what_is_built_and_repaired_is_a_coverage() {
    for seed in 0..3 {
        let cells = BentGrid::new(12, 12, 4, seed).units(|row, column| {
            let mut random = Random(seed * 1_000 + u64::try_from(row * 12 + column).unwrap_or_default());
            random.next();
            (random.next() % 30).to_string()
        });
        let coverage = build(&cells, &[]).coverage.expect("an exact grid is clean");
        let Some(answer) = verdict(&coverage, cells.len()) else { return };
        assert_eq!(answer, "valid 0");
        let shaken = jittered(&BentGrid::new(12, 12, 4, seed).cells(), 300, seed);
        let repaired = repair(&shaken, &[], RepairOptions::default()).coverage.expect("it can be repaired");
        assert_eq!(verdict(&repaired, shaken.len()).as_deref(), Some("valid 0"));
    }
}

#[test]
fn geos_agrees_that_what_is_edited_is_a_coverage() {
    let mut topology = nested(&BentGrid::new(20, 20, 4, 3).cells());
    let mut editor = RandomEditor::new(5);
    for number in 1..=1_500 {
        let kind = editor.kind();
        let Some(operation) = editor.operation(&topology, kind) else { continue };
        if let Ok(applied) = topology.apply(&operation, &closed()) {
            topology = applied.topology;
        }
        if number % 500 == 0 {
            let plain = topology.coverage();
            let Some(answer) = verdict(&plain.coverage, plain.base_units.len()) else { return };
            assert_eq!(answer, "valid 0");
        }
    }
}
