//! The address of a tile in the square that its matrix set divides by two from level to level.

use cim_mirror::WorldBox;

use crate::MatrixSet;

/// The deepest zoom with tiles.
pub const MAX_ZOOM: u8 = 20;
/// Steps across a tile.
pub const EXTENT: u32 = 4096;
/// Steps beyond its edges that a tile also holds.
pub const BUFFER: i32 = 64;

/// One tile of a square that is cut in two both ways from zoom to zoom. Which square is the caller's to know: the Web
/// Mercator square, or the one of 360 degrees that geographic matrix sets cut (see [`MatrixSet`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileAddress {
    z: u8,
    x: u32,
    y: u32,
}

/// The numbers name no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("level {level}, row {row}, column {column} names no tile of {set}")]
pub struct OutsideMatrix {
    /// The matrix set that was asked for.
    pub set: MatrixSet,
    /// Its level, which is the zoom in Web Mercator.
    pub level: u32,
    /// The row from the north.
    pub row: u32,
    /// The column from the west.
    pub column: u32,
}

impl TileAddress {
    /// From XYZ order: zoom, column from the west, row from the north.
    pub fn from_xyz(z: u8, x: u32, y: u32) -> Result<Self, OutsideMatrix> {
        if z > MAX_ZOOM || u64::from(x) >> z > 0 || u64::from(y) >> z > 0 {
            let set = MatrixSet::WebMercatorQuad;
            return Err(OutsideMatrix { set, level: z.into(), row: y, column: x });
        }
        Ok(Self { z, x, y })
    }

    /// Zoom.
    #[must_use]
    pub fn zoom(self) -> u8 {
        self.z
    }

    /// Column from the west.
    #[must_use]
    pub fn column(self) -> u32 {
        self.x
    }

    /// Row from the north.
    #[must_use]
    pub fn row(self) -> u32 {
        self.y
    }

    /// Bits to shift a world number right by to get tile steps.
    pub(crate) fn shift(self) -> u32 {
        u32::from(MAX_ZOOM - self.z)
    }

    /// The world numbers of the north-western corner.
    pub(crate) fn origin(self) -> (i64, i64) {
        let size = 32 - u32::from(self.z);
        (i64::from(self.x) << size, i64::from(self.y) << size)
    }

    /// The ground of the tile, without its buffer.
    #[must_use]
    pub fn bounds(self) -> WorldBox {
        let (west, north) = self.origin();
        let last = (1_i64 << (32 - u32::from(self.z))) - 1;
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        WorldBox {
            min_x: number(west),
            min_y: number(north),
            max_x: number(west + last),
            max_y: number(north + last),
        }
    }

    /// What must be looked at to draw the tile: itself and its buffer.
    pub(crate) fn reach(self) -> WorldBox {
        let (x, y) = self.origin();
        let buffer = (i64::from(BUFFER) + 1) << self.shift();
        let size = 1_i64 << (32 - u32::from(self.z));
        let clamp = |number: i64| u32::try_from(number.clamp(0, i64::from(u32::MAX))).unwrap_or(u32::MAX);
        WorldBox {
            min_x: clamp(x - buffer),
            min_y: clamp(y - buffer),
            max_x: clamp(x + size + buffer),
            max_y: clamp(y + size + buffer),
        }
    }

    /// The tiles of a zoom that show something of a box, buffers included, row by row.
    pub fn meeting(bounds: &WorldBox, z: u8) -> impl Iterator<Item = Self> {
        let z = z.min(MAX_ZOOM);
        let size = 32 - u32::from(z);
        let buffer = u32::try_from((i64::from(BUFFER) + 1) << (MAX_ZOOM - z)).unwrap_or(u32::MAX);
        let first = |number: u32| u64::from(number.saturating_sub(buffer)) >> size;
        let last = |number: u32| u64::from(number.saturating_add(buffer)) >> size;
        let (columns, rows) =
            (first(bounds.min_x)..=last(bounds.max_x), first(bounds.min_y)..=last(bounds.max_y));
        rows.flat_map(move |y| columns.clone().map(move |x| (x, y)))
            .filter_map(move |(x, y)| Self::from_xyz(z, u32::try_from(x).ok()?, u32::try_from(y).ok()?).ok())
    }
}

#[cfg(test)]
mod tests {
    use cim_crs::LonLat;
    use cim_mirror::WorldPoint;

    use super::*;

    #[test]
    fn only_tiles_of_the_matrix_have_an_address() {
        assert!(TileAddress::from_xyz(0, 0, 0).is_ok());
        assert!(TileAddress::from_xyz(3, 7, 7).is_ok());
        assert!(TileAddress::from_xyz(3, 8, 0).is_err());
        assert!(TileAddress::from_xyz(21, 0, 0).is_err());
        assert!(TileAddress::from_xyz(20, u32::MAX, 0).is_err());
    }

    #[test]
    fn a_point_lies_in_the_tile_that_other_servers_give_it() {
        let point = WorldPoint::from(LonLat { lon: 121.17, lat: 31.89 });
        let bounds = WorldBox { min_x: point.x, min_y: point.y, max_x: point.x, max_y: point.y };
        let tiles: Vec<_> = TileAddress::meeting(&bounds, 14).collect();
        assert_eq!(tiles, [TileAddress::from_xyz(14, 13706, 6659).unwrap()]);
    }
}
