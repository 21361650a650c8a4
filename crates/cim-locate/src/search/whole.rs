//! The whole text as it is known: with or without its province, district, town and the words behind it.

use super::Search;
use super::row_sets::RowSet;
use crate::candidate::{MatchLevel, PartKind};
use crate::draft::Draft;
use crate::edits::Trust;
use crate::keys::KeyLevel;
use crate::segment::TokenKind;

impl Search<'_> {
    /// Candidates whose text is the whole text.
    pub(crate) fn whole(&self) -> Vec<Draft> {
        let tokens = &self.reading.tokens;
        let is_word = |index: usize| {
            matches!(self.reading.token(index).map(|token| &token.kind), Some(TokenKind::Word(_)))
        };
        let mut heads = 0;
        while heads < tokens.len() && self.reading.areas.contains(&heads) {
            heads += 1;
        }
        let mut tail = tokens.len();
        while tail > 0 && is_word(tail - 1) {
            tail -= 1;
        }
        let ends = [self.reading.written.len(), tokens.get(tail).map_or(usize::MAX, |token| token.from)];
        for (skipped, end) in (0..=heads).flat_map(|skipped| ends.map(|end| (skipped, end))) {
            let from = match skipped {
                0 => 0,
                _ => tokens.get(skipped - 1).map_or(0, |token| token.to),
            };
            // Heads must stand at the very start, one behind the other.
            let is_joined = skipped == 0
                || tokens.iter().take(skipped).map(crate::segment::Token::len).sum::<usize>() == from;
            if !is_joined || end == usize::MAX || end <= from {
                continue;
            }
            if let Some((level, rows)) = self.gazetteer.keys.find(self.reading.written.slice(from, end)) {
                let drafts = self.whole_drafts(skipped, (from, end), level, rows);
                if !drafts.is_empty() {
                    return drafts;
                }
            }
        }
        Vec::new()
    }

    fn whole_drafts(
        &self,
        skipped: usize,
        (from, end): (usize, usize),
        level: KeyLevel,
        rows: Vec<u32>,
    ) -> Vec<Draft> {
        let itself: Vec<usize> = (skipped..self.reading.tokens.len()).collect();
        let text = self.reading.written.as_written(self.reading.original, from, end);
        let set = RowSet {
            rows,
            level: match_level(level),
            name: text,
            itself: itself.clone(),
            trust: Trust::Full,
            doubtful_level: MatchLevel::Place,
        };
        let mut drafts = self.drafts_of_rows(&set);
        for draft in &mut drafts {
            // The unknown characters of a known text are explained by it.
            for &token in &itself {
                draft.explain(token, PartKind::Address, self.reading.text(token));
            }
            draft.is_whole = draft.quality > 0.999;
            self.name_parts(draft);
            self.apply_offset(draft);
        }
        drafts
    }

    /// Gives the pieces of a whole text the kinds they have by themselves.
    fn name_parts(&self, draft: &mut Draft) {
        for used in &mut draft.used {
            if used.kind == PartKind::Address {
                used.kind = self.part_kind(used.token);
            }
        }
    }
}

pub(crate) fn match_level(level: KeyLevel) -> MatchLevel {
    match level {
        KeyLevel::Unit => MatchLevel::Unit,
        KeyLevel::Building => MatchLevel::Building,
        KeyLevel::Number => MatchLevel::Number,
        KeyLevel::Place => MatchLevel::Place,
        KeyLevel::Lane => MatchLevel::Estate,
        KeyLevel::Group => MatchLevel::Group,
    }
}
