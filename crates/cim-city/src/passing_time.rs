//! What the passing of time alone changes on the map: work that became overdue, or is due soon now.

use cim_mirror::Row;
use cim_tile::{LayerSource, Tileset, is_due_soon, is_open, is_overdue};

use crate::change::Place;
use crate::version::Version;

/// Where rows look different at `minute_ms` than at the version's own minute. Linear in the rows of timed layers.
pub(crate) fn overdue_places(version: &Version, minute_ms: i64, tilesets: &[Tileset]) -> Vec<Place> {
    if minute_ms == version.minute_ms {
        return Vec::new();
    }
    let mut sources: Vec<LayerSource> = Vec::new();
    for layer in tilesets.iter().flat_map(|tileset| &tileset.layers) {
        if layer.is_timed() && !sources.contains(&layer.source) {
            sources.push(layer.source);
        }
    }
    sources.into_iter().flat_map(|source| places_of(version, source, minute_ms)).collect()
}

fn places_of(version: &Version, source: LayerSource, minute_ms: i64) -> Vec<Place> {
    let LayerSource::Collection(collection) = source else { return Vec::new() };
    let view = version.view(collection);
    let position = |name| collection.spec().fields.iter().position(|field| field.name == name);
    let (Some(due), Some(state)) = (position("due_at"), position("state")) else { return Vec::new() };
    let look = |row: Row<'_>, now_ms| (is_overdue(row.int(due), now_ms), is_due_soon(row.int(due), now_ms));
    let has_turned = |row: &Row<'_>| look(*row, version.minute_ms) != look(*row, minute_ms);
    view.rows()
        .filter(has_turned)
        .filter(|row| is_open(row.text(state)))
        .filter_map(|row| row.shape().bounds())
        .map(|bounds| Place { source, zoom: None, bounds })
        .collect()
}
