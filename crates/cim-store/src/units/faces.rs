//! Writing a coverage as a difference from the one that is stored: what stays the same keeps its number and its state.

use std::collections::HashMap;

use bytes::BytesMut;
use cim_coverage::{Coverage, FaceId};
use cim_crs::LatticePoint;
use futures_util::SinkExt;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::hierarchy::Hierarchy;
use crate::query::{self, Query};
use crate::{StoreError, copy_format, load};

/// What is written about one revision.
pub(super) struct Target<'a> {
    pub(super) client: &'a Client,
    pub(super) city_code: &'a str,
    pub(super) rev: i32,
    /// The number of every unit, by its place in the load.
    pub(super) unit_ids: &'a [i64],
}

/// A face is the same as long as its units and the least point of its border are.
type FaceKey = (i64, Option<i64>, LatticePoint);
type ArcKey = (Vec<i64>, Option<i64>, Option<i64>);

/// Makes the stored coverage equal to the given one; without one, the stored one ends.
pub(super) async fn write(
    target: &Target<'_>,
    coverage: Option<&Coverage>,
    hierarchy: &Hierarchy<'_>,
) -> Result<(), StoreError> {
    let none = Coverage::default();
    let coverage = coverage.unwrap_or(&none);
    let old_arcs = stored_arcs(target).await?;
    let faces = write_faces(target, coverage, hierarchy, &old_arcs).await?;
    let nodes = write_nodes(target, coverage).await?;
    write_arcs(target, coverage, old_arcs, &faces, &nodes).await
}

async fn stored_arcs(target: &Target<'_>) -> Result<HashMap<ArcKey, i64>, StoreError> {
    let rows = query::COVERAGE_ARCS.rows(target.client, &[(&target.city_code, Type::TEXT)]).await?;
    Ok(rows
        .iter()
        .map(|row| ((row.get("points"), row.get("left_face"), row.get("right_face")), row.get("id")))
        .collect())
}

/// Writes faces and answers with the number of each.
async fn write_faces(
    target: &Target<'_>,
    coverage: &Coverage,
    hierarchy: &Hierarchy<'_>,
    old_arcs: &HashMap<ArcKey, i64>,
) -> Result<Vec<i64>, StoreError> {
    let mut old_anchors: HashMap<i64, LatticePoint> = HashMap::new();
    for (points, left, right) in old_arcs.keys() {
        let least = points.chunks_exact(2).map(|pair| LatticePoint { x: pair[0], y: pair[1] }).min();
        if let Some(least) = least {
            [left, right].into_iter().flatten().for_each(|face| keep_least(&mut old_anchors, *face, least));
        }
    }
    let mut anchors: HashMap<FaceId, LatticePoint> = HashMap::new();
    for arc in &coverage.arcs {
        if let Some(least) = arc.points.iter().copied().min() {
            [arc.left, arc.right]
                .into_iter()
                .flatten()
                .for_each(|face| keep_least(&mut anchors, face, least));
        }
    }
    let unit_id = |place: Option<usize>| place.map(|place| target.unit_ids[place]);
    let keys: Vec<FaceKey> = (0_u32..)
        .zip(&coverage.faces)
        .map(|(number, face)| {
            let base = unit_id(hierarchy.base_unit(face.base)).unwrap_or_default();
            let anchor = anchors.get(&FaceId(number)).copied().unwrap_or(LatticePoint { x: 0, y: 0 });
            (base, unit_id(hierarchy.overlay_unit(face.overlay)), anchor)
        })
        .collect();
    let rows = query::COVERAGE_STORED_FACES.rows(target.client, &[(&target.city_code, Type::TEXT)]).await?;
    let mut old: HashMap<FaceKey, i64> = HashMap::new();
    let mut gone: Vec<i64> = Vec::new();
    for row in &rows {
        let id: i64 = row.get(0);
        let anchor = old_anchors.get(&id).copied().unwrap_or(LatticePoint { x: 0, y: 0 });
        // Two faces of one unit that share their least point cannot be told apart: one of them begins anew.
        gone.extend(old.insert((row.get(1), row.get(2), anchor), id));
    }
    let copy = Copying { statement: query::COVERAGE_COPY_FACES, columns: 5 };
    let ids = assign(target, keys.iter(), &mut old, &copy, |key, out| {
        copy_format::int(Some(key.0), out);
        copy_format::int(key.1, out);
    })
    .await?;
    gone.extend(old.into_values());
    close(target, query::COVERAGE_CLOSE_FACES, &gone).await?;
    Ok(ids)
}

fn keep_least<K: std::hash::Hash + Eq>(least: &mut HashMap<K, LatticePoint>, key: K, point: LatticePoint) {
    least.entry(key).and_modify(|known| *known = point.min(*known)).or_insert(point);
}

/// Writes nodes and answers with the number of each place.
async fn write_nodes(
    target: &Target<'_>,
    coverage: &Coverage,
) -> Result<HashMap<LatticePoint, i64>, StoreError> {
    let mut places: Vec<LatticePoint> = coverage
        .arcs
        .iter()
        .flat_map(|arc| [arc.points.first(), arc.points.last()])
        .flatten()
        .copied()
        .collect();
    places.sort_unstable();
    places.dedup();
    let rows = query::COVERAGE_NODES.rows(target.client, &[(&target.city_code, Type::TEXT)]).await?;
    let mut old: HashMap<LatticePoint, i64> =
        rows.iter().map(|row| (LatticePoint { x: row.get(1), y: row.get(2) }, row.get(0))).collect();
    let copy = Copying { statement: query::COVERAGE_COPY_NODES, columns: 5 };
    let ids = assign(target, places.iter(), &mut old, &copy, |place, out| {
        copy_format::int(Some(place.x), out);
        copy_format::int(Some(place.y), out);
    })
    .await?;
    close(target, query::COVERAGE_CLOSE_NODES, &old.into_values().collect::<Vec<_>>()).await?;
    Ok(places.into_iter().zip(ids).collect())
}

async fn write_arcs(
    target: &Target<'_>,
    coverage: &Coverage,
    mut old: HashMap<ArcKey, i64>,
    faces: &[i64],
    nodes: &HashMap<LatticePoint, i64>,
) -> Result<(), StoreError> {
    let arcs: Vec<ArcKey> = coverage
        .arcs
        .iter()
        .map(|arc| {
            let points = arc.points.iter().flat_map(|point| [point.x, point.y]).collect();
            let side = |face: Option<FaceId>| face.map(|face| faces[face.index()]);
            (points, side(arc.left), side(arc.right))
        })
        .collect();
    let copy = Copying { statement: query::COVERAGE_COPY_ARCS, columns: 8 };
    let node = |x: i64, y: i64| nodes.get(&LatticePoint { x, y }).copied();
    assign(target, arcs.iter(), &mut old, &copy, |key, out| {
        let (points, left, right) = key;
        copy_format::int(node(points[0], points[1]), out);
        copy_format::int(node(points[points.len() - 2], points[points.len() - 1]), out);
        copy_format::int(*left, out);
        copy_format::int(*right, out);
        copy_format::ints(points.iter().copied(), out);
    })
    .await?;
    close(target, query::COVERAGE_CLOSE_ARCS, &old.into_values().collect::<Vec<_>>()).await
}

struct Copying {
    statement: Query,
    columns: usize,
}

/// Gives every key the number it has, or a new one and a row; what remains in `old` is gone.
async fn assign<'k, K: Eq + std::hash::Hash + 'k>(
    target: &Target<'_>,
    keys: impl Iterator<Item = &'k K>,
    old: &mut HashMap<K, i64>,
    copying: &Copying,
    write_rest: impl Fn(&K, &mut BytesMut),
) -> Result<Vec<i64>, StoreError> {
    let mut ids: Vec<Option<i64>> = Vec::new();
    let mut new: Vec<&K> = Vec::new();
    for key in keys {
        let known = old.remove(key);
        if known.is_none() {
            new.push(key);
        }
        ids.push(known);
    }
    let count = i64::try_from(new.len()).expect("memory holds fewer than 2^63 keys");
    let rows = query::COVERAGE_NEW_IDS.rows(target.client, &[(&count, Type::INT8)]).await?;
    let mut fresh = rows.iter().map(|row| row.get::<_, i64>(0));
    let mut out = BytesMut::new();
    copy_format::begin(&mut out);
    let mut written = Vec::with_capacity(new.len());
    for (key, id) in new.into_iter().zip(fresh.by_ref()) {
        copy_format::row_head(copying.columns, &mut out);
        copy_format::int(Some(id), &mut out);
        copy_format::revisions_from(target.rev, &mut out);
        copy_format::text(Some(target.city_code), &mut out);
        write_rest(key, &mut out);
        written.push(id);
    }
    copy_format::end(&mut out);
    send(target.client, copying.statement, out).await?;
    let mut written = written.into_iter();
    Ok(ids.into_iter().filter_map(|known| known.or_else(|| written.next())).collect())
}

/// Sends one whole COPY.
pub(super) async fn send(client: &Client, statement: Query, rows: BytesMut) -> Result<(), StoreError> {
    let mut sink = std::pin::pin!(load::open_copy(client, statement, statement.text).await?);
    sink.send(rows.freeze()).await.map_err(|source| statement.refused(source))?;
    sink.finish().await.map(drop).map_err(|source| statement.refused(source))
}

async fn close(target: &Target<'_>, statement: Query, ids: &[i64]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    statement.execute(target.client, &[(&ids, Type::INT8_ARRAY), (&target.rev, Type::INT4)]).await.map(drop)
}
