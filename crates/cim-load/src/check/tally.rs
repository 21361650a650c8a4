//! Counts findings and lets only the first of each rule through, so that a million bad rows make a short report.

use std::collections::BTreeMap;

/// The most findings of one rule and file that are listed; all are counted.
const LISTED_PER_RULE: u64 = 100;

/// How often each rule was broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    counts: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts one; tells whether it is to be listed.
    pub(crate) fn count(&mut self, rule: &str) -> bool {
        let Some(count) = self.counts.get_mut(rule) else {
            self.counts.insert(rule.to_owned(), 1);
            return true;
        };
        *count += 1;
        *count <= LISTED_PER_RULE
    }

    pub(crate) fn into_counts(self) -> BTreeMap<String, u64> {
        self.counts
    }
}
