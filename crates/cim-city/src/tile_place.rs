//! Which tile of which plane is asked for: parsed once, so that inside there is nothing left to check.

use cim_tile::{GeographicSquare, MatrixSet, OutsideMatrix, TileAddress, Tileset, Warp};
use serde_json::{Value, json};

use crate::gcj02::Gcj02Warp;

/// A tile that can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePlace {
    pub(crate) tile: TileAddress,
    pub(crate) plane: Plane,
}

/// The square that a tile is cut from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Plane {
    WebMercator,
    Gcj02WebMercator,
    /// The square of 360 degrees that `WorldCRS84Quad` and `CGCS2000Quad` cut, which differ in their numbers only.
    Geographic,
}

/// What is asked for is no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchPlace {
    /// The numbers name no tile of the matrix set.
    #[error(transparent)]
    Outside(#[from] OutsideMatrix),
    /// Base maps in GCJ-02 are cut in Web Mercator only.
    #[error("tiles in GCJ-02 are served in WebMercatorQuad, not in {0}")]
    NotInGcj02(MatrixSet),
}

impl TilePlace {
    /// A tile of Web Mercator in XYZ order: zoom, column from the west, row from the north.
    pub fn from_xyz(zoom: u8, x: u32, y: u32) -> Result<Self, OutsideMatrix> {
        Ok(Self { tile: TileAddress::from_xyz(zoom, x, y)?, plane: Plane::WebMercator })
    }

    /// The tile that a level, a row from the north and a column from the west name in a matrix set; with `gcj02` as it
    /// lies on base maps in that system.
    pub fn new(set: MatrixSet, level: u32, row: u32, column: u32, gcj02: bool) -> Result<Self, NoSuchPlace> {
        let plane = match (set.is_geographic(), gcj02) {
            (true, true) => return Err(NoSuchPlace::NotInGcj02(set)),
            (true, false) => Plane::Geographic,
            (false, true) => Plane::Gcj02WebMercator,
            (false, false) => Plane::WebMercator,
        };
        Ok(Self { tile: set.tile(level, row, column)?, plane })
    }
}

/// The ways out of the Web Mercator square.
pub(crate) struct Warps {
    gcj02: Option<Gcj02Warp>,
    geographic: GeographicSquare,
}

impl Default for Warps {
    fn default() -> Self {
        Self { gcj02: Gcj02Warp::new(), geographic: GeographicSquare::default() }
    }
}

impl Warps {
    /// How vertices get onto a plane; none when they are there already.
    pub(crate) fn onto(&self, plane: Plane) -> Option<&dyn Warp> {
        match plane {
            Plane::WebMercator => None,
            Plane::Gcj02WebMercator => self.gcj02.as_ref().map(|warp| -> &dyn Warp { warp }),
            Plane::Geographic => Some(&self.geographic),
        }
    }
}

/// A matrix set as a tileset is served in it.
pub(crate) fn described(tileset: &Tileset, set: MatrixSet, tiles_url: &str) -> Value {
    let mut described = set.definition();
    described["minzoom"] = json!(set.level_of_zoom(tileset.min_zoom()));
    described["maxzoom"] = json!(set.level_of_zoom(tileset.max_zoom));
    described["links"] = json!([{
        "rel": "item",
        "type": "application/vnd.mapbox-vector-tile",
        "title": "Tiles by level, row from the north and column from the west",
        "href": tiles_url,
        "templated": true,
    }]);
    described
}
