//! Questions about tiles and their answers.

use bytes::Bytes;
use cim_tile::{Filter, Queryable, TimeSpan};
use jiff::Timestamp;
use serde::Serialize;

use crate::TilePlace;

/// How a tile's bytes are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
    /// Zstandard.
    Zstd,
}

impl Encoding {
    /// The word in `Content-Encoding`; none for identity.
    #[must_use]
    pub fn content_encoding(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
        }
    }
}

/// One tile of a tileset.
#[derive(Debug, Clone, PartialEq)]
pub struct TileRequest {
    /// The tileset's name.
    pub tileset: String,
    /// Which of its tiles.
    pub place: TilePlace,
    /// Show the rows that it chooses, where the tileset allows it.
    pub filter: Option<Filter>,
    /// Show the rows that were there then, where the tileset allows it.
    pub datetime: Option<TimeSpan>,
    /// Show boundaries as far as was published until then.
    pub known_at: Option<Timestamp>,
    /// The encoding the client prefers of those we offer.
    pub encoding: Encoding,
    /// The client's `If-None-Match` header as it came; may list several tags or `*`.
    pub if_none_match: Option<String>,
}

/// A tile, or the news that there is nothing (new) to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileAnswer {
    /// The PostgreSQL snapshot that the tile shows.
    pub snapshot: String,
    /// What to send.
    pub body: TileBody,
}

/// What to send for a tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TileBody {
    /// 200.
    Tile {
        /// The encoded tile.
        bytes: Bytes,
        /// How `bytes` are compressed.
        encoding: Encoding,
        /// The strong entity tag with its quotes.
        etag: String,
        /// Features left out by the tileset's published rules.
        dropped: u32,
    },
    /// 304.
    NotModified {
        /// The strong entity tag with its quotes.
        etag: String,
    },
    /// 204: nothing lies in this tile, or the tileset does not serve this zoom.
    Empty,
}

/// One line of the list of tilesets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TilesetSummary {
    /// Its name in addresses.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// First zoom with content.
    pub minzoom: u8,
    /// Last zoom; clients overscale beyond.
    pub maxzoom: u8,
    /// The tile matrix sets that its tiles are served in.
    pub matrix_sets: Vec<&'static str>,
    /// Whether its rows may be chosen by time.
    pub datetime: bool,
    /// The properties that its rows may be chosen by.
    pub queryables: Vec<Queryable>,
}
