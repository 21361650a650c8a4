//! When every tile last may have changed: what tells a kept tile that is still true from one that is not.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use cim_tile::TileAddress;

/// With so many tiles known singly, all are told as changed together once.
const MOST_TILES: usize = 400_000;

/// By tile the number of the version in which it last may have changed. A tile's bytes depend on nothing but its stamp:
/// tiles drawn from any two versions with the same stamp are equal.
pub(crate) struct TileStamps {
    stamps: RwLock<Stamps>,
}

struct Stamps {
    /// By tileset: everything changed in this version, or before it.
    floors: Vec<u64>,
    /// By tileset: something last changed in this version.
    newest: Vec<u64>,
    /// Tiles that changed after their tileset's floor.
    tiles: HashMap<(usize, TileAddress), u64>,
}

impl TileStamps {
    pub(crate) fn new(tilesets: usize) -> Self {
        let stamps = Stamps { floors: vec![0; tilesets], newest: vec![0; tilesets], tiles: HashMap::new() };
        Self { stamps: RwLock::new(stamps) }
    }

    /// Says that these tiles may be others from a version on. Must be said before that version answers.
    pub(crate) fn touch(&self, version: u64, tiles: impl Iterator<Item = (usize, TileAddress)>) {
        let mut stamps = self.stamps.write().unwrap_or_else(PoisonError::into_inner);
        for (tileset, tile) in tiles {
            stamps.newest[tileset] = version;
            stamps.tiles.insert((tileset, tile), version);
        }
        if stamps.tiles.len() > MOST_TILES {
            let Stamps { floors, newest, tiles } = &mut *stamps;
            floors.clone_from(newest);
            tiles.clear();
        }
    }

    /// Says that all tiles of some tilesets may be others from a version on. Must be said before that version answers.
    pub(crate) fn touch_all(&self, version: u64, tilesets: impl Iterator<Item = usize>) {
        let mut stamps = self.stamps.write().unwrap_or_else(PoisonError::into_inner);
        for tileset in tilesets {
            stamps.newest[tileset] = version;
            stamps.floors[tileset] = version;
            stamps.tiles.retain(|(of, _), _| *of != tileset);
        }
    }

    /// The stamp of a tile as a version shows it; `None` when the tile has changed since that version.
    pub(crate) fn of_tile(&self, tileset: usize, tile: TileAddress, version: u64) -> Option<u64> {
        let stamps = self.stamps.read().unwrap_or_else(PoisonError::into_inner);
        let single = stamps.tiles.get(&(tileset, tile)).copied().unwrap_or(0);
        Some(single.max(stamps.floors[tileset])).filter(|stamp| *stamp <= version)
    }

    /// One stamp for all tiles of a tileset, for views whose tiles are cut another way; `None` as above.
    pub(crate) fn of_tileset(&self, tileset: usize, version: u64) -> Option<u64> {
        let stamps = self.stamps.read().unwrap_or_else(PoisonError::into_inner);
        Some(stamps.newest[tileset]).filter(|stamp| *stamp <= version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_has_the_stamp_of_its_last_change_and_none_for_an_older_version() {
        let (one, other) = (TileAddress::from_xyz(3, 1, 1).unwrap(), TileAddress::from_xyz(3, 1, 2).unwrap());
        let stamps = TileStamps::new(2);
        stamps.touch_all(1, 0..2);
        stamps.touch(5, [(0, one)].into_iter());
        assert_eq!(stamps.of_tile(0, one, 7), Some(5));
        assert_eq!(stamps.of_tile(0, other, 7), Some(1));
        assert_eq!(stamps.of_tile(1, one, 7), Some(1));
        assert_eq!(stamps.of_tile(0, one, 4), None);
        assert_eq!(stamps.of_tileset(0, 7), Some(5));
        assert_eq!(stamps.of_tileset(1, 7), Some(1));
        stamps.touch_all(9, [0].into_iter());
        assert_eq!((stamps.of_tile(0, one, 9), stamps.of_tile(0, one, 8)), (Some(9), None));
    }
}
