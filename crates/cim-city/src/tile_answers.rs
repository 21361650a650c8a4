//! Tiles, and what tilesets there are.

use cim_access::Scope;
use cim_tile::{DatetimeError, MatrixSet, Tileset, TimeSpan};
use jiff::Timestamp;

use crate::boundaries::AsOf;
use crate::city::{Inner, degrees};
use crate::content_tag::{ContentTag, names_tag};
use crate::load::off_the_runtime;
use crate::seen::ScopeState;
use crate::tile_cache::Wanted;
use crate::tile_place::Plane;
use crate::version::Version;
use crate::{City, CityError, TileAnswer, TileBody, TileRequest, TilesetSummary, tile_place};

impl City {
    /// One tile.
    pub fn tile(&self, scope: &Scope, request: &TileRequest) -> Result<TileAnswer, CityError> {
        let version = self.version_for(scope)?;
        let tileset = self.tileset_place(&request.tileset)?;
        if request.known_at.is_some() {
            let tileset = request.tileset.clone();
            return Err(CityError::Selection(DatetimeError::KnownAtIsOfBoundaries { tileset }.into()));
        }
        let selection = self.inner.tilesets[tileset].select(request.filter.as_ref(), request.datetime)?;
        let wanted = Wanted {
            tilesets: &self.inner.tilesets,
            tileset,
            selection: selection.as_ref(),
            tile: request.place.tile,
            scope: ScopeState::of(scope, &self.inner.tilesets[tileset], &version),
            plane: request.place.plane,
            encoding: request.encoding,
        };
        let stamp = self.inner.stamp(&version, &wanted);
        self.ready_tile(&version, stamp, &wanted, request)
    }

    /// One tile; of a tileset of boundaries as of a moment where one is given, as far as was known at a time.
    pub async fn tile_as_of(&self, scope: &Scope, request: TileRequest) -> Result<TileAnswer, CityError> {
        let tileset = self.tileset_place(&request.tileset)?;
        let is_now = request.datetime.is_none() && request.known_at.is_none();
        if is_now || !self.inner.tilesets[tileset].shows_boundaries() {
            return self.tile(scope, &request);
        }
        let moment = match request.datetime.map(TimeSpan::moment_ms) {
            Some(None) => {
                return Err(CityError::Selection(DatetimeError::BoundariesAreOfOneMoment.into()));
            }
            Some(Some(moment_ms)) => Timestamp::from_millisecond(moment_ms).ok(),
            None => None,
        };
        let as_of = AsOf { datetime: moment, known_at: request.known_at };
        let version = self.version_as_of(scope, as_of).await?;
        let city = self.clone();
        off_the_runtime(move || {
            let selection = city.inner.tilesets[tileset].select(request.filter.as_ref(), None)?;
            let wanted = Wanted {
                tilesets: &city.inner.tilesets,
                tileset,
                selection: selection.as_ref(),
                tile: request.place.tile,
                // Past states are drawn for their reader alone: there are as many as there are revisions.
                scope: ScopeState::default(),
                plane: request.place.plane,
                encoding: request.encoding,
            };
            city.ready_tile(&version, None, &wanted, &request)
        })
        .await
    }

    fn ready_tile(
        &self,
        version: &Version,
        stamp: Option<u64>,
        wanted: &Wanted<'_>,
        request: &TileRequest,
    ) -> Result<TileAnswer, CityError> {
        let snapshot = version.snapshot.to_string();
        let is_known = |tag: ContentTag| {
            request
                .if_none_match
                .as_deref()
                .is_some_and(|header| names_tag(header, &tag.etag(wanted.encoding)))
        };
        if let Some(tag) = self.inner.tiles.known_tag(stamp, wanted).filter(|tag| is_known(*tag)) {
            return Ok(TileAnswer {
                snapshot,
                body: TileBody::NotModified { etag: tag.etag(wanted.encoding) },
            });
        }
        let ready = self.inner.tiles.get(version, stamp, wanted).map_err(|source| CityError::Internal {
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
            datetime: tileset.takes_datetime() || tileset.shows_boundaries(),
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
