//! The city: follows the feed, answers every query and applies every command.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use cim_access::Scope;
use cim_mirror::{View, WorldBox, WorldPoint};
use cim_model::Collection;
use cim_store::{Store, StoreError};
use cim_tile::Tileset;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::accounts::AccountDesk;
use crate::boundaries::BoundaryDesk;
use crate::change::{Candidates, Change, ChangeStream, Herald, Passage, ResumeToken, Ring, tilesets_showing};
use crate::locate::KnownPlaces;
use crate::seen::Hearing;
use crate::tile_cache::TileCache;
use crate::tile_stamps::TileStamps;
use crate::version::Version;
use crate::{
    CityError, CityFigures, Health, PersonalOptions, ResponsibilityAnswer, ResponsibilityQuery,
    ResponsibilityRow, VideoOptions, boundaries, change, follow, locate, responsible,
};

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
    /// Where the pictures of cameras come from.
    pub video: VideoOptions,
    /// How personal data are kept.
    pub personal: PersonalOptions,
}

impl Default for CityOptions {
    fn default() -> Self {
        Self {
            tile_cache_bytes: 64 << 20,
            poll_interval: Duration::from_millis(5),
            alarm_interval: Duration::from_mins(1),
            extra_tilesets: Vec::new(),
            video: VideoOptions::default(),
            personal: PersonalOptions::default(),
        }
    }
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
    /// Made in the background of the version's names.
    pub(crate) known_places: ArcSwapOption<KnownPlaces>,
    pub(crate) tiles: TileCache,
    pub(crate) stamps: TileStamps,
    pub(crate) herald: Herald,
    pub(crate) ring: Ring,
    pub(crate) boundaries: BoundaryDesk,
    pub(crate) accounts: AccountDesk,
    alarms: AtomicU64,
    /// The number of the version that answers.
    pub(crate) versions: watch::Sender<u64>,
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
            boundaries: BoundaryDesk::default(),
            accounts: AccountDesk::default(),
            alarms: AtomicU64::new(0),
            options,
            tilesets,
            version: ArcSwapOption::empty(),
            known_places: ArcSwapOption::empty(),
            versions: watch::Sender::new(0),
            confirmed_ms: AtomicI64::new(0),
            is_away: AtomicBool::new(false),
        });
        tokio::spawn(change::herald(Arc::downgrade(&inner), announced));
        tokio::spawn(follow::follow(store, Arc::downgrade(&inner)));
        tokio::spawn(locate::keep(Arc::downgrade(&inner)));
        tokio::spawn(boundaries::keep_activating(Arc::downgrade(&inner)));
        Ok(Self { inner })
    }

    pub(crate) fn version(&self) -> Result<Arc<Version>, CityError> {
        self.inner.version.load_full().ok_or_else(|| CityError::Unavailable {
            message: "the city is still being loaded into memory".to_owned(),
            retry_after_s: 1,
        })
    }

    pub(crate) fn as_of(&self) -> String {
        self.inner.as_of()
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
    pub fn figures(&self, scope: &Scope) -> Result<CityFigures, CityError> {
        let version = self.version_for(scope)?;
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

    /// Waits until the city is in memory and answers.
    pub async fn ready(&self) {
        // The sender lives as long as the city.
        let _ = self.inner.versions.subscribe().wait_for(|number| *number > 0).await;
    }

    /// What changes from now on, or from where a reader was; `bounds` (west, south, east, north in degrees) leaves out the
    /// tiles that lie outside. What a scope hides is not told, as far as tiles can tell it.
    #[must_use]
    pub fn changes(
        &self,
        scope: &Scope,
        resume: Option<&ResumeToken>,
        bounds: Option<[f64; 4]>,
    ) -> ChangeStream {
        ChangeStream::new(Arc::clone(&self.inner), Hearing::of(scope), resume, bounds.map(world_box))
    }
}

/// The minute that it is, in milliseconds since 1970.
pub(crate) fn now_minute_ms() -> i64 {
    Timestamp::now().as_millisecond().div_euclid(MINUTE_MS) * MINUTE_MS
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
