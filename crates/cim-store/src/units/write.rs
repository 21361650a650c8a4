//! Writing all units of a city: a new revision if anything differs, and the derived polygons of what does.

use std::collections::HashMap;

use bytes::BytesMut;
use cim_model::Collection;
use geo_types::MultiPolygon;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::faces::{self, Target};
use super::hierarchy::Hierarchy;
use super::{UnitsLoad, polygons, state_hash};
use crate::{LoadCounts, Provenance, StoreError, copy_format, query};

/// Makes the city's units and coverage equal to the given ones.
pub(crate) async fn write(
    client: &Client,
    provenance: &Provenance,
    load: UnitsLoad,
) -> Result<Vec<(Collection, LoadCounts)>, StoreError> {
    let hierarchy = Hierarchy::of(&load)?;
    let hash = state_hash::of(&load, &hierarchy);
    let city = &provenance.city_code;
    query::REVISION_LOCK.rows(client, &[]).await?;
    let head = query::COVERAGE_HEAD.rows(client, &[(city, Type::TEXT)]).await?;
    if head.first().is_some_and(|head| head.get::<_, &[u8]>("state_hash") == hash) {
        return Ok(unchanged(&load));
    }
    // The same units again say nothing new: what was edited and published since stays.
    let last = query::COVERAGE_LAST_LOAD.rows(client, &[(city, Type::TEXT)]).await?;
    if last.first().is_some_and(|last| last.get::<_, &[u8]>("state_hash") == hash) {
        return Ok(unchanged(&load));
    }
    refuse_missing_levels(client, city, &load).await?;
    refuse_pending_revision(client, city).await?;
    let parent: Option<i32> = head.first().map(|head| head.get("rev"));
    let clean = load.coverage.is_some();
    let rev: i32 = query::COVERAGE_BEGIN_REVISION
        .row(
            client,
            &[
                (city, Type::TEXT),
                (&parent, Type::INT4),
                (&clean, Type::BOOL),
                (&load.base_level.name(), Type::TEXT),
                (&provenance.actor, Type::TEXT),
                (&provenance.source, Type::TEXT),
                (&hash, Type::BYTEA),
            ],
        )
        .await?
        .get(0);
    let unit_ids = write_units(client, city, rev, &load, &hierarchy).await?;
    let target = Target { client, city_code: city, rev, unit_ids: &unit_ids };
    faces::write(&target, load.coverage.as_ref(), &hierarchy).await?;
    derive(client, &load).await
}

/// Units that are not named are retired: a load that leaves a whole level of the chain out is a slip, not the end of that
/// level. A city may well have its last exclusive grid taken away.
async fn refuse_missing_levels(client: &Client, city: &String, load: &UnitsLoad) -> Result<(), StoreError> {
    let stored = query::COVERAGE_LEVELS.rows(client, &[(city, Type::TEXT)]).await?;
    let missing: Vec<String> = stored
        .iter()
        .map(|row| row.get::<_, String>(0))
        .filter(|level| level != Collection::ExclusiveGrid.name())
        .filter(|level| load.units.iter().all(|unit| unit.collection.name() != level))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(StoreError::LevelsMissing { city_code: city.clone(), levels: missing.join(", ") })
}

/// A load holds at once: what was published for a later day would be lost without a word.
async fn refuse_pending_revision(client: &Client, city: &String) -> Result<(), StoreError> {
    let is_pending: bool = query::REVISION_PENDING.row(client, &[(city, Type::TEXT)]).await?.get(0);
    if is_pending { Err(StoreError::RevisionPending { city_code: city.clone() }) } else { Ok(()) }
}

/// Writes the units and answers with the number of each, by its place in the load.
async fn write_units(
    client: &Client,
    city: &String,
    rev: i32,
    load: &UnitsLoad,
    hierarchy: &Hierarchy<'_>,
) -> Result<Vec<i64>, StoreError> {
    query::COVERAGE_CREATE_STAGING.batch(client).await?;
    let rows = staging_rows(load, hierarchy, polygons::of_units(load, hierarchy));
    faces::send(client, query::COVERAGE_COPY_UNITS, rows).await?;
    query::COVERAGE_INDEX_STAGING.batch(client).await?;
    query::COVERAGE_KEEP_UNIT_IDS.execute(client, &[(city, Type::TEXT)]).await?;
    query::COVERAGE_NEW_UNIT_IDS.execute(client, &[]).await?;
    query::COVERAGE_LINK_PARENTS.execute(client, &[]).await?;
    let given = load.coverage.is_none();
    for statement in [query::COVERAGE_CLOSE_UNITS, query::COVERAGE_OPEN_UNITS] {
        statement.execute(client, &[(city, Type::TEXT), (&rev, Type::INT4), (&given, Type::BOOL)]).await?;
    }
    let mut ids = vec![0; load.units.len()];
    for row in query::COVERAGE_STAGED_IDS.rows(client, &[]).await? {
        let level = row.get::<_, &str>(0).parse::<Collection>().ok();
        if let Some(place) = level.and_then(|level| hierarchy.place(level, row.get(1))) {
            ids[place] = row.get(2);
        }
    }
    Ok(ids)
}

fn staging_rows(
    load: &UnitsLoad,
    hierarchy: &Hierarchy<'_>,
    polygons: Vec<Option<MultiPolygon<f64>>>,
) -> BytesMut {
    let mut out = BytesMut::new();
    copy_format::begin(&mut out);
    for (place, (unit, polygons)) in load.units.iter().zip(polygons).enumerate() {
        copy_format::row_head(8, &mut out);
        for text in [
            Some(unit.collection.name()),
            Some(&unit.code),
            Some(&unit.name),
            unit.kind.as_deref(),
            unit.urban_rural_class.as_deref(),
            hierarchy.parent(place).map(|parent| parent.collection.name()),
            unit.parent_code.as_deref(),
        ] {
            copy_format::text(text, &mut out);
        }
        copy_format::polygons(polygons, &mut out);
    }
    copy_format::end(&mut out);
    out
}

/// Writes the derived rows that differ, level by level.
async fn derive(client: &Client, load: &UnitsLoad) -> Result<Vec<(Collection, LoadCounts)>, StoreError> {
    query::COVERAGE_BEGIN_DERIVING.batch(client).await?;
    let given = of_levels(load);
    let mut counts = Vec::new();
    for level in Collection::UNITS.iter().copied() {
        query::COLLECTION_STAGE_DERIVED.batch_of(client, level).await?;
        let removed = query::COLLECTION_DELETE_RETIRED.execute_of(client, level).await?;
        let changed = query::COLLECTION_UPDATE_CHANGED.execute_of(client, level).await?;
        let loaded = query::COLLECTION_INSERT_DERIVED.execute_of(client, level).await?;
        query::COLLECTION_DROP_STAGING.batch_of(client, level).await?;
        let given = given.get(&level).copied().unwrap_or_default();
        if given > 0 || removed > 0 {
            let unchanged = given - changed - loaded;
            counts.push((level, LoadCounts { loaded, changed, unchanged, removed }));
        }
    }
    query::COVERAGE_END_DERIVING.batch(client).await?;
    query::COVERAGE_DROP_STAGING.batch(client).await?;
    Ok(counts)
}

fn unchanged(load: &UnitsLoad) -> Vec<(Collection, LoadCounts)> {
    let given = of_levels(load);
    let counts = |level: &Collection| {
        let unchanged = *given.get(level)?;
        Some((*level, LoadCounts { unchanged, ..LoadCounts::default() }))
    };
    Collection::UNITS.iter().filter_map(counts).collect()
}

fn of_levels(load: &UnitsLoad) -> HashMap<Collection, u64> {
    let mut given = HashMap::new();
    for unit in &load.units {
        *given.entry(unit.collection).or_default() += 1;
    }
    given
}
