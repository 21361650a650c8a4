//! From a step of the feed to the next version: whole collections read again, single rows laid over.

use std::collections::HashMap;
use std::sync::Arc;

use cim_mirror::{RowChange, StoredState, View, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_store::{ChangedRows, Changes, SnapshotReader, StoreError, StoredRow};
use cim_tile::{Boundaries, LayerSource};
use futures_util::StreamExt;
use geo_types::{Geometry, MultiPolygon};

use crate::change::{Change, Place};
use crate::city::now_minute_ms;
use crate::linkage::camera_reach_m;
use crate::people::People;
use crate::unit_count::UnitCounts;
use crate::unit_renewal::renew_units;
use crate::units::{LevelPolygons, Units};
use crate::version::{Version, place_of};

/// So many rows are taken in before other tasks of the runtime get a turn.
const ROWS_A_TURN: usize = 2_000;

const PEOPLE: &[Collection] = &[
    Collection::Post,
    Collection::PostHolder,
    Collection::Department,
    Collection::ResponsibilityRule,
    Collection::CaseCategory,
];

/// The next version and what differs from the one before.
pub(crate) struct Step {
    pub(crate) version: Version,
    /// Rows laid over, by collection, for a compaction that runs meanwhile.
    pub(crate) overlaid: Vec<(Collection, Vec<RowChange>)>,
    /// What readers of tiles must know.
    pub(crate) change: Change,
}

/// Works out the next version. Reads through the step's own snapshot, so that all collections agree.
pub(crate) async fn next_version(
    changes: &Changes,
    epoch: &str,
    before: Option<&Version>,
) -> Result<Step, StoreError> {
    let mut step = Step {
        version: start_of(changes, epoch, before),
        overlaid: Vec::new(),
        change: Change { xids: changes.xids.clone(), ..Change::default() },
    };
    let units_changed =
        changes.collections.iter().any(|(collection, _)| collection.is_unit()) || before.is_none();
    for (collection, rows) in &changes.collections {
        match rows {
            ChangedRows::Ids(ids) if !collection.is_unit() => {
                lay_over(&mut step, &changes.reader, *collection, ids).await?;
            }
            _ if collection.is_unit() => {}
            _ => {
                let read = read_collection(&changes.reader, *collection).await?;
                step.replace(*collection, read);
            }
        }
    }
    if units_changed {
        renew_units(&mut step, &changes.reader, &changes.collections).await?;
    }
    let is_new =
        |collection: &Collection| step.version.changed_in[place_of(*collection)] == step.version.number;
    if before.is_none() || PEOPLE.iter().any(is_new) {
        let people = People::new(|collection| step.version.view(collection));
        step.version.people = Arc::new(people);
    }
    if before.is_none() || is_new(&Collection::Camera) {
        step.version.camera_reach_m = camera_reach_m(step.version.view(Collection::Camera));
    }
    step.version.sources = changes.reader.loaded_sources().await?.into();
    Ok(step)
}

fn start_of(changes: &Changes, epoch: &str, before: Option<&Version>) -> Version {
    let mut version = before.cloned().unwrap_or_else(|| empty_version(changes));
    version.number += 1;
    version.snapshot = changes.snapshot.clone();
    if *version.epoch != *epoch {
        version.epoch = epoch.into();
    }
    version
}

fn empty_version(changes: &Changes) -> Version {
    let views: Vec<View> = Collection::ALL.iter().map(|collection| View::empty(*collection)).collect();
    let units = Arc::new(Units::new(|collection| &views[place_of(collection)], &HashMap::new(), None));
    let boundaries = Boundaries::new(&[], Vec::new());
    let unit_counts = UnitCounts::none(&units);
    Version {
        number: 0,
        snapshot: changes.snapshot.clone(),
        epoch: "".into(),
        changed_in: vec![0; views.len()],
        unreadable: vec![0; views.len()],
        views,
        units,
        people: Arc::default(),
        boundaries: Arc::new(boundaries),
        unit_counts: Arc::new(unit_counts),
        coverage_heads: Arc::new([]),
        camera_reach_m: 0.0,
        sources: Arc::new([]),
        minute_ms: now_minute_ms(),
    }
}

/// A collection read as a whole.
pub(crate) struct ReadCollection {
    view: View,
    pub(crate) polygons: LevelPolygons,
    unreadable: u64,
}

impl Step {
    pub(crate) fn replace(&mut self, collection: Collection, read: ReadCollection) {
        let place = place_of(collection);
        self.version.views[place] = read.view;
        self.version.unreadable[place] = read.unreadable;
        self.version.changed_in[place] = self.version.number;
        self.change.reread.push(collection);
    }
}

/// The exact polygons of a unit that was written, by its code; none for one that is gone.
pub(crate) type ChangedArea = (String, Option<MultiPolygon<f64>>);

/// Lays single rows over a collection; gives the polygons of those that are units.
pub(crate) async fn lay_over(
    step: &mut Step,
    reader: &SnapshotReader,
    collection: Collection,
    ids: &[i64],
) -> Result<Vec<ChangedArea>, StoreError> {
    let stored = reader.read_ids(collection, ids).await?;
    let areas = changed_areas(step.version.view(collection), ids, &stored);
    let mut now: HashMap<i64, StoredState> =
        stored.into_iter().map(|row| (row.id, StoredState { xmin: row.xmin, record: row.record })).collect();
    let changes: Vec<RowChange> = ids.iter().map(|id| RowChange { id: *id, now: now.remove(id) }).collect();
    let place = place_of(collection);
    let next = step.version.views[place].with(changes.clone());
    let places = &mut step.change.places;
    for id in ids {
        let (old, new) = (step.version.views[place].find(*id), next.find(*id));
        if old.zip(new).is_some_and(|(old, new)| old.is_same(new)) {
            // Written again as it was: nothing that anybody sees has changed.
            continue;
        }
        step.version.changed_in[place] = step.version.number;
        let boxes = [old, new].into_iter().filter_map(|row| row?.shape().bounds());
        let source = LayerSource::Collection(collection);
        places.extend(boxes.map(|bounds| Place { source, zoom: None, bounds }));
    }
    step.version.views[place] = next;
    step.overlaid.push((collection, changes));
    Ok(areas)
}

/// What became of the areas of these units: first those whose code is no longer theirs.
fn changed_areas(before: &View, ids: &[i64], stored: &[StoredRow]) -> Vec<ChangedArea> {
    let collection = before.collection();
    if !collection.is_unit() {
        return Vec::new();
    }
    let code_before = |id: &i64| before.find(*id)?.text_of("code").map(str::to_owned);
    let gone = ids.iter().filter_map(code_before).map(|code| (code, None));
    let new = stored.iter().filter_map(|row| polygon_of(collection, &mut row.record.clone()));
    gone.chain(new.map(|(code, polygons)| (code, Some(polygons)))).collect()
}

pub(crate) async fn read_collection(
    reader: &SnapshotReader,
    collection: Collection,
) -> Result<ReadCollection, StoreError> {
    let mut rows = reader.read(collection).await?;
    let mut builder = collection_builder(collection);
    let mut polygons = LevelPolygons::new();
    let (mut taken, mut unreadable) = (0_usize, 0_u64);
    while let Some(row) = rows.next().await {
        match row {
            Ok(StoredRow { id, xmin, mut record }) => {
                builder.push(id, xmin, &record);
                if collection.is_unit() {
                    polygons.extend(polygon_of(collection, &mut record));
                }
            }
            Err(error @ StoreError::Unreadable { .. }) => {
                tracing::warn!(%error, "a row is left out of the mirror");
                unreadable += 1;
            }
            Err(error) => return Err(error),
        }
        taken += 1;
        if taken % ROWS_A_TURN == 0 {
            tokio::task::yield_now().await;
        }
    }
    let view = off_the_runtime(move || View::new(collection, builder.finish())).await;
    Ok(ReadCollection { view, polygons, unreadable })
}

/// Runs long work where it does not hold up the runtime's own threads.
pub(crate) async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
        // The runtime is going down and takes this task with it.
        Err(_cancelled) => std::future::pending().await,
    }
}

fn polygon_of(collection: Collection, record: &mut Record) -> Option<(String, MultiPolygon<f64>)> {
    let spec = collection.spec();
    let (code, geom) = (spec.position("code")?, spec.position("geom")?);
    let Some(Value::Text(code)) = record.values.get(code).cloned() else { return None };
    match std::mem::replace(record.values.get_mut(geom)?, Value::Null) {
        Value::Geometry(Geometry::MultiPolygon(polygons)) => Some((code, polygons)),
        Value::Geometry(Geometry::Polygon(polygon)) => Some((code, MultiPolygon(vec![polygon]))),
        _ => None,
    }
}
