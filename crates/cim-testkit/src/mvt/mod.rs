//! A strict reader of Mapbox Vector Tiles 2.1, written from the specification and independent of our encoder.

mod command;
mod feature;
mod finding;
mod layer;
mod ring;
mod wire;

pub use feature::{Feature, Geometry, Point, Polygon, TileValue};
pub use finding::{Fault, Finding, Severity};
pub use layer::Layer;

use std::collections::BTreeSet;

use finding::Notes;
use wire::Message;

/// What a client would show of a tile, and everything that is wrong with it.
#[derive(Debug, Default)]
pub struct Reading {
    /// The layers that can be shown; features that cannot be shown are left out of them.
    pub layers: Vec<Layer>,
    /// What the specification does not allow, or advises against.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The worst of the findings.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.fault.severity()).max()
    }

    /// All features of all layers.
    #[must_use]
    pub fn feature_count(&self) -> usize {
        self.layers.iter().map(|layer| layer.features.len()).sum()
    }
}

/// Reads an uncompressed tile as far as it can be read.
#[must_use]
pub fn read(tile: &[u8]) -> Reading {
    let mut notes = Notes::default();
    let mut layers = Vec::new();
    match Message::read(tile) {
        Ok(message) => {
            for (place, field) in message.fields(3).enumerate() {
                notes.enter(format!("layer {place}"));
                match field.bytes().and_then(|bytes| Layer::read(bytes, &mut notes)) {
                    Ok(layer) => layers.push(layer),
                    Err(fault) => notes.add(fault),
                }
                notes.start_over();
            }
        }
        Err(fault) => notes.add(fault),
    }
    let mut names = BTreeSet::new();
    for layer in &layers {
        if !names.insert(layer.name.as_str()) {
            notes.add(Fault::LayerNameTwice);
        }
    }
    Reading { layers, findings: notes.findings }
}

/// The layers of a tile in which nothing is wrong, nor anything that encoders are advised against.
#[must_use]
#[track_caller]
pub fn assert_valid(tile: &[u8]) -> Vec<Layer> {
    let reading = read(tile);
    let shown: Vec<String> = reading.findings.iter().take(10).map(ToString::to_string).collect();
    assert!(
        shown.is_empty(),
        "{} findings in a tile of {} bytes:\n{}",
        reading.findings.len(),
        tile.len(),
        shown.join("\n")
    );
    reading.layers
}
