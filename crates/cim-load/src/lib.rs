#![doc = include_str!("../README.md")]

mod error;
mod load;
mod options;
mod report;

pub use error::LoadError;
pub use load::{load_file, load_pack, repair_load};
pub use options::{FileSource, Isolation, LoadOptions, Progress};
pub use report::{CollectionReport, CoverageProposal, Language, LoadReport, Outcome};

/// The whole program of a parser process: reads one job from standard input, writes rows to standard output.
/// The binary calls it for its hidden subcommand `parse-worker`, before it starts any runtime.
#[must_use]
pub fn parse_worker_main() -> std::process::ExitCode {
    std::process::ExitCode::FAILURE
}
