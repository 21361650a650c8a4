//! Why a load could not even be tried. Bad data is no error: it is a finding in the report.

use std::path::PathBuf;

/// The load could not be tried, or its machinery failed; the database is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("cannot read {path}: check that it exists and may be read")]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// `city.toml` is not as it must be.
    #[error("{path}, line {line}: {message}")]
    Pack {
        /// The file.
        path: PathBuf,
        /// Line in it, from 1.
        line: usize,
        /// What is wrong and what is allowed there.
        message: String,
    },
    /// The command line asks for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// The parser process could not be started.
    #[error("cannot start the parser process {program}: check that the program file is still there")]
    Worker {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The report file cannot be written.
    #[error("cannot write the report to {path}")]
    WriteReport {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The database refused or failed.
    #[error("the database did not take the load, nothing was changed")]
    Store(#[source] cim_store::StoreError),
}
