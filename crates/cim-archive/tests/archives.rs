//! Archives read back by independent readers, interrupted exports, and equal bytes whatever the number of threads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use cim_archive::{
    Archive, ArchiveError, ArchiveJob, Beginning, Description, Drawn, Job, Target, Tile, unfinished,
};
use pmtiles::{AsyncPmTilesReader, Compression, MmapBackend, TileCoord, TileType};
use rusqlite::Connection;
use serde_json::json;

fn job(path: &Path, content: &str) -> ArchiveJob {
    ArchiveJob {
        target: Target::new(path).unwrap(),
        job: Job { selection: "building 0-7".to_owned(), content: content.to_owned(), as_of_ms: 0 },
        description: Description {
            name: "building".to_owned(),
            description: "houses".to_owned(),
            attribution: "made up".to_owned(),
            vector_layers: vec![json!({ "id": "building", "fields": {} })],
            min_zoom: 0,
            max_zoom: 7,
            bounds: [-10.0, -20.0, 30.0, 40.5],
        },
    }
}

fn pyramid(zooms: std::ops::RangeInclusive<u8>) -> Vec<Tile> {
    let of_zoom = |z: u8| (0..1 << z).flat_map(move |y| (0..1 << z).map(move |x| Tile { z, x, y }));
    zooms.flat_map(of_zoom).collect()
}

/// Every third tile shows nothing, many are alike, the others differ.
fn picture(tile: Tile) -> Vec<u8> {
    match (tile.x + 2 * tile.y) % 3 {
        0 => Vec::new(),
        1 => b"the inside of a large area".to_vec(),
        _ => format!("{tile:?}").into_bytes(),
    }
}

fn on(_: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn export(path: &Path) {
    let mut archive = Archive::begin(job(path, "a")).unwrap();
    assert_eq!(archive.draw(pyramid(0..=7), &picture, &mut on).unwrap(), Drawn::All);
    archive.finish().unwrap();
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

#[tokio::test]
async fn a_pmtiles_archive_answers_every_tile_to_another_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    export(&path);
    let reader =
        AsyncPmTilesReader::try_from_source(MmapBackend::try_from(&path).await.unwrap()).await.unwrap();
    let header = reader.get_header();
    assert_eq!((header.min_zoom, header.max_zoom), (0, 7));
    assert_eq!((header.tile_type, header.tile_compression), (TileType::Mvt, Compression::Gzip));
    assert!(header.clustered());
    assert!((header.max_latitude - 40.5).abs() < 1e-6 && (header.min_longitude + 10.0).abs() < 1e-6);
    let metadata: serde_json::Value = serde_json::from_str(&reader.get_metadata().await.unwrap()).unwrap();
    assert_eq!(metadata["vector_layers"][0]["id"], "building");
    assert_eq!(metadata["attribution"], "made up");
    let mut contents = std::collections::BTreeSet::new();
    for tile in pyramid(0..=7) {
        let found = reader.get_tile(TileCoord::new(tile.z, tile.x, tile.y).unwrap()).await.unwrap();
        let plain = found.map(|bytes| unpacked(&bytes)).unwrap_or_default();
        assert_eq!(plain, picture(tile), "{tile:?}");
        contents.insert(plain);
    }
    contents.remove(&Vec::new());
    let stored = header.n_tile_contents().unwrap().get();
    assert_eq!(stored, contents.len() as u64, "equal tiles are stored once");
}

#[test]
fn an_mbtiles_archive_answers_every_tile_with_rows_from_the_south() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mbtiles");
    export(&path);
    let database = Connection::open(&path).unwrap();
    let metadata: BTreeMap<String, String> = database
        .prepare("select name, value from metadata")
        .unwrap()
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(metadata["format"], "pbf");
    assert_eq!(metadata["bounds"], "-10,-20,30,40.5");
    assert_eq!((&*metadata["minzoom"], &*metadata["maxzoom"]), ("0", "7"));
    let layers: serde_json::Value = serde_json::from_str(&metadata["json"]).unwrap();
    assert_eq!(layers["vector_layers"][0]["id"], "building");
    let mut select = database
        .prepare("select tile_data from tiles where zoom_level = ?1 and tile_column = ?2 and tile_row = ?3")
        .unwrap();
    for tile in pyramid(0..=7) {
        let row = (1_u32 << tile.z) - 1 - tile.y;
        let found: Option<Vec<u8>> = select.query_row((tile.z, tile.x, row), |row| row.get(0)).ok();
        assert_eq!(found.map(|bytes| unpacked(&bytes)).unwrap_or_default(), picture(tile), "{tile:?}");
    }
    let (images, tiles): (i64, i64) = database
        .query_row("select (select count(*) from images), (select count(*) from tiles)", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert!(images < tiles * 2 / 3, "equal tiles are stored once: {images} of {tiles}");
    assert_eq!(
        database.query_row("pragma integrity_check", (), |row| row.get::<_, String>(0)).unwrap(),
        "ok"
    );
}

#[test]
fn the_number_of_threads_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["pmtiles", "mbtiles"] {
        let files = [1, 2, 7].map(|threads| {
            let path = folder.path().join(format!("{threads}.{ending}"));
            let pool = pool_of(threads);
            pool.install(|| export(&path));
            fs::read(path).unwrap()
        });
        assert!(files[0] == files[1] && files[0] == files[2], "{ending}");
    }
}

fn pool_of(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

#[test]
fn an_interrupted_export_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, path) = (folder.path().join("whole.pmtiles"), folder.path().join("a.pmtiles"));
    export(&whole);
    let mut archive = Archive::begin(job(&path, "a")).unwrap();
    assert_eq!(archive.beginning(), Beginning::New);
    let stop_late = &mut |done| if done < 9_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    assert_eq!(archive.draw(pyramid(0..=7), &picture, stop_late).unwrap(), Drawn::Stopped);
    drop(archive);
    assert!(!path.exists());
    let partial = Target::new(&path).unwrap().partial();
    // A crash in the middle of a record, as after a power cut.
    let length = fs::metadata(&partial).unwrap().len();
    fs::OpenOptions::new().write(true).open(&partial).unwrap().set_len(length - 5).unwrap();
    assert_eq!(unfinished(&Target::new(&path).unwrap()).unwrap(), Some(job(&path, "a").job));

    let mut archive = Archive::begin(job(&path, "a")).unwrap();
    let Beginning::GoesOn { tiles } = archive.beginning() else { panic!("{:?}", archive.beginning()) };
    assert!((5_000..7_000).contains(&tiles), "{tiles}");
    let drawn = AtomicU64::new(0);
    let counted = |tile| {
        drawn.fetch_add(1, Ordering::Relaxed);
        picture(tile)
    };
    archive.draw(pyramid(0..=7), &counted, &mut on).unwrap();
    archive.finish().unwrap();
    assert!(drawn.into_inner() < 13_000, "only what was missing is drawn");
    assert!(fs::read(&path).unwrap() == fs::read(&whole).unwrap());
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn other_data_or_other_tiles_begin_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    let begin = |content: &str, selection: &str| {
        let mut wanted = job(&path, content);
        selection.clone_into(&mut wanted.job.selection);
        let mut archive = Archive::begin(wanted).unwrap();
        archive.draw(pyramid(0..=2), &picture, &mut on).unwrap();
        archive.beginning()
    };
    assert_eq!(begin("a", "x"), Beginning::New);
    assert!(matches!(begin("a", "x"), Beginning::GoesOn { .. }));
    assert_eq!(begin("b", "x"), Beginning::DataChanged);
    assert_eq!(begin("b", "y"), Beginning::AnotherSelection);
    fs::write(Target::new(&path).unwrap().partial(), "no part of ours").unwrap();
    assert_eq!(begin("b", "y"), Beginning::New);
}

#[test]
fn two_exports_never_write_the_same_target() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    let _first = Archive::begin(job(&path, "a")).unwrap();
    assert!(matches!(Archive::begin(job(&path, "a")), Err(ArchiveError::InUse(_))));
}

#[test]
fn an_archive_without_tiles_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::begin(job(&folder.path().join("a.pmtiles"), "a")).unwrap();
    archive.draw(pyramid(0..=2), &|_| Vec::new(), &mut on).unwrap();
    assert!(matches!(archive.finish(), Err(ArchiveError::Empty)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_large_archive_keeps_its_root_small() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    let mut archive = Archive::begin(job(&path, "a")).unwrap();
    let each = |tile: Tile| {
        format!("{} {}", tile.x.wrapping_mul(2_654_435_761) >> (tile.y % 17), tile.y).into_bytes()
    };
    archive.draw(pyramid(8..=8), &each, &mut on).unwrap();
    archive.finish().unwrap();
    let bytes = fs::read(&path).unwrap();
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let (root_at, root_length, leaves_length) = (number(8), number(16), number(48));
    assert!(root_at + root_length <= 16 * 1024 && leaves_length > 0, "{root_length} {leaves_length}");
    let reader =
        AsyncPmTilesReader::try_from_source(MmapBackend::try_from(&path).await.unwrap()).await.unwrap();
    for tile in pyramid(8..=8).into_iter().step_by(97) {
        let found = reader.get_tile(TileCoord::new(tile.z, tile.x, tile.y).unwrap()).await.unwrap().unwrap();
        assert_eq!(unpacked(&found), each(tile));
    }
}
