//! All the tiles of the small city.

use crate::small_city::{SOUTH, STEP, WEST};

/// Every tile over the city and somewhat around it, down to a zoom.
pub(crate) fn tiles(deepest: u8) -> Vec<(u8, u32, u32)> {
    let corner = |lon, lat| cim_mirror::WorldPoint::from(cim_crs::LonLat { lon, lat });
    let bounds = cim_mirror::WorldBox::around(&[
        corner(WEST - STEP / 2.0, SOUTH - STEP / 2.0),
        corner(WEST + 4.5 * STEP, SOUTH + 2.5 * STEP),
    ])
    .unwrap();
    (0..=deepest)
        .flat_map(|zoom| cim_tile::TileAddress::meeting(&bounds, zoom))
        .map(|tile| (tile.zoom(), tile.column(), tile.row()))
        .collect()
}
