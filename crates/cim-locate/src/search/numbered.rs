//! A name with numbers behind it: a door, a building, a stair, a village group.

use super::Search;
use super::row_sets::RowSet;
use super::whole::match_level;
use crate::areas::AreaRank;
use crate::candidate::{MatchLevel, PartKind};
use crate::draft::Draft;
use crate::edits::{Near, Trust};
use crate::names::{Kinds, NameId};
use crate::reading::Base;
use crate::segment::{Counter, TokenKind};

/// A number written without its counter, or with that of another kind of place.
const GUESSED_QUALITY: f64 = 0.96;

/// A name that another known name may have been written for.
const HARDLY_QUALITY: f64 = 0.6;

impl Search<'_> {
    /// Candidates at the most exact level that the numbers lead to, and whether they use every number that leads on.
    pub(crate) fn numbered(&self, base: &Base) -> (Vec<Draft>, bool) {
        let Some(TokenKind::Name { names, .. }) = self.reading.token(base.token).map(|token| &token.kind)
        else {
            return (Vec::new(), false);
        };
        let mut found = Vec::new();
        let mut is_full = false;
        for near in self.names_in_addresses(names) {
            for count in (0..=base.numbers.len()).rev() {
                let numbers = base.numbers.get(..count).unwrap_or_default();
                let trust = self.trust_with(near, base);
                let drafts = self.at_numbers(near.name, trust, base.token, numbers);
                if !drafts.is_empty() {
                    let rest = base.numbers.get(count..).unwrap_or_default();
                    is_full |= (count > 0 || rest.is_empty())
                        && rest.iter().all(|&number| {
                            matches!(self.reading.counter(number), Some(Counter::Room | Counter::Floor))
                        });
                    found.extend(drafts);
                    break;
                }
            }
        }
        for draft in &mut found {
            self.explain_rooms(draft, base);
        }
        (found, is_full)
    }

    /// How surely a name with these numbers is meant.
    fn trust_with(&self, near: Near, base: &Base) -> Trust {
        // All villages are known: what is nearly one is one, if the town agrees.
        let is_village = self.gazetteer.names.kinds(near.name).has(Kinds::AREA)
            && base
                .numbers
                .first()
                .is_some_and(|&number| self.reading.counter(number) == Some(Counter::Group));
        match () {
            () if near.trust == Trust::Hardly => Trust::Hardly,
            () if self.reading.is_cut_short(base.token) => Trust::Little,
            () if is_village => near.trust.max(Trust::Some),
            () => near.trust,
        }
    }

    /// The names themselves, and those by which addresses know the units that they name.
    fn names_in_addresses(&self, names: &[Near]) -> Vec<Near> {
        let mut all = names.to_vec();
        for near in names {
            let areas = self.gazetteer.areas_of.of(near.name);
            for name in areas.filter_map(|area| self.gazetteer.areas.get(area as usize)?.row_name) {
                if !all.iter().any(|known| known.name == name) {
                    all.push(Near { name, ..*near });
                }
            }
        }
        all
    }

    fn at_numbers(&self, name: NameId, trust: Trust, token: usize, numbers: &[usize]) -> Vec<Draft> {
        for (chain, quality) in self.chains(numbers) {
            let text = format!("{}{chain}", self.gazetteer.names.compared(name));
            let Some((level, rows)) = self.gazetteer.keys.find(&text) else { continue };
            let shown = format!("{}{chain}", self.gazetteer.names.shown(name));
            let set = RowSet {
                rows,
                level: match_level(level),
                name: &shown,
                itself: vec![token],
                trust,
                doubtful_level: self.level_of_name(name),
            };
            let mut drafts = self.drafts_of_rows(&set);
            for draft in &mut drafts {
                draft.quality *= if trust == Trust::Hardly { quality * HARDLY_QUALITY } else { quality };
                if numbers.is_empty() && draft.level.is_door() {
                    draft.level = MatchLevel::Place;
                }
                self.explain_name(draft, token, name);
                for &number in numbers {
                    draft.explain(number, self.part_kind(number), self.reading.text(number));
                }
            }
            return drafts;
        }
        Vec::new()
    }

    /// What the numbers may be in the text of an address.
    fn chains(&self, numbers: &[usize]) -> Vec<(String, f64)> {
        let written: String = numbers.iter().map(|&number| self.reading.text(number)).collect();
        let mut chains = vec![(written.clone(), 1.0)];
        let Some(&last) = numbers.last() else { return chains };
        if self.reading.counter(last) == Some(Counter::Bare) {
            for counter in ["号", "幢", "组"] {
                chains.push((format!("{written}{counter}"), GUESSED_QUALITY));
            }
        } else if let Some(bare) = written.strip_suffix('号') {
            chains.push((format!("{bare}幢"), GUESSED_QUALITY));
        } else if let Some(bare) = written.strip_suffix('幢') {
            chains.push((format!("{bare}号"), GUESSED_QUALITY));
        }
        chains.extend(self.chains_of_another_kind(numbers));
        chains
    }

    /// 3号2单元 for 3幢2单元, 12 35 for 12组35号: the first number with the counter of another kind of place.
    fn chains_of_another_kind(&self, numbers: &[usize]) -> Vec<(String, f64)> {
        let is_bare = |index: usize| self.reading.counter(index) == Some(Counter::Bare);
        let Some((&first, rest)) = numbers.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return Vec::new();
        };
        if !is_bare(first) && self.reading.counter(first) != Some(Counter::Number) {
            return Vec::new();
        }
        let digits = self.reading.text(first).trim_end_matches('号');
        let rest: String = rest
            .iter()
            .map(|&number| {
                let text = self.reading.text(number).to_owned();
                if is_bare(number) { text + "号" } else { text }
            })
            .collect();
        let counters = ["组", "幢", "弄"].iter();
        counters.map(|counter| (format!("{digits}{counter}{rest}"), GUESSED_QUALITY)).collect()
    }

    /// Rooms and floors lie in what was found: they are understood, though not found.
    fn explain_rooms(&self, draft: &mut Draft, base: &Base) {
        for &number in &base.numbers {
            if matches!(self.reading.counter(number), Some(Counter::Room | Counter::Floor)) {
                draft.explain(number, self.part_kind(number), self.reading.text(number));
            }
        }
    }

    /// Marks a name as explained.
    pub(crate) fn explain_name(&self, draft: &mut Draft, token: usize, name: NameId) {
        draft.explain(token, self.kind_of_name(name), self.gazetteer.names.shown(name));
    }

    pub(crate) fn kind_of_name(&self, name: NameId) -> PartKind {
        let kinds = self.gazetteer.names.kinds(name);
        match () {
            () if kinds.has(Kinds::ESTATE) => PartKind::Estate,
            () if kinds.has(Kinds::ROAD) => PartKind::Road,
            () if kinds.has(Kinds::WATER) => PartKind::Water,
            () if kinds.has(Kinds::AREA) => self.kind_of_unit(name),
            () if kinds.has(Kinds::SPOT.and(Kinds::ALIAS)) => PartKind::Place,
            () => PartKind::District,
        }
    }

    fn kind_of_unit(&self, name: NameId) -> PartKind {
        let mut ranks =
            self.gazetteer.areas_of.of(name).filter_map(|area| self.gazetteer.areas.get(area as usize));
        let is_village = ranks.clone().any(|area| area.rank >= AreaRank::Village);
        match ranks.next().map(|area| area.rank) {
            _ if is_village => PartKind::Village,
            Some(AreaRank::Town) => PartKind::Town,
            Some(AreaRank::District) => PartKind::District,
            _ => PartKind::Village,
        }
    }

    /// What is left of a match when its number is in doubt.
    fn level_of_name(&self, name: NameId) -> MatchLevel {
        match self.kind_of_name(name) {
            PartKind::Road | PartKind::Water => MatchLevel::Road,
            PartKind::Village => MatchLevel::Village,
            PartKind::Place => MatchLevel::Place,
            _ => MatchLevel::Estate,
        }
    }

    /// What a piece of the text is.
    pub(crate) fn part_kind(&self, token: usize) -> PartKind {
        match self.reading.token(token).map(|token| &token.kind) {
            Some(TokenKind::Name { names, .. }) => {
                names.first().map_or(PartKind::Place, |near| self.kind_of_name(near.name))
            }
            Some(TokenKind::Number(counter)) => match counter {
                Counter::Group => PartKind::Group,
                Counter::Number | Counter::Bare => PartKind::Number,
                Counter::Lane => PartKind::Lane,
                Counter::Building => PartKind::Building,
                Counter::Phase => PartKind::Estate,
                Counter::Unit => PartKind::Unit,
                Counter::Room => PartKind::Room,
                Counter::Floor => PartKind::Floor,
                Counter::Metres | Counter::Kilometres => PartKind::Offset,
            },
            _ => PartKind::Offset,
        }
    }
}
