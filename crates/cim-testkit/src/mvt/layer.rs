//! Layers: a name, dictionaries of keys and values, and features (specification 4.1).

use std::collections::BTreeSet;

use super::feature::{Dictionaries, Feature, TileValue};
use super::finding::{Fault, Notes};
use super::wire::{Message, signed};

const DEFAULT_EXTENT: u32 = 4096;

/// One layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// The version of the format: 1 or 2.
    pub version: u32,
    /// Steps across the tile.
    pub extent: u32,
    /// The features that can be shown, in their order.
    pub features: Vec<Feature>,
    /// The keys of the dictionary.
    pub keys: Vec<String>,
    /// The values of the dictionary.
    pub values: Vec<TileValue>,
}

impl Layer {
    /// Reads a layer; an error is a fault after which nothing of it can be shown.
    pub(super) fn read(bytes: &[u8], notes: &mut Notes) -> Result<Self, Fault> {
        let message = Message::read(bytes)?;
        let version = message.last(15).ok_or(Fault::LayerVersion)?.short()?;
        if !(1..=2).contains(&version) {
            return Err(Fault::LayerVersion);
        }
        let name = message.last(1).ok_or(Fault::LayerNameMissing)?.text()?.to_owned();
        if name.is_empty() {
            return Err(Fault::LayerNameMissing);
        }
        notes.enter(format!("`{name}`"));
        let layer = Self::read_named(&message, name, version, notes)?;
        notes.leave();
        Ok(layer)
    }

    fn read_named(
        message: &Message<'_>,
        name: String,
        version: u32,
        notes: &mut Notes,
    ) -> Result<Self, Fault> {
        if [1, 5, 15].into_iter().any(|number| message.repeats(number)) {
            notes.add(Fault::FieldTwice);
        }
        let extent = if let Some(field) = message.last(5) {
            field.short()?
        } else {
            notes.add(Fault::ExtentMissing);
            DEFAULT_EXTENT
        };
        if extent == 0 {
            return Err(Fault::ExtentZero);
        }
        let keys =
            message.fields(3).map(|field| field.text().map(str::to_owned)).collect::<Result<Vec<_>, _>>()?;
        let values = message
            .fields(4)
            .map(|field| field.bytes().and_then(read_value))
            .collect::<Result<Vec<_>, _>>()?;
        let written: BTreeSet<&[u8]> = message.fields(4).filter_map(|field| field.bytes().ok()).collect();
        if written.len() < values.len() || keys.iter().collect::<BTreeSet<_>>().len() < keys.len() {
            notes.add(Fault::DictionaryEntryTwice);
        }
        let features = read_features(message, Dictionaries { keys: &keys, values: &values }, notes)?;
        Ok(Self { name, version, extent, features, keys, values })
    }
}

fn read_features(
    message: &Message<'_>,
    dictionaries: Dictionaries<'_>,
    notes: &mut Notes,
) -> Result<Vec<Feature>, Fault> {
    let mut features = Vec::new();
    let mut ids = BTreeSet::new();
    for (place, field) in message.fields(2).enumerate() {
        notes.enter(format!("feature {place}"));
        let feature = Feature::read(field.bytes()?, dictionaries, notes)?;
        if let Some(feature) = feature {
            if feature.id.is_some_and(|id| !ids.insert(id)) {
                notes.add(Fault::FeatureIdTwice);
            }
            features.push(feature);
        }
        notes.leave();
    }
    if message.fields(2).next().is_none() {
        notes.add(Fault::LayerEmpty);
    }
    Ok(features)
}

/// Exactly one of the seven kinds; fields that the format does not know are no value.
fn read_value(bytes: &[u8]) -> Result<TileValue, Fault> {
    let message = Message::read(bytes)?;
    let mut value = None;
    for field in message.all() {
        #[expect(clippy::cast_possible_wrap, reason = "an int64 is written as its two's complement")]
        let one = match field.number {
            1 => TileValue::Text(field.text()?.to_owned()),
            2 => TileValue::Float(field.float()?),
            3 => TileValue::Double(field.double()?),
            4 => TileValue::Int(field.number()? as i64),
            5 => TileValue::Uint(field.number()?),
            6 => TileValue::Int(signed(field.number()?)),
            7 => TileValue::Bool(field.number()? != 0),
            _ => continue,
        };
        if value.replace(one).is_some() {
            return Err(Fault::ValueNotOne);
        }
    }
    value.ok_or(Fault::ValueNotOne)
}
