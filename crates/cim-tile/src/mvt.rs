//! Writing Mapbox Vector Tiles 2.1: protocol buffers by hand, into buffers that are used again.

use crate::EXTENT;
use crate::clip::Step;
use crate::value_table::ValueTable;

const STEPS_AT_ONCE: usize = 64;
const MOST_VARINT_BYTES: usize = 10;

/// The geometry types of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GeometryType {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A value of an attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TileValue<'a> {
    Text(&'a str),
    Float(f64),
    Int(i64),
    Bool(bool),
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn varint(out: &mut Vec<u8>, mut number: u64) {
    // Steps between neighbouring vertices fit into one or two bytes.
    if number < 0x80 {
        return out.push(number as u8);
    }
    if number < 0x4000 {
        return out.extend_from_slice(&[number as u8 | 0x80, (number >> 7) as u8]);
    }
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Two numbers below 2^14, as nearly all steps and tags are, written as one word of which the first bytes count.
#[expect(clippy::cast_possible_truncation, reason = "numbers below 2^14, and at most four bytes")]
#[inline]
fn short_pair(x: u64, y: u64) -> ([u8; 4], usize) {
    let (long_x, long_y) = (u64::from(x >= 0x80), u64::from(y >= 0x80));
    let spread = |number: u64, is_long: u64| (number & 0x7f) | is_long << 7 | (number >> 7) << 8;
    let word = spread(x, long_x) | spread(y, long_y) << (8 + 8 * long_x);
    ((word as u32).to_le_bytes(), (2 + long_x + long_y) as usize)
}

#[inline]
fn pair(out: &mut Vec<u8>, x: u64, y: u64) {
    if (x | y) < 0x4000 {
        let (bytes, length) = short_pair(x, y);
        let end = out.len() + length;
        out.extend_from_slice(&bytes);
        out.truncate(end);
    } else {
        varint(out, x);
        varint(out, y);
    }
}

/// A field with a number, in a buffer on the stack.
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn numbered(out: &mut [u8; 1 + MOST_VARINT_BYTES], head: u8, mut number: u64) -> &[u8] {
    out[0] = head;
    let mut length = 1;
    while number >= 0x80 {
        out[length] = number as u8 | 0x80;
        number >>= 7;
        length += 1;
    }
    out[length] = number as u8;
    &out[..=length]
}

/// How many bytes a number takes.
fn varint_length(number: u64) -> usize {
    let bits = 64 - (number | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

#[expect(clippy::cast_sign_loss, reason = "zigzag maps signed numbers to unsigned ones")]
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

pub(crate) fn length_delimited(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// The commands of one feature's geometry.
#[derive(Debug, Default)]
pub(crate) struct GeometryWriter {
    bytes: Vec<u8>,
    at: Step,
    points: Vec<Step>,
}

impl GeometryWriter {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.points.clear();
        self.at = (0, 0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.points.is_empty()
    }

    /// Points are collected, because one command holds them all.
    pub(crate) fn point(&mut self, point: Step) {
        self.points.push(point);
    }

    pub(crate) fn line(&mut self, points: &[Step]) {
        let Some((first, rest)) = points.split_first() else { return };
        self.command(1, 1);
        self.step(*first);
        self.command(2, rest.len());
        self.steps(rest);
    }

    pub(crate) fn ring(&mut self, points: &[Step]) {
        self.line(points);
        self.command(7, 1);
    }

    pub(crate) fn finish(&mut self) -> &[u8] {
        if !self.points.is_empty() {
            let points = std::mem::take(&mut self.points);
            self.command(1, points.len());
            for point in &points {
                self.step(*point);
            }
            self.points = points;
        }
        &self.bytes
    }

    fn command(&mut self, id: u64, count: usize) {
        varint(&mut self.bytes, (count as u64) << 3 | id);
    }

    fn step(&mut self, point: Step) {
        let (x, y) = (zigzag(point.0 - self.at.0), zigzag(point.1 - self.at.1));
        self.at = point;
        pair(&mut self.bytes, x, y);
    }

    /// The same for many: short steps gather in a buffer on the stack, so that the bytes grow once for many vertices.
    fn steps(&mut self, points: &[Step]) {
        for points in points.chunks(STEPS_AT_ONCE) {
            let mut gathered = [0; 4 * STEPS_AT_ONCE];
            let mut length = 0;
            for point in points {
                let (x, y) = (zigzag(point.0 - self.at.0), zigzag(point.1 - self.at.1));
                if (x | y) < 0x4000 {
                    let (bytes, taken) = short_pair(x, y);
                    gathered[length..length + 4].copy_from_slice(&bytes);
                    length += taken;
                    self.at = *point;
                } else {
                    self.bytes.extend_from_slice(&gathered[..length]);
                    length = 0;
                    self.step(*point);
                }
            }
            self.bytes.extend_from_slice(&gathered[..length]);
        }
    }
}

/// One layer being written. Keys and values are numbered in the order of their first use, so equal features give equal bytes.
#[derive(Debug, Default)]
pub(crate) struct LayerWriter {
    features: Vec<u8>,
    feature_count: u32,
    keys: Vec<String>,
    values: ValueTable,
    tags: Vec<u8>,
    scratch: Vec<u8>,
}

impl LayerWriter {
    pub(crate) fn clear(&mut self) {
        self.features.clear();
        self.feature_count = 0;
        self.keys.clear();
        self.values.clear();
        self.tags.clear();
    }

    pub(crate) fn feature_count(&self) -> u32 {
        self.feature_count
    }

    /// The bytes that the layer will take in a tile if it is finished now.
    pub(crate) fn size(&self, name: &str) -> usize {
        let field = |length: usize| 1 + varint_length(length as u64) + length;
        let keys: usize = self.keys.iter().map(|key| field(key.len())).sum();
        let version_and_extent = 2 + 1 + varint_length(u64::from(EXTENT));
        field(
            version_and_extent + field(name.len()) + self.features.len() + keys + self.values.written().len(),
        )
    }

    /// The number of a key.
    pub(crate) fn key(&mut self, name: &str) -> u32 {
        let place = self.keys.iter().position(|key| key == name).unwrap_or_else(|| {
            self.keys.push(name.to_owned());
            self.keys.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The number of a value.
    pub(crate) fn value(&mut self, value: TileValue<'_>) -> u32 {
        let mut number = [0; 1 + MOST_VARINT_BYTES];
        let message = match value {
            TileValue::Text(text) => return self.values.number_of_text(text.as_bytes()),
            TileValue::Float(float) => {
                number[0] = 3 << 3 | 1;
                number[1..9].copy_from_slice(&float.to_le_bytes());
                &number[..9]
            }
            TileValue::Int(int) if int < 0 => numbered(&mut number, 6 << 3, zigzag(int)),
            TileValue::Int(int) => numbered(&mut number, 5 << 3, int.unsigned_abs()),
            TileValue::Bool(yes) => {
                number[..2].copy_from_slice(&[7 << 3, u8::from(yes)]);
                &number[..2]
            }
        };
        self.values.number(message)
    }

    /// Gives the next feature an attribute.
    pub(crate) fn tag(&mut self, key: u32, value: u32) {
        pair(&mut self.tags, u64::from(key), u64::from(value));
    }

    /// Writes a feature with the tags given since the last one.
    pub(crate) fn feature(&mut self, id: u64, geometry_type: GeometryType, geometry: &mut GeometryWriter) {
        let geometry = geometry.finish();
        let of_bytes = |bytes: &[u8]| 1 + varint_length(bytes.len() as u64) + bytes.len();
        let length = 1 + varint_length(id) + of_bytes(&self.tags) + 2 + of_bytes(geometry);
        let out = &mut self.features;
        out.push(2 << 3 | 2);
        varint(out, length as u64);
        out.push(1 << 3);
        varint(out, id);
        length_delimited(out, 2, &self.tags);
        out.extend_from_slice(&[3 << 3, geometry_type as u8]);
        length_delimited(out, 4, geometry);
        self.tags.clear();
        self.feature_count += 1;
    }

    /// Appends the layer to a tile; a layer without features leaves nothing.
    pub(crate) fn finish(&mut self, name: &str, tile: &mut Vec<u8>) {
        if self.feature_count == 0 {
            return;
        }
        let head = &mut self.scratch;
        head.clear();
        varint(head, 15 << 3);
        varint(head, 2);
        length_delimited(head, 1, name.as_bytes());
        let name_length = head.len();
        for key in &self.keys {
            length_delimited(head, 3, key.as_bytes());
        }
        let values_from = head.len();
        varint(head, 5 << 3);
        varint(head, u64::from(EXTENT));
        let (before, rest) = head.split_at(name_length);
        let (keys, after) = rest.split_at(values_from - name_length);
        let parts = [before, &self.features, keys, self.values.written(), after];
        varint(tile, 3 << 3 | 2);
        varint(tile, parts.iter().map(|part| part.len() as u64).sum());
        for part in parts {
            tile.extend_from_slice(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_of_short_numbers_is_written_as_two_numbers_are() {
        for x in [0, 1, 127, 128, 300, 16_383, 16_384] {
            for y in [0, 5, 127, 128, 9_999, 16_383, 70_000] {
                let (mut both, mut single) = (vec![7], vec![7]);
                pair(&mut both, x, y);
                varint(&mut single, x);
                varint(&mut single, y);
                assert_eq!(both, single, "{x} {y}");
            }
        }
    }

    #[test]
    fn many_steps_are_written_as_one_after_the_other() {
        let points: Vec<Step> =
            (0..300_i64).map(|place| (place * place * place % 20_011 - 9_000, place * 37 % 400)).collect();
        let (mut at_once, mut singly) = (GeometryWriter::default(), GeometryWriter::default());
        at_once.steps(&points);
        for point in &points {
            singly.step(*point);
        }
        assert_eq!(at_once.finish(), singly.finish());
    }

    #[test]
    fn a_number_takes_as_many_bytes_as_its_length_says() {
        for number in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, number);
            assert_eq!(out.len(), varint_length(number), "{number}");
            let read = out.iter().rev().fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
            assert_eq!(read, number);
        }
    }
}
