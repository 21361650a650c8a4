//! One tileset of the city at one moment, for work that takes long and must not see the city move on.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use cim_access::Scope;
use cim_mirror::{Row, View, WorldBox};
use cim_model::Collection;
use cim_tile::{LayerSource, Renderer, TileAddress, Tileset};
use xxhash_rust::xxh3::xxh3_128;

use crate::city::{degrees, now_minute_ms, world_box};
use crate::unit_count::UnitCounts;
use crate::version::Version;
use crate::{City, CityError};

/// A tileset of one version at one minute. What changes in the city meanwhile does not change it.
pub struct Frozen {
    version: Version,
    tileset: Tileset,
    collections: BTreeSet<Collection>,
    renderers: Mutex<Vec<Renderer>>,
}

impl City {
    /// Holds a tileset as it is now. `as_of_ms` is the moment that "overdue" refers to, milliseconds since 1970; without it
    /// the minute that it is.
    pub fn frozen(&self, scope: &Scope, tileset: &str, as_of_ms: Option<i64>) -> Result<Frozen, CityError> {
        let known = self.inner.tilesets.iter().find(|known| known.name == tileset);
        let tileset =
            known.ok_or_else(|| CityError::NotFound { what: "tileset", name: tileset.to_owned() })?;
        let mut version = Version::clone(&*self.version_for(scope)?);
        version.minute_ms = as_of_ms.unwrap_or_else(now_minute_ms);
        let shown = tileset.layers.iter().map(|layer| layer.source);
        if shown.clone().any(is_counted) {
            // The version's own counts follow its rows at leisure, and are of another minute.
            version.unit_counts = Arc::new(UnitCounts::of(&version, version.minute_ms));
        }
        let collections = shown.flat_map(collections_of).collect();
        Ok(Frozen { version, tileset: tileset.clone(), collections, renderers: Mutex::default() })
    }
}

impl Frozen {
    /// The moment that "overdue" refers to, milliseconds since 1970.
    #[must_use]
    pub fn as_of_ms(&self) -> i64 {
        self.version.minute_ms
    }

    /// The first and the last zoom of the tileset.
    #[must_use]
    pub fn zooms(&self) -> (u8, u8) {
        (self.tileset.min_zoom(), self.tileset.max_zoom)
    }

    /// The `TileJSON` 3.0.0 of the tileset; `tiles_url` is the template with `{z}`, `{x}`, `{y}`.
    #[must_use]
    pub fn tilejson(&self, tiles_url: &str) -> serde_json::Value {
        let attribution = crate::tile_answers::attribution(&self.version);
        cim_tile::tilejson(&self.tileset, tiles_url, self.world_bounds().map(degrees), attribution)
    }

    /// West, south, east, north of everything that the tileset shows, degrees; none when there is nothing.
    #[must_use]
    pub fn bounds(&self) -> Option<[f64; 4]> {
        self.world_bounds().map(degrees)
    }

    /// The tiles (z, x, y) of a zoom that may show something, row by row; with `bbox` (west, south, east, north in degrees)
    /// only those that meet it.
    #[must_use]
    pub fn tiles(&self, zoom: u8, bbox: Option<[f64; 4]>) -> Vec<(u8, u32, u32)> {
        let Some(bounds) = self.world_bounds() else { return Vec::new() };
        let wanted = bbox.map(world_box);
        TileAddress::meeting(&bounds, zoom)
            .filter(|tile| wanted.is_none_or(|wanted| tile.bounds().meets(&wanted)))
            .map(|tile| (tile.zoom(), tile.column(), tile.row()))
            .collect()
    }

    /// Draws a tile (z, x, y): the plain bytes that the server answers, none when nothing lies in it or there is no such tile.
    #[must_use]
    pub fn draw(&self, (z, x, y): (u8, u32, u32)) -> Vec<u8> {
        let Ok(tile) = TileAddress::from_xyz(z, x, y) else { return Vec::new() };
        let mut renderer =
            self.renderers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let drawn = renderer.render(&self.tileset, tile, &self.version, None);
        self.renderers.lock().unwrap_or_else(PoisonError::into_inner).push(renderer);
        drawn.bytes
    }

    /// A text that is equal for equal rows and rules, in every process and after every restart: equal texts, equal tiles.
    /// Linear in the rows of the tileset's collections.
    #[must_use]
    pub fn content(&self) -> String {
        let rules = format!("{:?} {}", self.tileset, env!("CARGO_PKG_VERSION"));
        let mut content = format!("{:032x}", xxh3_128(rules.as_bytes()));
        for collection in &self.collections {
            let view = self.version.view(*collection);
            let _ = write!(content, " {collection} {} {:032x}", view.len(), rows_sum(view));
        }
        if self.tileset.layers.iter().any(|layer| layer.is_timed() || is_counted(layer.source)) {
            let _ = write!(content, " at {}", self.as_of_ms());
        }
        content
    }

    fn world_bounds(&self) -> Option<WorldBox> {
        let bounds = self.collections.iter().filter_map(|collection| self.version.view(*collection).bounds());
        bounds.reduce(WorldBox::union)
    }
}

fn is_counted(source: LayerSource) -> bool {
    matches!(source, LayerSource::Count(_))
}

/// The collections from whose rows a layer is drawn.
fn collections_of(source: LayerSource) -> Vec<Collection> {
    match source {
        LayerSource::Collection(collection) => vec![collection],
        LayerSource::Boundary(_) | LayerSource::UnitLabel => Collection::UNITS.to_vec(),
        LayerSource::Count(counted) => [&[counted.of], Collection::UNITS].concat(),
    }
}

/// The sum of the rows' hashes: the order in which rows stand in memory differs from start to start.
fn rows_sum(view: &View) -> u128 {
    let mut bytes = Vec::new();
    view.rows().fold(0, |sum: u128, row| {
        bytes.clear();
        write_row(row, &mut bytes);
        sum.wrapping_add(xxh3_128(&bytes))
    })
}

fn write_row(row: Row<'_>, bytes: &mut Vec<u8>) {
    bytes.extend(row.id().to_le_bytes());
    for position in 0..row.table().fields().len() {
        let kind = bytes.len();
        bytes.push(0);
        if let Some(text) = row.text(position) {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        } else if let Some(number) = row.int(position) {
            bytes.extend(number.to_le_bytes());
        } else if let Some(number) = row.float(position) {
            bytes.extend(number.to_bits().to_le_bytes());
        } else if let Some(answer) = row.bool(position) {
            bytes.push(u8::from(answer));
        } else {
            continue;
        }
        bytes[kind] = 1;
    }
    for (role, points) in row.shape().parts() {
        bytes.push(role as u8);
        bytes.extend((points.len() as u64).to_le_bytes());
        bytes.extend(points.iter().flat_map(|point| [point.x.to_le_bytes(), point.y.to_le_bytes()].concat()));
    }
}
