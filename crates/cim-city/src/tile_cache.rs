//! Tiles ready to be sent: one bounded cache in which every tile is drawn and packed once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use cim_tile::{RenderedTile, Renderer, Selected, Selection, TileAddress, TileSource, Tileset};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::Encoding;
use crate::content_tag::ContentTag;
use crate::packing::Packers;
use crate::seen::ScopeState;
use crate::tile_place::{Plane, Warps};
use crate::version::Version;

/// What an entry costs beside its bytes.
const ENTRY_BYTES: u64 = 160;
/// How many tiles of about what size are expected, for the cache's own tables.
const TYPICAL_TILE_BYTES: u64 = 8_192;
/// A tag costs some 100 bytes.
const TAGS_KEPT: usize = 100_000;

/// Which tile, of which state of its layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    tileset: usize,
    tile: TileAddress,
    scope: ScopeState,
    plane: Plane,
    stamp: u64,
}

/// A tile ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct ReadyTile {
    /// Nothing lies in the tile.
    pub(crate) is_empty: bool,
    pub(crate) bytes: Bytes,
    /// Of the plain bytes.
    pub(crate) tag: ContentTag,
    pub(crate) dropped: u32,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<(Key, Encoding), ReadyTile> for ByBytes {
    fn weight(&self, _: &(Key, Encoding), tile: &ReadyTile) -> u64 {
        tile.bytes.len() as u64 + ENTRY_BYTES
    }
}

/// Draws, packs and keeps tiles.
pub(crate) struct TileCache {
    tiles: Cache<(Key, Encoding), ReadyTile, ByBytes>,
    /// Remembered longer than the bytes, so that what a client has is confirmed without drawing.
    tags: Cache<Key, ContentTag>,
    renderers: Mutex<Vec<Renderer>>,
    warps: Warps,
    packers: Packers,
    drawn: AtomicU64,
}

/// What is asked of the cache.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) tilesets: &'a [Tileset],
    pub(crate) tileset: usize,
    pub(crate) tile: TileAddress,
    pub(crate) scope: ScopeState,
    pub(crate) plane: Plane,
    /// Tiles of chosen rows are drawn for their reader alone: there are as many as there are choices.
    pub(crate) selection: Option<&'a Selection>,
    pub(crate) encoding: Encoding,
}

impl TileCache {
    pub(crate) fn new(capacity_bytes: u64) -> Self {
        let entries = usize::try_from(capacity_bytes / TYPICAL_TILE_BYTES).unwrap_or(1_000);
        Self {
            tiles: Cache::with_weighter(entries, capacity_bytes, ByBytes),
            tags: Cache::new(if capacity_bytes == 0 { 0 } else { TAGS_KEPT }),
            renderers: Mutex::default(),
            warps: Warps::default(),
            packers: Packers::default(),
            drawn: AtomicU64::new(0),
        }
    }

    /// The tag of the tile as this version shows it, if it is remembered.
    pub(crate) fn known_tag(&self, stamp: Option<u64>, wanted: &Wanted<'_>) -> Option<ContentTag> {
        self.tags.get(&wanted.key(stamp?))
    }

    /// The tile as this version shows it, whose stamp was asked for before. Without a stamp the version is overtaken, and
    /// the tile is drawn for this reader alone.
    pub(crate) fn get(
        &self,
        version: &Version,
        stamp: Option<u64>,
        wanted: &Wanted<'_>,
    ) -> std::io::Result<ReadyTile> {
        let Some(stamp) = stamp else { return self.drawn_and_packed(version, wanted) };
        let key = wanted.key(stamp);
        self.tiles.get_or_insert_with(&(key, wanted.encoding), || {
            let ready = self.drawn_and_packed(version, wanted)?;
            self.tags.insert(key, ready.tag);
            Ok(ready)
        })
    }

    /// How many tiles were drawn so far; what came from the cache is not counted.
    pub(crate) fn drawn(&self) -> u64 {
        self.drawn.load(Ordering::Relaxed)
    }

    fn drawn_and_packed(&self, version: &Version, wanted: &Wanted<'_>) -> std::io::Result<ReadyTile> {
        let drawn = self.draw(version, wanted);
        let tag = ContentTag::of(&drawn.bytes);
        let is_empty = drawn.bytes.is_empty();
        let bytes = if is_empty { Bytes::new() } else { self.packers.pack(drawn.bytes, wanted.encoding)? };
        Ok(ReadyTile { is_empty, bytes, tag, dropped: drawn.dropped })
    }

    fn draw(&self, version: &Version, wanted: &Wanted<'_>) -> RenderedTile {
        self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut renderer =
            self.renderers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let warp = self.warps.onto(wanted.plane);
        let selected: Selected<'_>;
        let source: &dyn TileSource = match wanted.selection {
            Some(selection) => {
                selected = selection.of(version);
                &selected
            }
            None => version,
        };
        let drawn = renderer.render(&wanted.tilesets[wanted.tileset], wanted.tile, source, warp);
        self.renderers.lock().unwrap_or_else(PoisonError::into_inner).push(renderer);
        drawn
    }
}

impl Wanted<'_> {
    fn key(&self, stamp: u64) -> Key {
        Key { tileset: self.tileset, tile: self.tile, scope: self.scope, plane: self.plane, stamp }
    }
}
