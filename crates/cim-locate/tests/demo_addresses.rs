//! Every address of the small demo district, written as it is and in the ways people write it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]
#![expect(clippy::print_stdout, reason = "the figures are worth seeing")]
#![expect(clippy::cast_precision_loss, reason = "shares of some thousand texts")]

use std::collections::HashMap;
use std::sync::LazyLock;

use cim_crs::{LocalFrame, LonLat, near_distance_m};
use cim_demo::{DemoOptions, Scale, write_pack};
use cim_locate::{Candidate, Gazetteer, MatchLevel};
use tempfile::TempDir;

mod pack;
mod variations;

struct Demo {
    dir: TempDir,
    addresses: pack::Sheet,
    gazetteer: Gazetteer,
    /// How many addresses have a text.
    sharing: HashMap<String, usize>,
}

static DEMO: LazyLock<Demo> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    write_pack(dir.path(), &DemoOptions { scale: Scale::Small, factor: 1, seed: 1 }, &mut |_| {}).unwrap();
    let addresses = pack::Sheet::read(dir.path(), "address");
    let gazetteer = pack::builder(dir.path(), &addresses).finish();
    let mut sharing = HashMap::new();
    for row in addresses.rows() {
        *sharing.entry(row.get("full_text").to_owned()).or_insert(0) += 1;
    }
    Demo { dir, addresses, gazetteer, sharing }
});

/// What came of many texts.
#[derive(Default)]
struct Tally {
    texts: usize,
    first: usize,
    among_five: usize,
    within: usize,
    accuracies: HashMap<MatchLevel, Vec<f64>>,
    failures: Vec<String>,
}

impl Tally {
    fn note(&mut self, text: &str, found: &[Candidate], is_it: impl Fn(&Candidate) -> bool, truth: LonLat) {
        self.texts += 1;
        self.among_five += usize::from(found.iter().any(&is_it));
        let Some(first) = found.first() else {
            self.failures.push(format!("{text}: nothing"));
            return;
        };
        if is_it(first) {
            self.first += 1;
        } else if self.failures.len() < 40 {
            self.failures.push(format!("{text}: {} ({})", first.name, first.match_level.as_str()));
        }
        let off = near_distance_m(first.at, truth);
        self.within += usize::from(off <= first.accuracy_m);
        self.accuracies.entry(first.match_level).or_default().push(first.accuracy_m);
    }

    fn share(&self, count: usize) -> f64 {
        count as f64 / self.texts as f64
    }

    fn median_accuracy(&mut self, level: MatchLevel) -> f64 {
        let list = self.accuracies.entry(level).or_default();
        list.sort_by(f64::total_cmp);
        list.get(list.len() / 2).copied().unwrap_or(0.0)
    }

    fn print(&mut self, what: &str) {
        println!(
            "{what}: {} texts, first {:.4}, among five {:.4}, within the stated accuracy {:.4}",
            self.texts,
            self.share(self.first),
            self.share(self.among_five),
            self.share(self.within)
        );
        let mut levels: Vec<MatchLevel> = self.accuracies.keys().copied().collect();
        levels.sort_unstable();
        for level in levels {
            let count = self.accuracies[&level].len();
            println!("    {}: {count}, median accuracy {} m", level.as_str(), self.median_accuracy(level));
        }
        for failure in self.failures.iter().take(12) {
            println!("    {failure}");
        }
    }
}

/// Looks every so many addresses up in a variation of their text.
fn tally(step: usize, vary: impl Fn(&pack::Row<'_>, usize) -> Option<String>) -> Tally {
    let mut tally = Tally::default();
    for (index, row) in DEMO.addresses.rows().enumerate().step_by(step) {
        let Some(text) = vary(&row, index) else { continue };
        let found = DEMO.gazetteer.locate(&text, 5);
        let (code, full_text) = (row.get("code"), row.get("full_text"));
        let is_shared = DEMO.sharing[full_text] > 1;
        let is_it = |candidate: &Candidate| {
            candidate.address_code.as_deref() == Some(code) || is_shared && candidate.name == full_text
        };
        tally.note(&text, &found, is_it, row.at());
    }
    tally
}

#[test]
fn every_address_is_found_first_by_its_full_text() {
    let mut tally = tally(1, |row, _| Some(row.get("full_text").to_owned()));
    tally.print("full texts");
    assert_eq!(tally.first, tally.texts, "{:?}", tally.failures);
    assert!(tally.share(tally.within) >= 0.9);
    assert!(tally.median_accuracy(MatchLevel::Unit) <= 15.0);
    assert!(tally.median_accuracy(MatchLevel::Number) <= 40.0);
}

fn check_variation(what: &str, vary: impl Fn(&pack::Row<'_>, usize) -> Option<String>) {
    let mut tally = tally(7, vary);
    tally.print(what);
    assert!(tally.texts > 100, "{what}");
    assert!(tally.share(tally.first) >= 0.95, "{what}: {:?}", tally.failures);
    assert!(tally.share(tally.among_five) >= 0.99, "{what}: {:?}", tally.failures);
    assert!(tally.share(tally.within) >= 0.9, "{what}");
}

const PREFIX: &str = "江苏省南通市海门区";

#[test]
fn an_address_is_found_without_the_province_city_and_district() {
    check_variation("without the district", |row, _| {
        row.get("full_text").strip_prefix(PREFIX).map(str::to_owned)
    });
}

#[test]
fn an_address_is_found_without_its_town() {
    check_variation("without the town", |row, _| {
        let head = format!("{PREFIX}{}", row.get("town_name"));
        row.get("full_text").strip_prefix(&head).map(str::to_owned)
    });
}

#[test]
fn an_address_is_found_with_full_width_digits() {
    check_variation("full-width digits", |row, _| variations::full_width(row.get("full_text")));
}

#[test]
fn an_address_is_found_with_chinese_numerals() {
    check_variation("Chinese numerals", |row, _| variations::chinese_numerals(row.get("full_text")));
}

#[test]
fn an_address_is_found_with_a_typing_error() {
    check_variation("a typing error", |row, index| {
        variations::typing_error(row.get("full_text"), PREFIX, index)
    });
}

#[test]
fn an_address_is_found_by_its_aliases() {
    check_variation("an alias", |row, _| row.filled("aliases")?.split(';').next().map(str::to_owned));
}

#[test]
fn a_number_that_does_not_exist_gets_no_door() {
    for row in DEMO.addresses.rows().step_by(11) {
        let text = row.get("full_text");
        for counter in ["号", "幢"] {
            let Some(changed) = variations::with_number(text, counter, "98765") else { continue };
            let found = DEMO.gazetteer.locate(&changed, 5);
            let door = found.iter().find(|candidate| candidate.match_level.is_door());
            assert_eq!(door, None, "{changed}");
            assert!(!found.is_empty(), "{changed}");
        }
    }
}

/// What an address lies at: the name that is left out when it is not to be there.
fn place_of(row: pack::Row<'_>) -> String {
    let named = row.filled("road_name").or(row.filled("estate_name")).map(str::to_owned);
    named.unwrap_or_else(|| format!("{}{}", row.get("village_name"), row.filled("group_name").unwrap_or("")))
}

#[test]
fn what_is_not_there_gets_no_door() {
    let mut without = cim_locate::GazetteerBuilder::new();
    let is_out = |name: &str| {
        name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 7 == 3
    };
    let dir = DEMO.dir.path();
    pack::add_all(&mut without, dir, &|row| !is_out(&place_of(row)), &|name| !is_out(name), &DEMO.addresses);
    let without = without.finish();
    let (mut texts, mut doors) = (0, Vec::new());
    for row in DEMO.addresses.rows().filter(|row| is_out(&place_of(*row))) {
        texts += 1;
        let found = without.locate(row.get("full_text"), 5);
        let door = found.into_iter().find(|candidate| candidate.match_level.is_door());
        doors.extend(door.map(|door| format!("{}: {}", row.get("full_text"), door.name)));
    }
    println!("left out: {texts} texts, {} with a door", doors.len());
    assert!(texts > 1_000 && doors.is_empty(), "{:?}", &doors[..doors.len().min(20)]);
}

#[test]
fn a_building_is_found_without_its_stair_and_a_group_without_its_number() {
    let mut buildings = Tally::default();
    let mut groups = Tally::default();
    for row in DEMO.addresses.rows() {
        let town = row.get("town_name");
        if let (Some(estate), Some(building)) = (row.filled("estate_name"), row.filled("building_no")) {
            let text = format!("{town}{estate}{building}");
            let found = DEMO.gazetteer.locate(&text, 5);
            let code = row.filled("building_code");
            buildings.note(&text, &found, |candidate| candidate.building_code.as_deref() == code, row.at());
        }
        if let (Some(village), Some(group)) = (row.filled("village_name"), row.filled("group_name")) {
            let text = format!("{town}{village}{group}");
            let found = DEMO.gazetteer.locate(&text, 5);
            groups.note(&text, &found, |candidate| candidate.match_level == MatchLevel::Group, row.at());
        }
    }
    buildings.print("buildings");
    groups.print("groups");
    assert!(buildings.share(buildings.within) >= 0.9 && buildings.share(buildings.first) >= 0.99);
    assert!(buildings.median_accuracy(MatchLevel::Building) <= 15.0);
    assert!(groups.share(groups.within) >= 0.9 && groups.share(groups.first) >= 0.99);
    assert!(groups.median_accuracy(MatchLevel::Group) <= 400.0);
}

#[test]
fn a_crossing_with_an_offset_is_found_within_the_stated_accuracy() {
    let mut crossings: HashMap<(String, String), Vec<LonLat>> = HashMap::new();
    let mut names_at: HashMap<(u64, u64), Vec<String>> = HashMap::new();
    for row in pack::Sheet::read(DEMO.dir.path(), "road").rows() {
        for point in row.paths().concat() {
            let names = names_at.entry((point.lon.to_bits(), point.lat.to_bits())).or_default();
            let name = row.get("name").to_owned();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    for ((lon, lat), mut names) in names_at {
        names.sort();
        if let [one, other, ..] = names.as_slice() {
            let at = LonLat { lon: f64::from_bits(lon), lat: f64::from_bits(lat) };
            crossings.entry((one.clone(), other.clone())).or_default().push(at);
        }
    }
    let mut tally = Tally::default();
    for ((one, other), places) in crossings {
        for (index, &at) in places.iter().enumerate() {
            let (word, bearing) = [("北", 0.0_f64), ("东", 90.0), ("南", 180.0), ("西", 270.0)][index % 4];
            let metres = 50.0 * (1 + one.len() % 7) as f64;
            let (sin, cos) = bearing.to_radians().sin_cos();
            let truth = LocalFrame::around(at).to_lonlat(metres * sin, metres * cos);
            let text = format!("{one}与{other}交叉口{word}{metres}米");
            let found = DEMO.gazetteer.locate(&text, 5);
            tally.note(&text, &found, |candidate| candidate.match_level == MatchLevel::Crossing, truth);
        }
    }
    tally.print("crossings with an offset");
    assert!(tally.share(tally.first) >= 0.95 && tally.share(tally.within) >= 0.9, "{:?}", tally.failures);
    assert!(tally.median_accuracy(MatchLevel::Crossing) <= 80.0);
}
