//! Writing Mapbox Vector Tiles 2.1: protocol buffers by hand, into buffers that are used again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::EXTENT;
use crate::clip::Step;

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

/// Multiplies and mixes: the keys are ours, so nobody can choose colliding ones to slow a tile down.
#[derive(Default)]
pub(crate) struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }
}

/// A map whose keys are ours.
pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<QuickHasher>>;

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 128")]
    out.push(number as u8);
}

#[expect(clippy::cast_sign_loss, reason = "zigzag maps signed numbers to unsigned ones")]
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn length_delimited(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
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
        for point in rest {
            self.step(*point);
        }
    }

    pub(crate) fn ring(&mut self, points: &[Step]) {
        self.line(points);
        self.command(7, 1);
    }

    fn finish(&mut self) -> &[u8] {
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
        varint(&mut self.bytes, zigzag(point.0 - self.at.0));
        varint(&mut self.bytes, zigzag(point.1 - self.at.1));
        self.at = point;
    }
}

/// One layer being written. Keys and values are numbered in the order of their first use, so equal features give equal bytes.
#[derive(Debug, Default)]
pub(crate) struct LayerWriter {
    features: Vec<u8>,
    feature_count: u32,
    keys: Vec<String>,
    values: Vec<u8>,
    value_count: u32,
    numbers: QuickMap<Box<[u8]>, u32>,
    tags: Vec<u8>,
    scratch: Vec<u8>,
}

impl LayerWriter {
    pub(crate) fn clear(&mut self) {
        self.features.clear();
        self.feature_count = 0;
        self.keys.clear();
        self.values.clear();
        self.value_count = 0;
        self.numbers.clear();
        self.tags.clear();
    }

    pub(crate) fn feature_count(&self) -> u32 {
        self.feature_count
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
        self.scratch.clear();
        match value {
            TileValue::Text(text) => length_delimited(&mut self.scratch, 1, text.as_bytes()),
            TileValue::Float(number) => {
                varint(&mut self.scratch, 3 << 3 | 1);
                self.scratch.extend_from_slice(&number.to_le_bytes());
            }
            TileValue::Int(number) if number < 0 => {
                varint(&mut self.scratch, 6 << 3);
                varint(&mut self.scratch, zigzag(number));
            }
            TileValue::Int(number) => {
                varint(&mut self.scratch, 5 << 3);
                varint(&mut self.scratch, number.unsigned_abs());
            }
            TileValue::Bool(yes) => {
                varint(&mut self.scratch, 7 << 3);
                self.scratch.push(u8::from(yes));
            }
        }
        if let Some(number) = self.numbers.get(self.scratch.as_slice()) {
            return *number;
        }
        let number = self.value_count;
        self.numbers.insert(self.scratch.as_slice().into(), number);
        length_delimited(&mut self.values, 4, &self.scratch);
        self.value_count += 1;
        number
    }

    /// Gives the next feature an attribute.
    pub(crate) fn tag(&mut self, key: u32, value: u32) {
        varint(&mut self.tags, u64::from(key));
        varint(&mut self.tags, u64::from(value));
    }

    /// Writes a feature with the tags given since the last one.
    pub(crate) fn feature(&mut self, id: u64, geometry_type: GeometryType, geometry: &mut GeometryWriter) {
        self.scratch.clear();
        varint(&mut self.scratch, 1 << 3);
        varint(&mut self.scratch, id);
        length_delimited(&mut self.scratch, 2, &self.tags);
        varint(&mut self.scratch, 3 << 3);
        self.scratch.push(geometry_type as u8);
        length_delimited(&mut self.scratch, 4, geometry.finish());
        length_delimited(&mut self.features, 2, &self.scratch);
        self.tags.clear();
        self.feature_count += 1;
    }

    /// Appends the layer to a tile; a layer without features leaves nothing.
    pub(crate) fn finish(&mut self, name: &str, tile: &mut Vec<u8>) {
        if self.feature_count == 0 {
            return;
        }
        self.scratch.clear();
        varint(&mut self.scratch, 15 << 3);
        varint(&mut self.scratch, 2);
        length_delimited(&mut self.scratch, 1, name.as_bytes());
        self.scratch.extend_from_slice(&self.features);
        for key in &self.keys {
            length_delimited(&mut self.scratch, 3, key.as_bytes());
        }
        self.scratch.extend_from_slice(&self.values);
        varint(&mut self.scratch, 5 << 3);
        varint(&mut self.scratch, u64::from(EXTENT));
        length_delimited(tile, 3, &self.scratch);
    }
}
