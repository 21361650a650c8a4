//! Binding of drawn tiles into a `PMTiles` 3 file.
//!
//! The crate `pmtiles` stores equal tiles once, joins runs of them, and writes leaf directories where the root would grow
//! beyond 16 KiB. It gets the tiles in the order of the Hilbert curve, which is what makes the file clustered.

use std::fs::File;
use std::path::Path;

use pmtiles::{Compression, PmTilesWriter, PmtError, TileCoord, TileType};

use crate::partial::DrawnTiles;
use crate::{ArchiveError, Description};

/// Writes a whole file; returns the number of tiles.
pub(crate) fn bind(path: &Path, description: &Description, tiles: DrawnTiles) -> Result<u64, ArchiveError> {
    let failed =
        |source: PmtError| ArchiveError::PmTiles { path: path.to_path_buf(), source: Box::new(source) };
    let file = File::create(path).map_err(ArchiveError::file("writing", path))?;
    let kept = file.try_clone().map_err(ArchiveError::file("writing", path))?;
    let [west, south, east, north] = description.bounds;
    let (lon, lat) = description.center();
    let mut writer = PmTilesWriter::new(TileType::Mvt)
        .precompressed(Compression::Gzip)
        .min_zoom(description.min_zoom)
        .max_zoom(description.max_zoom)
        .bounds(west, south, east, north)
        .center(lon, lat)
        .center_zoom(description.center_zoom())
        .metadata(description.metadata())
        .create(file)
        .map_err(failed)?;
    let mut count = 0;
    for drawn in tiles {
        let (tile, bytes) = drawn?;
        let place = TileCoord::new(tile.z, tile.x, tile.y).map_err(failed)?;
        writer.add_tile(place, &bytes).map_err(failed)?;
        count += 1;
    }
    writer.finalize().map_err(failed)?;
    kept.sync_all().map_err(ArchiveError::file("writing", path))?;
    Ok(count)
}
