//! Why an archive could not be written.

use std::io;
use std::path::{Path, PathBuf};

/// What went wrong, with the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The ending says no format that we write.
    #[error("{} names no archive: let the file end with .pmtiles or .mbtiles", .0.display())]
    UnknownEnding(PathBuf),
    /// The folder of the target does not exist.
    #[error("the folder {} does not exist: make it first, or choose another target", .0.display())]
    NoFolder(PathBuf),
    /// Another process writes the same target.
    #[error("{} is being written by another export: wait for it, or choose another target", .0.display())]
    InUse(PathBuf),
    /// None of the chosen tiles shows anything.
    #[error("nothing lies in the chosen tiles: choose other zooms or another bbox")]
    Empty,
    /// The disk is full, or the file cannot be read or written for another reason.
    #[error("{doing} {} failed; the same command goes on from there", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The tiles could not be bound into a `PMTiles` file.
    #[error("writing {} failed; the same command goes on from there", path.display())]
    PmTiles {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<pmtiles::PmtError>,
    },
    /// The tiles could not be bound into an `MBTiles` file.
    #[error("writing {} failed; the same command goes on from there", path.display())]
    MbTiles {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
}

impl ArchiveError {
    /// Says what was being done with which file when the system refused.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_path_buf(), source }
    }
}
