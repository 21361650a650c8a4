//! The rules by which a layer shows less than everything; `tiles/*.toml` sets them, `TileJSON` and docs/TILES.md publish them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Later first zooms for some words of a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FirstZoomBy {
    /// The field.
    pub field: String,
    /// The first zoom by word; a word that is not listed is shown from the layer's first zoom.
    pub zooms: BTreeMap<String, u8>,
}

/// When and how much a line is simplified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Simplify {
    /// Tile steps.
    pub steps: u16,
    /// The last zoom at which it is done.
    pub max_zoom: u8,
}

/// The order of features in a tile: the first are kept when there are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// By id.
    #[default]
    Id,
    /// Overdue work first, then open work, then what is done, the newest first.
    Work,
    /// Large areas first.
    Largest,
}

/// Points that lie in one cell are shown as one point with counts by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// The side of a cell in tile steps: a power of two, so that no cell crosses the edge of a tile.
    pub cell_steps: u16,
    /// The last zoom at which it is done.
    pub max_zoom: u8,
    /// Work that is done makes clusters of its own, so that it never hides work to do.
    #[serde(default)]
    pub done_apart: bool,
}

/// Areas below the published size are drawn together as blocks of square cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The side of a cell in tile steps: a power of two that fills the tile's buffer with whole cells.
    pub cell_steps: u16,
}

impl Cluster {
    /// Whether its cells tile a tile.
    #[must_use]
    pub(crate) fn is_sound(self) -> bool {
        self.cell_steps.is_power_of_two() && (16..=4096).contains(&self.cell_steps)
    }
}

impl Merge {
    /// Whether its cells tile a tile and its buffer.
    #[must_use]
    pub(crate) fn is_sound(self) -> bool {
        self.cell_steps.is_power_of_two() && (8..=64).contains(&self.cell_steps)
    }
}
