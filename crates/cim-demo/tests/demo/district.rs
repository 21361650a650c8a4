//! The whole district: the published numbers, and the unevenness of a real place.

use super::pack;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cim_demo::Scale;

#[test]
fn the_district_has_the_published_numbers_and_the_unevenness_of_a_place() {
    let dir = pack::write(Scale::District);
    let dir = dir.path();
    for (collection, rows) in [
        ("district", 1),
        ("town", 22),
        ("village", 307),
        ("comprehensive_grid", 969),
        ("exclusive_grid", 100),
        ("micro_grid", 5_783),
        ("grid_station", 969),
        ("contact_group", 1_080),
        ("department", 14),
        ("building", 420_000),
        ("camera", 20_000),
        ("case_category", 13 + 131 + 1_059),
    ] {
        assert_eq!(pack::column(dir, collection, header_key(collection)).len(), rows, "{collection}");
    }
    stations_stand_one_to_one(dir);
    households_lie_in_their_bands(dir);
    buildings_have_the_sizes_of_their_use(dir);
    a_year_of_work_is_there_and_clustered(dir);
    cameras_look_somewhere(dir);
}

fn header_key(collection: &str) -> &'static str {
    if collection == "camera" { "gb_id" } else { "code" }
}

fn stations_stand_one_to_one(dir: &Path) {
    let stations: BTreeSet<String> = pack::column(dir, "grid_station", "grid_code").into_iter().collect();
    let grids: BTreeSet<String> = pack::column(dir, "comprehensive_grid", "code").into_iter().collect();
    assert!(stations == grids);
}

fn households_lie_in_their_bands(dir: &Path) {
    let all: u64 = numbers(dir, "building", "household_count").iter().map(|&count| count as u64).sum();
    assert_eq!(all, 385_000);
    // A contact group is for the households of its grid; groups of one grid add up.
    let mut grids: BTreeMap<String, f64> = BTreeMap::new();
    let codes = pack::column(dir, "contact_group", "grid_code");
    for (code, target) in codes.into_iter().zip(numbers(dir, "contact_group", "target_household_count")) {
        *grids.entry(code).or_default() += target;
    }
    let usual = grids.values().filter(|&&count| (300.0..=500.0).contains(&count)).count();
    assert!(usual > 969 * 3 / 4, "{usual} comprehensive grids hold 300 to 500 households");
    let joined: f64 = numbers(dir, "contact_group", "household_count").iter().sum();
    assert!((315_000.0..325_000.0).contains(&joined), "{joined} households in groups");
}

fn numbers(dir: &Path, collection: &str, name: &str) -> Vec<f64> {
    pack::column(dir, collection, name).iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect()
}

fn buildings_have_the_sizes_of_their_use(dir: &Path) {
    let uses = pack::column(dir, "building", "use");
    let floors = numbers(dir, "building", "floors_above");
    let heights = numbers(dir, "building", "height_m");
    let shapes = pack::column(dir, "building", "geom");
    let mut areas: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (row, kind) in uses.iter().enumerate() {
        let storey = heights[row] / floors[row];
        assert!((2.5..16.0).contains(&storey), "{kind}: {} m on {} floors", heights[row], floors[row]);
        // A lattice step is 0.945 by 1.109 millimetres here.
        let area =
            cim_coverage::doubled_area(&pack::polygons(&shapes[row])[0]).unsigned_abs() as f64 * 0.524e-6;
        areas.entry(kind).or_default().push(area);
    }
    for (kind, low, high) in [
        ("farmhouse", 75.0, 120.0),
        ("apartment", 450.0, 900.0),
        ("industrial", 1_200.0, 5_000.0),
        ("outbuilding", 12.0, 35.0),
    ] {
        let list = areas.get_mut(kind).unwrap();
        list.sort_by(f64::total_cmp);
        let median = list[list.len() / 2];
        assert!((low..high).contains(&median), "the median {kind} covers {median} square metres");
    }
    assert!(floors.iter().any(|&count| count >= 30.0), "there are towers");
}

fn a_year_of_work_is_there_and_clustered(dir: &Path) {
    let systems = pack::column(dir, "case", "source_system");
    let hotline = systems.iter().filter(|system| *system == "hotline12345").count();
    // A pack has 371 days, of which loading keeps 365.
    assert!((270_000..277_000).contains(&hotline), "{hotline} hotline cases");
    assert!((80_000..83_000).contains(&(systems.len() - hotline)), "{} others", systems.len() - hotline);
    assert!(pack::column(dir, "finding", "finding_no").len() >= 150_000);
    let direct =
        pack::column(dir, "case", "answered_directly").iter().filter(|answer| *answer == "true").count();
    let share = direct as f64 / hotline as f64;
    assert!((0.76..0.84).contains(&share), "{share} of the calls are answered at once");
    let repeats = pack::column(dir, "case", "repeat_of").iter().filter(|first| !first.is_empty()).count();
    assert!((0.025..0.035).contains(&(repeats as f64 / hotline as f64)), "{repeats} repeats");
    let numbers: BTreeSet<String> = pack::column(dir, "case", "case_no").into_iter().collect();
    for first in pack::column(dir, "case", "repeat_of").iter().filter(|first| !first.is_empty()) {
        assert!(numbers.contains(first), "{first} exists");
    }
    // Half of the located cases lie in a small part of the occupied squares of about 500 metres.
    let mut squares: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    for point in pack::column(dir, "case", "geom").iter().filter(|point| !point.is_empty()) {
        let at = pack::lattice(point.trim_start_matches("POINT(").trim_end_matches(')'));
        *squares.entry((at.x / 500_000, at.y / 450_000)).or_default() += 1;
    }
    let mut counts: Vec<usize> = squares.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let half: usize = counts.iter().sum::<usize>() / 2;
    let mut sum = 0;
    let squares_for_half = counts
        .iter()
        .take_while(|&&count| {
            sum += count;
            sum < half
        })
        .count();
    assert!(
        squares_for_half * 8 < counts.len(),
        "half of the cases fill {squares_for_half} of {} squares",
        counts.len()
    );
}

fn cameras_look_somewhere(dir: &Path) {
    let blind =
        pack::column(dir, "camera", "azimuth_deg").iter().filter(|azimuth| azimuth.is_empty()).count();
    assert!((1_400..1_800).contains(&blind), "{blind} cameras have no direction");
    let old = pack::column(dir, "camera", "gb_id");
    let installed = pack::column(dir, "camera", "installed_on");
    for (id, day) in old.iter().zip(&installed) {
        assert_eq!(id.len(), 20, "{id}");
        assert_eq!(
            id.starts_with("320684"),
            day.as_str() < "2020",
            "{id} of {day} keeps the code of its time"
        );
    }
    let towns: BTreeSet<String> = pack::column(dir, "town", "code").into_iter().collect();
    let listed = include_str!("../../../../data/division-codes/haimen_320614_towns_2023.csv");
    assert!(towns.iter().all(|code| listed.contains(code.as_str())) && towns.len() == 22);
}
