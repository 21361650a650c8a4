//! A finding: something wrong or noteworthy in data, with its place, rule and value.

use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; the row was loaded as it is.
    Note,
    /// The row was loaded after a safe repair, or is doubtful.
    Warning,
    /// The row, or the whole file, was refused.
    Error,
}

/// One finding. `rule` is a stable `snake_case` name; `message` is for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// The rule that was broken, for example `ring_self_crossing`.
    pub rule: String,
    /// The file it was found in, as the pack names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The row or feature number in that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The business key of the object, where one was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The offending value, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Longitude and latitude of the place, CGCS2000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
    /// One sentence that says what is wrong and what to do.
    pub message: String,
}
