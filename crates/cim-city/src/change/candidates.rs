//! The tiles in which a change may show: found from the boxes of what was and what is.

use std::collections::HashMap;

use cim_mirror::WorldBox;
use cim_model::Collection;
use cim_tile::{Layer, LayerSource, TileAddress, Tileset};

/// Above this many tiles a reader does better to ask again for what it shows.
const MOST_CANDIDATES: usize = 20_000;

/// A place where what a source shows changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) source: LayerSource,
    /// The only zoom that changed; none when all did.
    pub(crate) zoom: Option<u8>,
    pub(crate) bounds: WorldBox,
}

/// A tile of a tileset, by the tileset's place.
pub(crate) type TileOf = (usize, TileAddress);

/// Tiles that may differ, with the collections that changed there.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// By tile the collections, one bit each by their place in [`Collection::ALL`].
    tiles: HashMap<TileOf, u64>,
    /// There were too many to list.
    pub(crate) too_many: bool,
}

/// The collection that a reader of a source's events knows it by.
pub(crate) fn collection_of(source: LayerSource) -> Collection {
    match source {
        LayerSource::Collection(collection) | LayerSource::Boundary(collection) => collection,
        LayerSource::UnitLabel => Collection::District,
        LayerSource::Count(counted) => counted.of,
    }
}

/// The places of the tilesets with a layer from a source for which `is_meant` holds.
pub(crate) fn tilesets_showing(
    tilesets: &[Tileset],
    is_meant: impl Fn(LayerSource) -> bool,
) -> impl Iterator<Item = usize> {
    tilesets
        .iter()
        .enumerate()
        .filter(move |(_, tileset)| tileset.layers.iter().any(|layer| is_meant(layer.source)))
        .map(|(place, _)| place)
}

impl Candidates {
    /// The tiles of all tilesets that may show something of the places.
    pub(crate) fn of(places: &[Place], tilesets: &[Tileset]) -> Self {
        let mut found = Self::default();
        for place in places {
            for (number, tileset) in tilesets.iter().enumerate() {
                for layer in &tileset.layers {
                    found.add(number, tileset, layer, place);
                    if found.too_many {
                        return found;
                    }
                }
            }
        }
        found
    }

    fn add(&mut self, number: usize, tileset: &Tileset, layer: &Layer, place: &Place) {
        let collection = 1 << crate::version::place_of(collection_of(place.source));
        for zoom in layer.min_zoom..=layer.max_zoom.min(tileset.max_zoom) {
            if place.zoom.is_some_and(|only| only != zoom) || layer.source_at(zoom) != place.source {
                continue;
            }
            for tile in TileAddress::meeting(&layer.reach_at(zoom, &place.bounds), zoom) {
                *self.tiles.entry((number, tile)).or_default() |= collection;
                if self.tiles.len() > MOST_CANDIDATES {
                    self.too_many = true;
                    return;
                }
            }
        }
    }

    /// Adds what another step may have changed.
    pub(crate) fn extend(&mut self, other: Self) {
        self.too_many |= other.too_many;
        for (tile, collections) in other.tiles {
            *self.tiles.entry(tile).or_default() |= collections;
        }
        self.too_many |= self.tiles.len() > 4 * MOST_CANDIDATES;
    }

    /// Every tile.
    pub(crate) fn tiles(&self) -> impl Iterator<Item = TileOf> {
        self.tiles.keys().copied()
    }

    /// Every tile with the collections that changed there, one bit each, in the order of tilesets and addresses.
    pub(crate) fn into_sorted(self) -> Vec<(TileOf, u64)> {
        let mut sorted: Vec<_> = self.tiles.into_iter().collect();
        sorted.sort_unstable();
        sorted
    }
}

#[cfg(test)]
mod tests {
    use cim_crs::LonLat;
    use cim_mirror::WorldPoint;

    use super::*;

    fn place(source: LayerSource, zoom: Option<u8>, size: u32) -> Place {
        let point = WorldPoint::from(LonLat { lon: 121.17, lat: 31.89 });
        let bounds = WorldBox {
            min_x: point.x,
            min_y: point.y,
            max_x: point.x.saturating_add(size),
            max_y: point.y.saturating_add(size),
        };
        Place { source, zoom, bounds }
    }

    fn zooms(places: &[Place]) -> Vec<(String, u8)> {
        let tilesets = Tileset::built_in().unwrap();
        let sorted = Candidates::of(places, &tilesets).into_sorted();
        sorted.into_iter().map(|((place, tile), _)| (tilesets[place].name.clone(), tile.zoom())).collect()
    }

    #[test]
    fn a_building_may_show_in_the_zooms_of_its_tileset_alone() {
        let found = zooms(&[place(LayerSource::Collection(Collection::Building), None, 100)]);
        let expected: Vec<(String, u8)> = (13..=17).map(|zoom| ("building".to_owned(), zoom)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_border_that_changed_at_one_zoom_may_show_in_that_zoom_of_every_tileset_with_it() {
        let found = zooms(&[place(LayerSource::Boundary(Collection::District), Some(9), 100)]);
        assert_eq!(found, [("base".to_owned(), 9), ("boundary".to_owned(), 9)]);
    }

    #[test]
    fn a_change_everywhere_is_too_many_tiles() {
        let tilesets = Tileset::built_in().unwrap();
        let source = LayerSource::Collection(Collection::Building);
        assert!(Candidates::of(&[place(source, None, 1 << 26)], &tilesets).too_many);
        assert!(!Candidates::of(&[place(source, None, 1 << 10)], &tilesets).too_many);
    }
}
