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

/// One reading of a text and what it is looked up in.
pub(crate) struct Search<'s> {
    pub(crate) gazetteer: &'s Gazetteer,
    pub(crate) reading: &'s Reading<'s>,
}

impl<'s> Search<'s> {
    pub(crate) fn new(gazetteer: &'s Gazetteer, reading: &'s Reading<'s>) -> Self {
        Self { gazetteer, reading }
    }

    /// Adds all candidates, in no order; answers the pieces that name something whose numbers do not exist.
    pub(crate) fn candidates(&self, found: &mut Vec<Candidate>) -> Vec<usize> {
        let mut drafts = self.whole();
        let mut placed = Vec::new();
        let mut failed = Vec::new();
        for base in &self.reading.bases {
            let (numbered, is_full) = self.numbered(base);
            placed.extend(numbered);
            if !is_full {
                placed.extend(self.standing(base));
                if !base.numbers.is_empty() {
                    failed.push(base.token);
                }
            }
        }
        placed.extend(self.units());
        for draft in &mut placed {
            self.apply_offset(draft);
        }
        drafts.extend(placed);
        drafts.extend(self.crossings());
        drafts.extend(self.between());
        found.extend(drafts.into_iter().map(|draft| self.finish(draft)));
        failed
    }

    fn finish(&self, mut draft: Draft) -> Candidate {
        if draft.unit_code.is_none() {
            draft.unit_code = self.unit_code_at(draft.at);
        }
        draft.finish(self.reading)
    }
}
