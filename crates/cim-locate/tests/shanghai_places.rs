//! Real places with real addresses: their own texts lead to them, and others lead to no door.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]
#![expect(clippy::print_stdout, reason = "the figures are worth seeing")]
#![expect(clippy::cast_precision_loss, reason = "shares of some thousand texts")]

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use cim_crs::{LonLat, near_distance_m};
use cim_locate::{AddressEntry, Gazetteer, GazetteerBuilder};

struct Place {
    code: String,
    name: String,
    district: String,
    /// City, district and address.
    address: String,
    at: LonLat,
}

impl Place {
    fn full_text(&self) -> String {
        format!("{}{}", self.address, self.name)
    }
}

/// The places; none when the folder of real files is not named.
fn places() -> Option<Vec<Place>> {
    let Some(root) = std::env::var_os("CIM_TEST_DATA").map(PathBuf::from) else {
        println!("did not run: set CIM_TEST_DATA to the folder of the real files");
        return None;
    };
    let mut reader = csv::Reader::from_path(root.join("poi-shanghai/shanghai_poi_a.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap).enumerate();
    let places = rows.map(|(index, row)| Place {
        code: format!("S{index:05}"),
        name: row[0].to_owned(),
        district: row[2].to_owned(),
        address: format!("{}{}{}", &row[3], &row[2], row[1].trim_matches(['[', ']'])),
        at: LonLat { lon: row[6].parse().unwrap(), lat: row[5].parse().unwrap() },
    });
    Some(places.collect())
}

fn gazetteer<'a>(places: impl Iterator<Item = &'a Place>, town_of: fn(&Place) -> Option<&str>) -> Gazetteer {
    let mut builder = GazetteerBuilder::new();
    for place in places {
        builder.add_address(&AddressEntry {
            code: &place.code,
            full_text: &place.full_text(),
            town_name: town_of(place),
            village_name: None,
            road_name: None,
            group_name: None,
            number: None,
            estate_name: None,
            building_no: None,
            unit_no: None,
            building_code: None,
            aliases: vec![&place.name],
            at: place.at,
        });
    }
    builder.finish()
}

fn report(what: &str, texts: usize, first: usize, within: usize, failures: &[String]) {
    let share = |count: usize| count as f64 / texts as f64;
    println!("{what}: {texts} texts, first {:.4}, within {:.4}", share(first), share(within));
    for failure in failures.iter().take(15) {
        println!("    {failure}");
    }
}

fn check_own_texts(what: &str, town_of: fn(&Place) -> Option<&str>) {
    let Some(places) = places() else { return };
    let gazetteer = gazetteer(places.iter(), town_of);
    let (mut first, mut within, mut failures) = (0, 0, Vec::new());
    for place in &places {
        let text = place.full_text();
        let found = gazetteer.locate(&text, 5);
        match found.first() {
            Some(best) if best.address_code.as_ref() == Some(&place.code) || best.name == text => {
                first += 1;
                within += usize::from(near_distance_m(best.at, place.at) <= best.accuracy_m);
            }
            other => failures.push(format!("{text}: {other:?}")),
        }
    }
    report(what, places.len(), first, within, &failures);
    assert!(first as f64 >= 0.97 * places.len() as f64);
    assert!(within as f64 >= 0.9 * places.len() as f64);
}

#[test]
fn a_place_is_found_first_by_its_own_text() {
    check_own_texts("own texts", |_| None);
}

#[test]
fn a_place_is_found_first_when_its_district_is_given_as_its_town() {
    check_own_texts("own texts, the district given", |place| Some(&place.district));
}

#[test]
fn a_place_is_found_by_its_address_and_by_its_name() {
    let Some(places) = places() else { return };
    let gazetteer = gazetteer(places.iter(), |_| None);
    let mut sharing: HashMap<&str, usize> = HashMap::new();
    for place in &places {
        *sharing.entry(place.name.as_str()).or_default() += 1;
    }
    for what in ["address", "name"] {
        let (mut texts, mut near, mut within, mut failures) = (0, 0, 0, Vec::new());
        for place in &places {
            let is_numbered = place.address.contains('号') && !place.address.ends_with("附近");
            if what == "address" && !is_numbered || what == "name" && sharing[place.name.as_str()] > 1 {
                continue;
            }
            let text = if what == "address" { &place.address } else { &place.name };
            texts += 1;
            match gazetteer.locate(text, 5).first() {
                Some(best) => {
                    let off = near_distance_m(best.at, place.at);
                    near += usize::from(off <= 100.0);
                    within += usize::from(off <= best.accuracy_m);
                    if off > best.accuracy_m {
                        failures.push(format!("{text}: {} {off:.0} m off, {} m", best.name, best.accuracy_m));
                    }
                }
                None => failures.push(format!("{text}: nothing")),
            }
        }
        report(what, texts, near, within, &failures);
        assert!(within as f64 >= 0.9 * texts as f64, "{what}");
    }
}

#[test]
fn a_text_that_is_not_there_gets_no_door() {
    let Some(places) = places() else { return };
    // Every tenth place is left out, unless another one has the same door.
    let is_left_out = |index: usize| index % 10 == 3;
    let kept: Vec<&Place> =
        places.iter().enumerate().filter(|(index, _)| !is_left_out(*index)).map(|(_, place)| place).collect();
    let numbers: Vec<HashSet<String>> = kept.iter().map(|place| numbers(&place.address)).collect();
    let is_there = |road: &str, number: &str| {
        kept.iter().zip(&numbers).any(|(place, all)| place.address.contains(road) && all.contains(number))
    };
    let gazetteer = gazetteer(kept.iter().copied(), |_| None);
    let (mut texts, mut wrong) = (0, Vec::new());
    for (_, place) in places.iter().enumerate().filter(|(index, _)| is_left_out(*index)) {
        let Some((road, number)) = door(&place.address) else { continue };
        let last_three = road.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
        if is_there(road.split_at(last_three).1, &number) {
            continue;
        }
        texts += 1;
        for text in [&format!("{road}{number}号"), &place.address] {
            let found = gazetteer.locate(text, 5);
            if let Some(best) = found.iter().find(|candidate| candidate.match_level.is_door()) {
                wrong.push(format!("{text}: {} ({:.3}) {:?}", best.name, best.score, best.parts));
            }
        }
    }
    println!("not there: {texts} texts, {} with a door", wrong.len());
    for wrong in wrong.iter().take(40) {
        println!("    {wrong}");
    }
    assert!(wrong.is_empty());
}

/// Road and first number of an address that begins with a road: `上海市黄浦区蓬莱路225号`.
fn door(address: &str) -> Option<(String, String)> {
    let at = address.find(|ch: char| ch.is_ascii_digit())?;
    let (road, rest) = address.split_at(at);
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (road.ends_with('路') && rest.strip_prefix(&number)?.starts_with('号')).then(|| (road.to_owned(), number))
}

/// All numbers in an address.
fn numbers(address: &str) -> HashSet<String> {
    address.split(|ch: char| !ch.is_ascii_digit()).filter(|run| !run.is_empty()).map(str::to_owned).collect()
}
