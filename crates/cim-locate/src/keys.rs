//! Texts of addresses by their hash: whole ones, and those of the building, lane or group they lie in.

use xxhash_rust::xxh3::xxh3_64;

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyLevel {
    /// The whole text of an address with a stair.
    Unit,
    /// A building, of which the address may be one stair.
    Building,
    /// A door number.
    Number,
    /// A whole text without any number.
    Place,
    /// A lane with houses in it.
    Lane,
    /// A village group.
    Group,
}

impl KeyLevel {
    const ALL: [Self; 6] = [Self::Unit, Self::Building, Self::Number, Self::Place, Self::Lane, Self::Group];
}

/// Rows are fewer than this; the level is kept in the bits above.
const LEVEL_SHIFT: u32 = 29;

/// The keys of all addresses.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    entries: Vec<(u64, u32)>,
}

impl Keys {
    pub(crate) fn add(&mut self, text: &str, level: KeyLevel, row: u32) {
        if !text.is_empty() {
            self.entries.push((hash(text), (level as u32) << LEVEL_SHIFT | row));
        }
    }

    /// Sorts the keys; before this nothing is found.
    pub(crate) fn close(&mut self) {
        self.entries.sort_unstable();
        self.entries.dedup();
        self.entries.shrink_to_fit();
    }

    /// The rows a text stands for and its level: the most exact level that has any.
    pub(crate) fn find(&self, text: &str) -> Option<(KeyLevel, Vec<u32>)> {
        let wanted = hash(text);
        let from = self.entries.partition_point(|entry| entry.0 < wanted);
        let hits = self.entries.get(from..)?.iter().take_while(|entry| entry.0 == wanted);
        let mut hits = hits.map(|entry| entry.1).peekable();
        let first = *hits.peek()?;
        let level = *KeyLevel::ALL.get((first >> LEVEL_SHIFT) as usize)?;
        let mask = (1 << LEVEL_SHIFT) - 1;
        Some((
            level,
            hits.take_while(|hit| hit >> LEVEL_SHIFT == first >> LEVEL_SHIFT).map(|hit| hit & mask).collect(),
        ))
    }
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_finds_its_rows_at_the_most_exact_level() {
        let mut keys = Keys::default();
        keys.add("人民路5号", KeyLevel::Number, 7);
        keys.add("人民路5号", KeyLevel::Lane, 8);
        keys.add("人民路5号", KeyLevel::Number, 3);
        keys.close();
        assert_eq!(keys.find("人民路5号"), Some((KeyLevel::Number, vec![3, 7])));
        assert_eq!(keys.find("人民路6号"), None);
    }
}
