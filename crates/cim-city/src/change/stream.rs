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
use crate::seen::Hearing;

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
    hearing: Hearing,
}

impl ChangeStream {
    pub(crate) fn new(
        city: Arc<Inner>,
        hearing: Hearing,
        resume: Option<&ResumeToken>,
        bounds: Option<WorldBox>,
    ) -> Self {
        let last = city.ring.last();
        let place = *last.borrow();
        let mut stream = Self { city, last, place, seen: None, must_reset: false, bounds, hearing };
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
        let version = self.city.version.load_full();
        let secret = |told: &Arc<Told>| self.hearing.is_cleared().then(|| told.secret_tiles.clone());
        let secret: Vec<TilesByLayer> = steps.iter().filter_map(|told| secret(told)).collect();
        let open = steps.iter().flat_map(|told| &told.tiles);
        for (layer, tiles) in open.chain(secret.iter().flatten()) {
            let boxes = version.as_ref().and_then(|version| self.hearing.boxes(layer.0, version));
            let is_heard = |tile: &&(u8, u32, u32)| {
                self.bounds.is_none_or(|bounds| meets(&[bounds], **tile))
                    && boxes.as_ref().is_none_or(|boxes| meets(boxes, **tile))
            };
            joined.entry(*layer).or_default().extend(tiles.iter().filter(is_heard));
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
}

/// Whether a tile meets one of some boxes.
fn meets(boxes: &[WorldBox], (zoom, x, y): (u8, u32, u32)) -> bool {
    let tile = TileAddress::from_xyz(zoom, x, y);
    tile.is_ok_and(|tile| boxes.iter().any(|bounds| tile.bounds().meets(bounds)))
}

fn token_of(told: &Told) -> ResumeToken {
    ResumeToken { epoch: Arc::clone(&told.epoch), snapshot: told.snapshot.clone() }
}
