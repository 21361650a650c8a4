//! What a parser is told to do: one file, its format, its mapping and the limits.

use std::path::PathBuf;

use cim_model::Collection;
use serde::{Deserialize, Serialize};

use crate::check::TimeShift;
use crate::pack::{Format, Mapping};

/// One file to read. It crosses the pipe to the parser process as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReadJob {
    pub(crate) path: PathBuf,
    /// The file's name in findings.
    pub(crate) shown: String,
    pub(crate) format: Format,
    /// The collection by name.
    pub(crate) collection: String,
    /// The coordinate system by name, where the pack says one.
    pub(crate) crs: Option<String>,
    pub(crate) mapping: Mapping,
    pub(crate) shift: Option<TimeShift>,
    pub(crate) memory_mib: u64,
    pub(crate) cpu_s: u64,
}

impl ReadJob {
    pub(crate) fn collection(&self) -> Option<Collection> {
        self.collection.parse().ok()
    }
}
