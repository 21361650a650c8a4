//! Taking an address in: the texts by which it is found.

use super::GazetteerBuilder;
use crate::entry::AddressEntry;
use crate::keys::KeyLevel;
use crate::names::Kinds;
use crate::row_text::{level_of, numbered, without_heads};
use crate::rows::NONE;
use crate::written::Written;

/// Aliases longer than this are texts, not names.
const LONGEST_NAME: usize = 24;

impl GazetteerBuilder {
    /// Takes an address in.
    pub fn add_address(&mut self, entry: &AddressEntry<'_>) {
        let row = self.rows.len();
        let rows = &mut self.rows;
        rows.full_text.push(entry.full_text);
        rows.code.push(entry.code);
        rows.building_code.push(entry.building_code.unwrap_or(""));
        rows.at.push(entry.at);
        let is_given =
            [entry.road_name, entry.estate_name, entry.group_name].iter().any(|part| filled(*part).is_some());
        let mut written = std::mem::take(&mut self.written);
        written.rewrite(entry.full_text);
        let (town, village) = self.add_full_text(entry, &written, row, is_given);
        self.rows.town.push(town);
        self.rows.village.push(village);
        for alias in &entry.aliases {
            self.add_alias(entry, &mut written, alias, row);
        }
        if is_given {
            self.add_parts(entry, &mut written, row);
        }
        self.written = written;
    }

    /// Keys of the whole text; answers the names of town and village.
    fn add_full_text(
        &mut self,
        entry: &AddressEntry<'_>,
        written: &Written,
        row: u32,
        is_given: bool,
    ) -> (u32, u32) {
        let given_town = filled(entry.town_name).and_then(|name| self.names.take_in(name, Kinds::AREA));
        let given_village = filled(entry.village_name).and_then(|name| self.names.take_in(name, Kinds::AREA));
        let text = written.text.as_str();
        let (mut town, mut village) = (given_town, given_village);
        let core;
        if let Some((heads, rest)) = given_town.and_then(|town| text.split_once(self.names.compared(town))) {
            // A district given as the town still has towns in it.
            let headed = without_heads(rest);
            core = if is_given { rest } else { headed.rest };
            if let Some(name) = headed.town.filter(|_| !is_given) {
                village = village.or_else(|| self.names.take_in(name, Kinds::AREA));
            }
            self.add_heads(heads);
        } else {
            let headed = without_heads(text);
            for head in &headed.heads {
                let is_district = head.ends_with(['区', '县']);
                let kind = if is_district && given_town.is_none() { Kinds::AREA } else { Kinds::ADMIN };
                let name = self.names.take_in(head, kind);
                if is_district && given_town.is_none() {
                    town = name;
                }
            }
            if let Some(name) = headed.town {
                village = village.or_else(|| self.names.take_in(name, Kinds::AREA));
            }
            core = headed.rest;
        }
        let core = if begins_with_own_name(core, entry) {
            core
        } else {
            without_village(core, village.map_or("", |village| self.names.compared(village)))
        };
        self.keys.add(core, whole_level(core), row);
        if !is_given {
            // What was taken for a head may be none, so the text is also known as it stands.
            self.keys.add(text, whole_level(core), row);
            self.add_numbered(core, row);
        }
        (town.unwrap_or(NONE), village.unwrap_or(NONE))
    }

    fn add_heads(&mut self, heads: &str) {
        if heads.is_empty() || self.heads.contains(heads) {
            return;
        }
        self.heads.insert(heads.to_owned());
        for head in heads.split_inclusive(['省', '市', '区', '县']) {
            self.names.take_in(head, Kinds::ADMIN);
            let bare = head.trim_end_matches(['省', '市', '区', '县']);
            if bare.chars().count() >= 2 {
                self.names.take_in(bare, Kinds::ADMIN);
            }
        }
    }

    /// Road and number of a text whose parts are not given.
    fn add_numbered(&mut self, core: &str, row: u32) {
        let Some(found) = numbered(core) else { return };
        let Some(road) = self.names.take_in(found.road, Kinds::ROAD) else { return };
        self.rows_of.add(road, row);
        let level = if found.is_lane { KeyLevel::Lane } else { KeyLevel::Number };
        self.keys.add(&format!("{}{}", found.road, found.chain), level, row);
        if let Some((lane, _)) = found.chain.split_once('弄').filter(|_| !found.is_lane) {
            self.keys.add(&format!("{}{lane}弄", found.road), KeyLevel::Lane, row);
        } else if !found.is_lane {
            // 566-568号 is both doors.
            let ends: Vec<&str> = found.chain.trim_end_matches('号').split('-').collect();
            for end in ends.iter().filter(|end| ends.len() == 2 && end.len() >= 2) {
                self.keys.add(&format!("{}{end}号", found.road), level, row);
            }
        }
    }

    fn add_alias(&mut self, entry: &AddressEntry<'_>, written: &mut Written, alias: &str, row: u32) {
        written.rewrite(alias);
        let name_of =
            |name: Option<&str>| filled(name).map(|name| Written::of(name).text).unwrap_or_default();
        let mut core = written.text.as_str();
        if let Some(rest) =
            filled(entry.town_name).and_then(|name| core.strip_prefix(name)).filter(|rest| !rest.is_empty())
        {
            core = rest;
        }
        let village = name_of(entry.village_name.filter(|name| core.starts_with(*name)));
        let core = if begins_with_own_name(core, entry) { core } else { without_village(core, &village) };
        self.keys.add(core, whole_level(core), row);
        let length = core.chars().count();
        if (2..=LONGEST_NAME).contains(&length)
            && level_of(core) == KeyLevel::Place
            && filled(entry.road_name).is_none()
            && let Some(name) = self.names.take_in(core, Kinds::ALIAS)
        {
            self.rows_of.add(name, row);
        }
    }

    /// Keys of the parts, and the names they lie at.
    fn add_parts(&mut self, entry: &AddressEntry<'_>, written: &mut Written, row: u32) {
        if let Some(road) = filled(entry.road_name).and_then(|name| self.names.take_in(name, Kinds::ROAD)) {
            self.rows_of.add(road, row);
        }
        if let Some(estate) =
            filled(entry.estate_name).and_then(|name| self.names.take_in(name, Kinds::ESTATE))
        {
            self.rows_of.add(estate, row);
            if let Some(building) = filled(entry.building_no) {
                written.rewrite(building);
                let mut key = format!("{}{}", self.names.compared(estate), written.text);
                if !key.ends_with('幢') {
                    key.push('幢');
                }
                self.keys.add(&key, KeyLevel::Building, row);
            }
        }
        let village = filled(entry.village_name).and_then(|name| self.names.take_in(name, Kinds::AREA));
        if let (Some(village), Some(group)) = (village, filled(entry.group_name)) {
            written.rewrite(group);
            let mut key = format!("{}{}", self.names.compared(village), written.text);
            if !key.ends_with('组') {
                key.push('组');
            }
            self.keys.add(&key, KeyLevel::Group, row);
            if let Some(number) = filled(entry.number) {
                written.rewrite(number);
                key.push_str(written.text.trim_end_matches('号'));
                key.push('号');
                self.keys.add(&key, KeyLevel::Number, row);
            }
        }
    }
}

/// Whether a text begins with the road or estate itself, which may begin with the name of its village.
fn begins_with_own_name(text: &str, entry: &AddressEntry<'_>) -> bool {
    [entry.road_name, entry.estate_name]
        .iter()
        .any(|name| filled(*name).is_some_and(|name| text.starts_with(name)))
}

/// The whole text of an address stands for it, even if it ends in a lane.
fn whole_level(text: &str) -> KeyLevel {
    match level_of(text) {
        KeyLevel::Lane => KeyLevel::Place,
        level => level,
    }
}

fn filled(part: Option<&str>) -> Option<&str> {
    part.map(str::trim).filter(|part| !part.is_empty())
}

/// The text without the village before it, unless a group's number follows: then the village is part of the address.
fn without_village<'a>(text: &'a str, village: &str) -> &'a str {
    if village.is_empty() {
        return text;
    }
    let is_rest = |rest: &&str| !rest.is_empty() && !rest.starts_with(|ch: char| ch.is_ascii_digit());
    text.strip_prefix(village).filter(is_rest).unwrap_or(text)
}
