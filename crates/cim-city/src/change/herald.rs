//! The herald: finds out which tiles differ between two versions by drawing both, and tells it.
//!
//! It works beside the feed: a new version answers at once, its news follow some milliseconds later. What piles up while
//! it draws is told as one step.

use std::cell::LazyCell;
use std::sync::{Arc, Weak};

use cim_model::Collection;
use cim_store::Xid;
use cim_tile::{LayerSource, Renderer};
use tokio::sync::mpsc;

use super::candidates::{Candidates, Place, TileOf};
use super::difference::{Rows, difference};
use super::told::{TilesByLayer, Told};
use crate::city::Inner;
use crate::load::off_the_runtime;
use crate::seen::without_secrets;
use crate::version::Version;

/// The step from one version to the next.
pub(crate) struct Passage {
    pub(crate) before: Option<Arc<Version>>,
    pub(crate) after: Arc<Version>,
    /// Where single rows changed.
    pub(crate) places: Vec<Place>,
    /// Collections that were read again as a whole; units stand for their borders too.
    pub(crate) reread: Vec<Collection>,
    pub(crate) xids: Vec<Xid>,
}

/// The way to the herald.
pub(crate) struct Herald {
    passages: mpsc::UnboundedSender<Passage>,
}

impl Herald {
    /// A herald, and what it will read when it is started.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Passage>) {
        let (passages, reading) = mpsc::unbounded_channel();
        (Self { passages }, reading)
    }

    /// Announces a step; the tiles are found out later.
    pub(crate) fn announce(&self, passage: Passage) {
        // The herald ends with the city only.
        let _ = self.passages.send(passage);
    }
}

/// Tells until the city is dropped.
pub(crate) async fn herald(city: Weak<Inner>, mut passages: mpsc::UnboundedReceiver<Passage>) {
    while let Some(passage) = passages.recv().await {
        let Some(city) = city.upgrade() else { return };
        let mut joined = vec![passage];
        while let Ok(another) = passages.try_recv() {
            joined.push(another);
        }
        off_the_runtime(move || tell(&city, &joined)).await;
    }
}

fn tell(city: &Inner, passages: &[Passage]) {
    let Some(last) = passages.last() else { return };
    let after = Arc::clone(&last.after);
    let Some(before) = passages.first().and_then(|first| first.before.clone()) else {
        // The first version: nobody has seen anything before it.
        return city.ring.begin(&after.epoch, &after.snapshot);
    };
    let mut candidates = Candidates::default();
    let mut xids: Vec<Xid> = Vec::new();
    for passage in passages {
        xids.extend(&passage.xids);
        let places = all_places(passage);
        match places {
            Some(places) => candidates.extend(Candidates::of(&places, &city.tilesets)),
            None => candidates.too_many = true,
        }
    }
    let everything = candidates.too_many;
    let ChangedTiles { tiles, secret_tiles } =
        if everything { ChangedTiles::default() } else { changed_tiles(city, &before, &after, candidates) };
    if tiles.is_empty()
        && secret_tiles.is_empty()
        && xids.is_empty()
        && !everything
        && before.epoch == after.epoch
    {
        return;
    }
    let (epoch, snapshot) = (Arc::clone(&after.epoch), after.snapshot.clone());
    city.ring.tell(Told { number: 0, epoch, snapshot, xids, tiles, secret_tiles, everything });
}

/// The places of a passage, those of collections that were read again included; `None` when they are everywhere.
fn all_places(passage: &Passage) -> Option<Vec<Place>> {
    let mut places = passage.places.clone();
    let Some(before) = &passage.before else { return None };
    let after = &passage.after;
    for collection in &passage.reread {
        let source = LayerSource::Collection(*collection);
        let found = difference(before.view(*collection), after.view(*collection))?;
        places.extend(found.into_iter().map(|bounds| Place { source, zoom: None, bounds }));
    }
    if passage.reread.iter().any(|collection| collection.is_unit()) {
        places.extend(border_places(before, after)?);
    }
    Some(places)
}

/// Where borders and labels differ, zoom by zoom, because every zoom has borders of its own.
fn border_places(before: &Version, after: &Version) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    for level in Collection::UNITS {
        let source = LayerSource::Boundary(*level);
        for zoom in 0..=cim_tile::MAX_ZOOM {
            let tables = before.boundaries.table(*level, zoom).zip(after.boundaries.table(*level, zoom));
            let Some((old, new)) = tables else { continue };
            let found = difference(old as &dyn Rows, new as &dyn Rows)?;
            places.extend(found.into_iter().map(|bounds| Place { source, zoom: Some(zoom), bounds }));
        }
    }
    let labels = difference(before.boundaries.labels(), after.boundaries.labels())?;
    let source = LayerSource::UnitLabel;
    places.extend(labels.into_iter().map(|bounds| Place { source, zoom: None, bounds }));
    Some(places)
}

/// The tiles that differ, and those among them that differ by secret cameras alone.
#[derive(Default)]
struct ChangedTiles {
    tiles: TilesByLayer,
    secret_tiles: TilesByLayer,
}

/// Draws every candidate in both versions and keeps those whose bytes differ.
fn changed_tiles(
    city: &Inner,
    before: &Arc<Version>,
    after: &Arc<Version>,
    candidates: Candidates,
) -> ChangedTiles {
    let mut renderer = Renderer::default();
    let mut changed = ChangedTiles::default();
    let open = LazyCell::new(|| OpenChange::between(before, after));
    let camera = 1 << crate::version::place_of(Collection::Camera);
    for (of, collections) in candidates.into_sorted() {
        if !differs(city, before, after, of, &mut renderer) {
            continue;
        }
        let secret = if collections & camera == 0 {
            0
        } else if !differs(city, &open.before, &open.after, of, &mut renderer) {
            collections
        } else if open.has_cameras {
            0
        } else {
            camera
        };
        keep(&mut changed.secret_tiles, of, secret);
        keep(&mut changed.tiles, of, collections & !secret);
    }
    changed
}

/// A step as everybody sees it who is not cleared for secret cameras.
struct OpenChange {
    before: Version,
    after: Version,
    /// Whether any camera that they see changed.
    has_cameras: bool,
}

impl OpenChange {
    fn between(before: &Arc<Version>, after: &Arc<Version>) -> Self {
        let (before, after) = (without_secrets(before), without_secrets(after));
        let places = difference(before.view(Collection::Camera), after.view(Collection::Camera));
        let has_cameras = places.is_none_or(|places| !places.is_empty());
        Self { before, after, has_cameras }
    }
}

fn keep(kept: &mut TilesByLayer, (tileset, tile): TileOf, collections: u64) {
    for collection in collections_of(collections) {
        let tiles = kept.entry((collection.name(), tileset)).or_default();
        tiles.push((tile.zoom(), tile.column(), tile.row()));
    }
}

fn differs(
    city: &Inner,
    before: &Version,
    after: &Version,
    (tileset, tile): TileOf,
    renderer: &mut Renderer,
) -> bool {
    let tileset = &city.tilesets[tileset];
    let old = renderer.render(tileset, tile, before, None);
    let new = renderer.render(tileset, tile, after, None);
    old.bytes != new.bytes
}

fn collections_of(bits: u64) -> impl Iterator<Item = Collection> {
    let place = |collection: &Collection| crate::version::place_of(*collection);
    Collection::ALL.iter().copied().filter(move |collection| bits >> place(collection) & 1 == 1)
}
