//! Tiles, and what tilesets there are.

use cim_model::Scope;
use cim_tile::{MatrixSet, Tileset};

use crate::city::{Inner, degrees};
use crate::content_tag::{ContentTag, names_tag};
use crate::tile_cache::Wanted;
use crate::tile_place::Plane;
use crate::version::Version;
use crate::{City, CityError, TileAnswer, TileBody, TileRequest, TilesetSummary, tile_place};

impl City {
    /// One tile.
    pub fn tile(&self, scope: &Scope, request: &TileRequest) -> Result<TileAnswer, CityError> {
        let version = self.version()?;
        let tileset = self.tileset_place(&request.tileset)?;
        let selection = self.inner.tilesets[tileset].select(request.filter.as_ref(), request.datetime)?;
        let wanted = Wanted {
            tilesets: &self.inner.tilesets,
            tileset,
            selection: selection.as_ref(),
            tile: request.place.tile,
            scope: scope.class_name(),
            plane: request.place.plane,
            encoding: request.encoding,
        };
        let snapshot = version.snapshot.to_string();
        let stamp = self.inner.stamp(&version, &wanted);
        let is_known = |tag: ContentTag| {
            request
                .if_none_match
                .as_deref()
                .is_some_and(|header| names_tag(header, &tag.etag(wanted.encoding)))
        };
        if let Some(tag) = self.inner.tiles.known_tag(stamp, &wanted).filter(|tag| is_known(*tag)) {
            return Ok(TileAnswer {
                snapshot,
                body: TileBody::NotModified { etag: tag.etag(wanted.encoding) },
            });
        }
        let ready = self.inner.tiles.get(&version, stamp, &wanted).map_err(|source| CityError::Internal {
            doing: "compression of a tile",
            source: Box::new(source),
        })?;
        let etag = ready.tag.etag(wanted.encoding);
        let body = if ready.is_empty {
            TileBody::Empty
        } else if is_known(ready.tag) {
            TileBody::NotModified { etag }
        } else {
            TileBody::Tile { bytes: ready.bytes, encoding: request.encoding, etag, dropped: ready.dropped }
        };
        Ok(TileAnswer { snapshot, body })
    }

    /// The `TileJSON` 3.0.0 of a tileset; `tiles_url` is the template with `{z}`, `{x}`, `{y}`.
    pub fn tilejson(
        &self,
        _scope: &Scope,
        tileset: &str,
        tiles_url: &str,
    ) -> Result<serde_json::Value, CityError> {
        let version = self.version()?;
        let tileset = &self.inner.tilesets[self.tileset_place(tileset)?];
        Ok(cim_tile::tilejson(tileset, tiles_url, version.bounds().map(degrees), attribution(&version)))
    }

    /// A matrix set as a tileset's tiles are served in it: the OGC definition, and the levels that hold something.
    /// `tiles_url` is the template with `{z}`, `{row}`, `{col}`.
    pub fn matrix_set(
        &self,
        _scope: &Scope,
        tileset: &str,
        set: MatrixSet,
        tiles_url: &str,
    ) -> Result<serde_json::Value, CityError> {
        let tileset = &self.inner.tilesets[self.tileset_place(tileset)?];
        Ok(tile_place::described(tileset, set, tiles_url))
    }

    /// All tilesets.
    #[must_use]
    pub fn tilesets(&self, _scope: &Scope) -> Vec<TilesetSummary> {
        let summary = |tileset: &Tileset| TilesetSummary {
            name: tileset.name.clone(),
            description: tileset.description.clone(),
            minzoom: tileset.min_zoom(),
            maxzoom: tileset.max_zoom,
            matrix_sets: MatrixSet::ALL.map(MatrixSet::id).to_vec(),
            datetime: tileset.takes_datetime(),
            queryables: tileset.queryables(),
        };
        self.inner.tilesets.iter().map(summary).collect()
    }

    fn tileset_place(&self, name: &str) -> Result<usize, CityError> {
        let place = self.inner.tilesets.iter().position(|tileset| tileset.name == name);
        place.ok_or_else(|| CityError::NotFound { what: "tileset", name: name.to_owned() })
    }
}

impl Inner {
    fn stamp(&self, version: &Version, wanted: &Wanted<'_>) -> Option<u64> {
        if wanted.selection.is_some() {
            return None;
        }
        match wanted.plane {
            Plane::WebMercator => self.stamps.of_tile(wanted.tileset, wanted.tile, version.number),
            Plane::Gcj02WebMercator | Plane::Geographic => {
                self.stamps.of_tileset(wanted.tileset, version.number)
            }
        }
    }
}

/// What a map must say of the data.
pub(crate) fn attribution(version: &Version) -> &'static str {
    let is_synthetic = version.sources.iter().any(|source| source.synthetic);
    if is_synthetic { "synthetic demo data, not a real place's records" } else { "" }
}
