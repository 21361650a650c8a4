//! Times the coverage at the size of a district: 5,776 faces and 277,000 segments. Run it in release.

#![expect(clippy::print_stdout, reason = "it reports to whoever runs it")]

#[path = "../tests/sample_layers/mod.rs"]
mod sample_layers;

use std::time::Instant;

use cim_coverage::{RepairOptions, build, colour_indexes, label_point, repair};
use sample_layers::{BentGrid, CELL, ORIGIN, jittered, polygon, rectangle, unit};

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{name}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    result
}

fn main() {
    let cells = BentGrid::new(76, 76, 11, 1).cells();
    let parks: Vec<_> = (0..100)
        .map(|park| {
            let (column, row) = (park % 10, park / 10);
            let (west, south) = (ORIGIN.x + (column * 7 + 2) * CELL, ORIGIN.y + (row * 7 + 2) * CELL);
            let side = 2 * CELL + CELL / 3;
            unit(&park.to_string(), vec![polygon(rectangle(west, south, west + side, south + side))])
        })
        .collect();
    let Some(coverage) = timed("build", || build(&cells, &[])).coverage else { return };
    let segments: usize = coverage.arcs.iter().map(|arc| arc.points.len() - 1).sum();
    println!("{} faces, {} arcs, {segments} segments on arcs", coverage.faces.len(), coverage.arcs.len());
    println!("{} findings", timed("validate", || coverage.validate()).len());
    let with_parks = timed("build with 100 overlays", || build(&cells, &parks));
    println!("{} faces", with_parks.coverage.map_or(0, |coverage| coverage.faces.len()));
    let polygons =
        timed("polygons of all units", || coverage.polygons_by(cells.len(), |_, face| Some(face.base)));
    timed("labels of all units", || polygons.iter().filter_map(|one| label_point(one)).count());
    let neighbours = coverage.neighbours(cells.len(), |_, face| Some(face.base));
    let colours = timed("colours", || colour_indexes(&neighbours));
    println!("{} colours", colours.iter().max().map_or(0, |most| most + 1));
    for tolerance_m in [1.0, 4.0, 16.0, 64.0] {
        let thinned = timed(&format!("simplify to {tolerance_m} m"), || coverage.simplify_arcs(tolerance_m));
        println!("{} points", thinned.iter().map(Vec::len).sum::<usize>());
    }
    let shaken = jittered(&cells, 300, 5);
    timed("find what is wrong with a copy shaken by 0.3 m", || build(&shaken, &[]));
    let repaired = timed("repair it", || repair(&shaken, &[], RepairOptions::default()));
    println!("{} findings, repaired: {}", repaired.findings.len(), repaired.coverage.is_some());
}
