//! Entity tags of tiles: made from what a tile holds, so that every server process and every start gives the same.

use std::fmt;

use xxhash_rust::xxh3::xxh3_128;

use crate::Encoding;

/// The XXH3 hash of a tile's plain bytes, 128 bits: a published function, the same on every machine and in every release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ContentTag(u128);

impl ContentTag {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The strong tag of the tile in an encoding, with its quotes.
    pub(crate) fn etag(self, encoding: Encoding) -> String {
        let suffix = match encoding {
            Encoding::Identity => "",
            Encoding::Gzip => "-gz",
            Encoding::Brotli => "-br",
            Encoding::Zstd => "-zs",
        };
        format!("\"{self}{suffix}\"")
    }
}

impl fmt::Display for ContentTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
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
    fn every_encoding_has_a_tag_of_its_own_that_never_changes() {
        let tag = ContentTag::of(b"a tile");
        let all = [Encoding::Identity, Encoding::Gzip, Encoding::Brotli, Encoding::Zstd].map(|e| tag.etag(e));
        // A tag that clients hold must stay what it is from release to release.
        assert_eq!(all[0], format!("\"{tag}\""));
        assert_eq!(tag.to_string().len(), 32);
        assert!(all[1].ends_with("-gz\"") && all[2].ends_with("-br\"") && all[3].ends_with("-zs\""));
        assert_eq!(ContentTag::of(b"").to_string(), "99aa06d3014798d86001c324468d497f");
    }
}
