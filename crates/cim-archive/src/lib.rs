#![doc = include_str!("../README.md")]

mod description;
mod error;
mod export;
mod mbtiles;
mod partial;
mod pmtiles_file;
mod target;
mod tile;

pub use description::Description;
pub use error::ArchiveError;
pub use export::{Archive, ArchiveJob, Beginning, Drawn, Finished, Progress};
pub use partial::{Job, unfinished};
pub use target::{ArchiveFormat, Target};
pub use tile::Tile;
