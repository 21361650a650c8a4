//! A tile's address and its place in an archive.

use pmtiles::{TileCoord, TileId};

/// One tile in XYZ order: zoom, column from the west, row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Zoom, 0 to 26.
    pub z: u8,
    /// Column from the west.
    pub x: u32,
    /// Row from the north.
    pub y: u32,
}

impl Tile {
    /// Its number along the Hilbert curve of its zoom, after all tiles of lower zooms, as `PMTiles` counts; none for an
    /// address outside the matrix.
    pub(crate) fn number(self) -> Option<u64> {
        TileCoord::new(self.z, self.x, self.y).ok().map(|place| TileId::from(place).value())
    }

    /// The tile of a number.
    pub(crate) fn of_number(number: u64) -> Option<Self> {
        let place = TileCoord::from(TileId::new(number).ok()?);
        Some(Self { z: place.z(), x: place.x(), y: place.y() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_one_tile_and_grows_with_the_zoom() {
        let tiles = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (14, 13_706, 6_659), (18, 219_300, 106_550)];
        let numbers = tiles.map(|(z, x, y)| Tile { z, x, y }.number().unwrap());
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert_eq!(
            numbers.map(|number| Tile::of_number(number).unwrap()),
            tiles.map(|(z, x, y)| Tile { z, x, y })
        );
        // As the specification counts them.
        assert_eq!((numbers[0], numbers[1], numbers[2]), (0, 1, 4));
        assert_eq!(Tile { z: 1, x: 2, y: 0 }.number(), None);
    }
}
