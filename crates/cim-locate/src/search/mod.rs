//! Looking a reading up: every way of understanding it gives candidates, and their scores tell which is best.

mod agreement;
mod between;
mod crossing;
mod numbered;
mod offset;
mod row_sets;
mod standing;
mod units;
mod whole;

use crate::candidate::Candidate;
use crate::draft::Draft;
use crate::gazetteer::Gazetteer;
use crate::reading::Reading;
use crate::segment::TokenKind;

/// One reading of a text and what it is looked up in.
pub(crate) struct Search<'s> {
    pub(crate) gazetteer: &'s Gazetteer,
    pub(crate) reading: &'s Reading<'s>,
}

impl<'s> Search<'s> {
    pub(crate) fn new(gazetteer: &'s Gazetteer, reading: &'s Reading<'s>) -> Self {
        Self { gazetteer, reading }
    }

    /// Adds all candidates, in no order; answers the names that the best of them leaves unexplained or forgives.
    pub(crate) fn candidates(&self, found: &mut Vec<Candidate>) -> Vec<usize> {
        let mut drafts = self.whole();
        let mut placed = Vec::new();
        for base in &self.reading.bases {
            let (numbered, is_full) = self.numbered(base);
            placed.extend(numbered);
            if !is_full {
                placed.extend(self.standing(base));
            }
        }
        placed.extend(self.units());
        for draft in &mut placed {
            self.apply_offset(draft);
        }
        drafts.extend(placed);
        drafts.extend(self.crossings());
        drafts.extend(self.between());
        let doubtful = self.doubtful_names(&drafts);
        found.extend(drafts.into_iter().map(|draft| self.finish(draft)));
        doubtful
    }

    fn doubtful_names(&self, drafts: &[Draft]) -> Vec<usize> {
        let worth = |draft: &Draft| draft.quality * draft.explained(self.reading);
        let best = drafts.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)));
        let is_used = |token: usize| {
            best.is_some_and(|best| best.is_whole || best.used.iter().any(|used| used.token == token))
        };
        let leads_nowhere = |token: usize| {
            let base = self.reading.bases.iter().find(|base| base.token == token);
            base.is_some_and(|base| !base.numbers.iter().all(|&number| is_used(number)))
        };
        (0..self.reading.tokens.len())
            .filter(|&token| match self.reading.token(token).map(|token| &token.kind) {
                Some(TokenKind::Name { is_exact, .. }) => {
                    !is_exact || !is_used(token) || leads_nowhere(token)
                }
                _ => false,
            })
            .collect()
    }

    fn finish(&self, mut draft: Draft) -> Candidate {
        if draft.unit_code.is_none() {
            draft.unit_code = self.unit_code_at(draft.at);
        }
        draft.finish(self.reading)
    }
}
