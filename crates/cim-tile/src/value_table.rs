//! The values of one layer, each written once and numbered in the order of its first use.

use crate::mvt::length_delimited;

/// Places in the empty table; a power of two.
const FIRST_SLOTS: usize = 512;

/// Values as they are written, with an open-addressed table over them that holds numbers only: a tile of thousands of
/// different names allocates nothing once the buffers have grown.
#[derive(Debug, Default)]
pub(crate) struct ValueTable {
    /// The finished messages, one after the other.
    written: Vec<u8>,
    /// Where each value's own bytes lie in `written`.
    places: Vec<(u32, u32)>,
    /// Numbers plus one, by hash; 0 is free. Its length is a power of two, and at least half of it is free.
    slots: Vec<u32>,
}

impl ValueTable {
    pub(crate) fn clear(&mut self) {
        self.written.clear();
        // A layer with few values must not pay for one with many that came before it.
        if self.slots.len() > FIRST_SLOTS && self.places.len() * 16 < self.slots.len() {
            self.slots.truncate(FIRST_SLOTS);
        }
        self.slots.fill(0);
        self.places.clear();
    }

    /// The messages of all values, as a layer holds them.
    pub(crate) fn written(&self) -> &[u8] {
        &self.written
    }

    /// The number of a value, given as the bytes of its message.
    pub(crate) fn number(&mut self, value: &[u8]) -> u32 {
        if self.places.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.first_slot(value);
        loop {
            match self.slots[slot] {
                0 => break,
                known if self.value(known - 1) == value => return known - 1,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
        length_delimited(&mut self.written, 4, value);
        let start = self.written.len() - value.len();
        self.places.push((narrow(start), narrow(value.len())));
        let number = narrow(self.places.len());
        self.slots[slot] = number;
        number - 1
    }

    fn value(&self, number: u32) -> &[u8] {
        let (start, length) = self.places[number as usize];
        &self.written[start as usize..(start + length) as usize]
    }

    fn first_slot(&self, value: &[u8]) -> usize {
        (hash(value) >> 32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(FIRST_SLOTS);
        self.slots.clear();
        self.slots.resize(length, 0);
        for number in 0..narrow(self.places.len()) {
            let mut slot = self.first_slot(self.value(number));
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (length - 1);
            }
            self.slots[slot] = number + 1;
        }
    }
}

/// Multiplies and mixes eight bytes at a time. Values come from the city's own rows and the table is as large as twice
/// their number, so chosen collisions could slow down one layer of one tile at most.
fn hash(bytes: &[u8]) -> u64 {
    let mix = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sum = mix(sum, u64::from_le_bytes(last));
    sum ^ (sum >> 29)
}

#[expect(clippy::cast_possible_truncation, reason = "a layer is far smaller than 4 GB")]
fn narrow(length: usize) -> u32 {
    length as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_number_in_the_order_of_first_use() {
        let mut table = ValueTable::default();
        for round in 0..3 {
            table.clear();
            for pass in 0..2 {
                for number in 0..5_000_u32 {
                    let value = format!("value {number} of round {round}");
                    assert_eq!(table.number(value.as_bytes()), number, "pass {pass}");
                }
            }
            assert_eq!(table.number(b""), 5_000);
        }
        table.clear();
        assert_eq!(table.number(b"x"), 0);
        assert_eq!(table.written(), [4 << 3 | 2, 1, b'x']);
    }
}
