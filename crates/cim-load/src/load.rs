//! A load from beginning to end: read, check, write, commit or nothing.

use std::path::Path;

use cim_store::Store;

use crate::error::LoadError;
use crate::options::{FileSource, LoadOptions};
use crate::report::LoadReport;

/// Loads a city pack: a folder with a `city.toml`. Everything or nothing; a refused pack is `Ok` with findings.
pub async fn load_pack(_store: &Store, folder: &Path, _options: LoadOptions) -> Result<LoadReport, LoadError> {
    Err(LoadError::Usage(format!("{}: the loader is not complete yet", folder.display())))
}

/// Loads one file the same way.
pub async fn load_file(_store: &Store, source: FileSource, _options: LoadOptions) -> Result<LoadReport, LoadError> {
    Err(LoadError::Usage(format!("{}: the loader is not complete yet", source.file.display())))
}

/// Applies the repair that the report of an earlier load proposes for an unclean coverage.
pub async fn repair_load(_store: &Store, report: &Path, _options: LoadOptions) -> Result<LoadReport, LoadError> {
    Err(LoadError::Usage(format!("{}: the loader is not complete yet", report.display())))
}
