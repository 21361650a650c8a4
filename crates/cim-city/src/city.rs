//! The city: follows the feed, answers every query and applies every command.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use cim_model::Scope;
use tokio::sync::watch;

use crate::{
    AcceptCase, CaseAnswer, CaseEventCommand, CaseWritten, CityError, CityFigures, Health, NearbyAnswer,
    NearbyQuery, ResponsibilityAnswer, ResponsibilityQuery, ResponsibilityRow, TileAnswer, TileRequest,
    TilesetSummary,
};

/// How a city is opened.
#[derive(Debug, Clone)]
pub struct CityOptions {
    /// How much compressed and plain tile data to keep, bytes.
    pub tile_cache_bytes: u64,
    /// How often the feed is asked for news.
    pub poll_interval: std::time::Duration,
}

impl Default for CityOptions {
    fn default() -> Self {
        Self { tile_cache_bytes: 64 << 20, poll_interval: std::time::Duration::from_millis(5) }
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

/// What changed with the last version, for streams and for the map to refresh itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CityNews {
    /// Counts the versions of this process.
    pub version: u64,
    /// The PostgreSQL snapshot of the version.
    pub snapshot: String,
    /// The collections that changed, by name.
    pub collections: Vec<&'static str>,
    /// So much changed that everything shown should be asked for again.
    pub reload: bool,
    /// The tiles that changed (z, x, y) at the zooms the tilesets serve; empty after a reload.
    pub tiles: Vec<(u8, u32, u32)>,
}

/// The API boundary. Cheap to clone; all clones are the same city.
#[derive(Clone)]
pub struct City {
    inner: Arc<Inner>,
}

struct Inner {
    version: ArcSwapOption<Version>,
    news: watch::Sender<CityNews>,
}

/// One state of the city, equal to one PostgreSQL snapshot.
#[derive(Debug)]
pub(crate) struct Version {
    snapshot: String,
}

/// The answers to a batch of points, all from one version, worked out as they are taken.
pub struct ResponsibilityRows<I> {
    version: Arc<Version>,
    points: I,
}

impl<I: Iterator<Item = ResponsibilityQuery>> Iterator for ResponsibilityRows<I> {
    type Item = ResponsibilityRow;

    fn next(&mut self) -> Option<ResponsibilityRow> {
        let _ = (&self.version, self.points.next()?);
        None
    }
}

fn not_loaded() -> CityError {
    CityError::Unavailable { message: "the city is still being loaded into memory".to_owned(), retry_after_s: 1 }
}

impl City {
    fn version(&self) -> Result<Arc<Version>, CityError> {
        self.inner.version.load_full().ok_or_else(not_loaded)
    }

    /// One tile.
    pub fn tile(&self, _scope: &Scope, _request: &TileRequest) -> Result<TileAnswer, CityError> {
        Err(not_loaded())
    }

    /// The `TileJSON` 3.0.0 of a tileset; `tiles_url` is the template with `{z}`, `{x}`, `{y}`.
    pub fn tilejson(
        &self,
        _scope: &Scope,
        _tileset: &str,
        _tiles_url: &str,
    ) -> Result<serde_json::Value, CityError> {
        Err(not_loaded())
    }

    /// All tilesets.
    #[must_use]
    pub fn tilesets(&self, _scope: &Scope) -> Vec<TilesetSummary> {
        Vec::new()
    }

    /// What is near a point, nearest first.
    pub fn nearby(&self, _scope: &Scope, _query: &NearbyQuery) -> Result<NearbyAnswer, CityError> {
        Err(not_loaded())
    }

    /// Who is responsible for a point.
    pub fn responsibility(
        &self,
        _scope: &Scope,
        _query: &ResponsibilityQuery,
    ) -> Result<ResponsibilityAnswer, CityError> {
        Err(not_loaded())
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
        Ok(ResponsibilityRows { version: self.version()?, points: points.into_iter() })
    }

    /// How the mirror and its feed are.
    #[must_use]
    pub fn health(&self) -> Health {
        Health { ready: false, stale: true, age_s: 0.0, snapshot: self.snapshot(), ..Health::default() }
    }

    /// What the map needs to know about the loaded city.
    pub fn figures(&self, _scope: &Scope) -> Result<CityFigures, CityError> {
        Err(not_loaded())
    }

    /// The snapshot the mirror equals now, for `x-cim-snapshot`.
    #[must_use]
    pub fn snapshot(&self) -> Option<String> {
        self.version().ok().map(|version| version.snapshot.clone())
    }

    /// Waits at most half a second until the mirror shows a write.
    pub async fn wait_for(&self, _what: &WaitFor) -> Result<(), CityError> {
        Err(not_loaded())
    }

    /// Takes in a case; the same one twice is one case.
    pub async fn accept_case(&self, _scope: &Scope, _case: AcceptCase) -> Result<CaseWritten, CityError> {
        Err(not_loaded())
    }

    /// Moves a case on.
    pub async fn append_case_event(
        &self,
        _scope: &Scope,
        _case_no: &str,
        _event: CaseEventCommand,
    ) -> Result<CaseWritten, CityError> {
        Err(not_loaded())
    }

    /// One case with its events, from the database.
    pub async fn get_case(&self, _scope: &Scope, _case_no: &str) -> Result<CaseAnswer, CityError> {
        Err(not_loaded())
    }

    /// News of every new version, latest only: a slow reader misses versions, never the last one.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<CityNews> {
        self.inner.news.subscribe()
    }
}
