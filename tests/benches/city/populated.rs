//! The tiles of the populated area, in an order that a fixed seed gives.

use anyhow::Result;
use tokio_postgres::Client;

/// A tile with buildings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Populated {
    pub(crate) z: u8,
    pub(crate) x: i32,
    pub(crate) y: i32,
}

impl Populated {
    /// The path below a tileset's address.
    pub(crate) fn path(self, prefix: &str) -> String {
        format!("{prefix}/{}/{}/{}", self.z, self.x, self.y)
    }
}

/// All tiles of a zoom with a building, shuffled.
pub(crate) async fn tiles(client: &Client, zoom: u8) -> Result<Vec<Populated>> {
    let rows = client.query(include_str!("sql/populated.sql"), &[&i32::from(zoom)]).await?;
    let mut tiles: Vec<Populated> =
        rows.iter().map(|row| Populated { z: zoom, x: row.get(0), y: row.get(1) }).collect();
    Dice(u64::from(zoom) + 7).shuffle(&mut tiles);
    Ok(tiles)
}

/// Numbers that are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}
