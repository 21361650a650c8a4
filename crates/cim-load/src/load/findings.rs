//! All findings of a load, and whether any of them refuses it.

use std::collections::BTreeMap;

use cim_model::{Finding, Severity};

use crate::check::Summary;

/// Findings as they come in. The parsers have counted and thinned their own.
#[derive(Default)]
pub(super) struct Findings {
    listed: Vec<Finding>,
    by_rule: BTreeMap<String, u64>,
    blocking: u64,
}

impl Findings {
    /// A finding that a parser lists; it is counted by the parser's summary.
    pub(super) fn list(&mut self, finding: Finding) {
        self.listed.push(finding);
    }

    /// A finding of the loader's own.
    pub(super) fn add(&mut self, finding: Finding, blocking: bool) {
        *self.by_rule.entry(finding.rule.clone()).or_insert(0) += 1;
        self.blocking += u64::from(blocking);
        self.listed.push(finding);
    }

    /// A finding that is counted and listed only while there are few of its rule.
    pub(super) fn add_thinned(&mut self, finding: Finding, blocking: bool) {
        const LISTED: u64 = 100;
        let count = self.by_rule.entry(finding.rule.clone()).or_insert(0);
        *count += 1;
        self.blocking += u64::from(blocking);
        if *count <= LISTED {
            self.listed.push(finding);
        }
    }

    pub(super) fn count(&mut self, summary: &Summary) {
        self.blocking += summary.blocking;
        for (rule, count) in &summary.by_rule {
            *self.by_rule.entry(rule.clone()).or_insert(0) += count;
        }
    }

    pub(super) fn blocking(&self) -> bool {
        self.blocking > 0
    }

    pub(super) fn into_parts(mut self) -> (Vec<Finding>, BTreeMap<String, u64>) {
        // What matters most comes first; a stable sort keeps the order of files and rows.
        self.listed.sort_by_key(|finding| match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        });
        (self.listed, self.by_rule)
    }
}
