//! Tiles ready to be sent: one bounded cache in which every tile is drawn and packed once.

use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use cim_tile::{Renderer, TileAddress, Tileset};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::Encoding;
use crate::gcj02::Gcj02Warp;
use crate::version::Version;

const GZIP_LEVEL: u32 = 4;
const BROTLI_QUALITY: i32 = 3;
const ZSTD_LEVEL: i32 = 1;
/// What an entry costs beside its bytes.
const ENTRY_BYTES: u64 = 160;
/// How many tiles of about what size are expected, for the cache's own tables.
const TYPICAL_TILE_BYTES: u64 = 8_192;

/// Which tile, of which state of its layers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    tileset: usize,
    tile: TileAddress,
    scope: &'static str,
    gcj02: bool,
    encoding: Encoding,
    stamp: u64,
}

/// A tile ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct ReadyTile {
    pub(crate) bytes: Bytes,
    /// With its quotes.
    pub(crate) etag: Arc<str>,
    pub(crate) dropped: u32,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, ReadyTile> for ByBytes {
    fn weight(&self, _: &Key, tile: &ReadyTile) -> u64 {
        tile.bytes.len() as u64 + ENTRY_BYTES
    }
}

/// Draws, packs and keeps tiles.
pub(crate) struct TileCache {
    cache: Cache<Key, ReadyTile, ByBytes>,
    renderers: Mutex<Vec<Renderer>>,
    warp: Option<Gcj02Warp>,
    drawn: AtomicU64,
}

/// What is asked of the cache.
pub(crate) struct Wanted<'a> {
    pub(crate) tilesets: &'a [Tileset],
    pub(crate) tileset: usize,
    pub(crate) tile: TileAddress,
    pub(crate) scope: &'static str,
    pub(crate) gcj02: bool,
    pub(crate) encoding: Encoding,
}

impl TileCache {
    pub(crate) fn new(capacity_bytes: u64) -> Self {
        let entries = usize::try_from(capacity_bytes / TYPICAL_TILE_BYTES).unwrap_or(1_000);
        Self {
            cache: Cache::with_weighter(entries, capacity_bytes, ByBytes),
            renderers: Mutex::default(),
            warp: Gcj02Warp::new(),
            drawn: AtomicU64::new(0),
        }
    }

    /// The tile as this version shows it. The version is taken before drawing, so a tile is never newer than its stamp.
    pub(crate) fn get(&self, version: &Version, wanted: &Wanted<'_>) -> std::io::Result<ReadyTile> {
        let tileset = &wanted.tilesets[wanted.tileset];
        let key = |encoding| Key {
            tileset: wanted.tileset,
            tile: wanted.tile,
            scope: wanted.scope,
            gcj02: wanted.gcj02,
            encoding,
            stamp: version.stamp(tileset),
        };
        let plain = || {
            self.cache.get_or_insert_with(&key(Encoding::Identity), || {
                Ok::<_, std::io::Error>(self.draw(version, tileset, wanted))
            })
        };
        if wanted.encoding == Encoding::Identity {
            return plain();
        }
        self.cache.get_or_insert_with(&key(wanted.encoding), || packed(&plain()?, wanted.encoding))
    }

    /// How many tiles were drawn so far; what came from the cache is not counted.
    pub(crate) fn drawn(&self) -> u64 {
        self.drawn.load(Ordering::Relaxed)
    }

    fn draw(&self, version: &Version, tileset: &Tileset, wanted: &Wanted<'_>) -> ReadyTile {
        self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut renderer =
            self.renderers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let map;
        let warp = match &self.warp {
            Some(warp) if wanted.gcj02 => {
                map = |point| warp.moved(point);
                Some(warp.as_warp(&map))
            }
            _ => None,
        };
        let drawn = renderer.render(tileset, wanted.tile, version, warp);
        self.renderers.lock().unwrap_or_else(PoisonError::into_inner).push(renderer);
        let mut hasher = DefaultHasher::new();
        hasher.write(&drawn.bytes);
        let etag = format!("\"{:016x}-{:x}\"", hasher.finish(), drawn.bytes.len());
        ReadyTile { bytes: drawn.bytes.into(), etag: etag.into(), dropped: drawn.dropped }
    }
}

fn packed(plain: &ReadyTile, encoding: Encoding) -> std::io::Result<ReadyTile> {
    let (suffix, bytes) = match encoding {
        Encoding::Identity => return Ok(plain.clone()),
        Encoding::Gzip => ("-gz", gzip(&plain.bytes)?),
        Encoding::Brotli => ("-br", brotli(&plain.bytes)?),
        Encoding::Zstd => ("-zs", zstd::bulk::compress(&plain.bytes, ZSTD_LEVEL)?),
    };
    let etag = format!("{}{suffix}\"", plain.etag.trim_end_matches('"'));
    Ok(ReadyTile { bytes: bytes.into(), etag: etag.into(), dropped: plain.dropped })
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    let mut input = bytes;
    brotli::BrotliCompress(&mut input, &mut out, &parameters)?;
    Ok(out)
}

/// Whether an `If-None-Match` header names the tag.
pub(crate) fn names_tag(if_none_match: &str, etag: &str) -> bool {
    if_none_match
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_and_weakened() {
        for header in ["\"a\"", "\"x\", W/\"a\"", "*"] {
            assert!(names_tag(header, "\"a\""), "{header}");
        }
        assert!(!names_tag("\"a-gz\"", "\"a\""));
    }

    #[test]
    fn every_encoding_has_a_tag_of_its_own_and_is_smaller() {
        let plain = ReadyTile { bytes: vec![7; 10_000].into(), etag: "\"abc\"".into(), dropped: 0 };
        for (encoding, tag) in
            [(Encoding::Gzip, "\"abc-gz\""), (Encoding::Brotli, "\"abc-br\""), (Encoding::Zstd, "\"abc-zs\"")]
        {
            let ready = packed(&plain, encoding).unwrap();
            assert_eq!(&*ready.etag, tag);
            assert!(ready.bytes.len() < 200);
        }
    }
}
