//! The demo with every polygon shaken on its own by up to 0.3 m: unclean when loaded, exact after the repair, in two commands.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use cim_tests::running::Home;
use serde_json::Value;

const UNITS: [&str; 6] =
    ["district", "town", "village", "comprehensive_grid", "exclusive_grid", "micro_grid"];
/// 0.3 m of latitude, and of longitude at 32 degrees.
const JITTER_DEGREES: [f64; 2] = [3.2e-6, 2.7e-6];

struct Random(u64);

impl Random {
    /// From -1 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 30) - 1.0
    }
}

/// Every ring's points moved each by itself; a ring stays closed.
fn shaken(text: &str, random: &mut Random) -> String {
    let mut shaken = String::with_capacity(text.len());
    let mut rest = text;
    // A ring is what lies between the innermost brackets.
    while let Some(end) = rest.find(')') {
        let (before, after) = rest.split_at(end);
        let begin = before.rfind('(').map_or(0, |place| place + 1);
        let (head, ring) = before.split_at(begin);
        shaken.push_str(head);
        if ring.contains(' ') && ring.contains(',') {
            let mut points: Vec<String> = ring.split(',').map(|point| shaken_point(point, random)).collect();
            if let Some(last) = points.len().checked_sub(1) {
                points.truncate(last);
                points.extend(points.first().cloned());
            }
            shaken.push_str(&points.join(","));
        } else {
            shaken.push_str(ring);
        }
        shaken.push(')');
        rest = after.strip_prefix(')').unwrap_or_default();
    }
    shaken.push_str(rest);
    shaken
}

fn shaken_point(point: &str, random: &mut Random) -> String {
    let numbers: Vec<f64> = point.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let moved = |place: usize, random: &mut Random| numbers[place] + random.next() * JITTER_DEGREES[place];
    format!("{:.8} {:.8}", moved(0, random), moved(1, random))
}

/// The pack with its units alone.
fn keep_units(pack: &Path) {
    let file = pack.join("city.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut parts = text.split("[[source]]");
    let head = parts.next().unwrap().to_owned();
    let units = parts.filter(|part| UNITS.iter().any(|unit| part.contains(&format!("\"{unit}\""))));
    let kept: Vec<&str> = std::iter::once(head.as_str()).chain(units).collect();
    std::fs::write(file, kept.join("[[source]]")).unwrap();
}

#[test]
fn a_shaken_demo_is_unclean_when_loaded_and_exact_after_its_repair() {
    let home = Home::new();
    let (pack, report) = (home.file("pack"), home.file("report.json"));
    let (pack_text, report_text) = (pack.to_str().unwrap(), report.to_str().unwrap());
    assert!(home.run(&["demo", "--out", pack_text, "--scale", "small"]).status.success());
    keep_units(&pack);
    let mut random = Random(20);
    for unit in UNITS {
        let file = pack.join(format!("{unit}.csv"));
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, shaken(&text, &mut random)).unwrap();
    }
    let loaded = home.run(&["load", pack_text, "--report", report_text]);
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    let told: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let rules = told["findings_by_rule"].as_object().unwrap();
    assert!(rules.contains_key("coverage_gap") && rules.contains_key("coverage_overlap"), "{rules:?}");
    assert_eq!(rule(&home, "coverage_clean"), 1);
    let repaired = home.run(&["load", "--repair", report_text]);
    assert!(repaired.status.success(), "{}", String::from_utf8_lossy(&repaired.stderr));
    for name in ["coverage_clean", "coverage_exact", "boundary_state", "boundary_polygon"] {
        assert_eq!(rule(&home, name), 0, "{name}");
    }
}

/// How often a rule is broken in what is loaded.
fn rule(home: &Home, name: &str) -> u64 {
    let checked = home.run(&["check", "--json"]);
    let rules: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let found = rules["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == name);
    found.unwrap()["total"].as_u64().unwrap()
}
