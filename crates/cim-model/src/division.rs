//! Administrative codes through time: which current code means the place that an old code meant.
//!
//! Drawbacks: matching is by name, so a village that was renamed and renumbered at once stays a leftover for people to decide.

use std::collections::{BTreeMap, BTreeSet};

/// One code of a yearly list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The code: 6 digits for a district, 9 for a town, 12 for a village.
    pub code: String,
    /// The name in that list.
    pub name: String,
}

/// The outcome of matching two lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aliases {
    /// Old code to current code of the same place.
    pub current: BTreeMap<String, String>,
    /// Old codes whose place could not be found in the current list.
    pub leftover: Vec<Division>,
}

/// One code with the time for which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminCode {
    /// The system of codes.
    pub scheme: &'static str,
    /// The code.
    pub code: String,
    /// The day of the list that has it.
    pub valid_from: &'static str,
    /// The day from which it holds no longer.
    pub valid_to: Option<&'static str>,
    /// `district`, `town` or `village`.
    pub level: &'static str,
    /// The name in that list.
    pub name: String,
    /// The current code of the same place, for old codes that could be matched.
    pub alias: Option<String>,
}

/// Names of towns and villages carry the name of the district or town above them, which changed.
const PREFIXES: [&str; 4] = ["南通市海门区", "南通市海门市", "海门市高新区", "海门市"];
const TOWN_SUFFIX: &str = "管理委员会";
const TOWN_DIGITS: usize = 9;

/// Haimen in 2020, under 320684: district, towns and villages.
#[must_use]
pub fn haimen_2020() -> Vec<Division> {
    let district = Division { code: "320684".to_owned(), name: "海门市".to_owned() };
    let towns = include_str!("../../../data/division-codes/haimen_320684_towns_2020.csv");
    let villages = include_str!("../../../data/division-codes/haimen_320684_villages_2020.csv");
    [district].into_iter().chain(read(towns)).chain(read(villages)).collect()
}

/// Haimen in 2023, under 320614: district, towns and villages.
#[must_use]
pub fn haimen_2023() -> Vec<Division> {
    let district = Division { code: "320614".to_owned(), name: "海门区".to_owned() };
    let towns = include_str!("../../../data/division-codes/haimen_320614_towns_2023.csv");
    let villages = include_str!("../../../data/division-codes/haimen_320614_villages_2023.csv");
    [district].into_iter().chain(read(towns)).chain(read(villages)).collect()
}

/// Every code that is known with its time: the old ones of Haimen with their aliases, and the current ones.
#[must_use]
pub fn known_codes() -> Vec<AdminCode> {
    let (old, current) = (haimen_2020(), haimen_2023());
    let aliases = match_by_name(&old, &current);
    let old = old.into_iter().map(|division| AdminCode {
        scheme: "stats12",
        valid_from: "2020-06-30",
        // The day on which the district opened.
        valid_to: Some("2020-07-28"),
        level: level_of(&division.code),
        alias: aliases.current.get(&division.code).cloned(),
        code: division.code,
        name: division.name,
    });
    let current = current.into_iter().map(|division| AdminCode {
        scheme: "stats12",
        valid_from: "2023-06-30",
        valid_to: None,
        level: level_of(&division.code),
        alias: None,
        code: division.code,
        name: division.name,
    });
    old.chain(current).collect()
}

/// Matches each old town and village with the current one of the same name, villages inside their own town first.
#[must_use]
pub fn match_by_name(old: &[Division], current: &[Division]) -> Aliases {
    let mut found = BTreeMap::new();
    match_level(&mut found, old, current, "district", |_| String::new());
    match_level(&mut found, old, current, "town", |division| bare_name(division).to_owned());
    let towns = found.clone();
    // Villages of the same town; a town's current code stands for it in both lists.
    match_level(&mut found, old, current, "village", |division| {
        let town = town_of(&division.code);
        format!("{}/{}", towns.get(town).map_or(town, String::as_str), bare_name(division))
    });
    // Villages that came to another town: only names that occur once in either list.
    match_level(&mut found, old, current, "village", |division| bare_name(division).to_owned());
    match_renamed_towns(&mut found, old, current);
    let leftover = old.iter().filter(|division| !found.contains_key(&division.code)).cloned().collect();
    Aliases { current: found, leftover }
}

/// Matches what is still open on both sides and has a key that is unique on both sides.
fn match_level(
    found: &mut BTreeMap<String, String>,
    old: &[Division],
    current: &[Division],
    level: &str,
    key: impl Fn(&Division) -> String,
) {
    let taken: BTreeSet<String> = found.values().cloned().collect();
    let unique = |open: Vec<&Division>| {
        let mut codes: BTreeMap<String, Option<String>> = BTreeMap::new();
        for division in open {
            let code = Some(division.code.clone());
            codes.entry(key(division)).and_modify(|twice| *twice = None).or_insert(code);
        }
        codes
    };
    let open_old =
        old.iter().filter(|d| level_of(&d.code) == level && !found.contains_key(&d.code)).collect();
    let open_current =
        current.iter().filter(|d| level_of(&d.code) == level && !taken.contains(&d.code)).collect();
    let mut candidates = unique(open_current);
    for (name, code) in unique(open_old) {
        if let (Some(code), Some(Some(same))) = (code, candidates.remove(&name)) {
            found.insert(code, same);
        }
    }
}

/// A renamed town is known by its villages: all that were matched lie in one current town that no other old town is.
fn match_renamed_towns(found: &mut BTreeMap<String, String>, old: &[Division], current: &[Division]) {
    let taken: BTreeSet<String> = found.values().cloned().collect();
    for town in old
        .iter()
        .filter(|d| level_of(&d.code) == "town" && !found.contains_key(&d.code))
        .cloned()
        .collect::<Vec<_>>()
    {
        let heirs: BTreeSet<&str> = found
            .iter()
            .filter(|(code, _)| code.len() > TOWN_DIGITS && town_of(code) == town.code)
            .map(|(_, same)| town_of(same))
            .collect();
        if let [heir] = heirs.into_iter().collect::<Vec<_>>()[..]
            && !taken.contains(heir)
            && current.iter().any(|division| division.code == heir)
        {
            let heir = heir.to_owned();
            found.insert(town.code, heir);
        }
    }
}

fn bare_name(division: &Division) -> &str {
    let name =
        PREFIXES.iter().find_map(|prefix| division.name.strip_prefix(prefix)).unwrap_or(&division.name);
    if level_of(&division.code) == "town" { name.strip_suffix(TOWN_SUFFIX).unwrap_or(name) } else { name }
}

fn town_of(code: &str) -> &str {
    code.get(..TOWN_DIGITS).unwrap_or(code)
}

fn level_of(code: &str) -> &'static str {
    match code.len() {
        0..=6 => "district",
        7..=TOWN_DIGITS => "town",
        _ => "village",
    }
}

/// The first two columns of a list: code and name. The lists quote nothing.
fn read(csv: &str) -> Vec<Division> {
    csv.lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split(',');
            let (code, name) = (columns.next()?, columns.next()?);
            Some(Division { code: code.trim().to_owned(), name: name.trim().to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases() -> Aliases {
        match_by_name(&haimen_2020(), &haimen_2023())
    }

    fn villages(list: Vec<Division>) -> BTreeMap<String, String> {
        list.into_iter().filter(|d| level_of(&d.code) == "village").map(|d| (d.code, d.name)).collect()
    }

    #[test]
    fn the_lists_have_the_towns_and_villages_of_their_year() {
        let count = |list: &[Division], level| list.iter().filter(|d| level_of(&d.code) == level).count();
        assert_eq!((count(&haimen_2020(), "town"), count(&haimen_2020(), "village")), (23, 308));
        assert_eq!((count(&haimen_2023(), "town"), count(&haimen_2023(), "village")), (22, 307));
    }

    #[test]
    fn swapping_the_prefix_of_an_old_code_is_wrong() {
        let (old, current) = (villages(haimen_2020()), villages(haimen_2023()));
        let swapped = |code: &str| code.replacen("320684", "320614", 1);
        let hits: Vec<&String> = old.keys().filter(|code| current.contains_key(&swapped(code))).collect();
        let other: Vec<_> = hits.iter().filter(|code| current[&swapped(code)] != old[**code]).collect();
        assert_eq!((hits.len(), other.len()), (133, 30));
    }

    #[test]
    fn old_codes_are_matched_by_town_and_name() {
        let found = aliases().current;
        for (old, current) in [
            ("320684", "320614"),
            ("320684106", "320614103"),       // 常乐镇
            ("320684400", "320614400"),       // the economic zone, by its name without the district's
            ("320684416", "320614416"),       // renamed 三星镇, by its villages
            ("320684106001", "320614103001"), // 状元街, in the same town
            ("320684417001", "320614400052"), // 拥军路, whose town was merged into another
        ] {
            assert_eq!(found.get(old).map(String::as_str), Some(current), "{old}");
        }
    }

    #[test]
    fn no_current_code_is_the_alias_of_two_old_ones() {
        let found = aliases().current;
        let distinct: BTreeSet<&String> = found.values().collect();
        assert_eq!(distinct.len(), found.len());
    }

    #[test]
    fn leftovers_are_listed() {
        let leftover: Vec<String> =
            aliases().leftover.into_iter().map(|d| format!("{} {}", d.code, d.name)).collect();
        assert_eq!(leftover, ["320684417 海门高新区", "320684106200 培育村村委会"]);
    }
}
