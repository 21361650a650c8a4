//! The tiles around a border at every zoom at which a border move counts, and what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Result, ensure};

use super::ground::{Ground, Place};
use crate::client::Connection;
use crate::stream::Tile;

pub(super) const ZOOMS: std::ops::RangeInclusive<u8> = 10..=18;

/// The tile of a zoom that a place lies in.
pub(super) fn tile_of(zoom: u8, [lon, lat]: Place) -> Tile {
    let count = f64::from(1_u32 << zoom);
    let north = (lat.to_radians().tan() + 1.0 / lat.to_radians().cos()).ln();
    (zoom, ((lon + 180.0) / 360.0 * count) as u32, ((1.0 - north / PI) / 2.0 * count) as u32)
}

/// All tiles that meet the box of the faces beside a border, and those next to them.
pub(super) fn tiles_around(ground: &Ground, by_face: &BTreeMap<i64, Vec<i64>>, no: i64) -> BTreeSet<Tile> {
    let faces = ground.borders[&no].faces.iter().filter_map(|face| by_face.get(face)).flatten();
    let points: Vec<Place> = faces.flat_map(|no| ground.borders[no].points.iter().copied()).collect();
    let edge =
        |of: fn(&Place) -> f64, pick: fn(f64, f64) -> f64| points.iter().map(of).reduce(pick).unwrap_or(0.0);
    let (west, east) = (edge(|place| place[0], f64::min), edge(|place| place[0], f64::max));
    let (south, north) = (edge(|place| place[1], f64::min), edge(|place| place[1], f64::max));
    let mut tiles = BTreeSet::new();
    for zoom in ZOOMS {
        let (_, left, top) = tile_of(zoom, [west, north]);
        let (_, right, bottom) = tile_of(zoom, [east, south]);
        for x in left - 1..=right + 1 {
            tiles.extend((top - 1..=bottom + 1).map(|y| (zoom, x, y)));
        }
    }
    tiles
}

/// A number that differs where the bytes differ.
pub(super) fn bytes_of(connection: &mut Connection, (z, x, y): Tile) -> Result<u64> {
    let path = format!("/tiles/boundary/{z}/{x}/{y}");
    let answer = connection.get(&path, "")?;
    ensure!(matches!(answer.status, 200 | 204), "{path}: {}", answer.status);
    let mut hasher = DefaultHasher::new();
    answer.body.hash(&mut hasher);
    Ok(hasher.finish())
}

/// What all of some tiles hold.
pub(super) fn bytes_of_all(
    connection: &mut Connection,
    tiles: &BTreeSet<Tile>,
) -> Result<BTreeMap<Tile, u64>> {
    tiles.iter().map(|tile| Ok((*tile, bytes_of(connection, *tile)?))).collect()
}
