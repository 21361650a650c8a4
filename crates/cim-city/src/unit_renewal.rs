//! Units, their covers and their borders after a step: only what changed is read, where that is little.

use std::collections::HashMap;
use std::sync::Arc;

use cim_mirror::View;
use cim_model::Collection;
use cim_store::{ChangedRows, CoverageChange, CoverageHead, SnapshotReader, StoreError, StoredCoverage};
use cim_tile::{
    BorderLine, Boundaries, BoundaryChange, CityCoverage, FaceUnits, GroundChange, LayerSource, UnitsChanged,
};

use crate::change::{Place, row_difference};
use crate::load::{ChangedArea, Step, lay_over, off_the_runtime, read_collection};
use crate::units::{LevelPolygons, Units};
use crate::version::place_of;

/// Units hang together with their borders: they are always renewed together.
pub(crate) async fn renew_units(
    step: &mut Step,
    reader: &SnapshotReader,
    collections: &[(Collection, ChangedRows)],
) -> Result<(), StoreError> {
    let heads = reader.coverage_heads().await?;
    let is_done = match (ids_of(collections), changed_grounds(step, reader, &heads).await?) {
        (Some(units), Some(grounds)) => renew_changed(step, reader, units, grounds, &heads).await?,
        _ => false,
    };
    if !is_done {
        renew_all(step, reader).await?;
    }
    step.version.coverage_heads = heads.into();
    Ok(())
}

/// The units that were written, by level; `None` when too many were.
fn ids_of(collections: &[(Collection, ChangedRows)]) -> Option<Vec<UnitsChanged>> {
    let of_units = collections.iter().filter(|(collection, _)| collection.is_unit());
    of_units
        .map(|(collection, rows)| match rows {
            ChangedRows::Ids(ids) => Some((*collection, ids.clone())),
            ChangedRows::All => None,
        })
        .collect()
}

/// What became of the ground of every city that is an exact partition; `None` when it must be read again as a whole.
async fn changed_grounds(
    step: &Step,
    reader: &SnapshotReader,
    heads: &[CoverageHead],
) -> Result<Option<Vec<GroundChange>>, StoreError> {
    let known = &step.version.coverage_heads;
    if known.len() != heads.len() || known.is_empty() {
        return Ok(None);
    }
    let mut grounds = Vec::new();
    for (old, head) in known.iter().zip(heads) {
        let is_same_ground = (&old.city_code, old.clean, old.base_level, true)
            == (&head.city_code, head.clean, head.base_level, old.revision <= head.revision);
        let has_moved = old.revision != head.revision;
        if !is_same_ground || (has_moved && !head.clean) {
            return Ok(None);
        }
        if has_moved {
            let Some(change) = reader.coverage_since(old.revision, head).await? else { return Ok(None) };
            grounds.push(ground_change(change));
        } else if head.clean {
            grounds.push(GroundChange::default());
        }
    }
    Ok(Some(grounds))
}

fn ground_change(change: CoverageChange) -> GroundChange {
    let faces = change.faces.into_iter().map(|(id, face)| {
        (id, face.map(|face| FaceUnits { base: face.base_code, overlay: face.overlay_code }))
    });
    let arcs = change.arcs.into_iter().map(|(id, arc)| {
        let line = |arc: cim_store::StoredArc| BorderLine {
            left: arc.left_face,
            right: arc.right_face,
            points: arc.points,
        };
        (id, arc.map(line))
    });
    GroundChange { faces: faces.collect(), arcs: arcs.collect() }
}

/// Takes in single units and the ground under them; whether that could be done.
async fn renew_changed(
    step: &mut Step,
    reader: &SnapshotReader,
    units: Vec<UnitsChanged>,
    grounds: Vec<GroundChange>,
    heads: &[CoverageHead],
) -> Result<bool, StoreError> {
    let mut areas: Vec<(Collection, Vec<ChangedArea>)> = Vec::new();
    for (level, ids) in &units {
        areas.push((*level, lay_over(step, reader, *level, ids).await?));
    }
    let revision = heads.iter().map(|head| head.revision).max();
    let views = step.version.views.clone();
    let (units_before, before) = (Arc::clone(&step.version.units), Arc::clone(&step.version.boundaries));
    let renewed = off_the_runtime(move || {
        let levels: Vec<&View> = Collection::UNITS.iter().map(|level| &views[place_of(*level)]).collect();
        let (boundaries, changes) = before.after(&levels, &units, &grounds)?;
        let units = units_before.after(|collection| &views[place_of(collection)], &areas, revision);
        let places = changes.iter().flat_map(|change| places_of(change, &before, &boundaries)).collect();
        Some((units, boundaries, places))
    });
    let renewed: Option<(Units, Boundaries, Vec<Place>)> = renewed.await;
    let Some((units, boundaries, places)) = renewed else { return Ok(false) };
    step.version.units = Arc::new(units);
    step.version.boundaries = Arc::new(boundaries);
    step.change.places.extend(places);
    Ok(true)
}

/// Where rows of a boundary layer differ.
fn places_of(change: &BoundaryChange, before: &Boundaries, after: &Boundaries) -> Vec<Place> {
    let zoom = change.zoom.unwrap_or(0);
    let table = |boundaries: &'_ Boundaries| -> Option<cim_tile::UnitTable> {
        match change.source {
            LayerSource::Boundary(level) => boundaries.table(level, zoom).cloned(),
            _ => Some(boundaries.labels().clone()),
        }
    };
    let (Some(old), Some(new)) = (table(before), table(after)) else { return Vec::new() };
    let mut boxes = Vec::new();
    for id in &change.ids {
        row_difference(old.find(*id), new.find(*id), &mut boxes);
    }
    boxes.into_iter().map(|bounds| Place { source: change.source, zoom: change.zoom, bounds }).collect()
}

async fn renew_all(step: &mut Step, reader: &SnapshotReader) -> Result<(), StoreError> {
    let mut polygons: HashMap<Collection, LevelPolygons> = HashMap::new();
    for level in Collection::UNITS {
        let mut read = read_collection(reader, *level).await?;
        polygons.insert(*level, std::mem::take(&mut read.polygons));
        step.replace(*level, read);
    }
    let stored = reader.read_coverage().await?;
    let revision = stored.iter().map(|city| city.revision).max();
    let views = step.version.views.clone();
    let (units, boundaries) = off_the_runtime(move || {
        let units = Units::new(|collection| &views[place_of(collection)], &polygons, revision);
        let levels: Vec<&View> = Collection::UNITS.iter().map(|level| &views[place_of(*level)]).collect();
        let coverages = stored.into_iter().filter(|city| city.clean).filter_map(city_coverage);
        let boundaries = Boundaries::new(&levels, coverages.collect());
        (units, boundaries)
    })
    .await;
    step.version.units = Arc::new(units);
    step.version.boundaries = Arc::new(boundaries);
    Ok(())
}

fn city_coverage(city: StoredCoverage) -> Option<CityCoverage> {
    Some(CityCoverage {
        coverage: city.coverage?,
        base_level: city.base_level,
        base_codes: city.base_codes,
        overlay_codes: city.overlay_codes,
        face_ids: city.face_ids,
        arc_ids: city.arc_ids,
    })
}
