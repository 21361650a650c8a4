//! What one reader is told: everything it has not seen, at its own pace.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use cim_mirror::WorldBox;
use cim_store::Snapshot;
use cim_tile::TileAddress;
use tokio::sync::watch;

use super::told::{TilesByLayer, Told};
use crate::city::Inner;

/// Where a reader is: the epoch and the state that it has seen. Written `epoch/snapshot`; valid for every server process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeToken {
    epoch: Arc<str>,
    snapshot: Snapshot,
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.epoch, self.snapshot)
    }
}

impl FromStr for ResumeToken {
    type Err = cim_store::SnapshotError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, snapshot) =
            text.split_once('/').ok_or_else(|| cim_store::SnapshotError(text.to_owned()))?;
        Ok(Self { epoch: epoch.into(), snapshot: snapshot.parse()? })
    }
}

impl ResumeToken {
    /// The state that the reader has seen.
    #[must_use]
    pub fn snapshot(&self) -> String {
        self.snapshot.to_string()
    }
}

/// The tiles of one collection that changed in one tileset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TilesChanged {
    /// The collection that changed.
    pub collection: &'static str,
    /// The tileset in which it shows.
    pub tileset: String,
    /// Zoom, column, row; sorted, each once.
    pub tiles: Vec<(u8, u32, u32)>,
}

/// One thing that a reader is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CityChange {
    /// Everything shown should be asked for again; what did not change is answered by 304.
    Reset {
        /// Where the reader is afterwards.
        at: ResumeToken,
    },
    /// These tiles changed; none when what changed lies outside of what the reader looks at.
    Tiles {
        /// Where the reader is afterwards.
        at: ResumeToken,
        /// By collection and tileset.
        changed: Vec<TilesChanged>,
    },
}

/// The changes of the city as one reader sees them. A reader that does not keep up is told several steps as one, and in
/// the end to reset; it holds nobody back.
pub struct ChangeStream {
    city: Arc<Inner>,
    last: watch::Receiver<u64>,
    /// The number of what was told to this reader last.
    place: u64,
    /// What the reader had seen before it came, until everything told is newer.
    seen: Option<ResumeToken>,
    must_reset: bool,
    bounds: Option<WorldBox>,
}

impl ChangeStream {
    pub(crate) fn new(city: Arc<Inner>, resume: Option<&ResumeToken>, bounds: Option<WorldBox>) -> Self {
        let last = city.ring.last();
        let place = *last.borrow();
        let mut stream = Self { city, last, place, seen: None, must_reset: false, bounds };
        if let Some(token) = resume {
            match stream.city.ring.place_of(&token.epoch, &token.snapshot) {
                Some(place) => {
                    stream.place = place;
                    stream.seen = Some(token.clone());
                }
                None => stream.must_reset = true,
            }
        }
        stream
    }

    /// Where a reader is who has just asked for everything; `None` while the city is being loaded.
    #[must_use]
    pub fn now(&self) -> Option<ResumeToken> {
        // What was told last may be older than the version that answers: then something is told twice, and nothing missed.
        let told = self.city.ring.after(self.place.saturating_sub(1))?.pop();
        let told = told.filter(|told| told.number == self.place);
        told.map(|told| token_of(&told)).or_else(|| {
            let version = self.city.version.load_full()?;
            Some(ResumeToken { epoch: Arc::clone(&version.epoch), snapshot: version.snapshot.clone() })
        })
    }

    /// The next change; `None` when the city is gone. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<CityChange> {
        loop {
            if self.must_reset {
                self.seen = None;
                self.place = *self.last.borrow_and_update();
                let Some(at) = self.now() else {
                    self.last.changed().await.ok()?;
                    continue;
                };
                self.must_reset = false;
                return Some(CityChange::Reset { at });
            }
            match self.city.ring.after(self.place) {
                Some(steps) if steps.is_empty() => self.last.changed().await.ok()?,
                Some(steps) => {
                    if let Some(change) = self.take(&steps) {
                        return Some(change);
                    }
                }
                None => self.must_reset = true,
            }
        }
    }

    fn take(&mut self, steps: &[Arc<Told>]) -> Option<CityChange> {
        let newest = steps.last()?;
        self.place = newest.number;
        let seen = self.seen.as_ref();
        let is_new =
            |told: &&Arc<Told>| !seen.is_some_and(|seen| told.is_seen_by(&seen.epoch, &seen.snapshot));
        let new: Vec<&Arc<Told>> = steps.iter().filter(is_new).collect();
        if seen.is_some_and(|seen| newest.epoch != seen.epoch || newest.snapshot.covers(&seen.snapshot)) {
            self.seen = None;
        }
        let at = token_of(new.last()?);
        if new.iter().any(|told| told.everything) {
            return Some(CityChange::Reset { at });
        }
        let changed = self.joined(&new);
        Some(CityChange::Tiles { at, changed })
    }

    fn joined(&self, steps: &[&Arc<Told>]) -> Vec<TilesChanged> {
        let mut joined = TilesByLayer::new();
        for (layer, tiles) in steps.iter().flat_map(|told| &told.tiles) {
            let shown = tiles.iter().filter(|tile| self.looks_at(**tile));
            joined.entry(*layer).or_default().extend(shown);
        }
        joined
            .into_iter()
            .filter(|(_, tiles)| !tiles.is_empty())
            .map(|((collection, tileset), mut tiles)| {
                tiles.sort_unstable();
                tiles.dedup();
                TilesChanged { collection, tileset: self.city.tilesets[tileset].name.clone(), tiles }
            })
            .collect()
    }

    fn looks_at(&self, (zoom, x, y): (u8, u32, u32)) -> bool {
        let tile = TileAddress::from_xyz(zoom, x, y);
        self.bounds.as_ref().is_none_or(|bounds| tile.is_ok_and(|tile| tile.bounds().meets(bounds)))
    }
}

fn token_of(told: &Told) -> ResumeToken {
    ResumeToken { epoch: Arc::clone(&told.epoch), snapshot: told.snapshot.clone() }
}
