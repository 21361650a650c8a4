//! How long a district's gazetteer takes to build, what it weighs, and how long a text takes: `district_speed PACK`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "an example that measures and prints")]
#![expect(clippy::cast_precision_loss, reason = "milliseconds and megabytes for people")]

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

#[path = "../tests/pack/mod.rs"]
mod pack;

fn resident_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1_024.0
}

fn main() {
    let dir = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "pack".to_owned()));
    let addresses = pack::Sheet::read(&dir, "address");
    let cases = pack::Sheet::read(&dir, "case");
    // The files are read once before, so that building is what is measured the second time.
    let before = resident_mb();
    let start = Instant::now();
    let builder = pack::builder(&dir, &addresses);
    let filled = start.elapsed();
    let closing = Instant::now();
    let gazetteer = builder.finish();
    let closed = closing.elapsed();
    println!(
        "{} addresses: taken in with reading the other files {:.2} s, closed {:.2} s, {:.0} MB more",
        gazetteer.address_count(),
        filled.as_secs_f64(),
        closed.as_secs_f64(),
        resident_mb() - before
    );
    let texts: Vec<String> =
        addresses.rows().step_by(37).map(|row| row.get("full_text").to_owned()).collect();
    report("full texts", &gazetteer, &texts);
    let typos: Vec<String> = texts
        .iter()
        .map(|text| {
            let mut chars: Vec<char> = text.chars().collect();
            let at = chars.len() * 2 / 3;
            chars.remove(at);
            chars.into_iter().collect()
        })
        .collect();
    report("one character lost", &gazetteer, &typos);
    let places = |column| {
        cases.rows().filter_map(|row| row.filled(column).map(str::to_owned)).step_by(11).collect::<Vec<_>>()
    };
    report("places of cases", &gazetteer, &places("raw_location"));
    report("contents of cases", &gazetteer, &places("content"));
    let start = Instant::now();
    let points: Vec<_> = addresses.rows().step_by(97).map(pack::Row::at).collect();
    for &at in &points {
        assert!(!gazetteer.reverse(at, 5).is_empty());
    }
    println!("reverse: {:.1} us a point", start.elapsed().as_secs_f64() * 1e6 / points.len() as f64);
}

fn report(what: &str, gazetteer: &cim_locate::Gazetteer, texts: &[String]) {
    let mut took: Vec<f64> = Vec::new();
    let mut slowest = (0.0, "");
    for text in texts {
        let start = Instant::now();
        let found = gazetteer.locate(text, 5);
        let ms = start.elapsed().as_secs_f64() * 1e3;
        assert!(found.len() <= 5);
        took.push(ms);
        if ms > slowest.0 {
            slowest = (ms, text);
        }
    }
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or(0.0);
    println!(
        "{what}: {} texts, p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms ({})",
        took.len(),
        at(50),
        at(99),
        slowest.0,
        slowest.1
    );
}
