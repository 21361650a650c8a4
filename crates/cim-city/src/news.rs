//! What a new version changes on the map: the list of tiles.

use std::collections::BTreeSet;

use cim_mirror::WorldBox;
use cim_model::Collection;
use cim_tile::{LayerSource, TileAddress, Tileset};

use crate::CityNews;
use crate::load::Step;
use crate::version::Version;

/// Above this many tiles a client does better to refresh what it shows.
const MOST_TILES: usize = 5_000;

/// The news of a step of the feed.
pub(crate) fn news_of_step(step: &Step, before: Option<&Version>, tilesets: &[Tileset]) -> CityNews {
    let overlaid = step.overlaid.iter().map(|(collection, _)| *collection);
    let changed: BTreeSet<Collection> = overlaid.chain(step.reread.iter().copied()).collect();
    let tiles = tiles_of(&step.places, tilesets);
    let reload = before.is_none() || !step.reread.is_empty() || tiles.len() > MOST_TILES;
    CityNews {
        version: step.version.number,
        snapshot: step.version.snapshot.to_string(),
        collections: changed.into_iter().map(Collection::name).collect(),
        tiles: if reload { Vec::new() } else { tiles },
        reload,
    }
}

/// The news that cases were counted anew.
pub(crate) fn news_of_counts(version: &Version, tilesets: &[Tileset]) -> CityNews {
    let mut tiles = BTreeSet::new();
    if let Some(bounds) = version.case_counts.table().bounds() {
        for (tileset, layer) in layers(tilesets).filter(|(_, layer)| layer.source == LayerSource::CaseCount) {
            add_tiles(tileset, layer, &bounds, &mut tiles);
        }
    }
    CityNews {
        version: version.number,
        snapshot: version.snapshot.to_string(),
        collections: vec![Collection::Case.name()],
        reload: false,
        tiles: tiles.into_iter().take(MOST_TILES).collect(),
    }
}

fn layers(tilesets: &[Tileset]) -> impl Iterator<Item = (&Tileset, &cim_tile::Layer)> {
    tilesets.iter().flat_map(|tileset| tileset.layers.iter().map(move |layer| (tileset, layer)))
}

fn tiles_of(places: &[(Collection, WorldBox)], tilesets: &[Tileset]) -> Vec<(u8, u32, u32)> {
    let mut tiles = BTreeSet::new();
    for (collection, bounds) in places {
        let source = LayerSource::Collection(*collection);
        for (tileset, layer) in layers(tilesets).filter(|(_, layer)| layer.source == source) {
            add_tiles(tileset, layer, bounds, &mut tiles);
            if tiles.len() > MOST_TILES {
                return tiles.into_iter().collect();
            }
        }
    }
    tiles.into_iter().collect()
}

fn add_tiles(
    tileset: &Tileset,
    layer: &cim_tile::Layer,
    bounds: &WorldBox,
    tiles: &mut BTreeSet<(u8, u32, u32)>,
) {
    for zoom in layer.min_zoom..=layer.max_zoom.min(tileset.max_zoom) {
        let room = (MOST_TILES + 1).saturating_sub(tiles.len());
        let meeting = TileAddress::meeting(bounds, zoom).take(room);
        tiles.extend(meeting.map(|tile| (tile.zoom(), tile.column(), tile.row())));
    }
}
