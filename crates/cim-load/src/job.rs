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
    /// A folder of the job's own, removed after it, where one is needed.
    pub(crate) scratch: Option<PathBuf>,
    pub(crate) memory_mib: u64,
    pub(crate) cpu_s: u64,
}

impl ReadJob {
    /// Whether the file has to be unpacked or converted before it is read.
    pub(crate) fn needs_scratch(&self) -> bool {
        self.format == Format::Shapefile
            && self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
    }

    pub(crate) fn collection(&self) -> Option<Collection> {
        self.collection.parse().ok()
    }
}
