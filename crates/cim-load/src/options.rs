//! What the caller chooses about a load.

use std::path::PathBuf;
use std::sync::Arc;

use cim_crs::Crs;
use cim_model::Collection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where source files are parsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Isolation {
    /// In a child process of the running program, started again with `parse-worker`: the default.
    #[default]
    ChildProcess,
    /// In a child process of another program, with these arguments.
    Program(PathBuf, Vec<String>),
    /// In a thread of this process. Only for files that this program has written itself.
    Thread,
}

/// Is told `(collection, rows read so far)` while a load runs.
pub type Progress = Arc<dyn Fn(Collection, u64) + Send + Sync>;

/// What the caller chooses about a load.
#[derive(Clone)]
pub struct LoadOptions {
    /// Check everything and change nothing.
    pub dry_run: bool,
    /// The moment that `[timeline]` shifts to.
    pub now: Timestamp,
    /// Where to write the JSON report, if anywhere.
    pub report_path: Option<PathBuf>,
    /// The folder that `${CIM_TEST_DATA}` and other `${NAME}` in a pack's file names stand for, by name.
    pub variables: Vec<(String, PathBuf)>,
    /// Where files are parsed.
    pub isolation: Isolation,
    /// Address space of a parser process, in MiB.
    pub parse_memory_mib: u64,
    /// Processor seconds of a parser process.
    pub parse_cpu_s: u64,
    /// Is told how far the load is.
    pub progress: Option<Progress>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            dry_run: false,
            now: Timestamp::now(),
            report_path: None,
            variables: Vec::new(),
            isolation: Isolation::ChildProcess,
            parse_memory_mib: 1024,
            parse_cpu_s: 900,
            progress: None,
        }
    }
}

/// One file to load without a pack, as `cim load FILE --collection NAME` gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileSource {
    /// The file.
    pub file: PathBuf,
    /// What it holds.
    #[serde(with = "collection_name")]
    pub collection: Collection,
    /// Its coordinate system, where the file does not say.
    #[serde(with = "crs_name")]
    pub crs: Option<Crs>,
    /// `(source column, field)` pairs.
    pub map: Vec<(String, String)>,
    /// The source column of the business key.
    pub key: Option<String>,
}

mod collection_name {
    use cim_model::Collection;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(
        collection: &Collection,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(collection.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Collection, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

mod crs_name {
    use cim_crs::Crs;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(crs: &Option<Crs>, serializer: S) -> Result<S::Ok, S::Error> {
        crs.map(|crs| crs.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Crs>, D::Error> {
        let name: Option<String> = Option::deserialize(deserializer)?;
        name.map(|name| name.parse().map_err(serde::de::Error::custom)).transpose()
    }
}
