//! What is in a vector tile, as text: layers with their number of features, attribute names and geometry kinds.

use std::collections::{BTreeMap, BTreeSet};

/// One decoded layer.
#[derive(Debug, Default)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Units across the tile.
    pub extent: u64,
    /// How many features of each kind: `point`, `line`, `polygon`.
    pub features: BTreeMap<&'static str, usize>,
    /// Names of the attributes in use.
    pub attributes: BTreeSet<String>,
}

/// The layers of an uncompressed tile.
#[must_use]
pub fn layers(tile: &[u8]) -> Vec<Layer> {
    fields(tile).into_iter().filter(|field| field.number == 3).map(|field| layer(field.bytes)).collect()
}

/// One line a layer, sorted: `road line=12 [class,name]`.
#[must_use]
pub fn dump(tile: &[u8]) -> String {
    let mut lines: Vec<String> = layers(tile)
        .iter()
        .map(|layer| {
            let counts: Vec<String> =
                layer.features.iter().map(|(kind, count)| format!("{kind}={count}")).collect();
            let names: Vec<&str> = layer.attributes.iter().map(String::as_str).collect();
            format!("{} {} [{}]", layer.name, counts.join(" "), names.join(","))
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

fn layer(bytes: &[u8]) -> Layer {
    let mut layer = Layer { extent: 4096, ..Layer::default() };
    let mut keys = Vec::new();
    let mut used = BTreeSet::new();
    for field in fields(bytes) {
        match field.number {
            1 => layer.name = text(field.bytes),
            2 => {
                let (kind, tags) = feature(field.bytes);
                *layer.features.entry(kind).or_default() += 1;
                used.extend(tags);
            }
            3 => keys.push(text(field.bytes)),
            5 => layer.extent = field.value,
            _ => {}
        }
    }
    layer.attributes = used.into_iter().filter_map(|key| keys.get(key).cloned()).collect();
    layer
}

/// The kind of a feature and the indexes of its attribute names.
fn feature(bytes: &[u8]) -> (&'static str, Vec<usize>) {
    let mut kind = "unknown";
    let mut tags = Vec::new();
    for field in fields(bytes) {
        match (field.number, field.value) {
            (2, _) => {
                tags = numbers(field.bytes)
                    .into_iter()
                    .step_by(2)
                    .filter_map(|key| usize::try_from(key).ok())
                    .collect();
            }
            (3, 1) => kind = "point",
            (3, 2) => kind = "line",
            (3, 3) => kind = "polygon",
            _ => {}
        }
    }
    (kind, tags)
}

struct Field<'a> {
    number: u64,
    value: u64,
    bytes: &'a [u8],
}

/// The fields of a protobuf message; panics on bytes that are none, because then the tile is broken.
fn fields(mut bytes: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let key = take_number(&mut bytes);
        let (number, kind) = (key >> 3, key & 7);
        let (value, inner) = match kind {
            0 => (take_number(&mut bytes), [].as_slice()),
            1 => (0, take(&mut bytes, 8)),
            2 => {
                let length = usize::try_from(take_number(&mut bytes)).expect("a length within the tile");
                (0, take(&mut bytes, length))
            }
            5 => (0, take(&mut bytes, 4)),
            _ => panic!("wire type {kind} is not used in tiles"),
        };
        found.push(Field { number, value, bytes: inner });
    }
    found
}

fn numbers(mut bytes: &[u8]) -> Vec<u64> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        found.push(take_number(&mut bytes));
    }
    found
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken
}

fn take_number(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for place in 0..10 {
        let byte = take(bytes, 1)[0];
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            return value;
        }
    }
    panic!("a number of more than ten bytes");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("names are UTF-8")
}
