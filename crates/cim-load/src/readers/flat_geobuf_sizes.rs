//! Whether the sizes that a `FlatGeobuf` file states fit the file: the library asks for memory by them before it reads.

use std::io::{BufReader, Read, Seek};
use std::path::Path;

use flatgeobuf::{FgbReader, Header};

use super::open;
use crate::row::{Reading, Refusal, Stop, damaged};

const MAGIC_BYTES: u64 = 8;
const SIZE_BYTES: u64 = 4;
const NODE_BYTES: u64 = 40;
/// No buffer of the format is shorter: its root has a place and a table.
const LEAST_FEATURE_BYTES: u64 = 8;

/// Walks from feature to feature without reading any.
pub(super) fn check(path: &Path) -> Reading {
    let no_file = |error: String| damaged(format!("the file is no FlatGeobuf: {error}"));
    let mut file = open(path)?;
    let length = file.metadata().map_err(|error| no_file(error.to_string()))?.len();
    let mut sizes = [0; 12];
    file.read_exact(&mut sizes).map_err(|error| no_file(error.to_string()))?;
    let header_bytes = u64::from(u32::from_le_bytes([sizes[8], sizes[9], sizes[10], sizes[11]]));
    file.rewind().map_err(|error| no_file(error.to_string()))?;
    let mut file = BufReader::new(file);
    let reader = FgbReader::open(&mut file).map_err(|error| no_file(error.to_string()))?;
    let (count, index) = (reader.header().features_count(), index_bytes(&reader.header(), length)?);
    drop(reader);
    let mut at = MAGIC_BYTES + SIZE_BYTES + header_bytes + index;
    let mut feature = 0;
    // A file that does not say how many it has ends where it ends.
    while if count == 0 { at < length } else { feature < count } {
        feature += 1;
        let cut_off = |_cause: std::io::Error| cut_off(feature);
        file.seek(std::io::SeekFrom::Start(at)).map_err(cut_off)?;
        let mut size = [0; 4];
        file.read_exact(&mut size).map_err(cut_off)?;
        let bytes = u64::from(u32::from_le_bytes(size));
        at += SIZE_BYTES + bytes;
        if bytes < LEAST_FEATURE_BYTES || at > length {
            return Err(self::cut_off(feature));
        }
    }
    Ok(())
}

fn cut_off(feature: u64) -> Stop {
    let message = "the file ends in the middle of this feature: it is cut off";
    Refusal::new("file_damaged", message).at(feature).into()
}

/// The bytes of the index between header and features.
fn index_bytes(header: &Header<'_>, length: u64) -> Result<u64, Stop> {
    let (count, node_size) = (header.features_count(), u64::from(header.index_node_size()));
    if count == 0 || node_size == 0 {
        return Ok(0);
    }
    if node_size == 1 || count > length / NODE_BYTES {
        let message = format!("the index claims {count} features by {node_size} in {length} bytes");
        return Err(damaged(message));
    }
    let (mut level, mut nodes) = (count, count);
    loop {
        level = level.div_ceil(node_size);
        nodes += level;
        if level == 1 {
            return Ok(nodes * NODE_BYTES);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: &[u8] = include_bytes!("../../../../tests/fuzz/corpus/flat_geobuf/points.fgb");

    fn is_taken(bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        check(file.path()).is_ok()
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        assert!(is_taken(POINTS));
        for end in 0..POINTS.len() {
            assert!(!is_taken(&POINTS[..end]), "{end}");
        }
    }

    #[test]
    fn a_feature_of_four_billion_bytes_is_refused() {
        let begins =
            |at: &usize| POINTS[*at..*at + 4] == u32::try_from(POINTS.len() - 4 - at).unwrap().to_le_bytes();
        let last = (0..POINTS.len() - 8).rev().find(begins).unwrap();
        let mut bytes = POINTS.to_vec();
        bytes[last..last + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(!is_taken(&bytes));
    }
}
