//! Binding of drawn tiles into an `MBTiles` 1.3 file.
//!
//! Equal tiles are stored once: inside a large area, the tiles of high zooms are alike by the thousand.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, Statement, Transaction, params};
use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

use crate::partial::DrawnTiles;
use crate::{ArchiveError, Description};

const SCHEMA: &str = include_str!("mbtiles.sql");
/// Nobody reads the file before it is whole and has its name: no journal is needed.
const UNSAFE_UNTIL_NAMED: &str = "pragma journal_mode = off; pragma synchronous = off;";
const INSERT_METADATA: &str = "insert into metadata (name, value) values (?1, ?2)";
const INSERT_IMAGE: &str = "insert into images (tile_id, tile_data) values (?1, ?2)";
const INSERT_PLACE: &str =
    "insert into map (zoom_level, tile_column, tile_row, tile_id) values (?1, ?2, ?3, ?4)";

/// Writes a whole file; returns the number of tiles.
pub(crate) fn bind(path: &Path, description: &Description, tiles: DrawnTiles) -> Result<u64, ArchiveError> {
    let failed = |source: rusqlite::Error| ArchiveError::MbTiles { path: path.to_path_buf(), source };
    // What an interrupted binding left is no database.
    File::create(path).map_err(ArchiveError::file("writing", path))?;
    let mut database = Connection::open(path).map_err(failed)?;
    database.execute_batch(UNSAFE_UNTIL_NAMED).map_err(failed)?;
    let transaction = database.transaction().map_err(failed)?;
    transaction.execute_batch(SCHEMA).map_err(failed)?;
    describe(&transaction, description).map_err(failed)?;
    let count = store_all(&transaction, tiles, &failed)?;
    transaction.commit().map_err(failed)?;
    database.close().map_err(|(_, source)| failed(source))?;
    File::open(path).and_then(|file| file.sync_all()).map_err(ArchiveError::file("writing", path))?;
    Ok(count)
}

fn store_all(
    transaction: &Transaction<'_>,
    tiles: DrawnTiles,
    failed: &dyn Fn(rusqlite::Error) -> ArchiveError,
) -> Result<u64, ArchiveError> {
    let mut images =
        Images { known: HashMap::new(), insert: transaction.prepare(INSERT_IMAGE).map_err(failed)? };
    let mut insert = transaction.prepare(INSERT_PLACE).map_err(failed)?;
    let mut count = 0;
    for drawn in tiles {
        let (tile, bytes) = drawn?;
        let image = images.store(&bytes).map_err(failed)?;
        // MBTiles counts rows from the south.
        let row_from_south = (1_u32 << tile.z) - 1 - tile.y;
        insert.execute(params![tile.z, tile.x, row_from_south, image]).map_err(failed)?;
        count += 1;
    }
    Ok(count)
}

/// Contents that are stored already, by their hash.
struct Images<'a> {
    known: HashMap<u128, i64>,
    insert: Statement<'a>,
}

impl Images<'_> {
    fn store(&mut self, bytes: &[u8]) -> rusqlite::Result<i64> {
        let next = i64::try_from(self.known.len()).unwrap_or(i64::MAX) + 1;
        let image = *self.known.entry(xxh3_128(bytes)).or_insert(next);
        if image == next {
            self.insert.execute(params![image, bytes])?;
        }
        Ok(image)
    }
}

fn describe(transaction: &Transaction<'_>, description: &Description) -> rusqlite::Result<()> {
    let [west, south, east, north] = description.bounds;
    let (lon, lat) = description.center();
    let rows = [
        ("name", description.name.clone()),
        ("format", "pbf".to_owned()),
        ("bounds", format!("{west},{south},{east},{north}")),
        ("center", format!("{lon},{lat},{}", description.center_zoom())),
        ("minzoom", description.min_zoom.to_string()),
        ("maxzoom", description.max_zoom.to_string()),
        ("attribution", description.attribution.clone()),
        ("description", description.description.clone()),
        ("type", "overlay".to_owned()),
        ("version", "1.0.0".to_owned()),
        ("json", json!({ "vector_layers": description.vector_layers }).to_string()),
    ];
    let mut insert = transaction.prepare(INSERT_METADATA)?;
    rows.iter().try_for_each(|(name, value)| insert.execute(params![name, value]).map(drop))
}
