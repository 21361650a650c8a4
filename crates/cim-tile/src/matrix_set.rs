//! The tile matrix sets that tiles are served in, and which tile of which square each of their numbers names.

use std::fmt;
use std::str::FromStr;

use crate::{MAX_ZOOM, OutsideMatrix, TileAddress};

/// A tile matrix set. The geographic ones cut a square of 360 degrees by 360, of which the earth fills the upper half:
/// x = (lon + 180) / 360, y = (90 - lat) / 360. Their tiles at one zoom of that square have the ground resolution, from
/// north to south at the equator, of Web Mercator tiles at the same zoom: so the zoom rules of the tilesets
/// (generalisation, first zooms, limits) apply by the zoom of the square, not by the number of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatrixSet {
    /// Web Mercator: level z has 2^z by 2^z tiles.
    WebMercatorQuad,
    /// WGS 84 degrees: level 0 has two tiles of 180 degrees, and so lies at zoom 1 of the square.
    WorldCrs84Quad,
    /// CGCS2000 degrees as Tianditu numbers them (its set `c`): level 1 has two tiles of 180 degrees, there is no level 0.
    Cgcs2000Quad,
}

/// No matrix set has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tile matrix sets are WebMercatorQuad, WorldCRS84Quad and CGCS2000Quad")]
pub struct UnknownMatrixSet;

impl MatrixSet {
    /// All of them, the most used first.
    pub const ALL: [Self; 3] = [Self::WebMercatorQuad, Self::WorldCrs84Quad, Self::Cgcs2000Quad];

    /// Its name in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::WebMercatorQuad => "WebMercatorQuad",
            Self::WorldCrs84Quad => "WorldCRS84Quad",
            Self::Cgcs2000Quad => "CGCS2000Quad",
        }
    }

    /// Whether its tiles are cut in degrees.
    #[must_use]
    pub fn is_geographic(self) -> bool {
        self != Self::WebMercatorQuad
    }

    /// The first level with tiles.
    #[must_use]
    pub fn first_level(self) -> u8 {
        u8::from(self == Self::Cgcs2000Quad)
    }

    /// The last level with tiles.
    #[must_use]
    pub fn last_level(self) -> u8 {
        self.level_of_zoom(MAX_ZOOM)
    }

    /// The zoom of the square at a level: `WorldCRS84Quad` starts one zoom deeper than its numbers.
    #[must_use]
    pub fn zoom_of_level(self, level: u8) -> u8 {
        level.saturating_add(u8::from(self == Self::WorldCrs84Quad))
    }

    /// The level at a zoom of the square; the first one for zooms above it.
    #[must_use]
    pub fn level_of_zoom(self, zoom: u8) -> u8 {
        zoom.saturating_sub(u8::from(self == Self::WorldCrs84Quad)).max(self.first_level())
    }

    /// Columns and rows of a level.
    #[must_use]
    pub fn size(self, level: u8) -> (u32, u32) {
        let columns = 1_u32 << self.zoom_of_level(level).min(31);
        (columns, if self.is_geographic() { columns / 2 } else { columns })
    }

    /// The tile that a level, a row from the north and a column from the west name.
    pub fn tile(self, level: u32, row: u32, column: u32) -> Result<TileAddress, OutsideMatrix> {
        let outside = || OutsideMatrix { set: self, level, row, column };
        let levels = self.first_level()..=self.last_level();
        let known = u8::try_from(level).ok().filter(|level| levels.contains(level)).ok_or_else(outside)?;
        let (columns, rows) = self.size(known);
        if column >= columns || row >= rows {
            return Err(outside());
        }
        TileAddress::from_xyz(self.zoom_of_level(known), column, row).map_err(|_deeper| outside())
    }
}

impl fmt::Display for MatrixSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for MatrixSet {
    type Err = UnknownMatrixSet;

    fn from_str(text: &str) -> Result<Self, UnknownMatrixSet> {
        Self::ALL.into_iter().find(|set| set.id() == text).ok_or(UnknownMatrixSet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row and column of a place by the formula that Tianditu's users write: tiles of 360 / 2^level degrees.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
    fn tianditu(level: i32, lon: f64, lat: f64) -> (u32, u32) {
        let degrees = 360.0 / 2_f64.powi(level);
        (((90.0 - lat) / degrees).floor() as u32, ((lon + 180.0) / degrees).floor() as u32)
    }

    #[test]
    fn tianditu_numbers_name_the_tile_that_holds_the_place() {
        for (lon, lat) in [(121.17, 31.89), (116.39, 39.91), (-179.9, -89.9), (179.9, 89.9)] {
            for level in 1..=18 {
                let (row, column) = tianditu(level, lon, lat);
                let tile = MatrixSet::Cgcs2000Quad.tile(u32::try_from(level).unwrap(), row, column).unwrap();
                let degrees = 360.0 / f64::from(1_u32 << tile.zoom());
                let west = f64::from(tile.column()) * degrees - 180.0;
                let north = 90.0 - f64::from(tile.row()) * degrees;
                assert!((west..west + degrees).contains(&lon) && (north - degrees..north).contains(&lat));
            }
        }
        // By hand: tiles of level 10 measure 0.3515625 degrees.
        assert_eq!(tianditu(10, 116.39, 39.91), (142, 843));
    }

    #[test]
    fn the_two_geographic_sets_differ_by_one_level() {
        for level in 0..=19 {
            let crs84 = MatrixSet::WorldCrs84Quad.tile(level, 0, 1).unwrap();
            assert_eq!(MatrixSet::Cgcs2000Quad.tile(level + 1, 0, 1).unwrap(), crs84);
        }
        assert_eq!(MatrixSet::WorldCrs84Quad.size(0), (2, 1));
        assert_eq!(MatrixSet::Cgcs2000Quad.size(1), (2, 1));
    }

    #[test]
    fn numbers_outside_the_set_name_no_tile() {
        for (set, level, row, column) in [
            (MatrixSet::WebMercatorQuad, 3, 8, 0),
            (MatrixSet::WebMercatorQuad, 21, 0, 0),
            (MatrixSet::WorldCrs84Quad, 0, 1, 0),
            (MatrixSet::WorldCrs84Quad, 0, 0, 2),
            (MatrixSet::WorldCrs84Quad, 20, 0, 0),
            (MatrixSet::Cgcs2000Quad, 0, 0, 0),
            (MatrixSet::Cgcs2000Quad, 1, 1, 0),
            (MatrixSet::Cgcs2000Quad, 21, 0, 0),
            (MatrixSet::Cgcs2000Quad, u32::MAX, u32::MAX, u32::MAX),
        ] {
            assert!(set.tile(level, row, column).is_err(), "{set} {level}/{row}/{column}");
        }
    }

    #[test]
    fn rows_and_columns_are_not_swapped() {
        let tile = MatrixSet::WebMercatorQuad.tile(10, 3, 5).unwrap();
        assert_eq!((tile.zoom(), tile.column(), tile.row()), (10, 5, 3));
    }
}
