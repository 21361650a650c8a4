//! The file that is to be written, and the files beside it while it is not whole yet.

use std::path::{Path, PathBuf};

use crate::ArchiveError;

/// How tiles are bound into one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// `PMTiles` 3.
    PmTiles,
    /// `MBTiles` 1.3.
    MbTiles,
}

/// A file to be written, whose ending says the format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    path: PathBuf,
    format: ArchiveFormat,
}

impl Target {
    /// Takes a path whose ending names a format and whose folder exists.
    pub fn new(path: &Path) -> Result<Self, ArchiveError> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let format = match ending.as_deref() {
            Some("pmtiles") => ArchiveFormat::PmTiles,
            Some("mbtiles") => ArchiveFormat::MbTiles,
            _ => return Err(ArchiveError::UnknownEnding(path.to_path_buf())),
        };
        let path = std::path::absolute(path).map_err(ArchiveError::file("finding", path))?;
        let folder = path.parent().unwrap_or(&path);
        if !folder.is_dir() {
            return Err(ArchiveError::NoFolder(folder.to_path_buf()));
        }
        Ok(Self { path, format })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How tiles are bound in it.
    #[must_use]
    pub fn format(&self) -> ArchiveFormat {
        self.format
    }

    /// The tiles drawn so far.
    #[must_use]
    pub fn partial(&self) -> PathBuf {
        self.beside("part")
    }

    /// The archive while it is being bound.
    pub(crate) fn unnamed(&self) -> PathBuf {
        self.beside("new")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format_and_the_folder_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let target = |name: &str| Target::new(&folder.path().join(name));
        assert_eq!(target("a.pmtiles").unwrap().format(), ArchiveFormat::PmTiles);
        assert_eq!(target("a.MBTiles").unwrap().format(), ArchiveFormat::MbTiles);
        assert_eq!(target("a.pmtiles").unwrap().partial(), folder.path().join("a.pmtiles.part"));
        assert!(matches!(target("a.zip"), Err(ArchiveError::UnknownEnding(_))));
        assert!(matches!(target("pmtiles"), Err(ArchiveError::UnknownEnding(_))));
        assert!(matches!(target("missing/a.pmtiles"), Err(ArchiveError::NoFolder(_))));
    }
}
