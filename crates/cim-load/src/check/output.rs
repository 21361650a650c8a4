//! What the checks hand on: rows in batches, findings, and a summary of the file.

use std::collections::BTreeMap;

use cim_model::{Finding, Record, Severity};
use serde::{Deserialize, Serialize};

use crate::row::{Reading, Refusal};

/// One record with the number of its row in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckedRow {
    pub(crate) row: u64,
    pub(crate) record: Record,
}

pub(crate) type Batch = Vec<CheckedRow>;

/// Where checked rows and findings go: a channel or a pipe.
pub(crate) trait BatchOutput {
    fn batch(&mut self, batch: Batch) -> Reading;
    fn finding(&mut self, finding: Finding) -> Reading;
}

/// What one file came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) read: u64,
    pub(crate) rejected: u64,
    pub(crate) filtered: u64,
    pub(crate) outside_timeline: u64,
    pub(crate) repaired: u64,
    /// Errors because of which the pack is refused.
    pub(crate) blocking: u64,
    pub(crate) by_rule: BTreeMap<String, u64>,
    /// Vertices in stored coordinates, for comparison with what is loaded.
    pub(crate) samples: Vec<[f64; 2]>,
    /// Whether the coordinates were taken as longitude and latitude as they are.
    pub(crate) lonlat: bool,
}

/// The finding that tells why a file was refused.
pub(crate) fn refused(shown: &str, refusal: Refusal) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: refusal.rule.to_owned(),
        file: Some(shown.to_owned()),
        row: refusal.row,
        key: None,
        value: refusal.value,
        at: None,
        message: refusal.message,
    }
}
