//! The values of one layer, each written once and numbered in the order of its first use.

use crate::mvt::length_delimited;

/// Places in the empty table; a power of two.
const FIRST_SLOTS: usize = 512;
/// The field of a layer that holds its values, and its head; the head of a text in a value.
const VALUES: u64 = 4;
const VALUES_HEAD: u8 = 4 << 3 | 2;
const TEXT_HEAD: u8 = 1 << 3 | 2;

/// Values as they are written, with an open-addressed table over them that holds numbers only: a tile of thousands of
/// different names allocates nothing once the buffers have grown.
#[derive(Debug, Default)]
pub(crate) struct ValueTable {
    /// The finished messages, one after the other.
    written: Vec<u8>,
    values: Vec<Written>,
    /// Numbers plus one, by hash; 0 is free. Its length is a power of two, and at least half of it is free.
    slots: Vec<u32>,
}

/// Where a value's own bytes, after all heads, lie in what is written.
#[derive(Debug, Clone, Copy)]
struct Written {
    hash: u32,
    start: u32,
    end: u32,
}

impl ValueTable {
    pub(crate) fn clear(&mut self) {
        self.written.clear();
        // A layer with few values must not pay for one with many that came before it.
        if self.slots.len() > FIRST_SLOTS && self.values.len() * 16 < self.slots.len() {
            self.slots.truncate(FIRST_SLOTS);
        }
        self.slots.fill(0);
        self.values.clear();
    }

    /// The messages of all values, as a layer holds them.
    pub(crate) fn written(&self) -> &[u8] {
        &self.written
    }

    /// The number of a value that is no text, given as the bytes of its message.
    pub(crate) fn number(&mut self, message: &[u8]) -> u32 {
        self.number_of(message, 0, |written| length_delimited(written, VALUES, message))
    }

    /// The number of a text.
    pub(crate) fn number_of_text(&mut self, text: &[u8]) -> u32 {
        self.number_of(text, 1, |written| match u8::try_from(text.len()) {
            // A short message's length takes one byte, and so does its text's.
            Ok(length) if length < 0x7e => {
                written.extend_from_slice(&[VALUES_HEAD, length + 2, TEXT_HEAD, length]);
                written.extend_from_slice(text);
            }
            _ => {
                let mut message = Vec::with_capacity(text.len() + 11);
                length_delimited(&mut message, 1, text);
                length_delimited(written, VALUES, &message);
            }
        })
    }

    /// The number of the value of a kind with these bytes; `write` appends a new one, which ends with them.
    fn number_of(&mut self, bytes: &[u8], kind: u64, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        if self.values.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(bytes, kind);
        let mut slot = hash as usize & (self.slots.len() - 1);
        loop {
            match self.slots[slot] {
                0 => break,
                known if self.is(self.values[known as usize - 1], hash, bytes) => return known - 1,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
        write(&mut self.written);
        let end = self.written.len();
        self.values.push(Written { hash, start: narrow(end - bytes.len()), end: narrow(end) });
        let number = narrow(self.values.len());
        self.slots[slot] = number;
        number - 1
    }

    fn is(&self, value: Written, hash: u32, bytes: &[u8]) -> bool {
        value.hash == hash && &self.written[value.start as usize..value.end as usize] == bytes
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(FIRST_SLOTS);
        self.slots.clear();
        self.slots.resize(length, 0);
        for (value, number) in self.values.iter().zip(1..) {
            let mut slot = value.hash as usize & (length - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (length - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// Mixes eight bytes at a time by a folded multiplication, in which every bit of the bytes reaches every bit of the hash:
/// codes differ in their last digits only. The highest bit is the kind, so that a text never equals a number. Values come
/// from the city's own rows and the table is as large as twice their number, so chosen collisions could slow down one layer
/// of one tile at most.
fn hash(bytes: &[u8], kind: u64) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |sum, word| folded(sum, u64::from_le_bytes(*word)));
    // The last eight bytes overlap those before: quicker than a copy of the rest.
    let sum = match bytes.last_chunk::<8>() {
        Some(_) if rest.is_empty() => sum,
        Some(last) => folded(sum, u64::from_le_bytes(*last)),
        None => folded(sum, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))),
    };
    upper(sum) & (u32::MAX >> 1) | upper(kind << 63)
}

/// The halves of a product of 128 bits, one over the other, as foldhash and wyhash mix.
#[expect(clippy::cast_possible_truncation, reason = "the lower half")]
fn folded(sum: u64, word: u64) -> u64 {
    let product = u128::from(sum ^ word ^ 0x2d35_8dcc_aa6c_78a5) * 0x9e37_79b9_7f4a_7c15;
    product as u64 ^ (product >> 64) as u64
}

fn upper(number: u64) -> u32 {
    (number >> 32) as u32
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

    #[test]
    fn codes_that_differ_in_their_last_digits_spread_over_the_table() {
        let slots: std::collections::BTreeSet<u32> = (0..4_096)
            .map(|number| hash(format!("320614104232B{number:05}").as_bytes(), 1) & 0x1fff)
            .collect();
        // Thrown at random, 4,096 of 8,192 places would hold 3,223 different ones.
        assert!(slots.len() > 3_000, "{}", slots.len());
    }

    #[test]
    fn a_text_is_written_as_its_message_is_whatever_its_length() {
        for length in [0, 1, 125, 126, 127, 128, 300] {
            let text = vec![b'a'; length];
            let (mut texts, mut messages) = (ValueTable::default(), ValueTable::default());
            let mut message = Vec::new();
            length_delimited(&mut message, 1, &text);
            assert_eq!(texts.number_of_text(&text), messages.number(&message));
            assert_eq!(texts.number(&text), 1, "bytes that are no text are another value");
            messages.number(&text);
            assert_eq!(texts.written(), messages.written(), "{length}");
        }
    }
}
