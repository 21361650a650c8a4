#![doc = include_str!("../README.md")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a generator counts small things in floats and back; none comes near a limit"
)]

mod buildings;
mod calendar;
mod cameras;
mod categories;
mod cell_graph;
mod clearance;
mod compounds;
mod crossings;
mod cut;
mod dice;
mod divisions;
mod estates;
mod exclusive;
mod fabric;
mod face_index;
mod farmhouses;
mod field;
mod grids;
mod growth;
mod key_places;
mod layer;
mod lines;
mod mesh;
mod model;
mod names;
mod network;
mod outline;
mod pack;
mod partition;
mod plane;
mod plots;
mod ponds;
mod rivers;
mod road_pieces;
mod roads;
mod rows;
mod site;
mod stock;
mod terraces;
mod topics;
mod trace;
mod village_seeds;
mod villages;
mod water_shares;
mod work;

use std::fmt;
use std::path::{Path, PathBuf};

/// The last day of the year of work that a pack holds.
pub const LAST_DAY: &str = "2025-12-28";

/// How much of the district a pack holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// One town with everything; its objects are the same as in the district.
    Small,
    /// All of it.
    District,
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "small",
            Self::District => "district",
        })
    }
}

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct DemoOptions {
    /// One town or the district.
    pub scale: Scale,
    /// How often the district is repeated, with shifted codes and places.
    pub factor: u32,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { scale: Scale::District, factor: 1, seed: 1 }
    }
}

/// How far the work is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// What is being made.
    pub step: &'static str,
    /// Steps begun.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct DemoSummary {
    /// Rows of every collection.
    pub rows: Vec<(&'static str, u64)>,
}

/// Why a pack could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file cannot be created.
    #[error("cannot write {path}: choose a folder that can be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file cannot be written to its end.
    #[error("cannot write the rows of the pack: is the disk full?")]
    Rows(#[source] std::io::Error),
}

/// Writes the synthetic district as a city pack into a folder, which is created.
pub fn write_pack(
    dir: &Path,
    options: &DemoOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<DemoSummary, DemoError> {
    std::fs::create_dir_all(dir).map_err(|source| DemoError::Write { path: dir.to_path_buf(), source })?;
    progress(Progress { step: "district", done: 0, total: 1 });
    let model = model::Model::make(options.seed);
    pack::write(dir, options, &model, progress)
}
