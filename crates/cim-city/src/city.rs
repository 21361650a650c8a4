//! The city: follows the feed, answers every query and applies every command.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use cim_mirror::{View, WorldBox, WorldPoint};
use cim_model::{Collection, Scope};
use cim_store::{Snapshot, Store, StoreError, Xid};
use cim_tile::{MatrixSet, Tileset};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::change::{Candidates, Change, ChangeStream, Herald, Passage, ResumeToken, Ring, tilesets_showing};
use crate::content_tag::{ContentTag, names_tag};
use crate::tile_cache::{TileCache, Wanted};
use crate::tile_place::Plane;
use crate::tile_stamps::TileStamps;
use crate::version::Version;
use crate::{
    CityError, CityFigures, Health, NearbyAnswer, NearbyQuery, ResponsibilityAnswer, ResponsibilityQuery,
    ResponsibilityRow, TileAnswer, TileBody, TileRequest, TilesetSummary, change, follow, nearby,
    responsible, tile_place,
};

/// How long a read waits for a write to show.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// A transaction so far ahead will not show within any wait.
const FAR_AHEAD: u64 = 100_000;
/// The feed counts as away when the database has not answered for so long.
const STALE_AFTER_S: f64 = 5.0;
const MINUTE_MS: i64 = 60_000;

/// How a city is opened.
#[derive(Debug, Clone)]
pub struct CityOptions {
    /// How much compressed and plain tile data to keep, bytes.
    pub tile_cache_bytes: u64,
    /// How often the feed is asked for news.
    pub poll_interval: Duration,
    /// How often the mirror is compared with the tables.
    pub alarm_interval: Duration,
    /// Tilesets to serve beside the built-in ones; their names must differ.
    pub extra_tilesets: Vec<Tileset>,
}

impl Default for CityOptions {
    fn default() -> Self {
        Self {
            tile_cache_bytes: 64 << 20,
            poll_interval: Duration::from_millis(5),
            alarm_interval: Duration::from_mins(1),
            extra_tilesets: Vec::new(),
        }
    }
}

/// What a read may wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitFor {
    /// The transaction must be visible (`min_xid`).
    Xid(u64),
    /// Everything visible in this snapshot must be visible (`min_snapshot`).
    Snapshot(String),
}

/// The API boundary. Cheap to clone; all clones are the same city.
#[derive(Clone)]
pub struct City {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) options: CityOptions,
    pub(crate) tilesets: Vec<Tileset>,
    pub(crate) version: ArcSwapOption<Version>,
    tiles: TileCache,
    pub(crate) stamps: TileStamps,
    pub(crate) herald: Herald,
    pub(crate) ring: Ring,
    alarms: AtomicU64,
    /// The number of the version that answers.
    versions: watch::Sender<u64>,
    /// When the database last confirmed the mirror's state, milliseconds since 1970.
    confirmed_ms: AtomicI64,
    is_away: AtomicBool,
}

/// The answers to a batch of points, all from one version, worked out as they are taken.
pub struct ResponsibilityRows<I> {
    batch: responsible::Batch,
    points: I,
}

impl<I> ResponsibilityRows<I> {
    /// The PostgreSQL snapshot of all answers.
    #[must_use]
    pub fn snapshot(&self) -> String {
        self.batch.snapshot()
    }
}

impl<I: Iterator<Item = ResponsibilityQuery>> Iterator for ResponsibilityRows<I> {
    type Item = ResponsibilityRow;

    fn next(&mut self) -> Option<ResponsibilityRow> {
        self.points.next().map(|query| self.batch.row(&query))
    }
}

impl City {
    /// Opens a city over a migrated database and begins to load it; until it is loaded, questions answer `Unavailable`.
    pub fn open(store: Store, options: CityOptions) -> Result<Self, CityError> {
        let mut tilesets = Tileset::built_in().map_err(|source| CityError::Internal {
            doing: "reading of the tileset definitions",
            source: Box::new(source),
        })?;
        let (herald, announced) = Herald::new();
        tilesets.extend(options.extra_tilesets.iter().cloned());
        let inner = Arc::new(Inner {
            store: store.clone(),
            tiles: TileCache::new(options.tile_cache_bytes),
            stamps: TileStamps::new(tilesets.len()),
            herald,
            ring: Ring::new(),
            alarms: AtomicU64::new(0),
            options,
            tilesets,
            version: ArcSwapOption::empty(),
            versions: watch::Sender::new(0),
            confirmed_ms: AtomicI64::new(0),
            is_away: AtomicBool::new(false),
        });
        tokio::spawn(change::herald(Arc::downgrade(&inner), announced));
        tokio::spawn(follow::follow(store, Arc::downgrade(&inner)));
        Ok(Self { inner })
    }

    pub(crate) fn version(&self) -> Result<Arc<Version>, CityError> {
        self.inner.version.load_full().ok_or_else(|| CityError::Unavailable {
            message: "the city is still being loaded into memory".to_owned(),
            retry_after_s: 1,
        })
    }

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

    /// What is near a point, nearest first.
    pub fn nearby(&self, _scope: &Scope, query: &NearbyQuery) -> Result<NearbyAnswer, CityError> {
        nearby::answer(&*self.version()?, query, self.inner.as_of())
    }

    /// Who is responsible for a point.
    pub fn responsibility(
        &self,
        _scope: &Scope,
        query: &ResponsibilityQuery,
    ) -> Result<ResponsibilityAnswer, CityError> {
        let version = self.version()?;
        Ok(responsible::answer(&version, query, self.inner.as_of()))
    }

    /// Who is responsible for each of many points, in their order, worked out as the rows are taken.
    pub fn responsibility_batch<P>(
        &self,
        _scope: &Scope,
        points: P,
    ) -> Result<ResponsibilityRows<P::IntoIter>, CityError>
    where
        P: IntoIterator<Item = ResponsibilityQuery>,
    {
        let batch = responsible::Batch::new(self.version()?);
        Ok(ResponsibilityRows { batch, points: points.into_iter() })
    }

    /// How the mirror and its feed are.
    #[must_use]
    pub fn health(&self) -> Health {
        let version = self.inner.version.load_full();
        let age_s = self.inner.age_s();
        let by_name = |of: &dyn Fn(&Version) -> Vec<u64>| {
            let numbers = version.as_deref().map(of).unwrap_or_default();
            Collection::ALL.iter().map(|collection| collection.name()).zip(numbers).collect()
        };
        Health {
            ready: version.is_some(),
            stale: version.is_none() || self.stale_age_s().is_some(),
            age_s,
            snapshot: version.as_ref().map(|version| version.snapshot.to_string()),
            epoch: version.as_ref().map(|version| version.epoch.to_string()),
            counts: by_name(&|version| version.views.iter().map(|view| view.len() as u64).collect()),
            unreadable: by_name(&|version| version.unreadable.clone()),
            mirror_bytes: by_name(&|version| {
                version.views.iter().map(|view| view.heap_bytes() as u64).collect()
            }),
        }
    }

    /// What the map needs to know about the loaded city.
    pub fn figures(&self, _scope: &Scope) -> Result<CityFigures, CityError> {
        let version = self.version()?;
        let newest = version.sources.iter().max_by_key(|source| source.loaded_at);
        let count = |view: &View| (view.collection().name(), view.len() as u64);
        Ok(CityFigures {
            name: newest.map(|source| source.city_name.clone()),
            division_code: newest.map(|source| source.city_code.clone()),
            synthetic: version.sources.iter().any(|source| source.synthetic),
            bounds: version.bounds().map(degrees),
            revision: version.units.revision,
            counts: version.views.iter().map(count).collect(),
            as_of: self.inner.as_of(),
        })
    }

    /// How old the answers are when the database does not confirm them; `None` while it does.
    #[must_use]
    pub fn stale_age_s(&self) -> Option<f64> {
        let age_s = self.inner.age_s();
        (self.inner.is_away.load(Ordering::Relaxed) || age_s > STALE_AFTER_S).then_some(age_s)
    }

    /// How often the mirror was found to differ from the tables, and read again.
    #[must_use]
    pub fn mirror_alarms(&self) -> u64 {
        self.inner.alarms.load(Ordering::Relaxed)
    }

    /// How many tiles were drawn since the start; what the cache answered is not counted.
    #[must_use]
    pub fn tiles_drawn(&self) -> u64 {
        self.inner.tiles.drawn()
    }

    /// The snapshot the mirror equals now, for `x-cim-snapshot`.
    #[must_use]
    pub fn snapshot(&self) -> Option<String> {
        self.inner.version.load().as_ref().map(|version| version.snapshot.to_string())
    }

    /// Waits at most half a second until the mirror shows a write.
    pub async fn wait_for(&self, what: &WaitFor) -> Result<(), CityError> {
        let wanted = match what {
            WaitFor::Xid(xid) => Wish::Xid(Xid(*xid)),
            WaitFor::Snapshot(text) => Wish::Snapshot(text.parse().map_err(|_not_one| not_a_snapshot(text))?),
        };
        let late = || CityError::Unavailable {
            message: "the write that was asked for is not visible here yet".to_owned(),
            retry_after_s: 1,
        };
        let mut versions = self.inner.versions.subscribe();
        let wait = async {
            loop {
                if let Some(version) = self.inner.version.load_full() {
                    if wanted.is_seen_by(&version.snapshot) {
                        return Ok(());
                    }
                    if wanted.is_far_beyond(&version.snapshot) {
                        return Err(late());
                    }
                }
                if versions.changed().await.is_err() {
                    return Err(late());
                }
            }
        };
        tokio::time::timeout(LONGEST_WAIT, wait).await.unwrap_or_else(|_elapsed| Err(late()))
    }

    /// Waits until the city is in memory and answers.
    pub async fn ready(&self) {
        // The sender lives as long as the city.
        let _ = self.inner.versions.subscribe().wait_for(|number| *number > 0).await;
    }

    /// What changes from now on, or from where a reader was; `bounds` (west, south, east, north in degrees) leaves out the
    /// tiles that lie outside.
    #[must_use]
    pub fn changes(
        &self,
        _scope: &Scope,
        resume: Option<&ResumeToken>,
        bounds: Option<[f64; 4]>,
    ) -> ChangeStream {
        ChangeStream::new(Arc::clone(&self.inner), resume, bounds.map(world_box))
    }
}

/// The minute that it is, in milliseconds since 1970.
pub(crate) fn now_minute_ms() -> i64 {
    Timestamp::now().as_millisecond().div_euclid(MINUTE_MS) * MINUTE_MS
}

fn not_a_snapshot(text: &str) -> CityError {
    CityError::Refused(vec![crate::refusal("min_snapshot", text, "min_snapshot looks like 10:20:10,14")])
}

/// What a map must say of the data.
pub(crate) fn attribution(version: &Version) -> &'static str {
    let is_synthetic = version.sources.iter().any(|source| source.synthetic);
    if is_synthetic { "synthetic demo data, not a real place's records" } else { "" }
}

pub(crate) fn degrees(bounds: WorldBox) -> [f64; 4] {
    let corner = |x, y| cim_crs::LonLat::from(WorldPoint { x, y });
    let (north_west, south_east) = (corner(bounds.min_x, bounds.min_y), corner(bounds.max_x, bounds.max_y));
    [north_west.lon, south_east.lat, south_east.lon, north_west.lat]
}

pub(crate) fn world_box([west, south, east, north]: [f64; 4]) -> WorldBox {
    let corner = |lon, lat| WorldPoint::from(cim_crs::LonLat { lon, lat });
    let (north_west, south_east) = (corner(west, north), corner(east, south));
    WorldBox { min_x: north_west.x, min_y: north_west.y, max_x: south_east.x, max_y: south_east.y }
}

enum Wish {
    Xid(Xid),
    Snapshot(Snapshot),
}

impl Wish {
    fn is_seen_by(&self, snapshot: &Snapshot) -> bool {
        match self {
            Self::Xid(xid) => snapshot.sees(*xid),
            Self::Snapshot(wanted) => snapshot.covers(wanted),
        }
    }

    fn is_far_beyond(&self, snapshot: &Snapshot) -> bool {
        let far = snapshot.xmax().0.saturating_add(FAR_AHEAD);
        match self {
            Self::Xid(xid) => xid.0 > far,
            Self::Snapshot(wanted) => wanted.xmax().0 > far,
        }
    }
}

impl Inner {
    /// Makes a version the one that answers, and has its changes told.
    pub(crate) fn swap(&self, version: Version, change: Change) {
        let before = self.version.load_full();
        let number = version.number;
        let candidates = Candidates::of(&change.places, &self.tilesets);
        // Whoever sees the new version must see the new stamps.
        if before.is_none() || candidates.too_many {
            self.stamps.touch_all(number, 0..self.tilesets.len());
        } else {
            let is_reread = |source| change.touches_all_of(source);
            self.stamps.touch_all(number, tilesets_showing(&self.tilesets, is_reread));
            self.stamps.touch(number, candidates.tiles());
        }
        let after = Arc::new(version);
        self.version.store(Some(Arc::clone(&after)));
        self.confirm();
        self.versions.send_replace(number);
        let Change { places, reread, xids } = change;
        self.herald.announce(Passage { before, after, places, reread, xids });
    }

    /// Makes a version with the same rows the one that answers.
    pub(crate) fn replace_quietly(&self, version: Version) {
        self.version.store(Some(Arc::new(version)));
    }

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

    /// The database says that the mirror equals it now.
    pub(crate) fn confirm(&self) {
        self.confirmed_ms.store(Timestamp::now().as_millisecond(), Ordering::Relaxed);
        self.is_away.store(false, Ordering::Relaxed);
    }

    /// The mirror was found to differ from the tables.
    pub(crate) fn count_alarm(&self) {
        self.alarms.fetch_add(1, Ordering::Relaxed);
    }

    /// The database is away: answers go on from memory.
    pub(crate) fn tell_stale(&self, error: &StoreError) {
        if !self.is_away.swap(true, Ordering::Relaxed) {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            tracing::warn!(%error, cause, "the change feed is away; answers come from memory, marked stale");
        }
    }

    pub(crate) fn as_of(&self) -> String {
        let confirmed = Timestamp::from_millisecond(self.confirmed_ms.load(Ordering::Relaxed));
        confirmed.unwrap_or(Timestamp::UNIX_EPOCH).to_string()
    }

    fn age_s(&self) -> f64 {
        let confirmed = self.confirmed_ms.load(Ordering::Relaxed);
        if confirmed == 0 {
            return 0.0;
        }
        let age_ms = Timestamp::now().as_millisecond().saturating_sub(confirmed);
        Duration::from_millis(u64::try_from(age_ms).unwrap_or(0)).as_secs_f64()
    }
}
