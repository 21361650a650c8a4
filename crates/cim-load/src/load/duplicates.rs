//! Two rows with the same business key: the second is told with the place of the first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};

use cim_model::{CollectionSpec, Record, Value};

/// Where a key was met first. Keys are kept as 128 bits of two independent hashes: half a million keys take 20 MB, and
/// two different keys are taken for one with a chance below one in 10^27.
pub(super) struct Duplicates {
    spec: &'static CollectionSpec,
    key_places: Vec<usize>,
    hashers: (RandomState, RandomState),
    seen: HashMap<(u64, u64), (u32, u32)>,
}

impl Duplicates {
    pub(super) fn new(spec: &'static CollectionSpec) -> Self {
        let key_places = spec.key.iter().filter_map(|field| spec.position(field)).collect();
        Self { spec, key_places, hashers: (RandomState::new(), RandomState::new()), seen: HashMap::new() }
    }

    /// Remembers a record; answers with the file and row of an earlier one that has the same key.
    pub(super) fn meet(&mut self, record: &Record, file: u32, row: u64) -> Option<(u32, u32)> {
        let key: Vec<&str> = self.key_places.iter().map(|place| text_of(&record.values[*place])).collect();
        let dates: Vec<Option<jiff::civil::Date>> = self
            .key_places
            .iter()
            .map(|place| match record.values[*place] {
                Value::Date(date) => Some(date),
                _ => None,
            })
            .collect();
        let hash = (self.hashers.0.hash_one((&key, &dates)), self.hashers.1.hash_one((&key, &dates)));
        match self.seen.entry(hash) {
            Entry::Occupied(earlier) => Some(*earlier.get()),
            Entry::Vacant(place) => {
                place.insert((file, u32::try_from(row).unwrap_or(u32::MAX)));
                None
            }
        }
    }

    /// The key for people.
    pub(super) fn shown(&self, record: &Record) -> String {
        let parts = self.key_places.iter().map(|place| match &record.values[*place] {
            Value::Date(date) => date.to_string(),
            value => text_of(value).to_owned(),
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn key_names(&self) -> String {
        self.spec.key.join(", ")
    }
}

fn text_of(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}
