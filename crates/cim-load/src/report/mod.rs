//! The load report: what was read, what changed, what was refused and why; for machines and for people.

mod readable;

use std::collections::BTreeMap;
use std::path::PathBuf;

use cim_model::Finding;
use serde::{Deserialize, Serialize};

use crate::options::FileSource;

/// How a load ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything is in the database.
    Loaded,
    /// Nothing was changed: the findings say why.
    Refused,
    /// A dry run: nothing was changed, and nothing stands in the way of a load.
    Checked,
}

/// The language of the readable report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese.
    Chinese,
}

/// What became of one collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionReport {
    /// The collection's name.
    pub collection: String,
    /// Rows in its files.
    pub read: u64,
    /// Rows that are new in the database.
    pub loaded: u64,
    /// Rows that were there and differ.
    pub changed: u64,
    /// Rows that were there and are equal.
    pub unchanged: u64,
    /// Rows that were there and are no longer in a source that calls itself complete.
    pub removed: u64,
    /// Rows left out because of an error.
    pub rejected: u64,
    /// Rows that the source's filter left out.
    pub filtered: u64,
    /// Rows left out because they lie after now or before the kept days.
    pub outside_timeline: u64,
    /// Rows whose geometry was repaired.
    pub repaired: u64,
}

/// How a repair would change one unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitAreaChange {
    /// The unit's code.
    pub code: String,
    /// Its area now, in square metres.
    pub before_m2: f64,
    /// Its area after the repair.
    pub after_m2: f64,
    /// Ground that would be new.
    pub gained_m2: f64,
    /// Ground that would go to others or to none.
    pub lost_m2: f64,
}

/// A repair of an unclean coverage that `cim load --repair` can apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverageProposal {
    /// The level whose borders would move.
    pub collection: String,
    /// What would change, unit by unit, the largest change first.
    pub moves: Vec<UnitAreaChange>,
}

/// What was asked for, so that it can be asked for again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// A city pack.
    Pack {
        /// Its folder.
        folder: PathBuf,
    },
    /// A single file.
    File(FileSource),
}

/// What a load did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadReport {
    /// How it ended.
    pub outcome: Outcome,
    /// The city or file that was loaded.
    pub city: String,
    /// The pack's folder or the file.
    pub source: String,
    /// What was asked for.
    pub request: Request,
    /// Whether the pack calls itself synthetic.
    pub synthetic: bool,
    /// The transaction, where one was committed: a token for `min_xid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xid: Option<String>,
    /// Per collection, in loading order.
    pub collections: Vec<CollectionReport>,
    /// How often each rule was broken, findings beyond the listed ones included.
    pub findings_by_rule: BTreeMap<String, u64>,
    /// The findings: at most 100 per file and rule.
    pub findings: Vec<Finding>,
    /// Repairs of unclean coverages that can be applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<CoverageProposal>,
}

impl LoadReport {
    /// Whether the load stands: the exit code of `cim load` is 0 exactly then.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.outcome != Outcome::Refused
    }

    /// Whether a load changed no row at all.
    #[must_use]
    pub fn changed_nothing(&self) -> bool {
        self.collections.iter().all(|one| one.loaded + one.changed + one.removed == 0)
    }

    /// The report for people.
    #[must_use]
    pub fn readable(&self, language: Language) -> String {
        readable::readable(self, language)
    }
}
