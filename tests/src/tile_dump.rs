//! What is in a vector tile, as text: layers with their number of features, attribute names and geometry kinds.

use std::collections::{BTreeMap, BTreeSet};

use cim_testkit::mvt::{self, Geometry, Layer};

/// One line a layer, sorted: `road line=12 [class,name]`; panics when anything is wrong with the tile.
#[must_use]
pub fn dump(tile: &[u8]) -> String {
    let mut lines: Vec<String> = mvt::assert_valid(tile).iter().map(line).collect();
    lines.sort();
    lines.join("\n")
}

fn line(layer: &Layer) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for feature in &layer.features {
        let kind = match feature.geometry {
            Geometry::Unknown => "unknown",
            Geometry::Points(_) => "point",
            Geometry::Lines(_) => "line",
            Geometry::Polygons(_) => "polygon",
        };
        *counts.entry(kind).or_default() += 1;
        names.extend(feature.attributes.keys().map(String::as_str));
    }
    let counts: Vec<String> = counts.iter().map(|(kind, count)| format!("{kind}={count}")).collect();
    let names: Vec<&str> = names.into_iter().collect();
    format!("{} {} [{}]", layer.name, counts.join(" "), names.join(","))
}
