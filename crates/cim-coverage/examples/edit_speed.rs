//! Times every operation at the size of a district: 5,776 faces and 17,400 arcs of 16 points. Run it in release.

#![expect(clippy::print_stdout, reason = "it reports to whoever runs it")]

#[path = "../tests/nested_grid/mod.rs"]
mod nested_grid;
#[path = "../tests/random_editor/mod.rs"]
mod random_editor;
#[path = "../tests/sample_layers/mod.rs"]
mod sample_layers;

use std::collections::BTreeMap;
use std::time::Instant;

use nested_grid::{closed, made_anew, nested};
use random_editor::{KINDS, RandomEditor};
use sample_layers::BentGrid;

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{name}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    result
}

fn report(name: &str, times_us: &mut [f64]) {
    times_us.sort_by(f64::total_cmp);
    let Some(most) = times_us.last() else { return };
    let count = u32::try_from(times_us.len()).unwrap_or(u32::MAX);
    let mean = times_us.iter().sum::<f64>() / f64::from(count);
    let p99 = times_us[(times_us.len() - 1) * 99 / 100];
    println!("{name}: {count} times, mean {mean:.0} us, p99 {p99:.0} us, most {most:.0} us");
}

fn main() {
    let mut topology = nested(&BentGrid::new(76, 76, 14, 1).cells());
    timed("index all elements", || made_anew(&topology));
    println!("{} findings", timed("validate", || topology.validate()).len());
    timed("coverage", || topology.coverage());
    let mut editor = RandomEditor::new(3);
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut most_units = 0;
    let (mut changed, mut refused) = (Vec::new(), Vec::new());
    for _ in 0..20_000 {
        let kind = editor.kind();
        let Some(operation) = editor.operation(&topology, kind) else { continue };
        let start = Instant::now();
        let outcome = topology.apply(&operation, &closed());
        let time_us = start.elapsed().as_secs_f64() * 1e6;
        let Ok(applied) = outcome else {
            refused.push(time_us);
            continue;
        };
        times.entry(kind).or_default().push(time_us);
        let start = Instant::now();
        let units = topology.changed_units(&applied.topology, &applied.delta);
        changed.push(start.elapsed().as_secs_f64() * 1e6);
        most_units = most_units.max(units.len());
        topology = applied.topology;
    }
    for (kind, _) in KINDS {
        report(kind, times.get_mut(kind).map_or(&mut [], Vec::as_mut_slice));
    }
    report("refused", &mut refused);
    report("changed units", &mut changed);
    println!("{most_units} units changed at most");
    println!("{} findings at the end", timed("validate", || topology.validate()).len());
    let numbers: BTreeMap<i64, i64> = (1..2_000_000).map(|number| (-number, 10_000_000 + number)).collect();
    timed("give lasting numbers", || topology.renumbered(&numbers));
}
