//! Reading what single revisions changed of the stored coverage, without a walk through all of it.

use cim_crs::LatticePoint;
use cim_model::Collection;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::stored::points;
use crate::{StoreError, query};

/// With more changed arcs or faces than this, reading the whole coverage is as good.
const MOST_CHANGED: usize = 4_000;

/// The revision of a city that holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageHead {
    /// The city's division code.
    pub city_code: String,
    /// The revision.
    pub revision: i64,
    /// Whether the layer is an exact partition.
    pub clean: bool,
    /// The level of the faces' base units.
    pub base_level: Collection,
}

/// A face as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFace {
    /// The code of its unit of the finest level.
    pub base_code: String,
    /// The code of the exclusive grid over it.
    pub overlay_code: Option<String>,
}

/// An arc as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredArc {
    /// The face on its left hand; none is the outside.
    pub left_face: Option<i64>,
    /// The face on its right hand.
    pub right_face: Option<i64>,
    /// Its points.
    pub points: Vec<LatticePoint>,
}

/// What differs between two revisions of a city's coverage, by the ids of faces and arcs; those without a state are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageChange {
    /// Its faces, by id.
    pub faces: Vec<(i64, Option<StoredFace>)>,
    /// Its arcs, by id.
    pub arcs: Vec<(i64, Option<StoredArc>)>,
}

/// The revisions that hold now.
pub(crate) async fn heads(client: &Client) -> Result<Vec<CoverageHead>, StoreError> {
    Ok(query::COVERAGE_HEADS.rows(client, &[]).await?.iter().map(head).collect())
}

pub(super) fn head(row: &Row) -> CoverageHead {
    let level: &str = row.get("base_level");
    CoverageHead {
        city_code: row.get("city_code"),
        revision: i64::from(row.get::<_, i32>("rev")),
        clean: row.get("clean"),
        base_level: level.parse().unwrap_or(Collection::MicroGrid),
    }
}

/// What became of a city's coverage after a revision; `None` when too much did.
pub(crate) async fn since(
    client: &Client,
    revision: i64,
    head: &CoverageHead,
) -> Result<Option<CoverageChange>, StoreError> {
    let number = |revision: i64| i32::try_from(revision).unwrap_or(i32::MAX);
    let (from, to) = (number(revision), number(head.revision));
    let most = i64::try_from(MOST_CHANGED + 1).unwrap_or(i64::MAX);
    let range: [(&(dyn ToSql + Sync), Type); 4] =
        [(&head.city_code, Type::TEXT), (&from, Type::INT4), (&to, Type::INT4), (&most, Type::INT8)];
    let arcs = query::COVERAGE_CHANGED_ARCS.rows(client, &range).await?;
    let faces = query::COVERAGE_CHANGED_FACES.rows(client, &range).await?;
    let is_listed = arcs.len() <= MOST_CHANGED && faces.len() <= MOST_CHANGED;
    Ok(is_listed.then(|| CoverageChange {
        faces: faces.iter().map(|row| (row.get("id"), face(row))).collect(),
        arcs: arcs.iter().map(|row| (row.get("id"), arc(row))).collect(),
    }))
}

fn face(row: &Row) -> Option<StoredFace> {
    let base_code: Option<String> = row.get("base_code");
    Some(StoredFace { base_code: base_code?, overlay_code: row.get("overlay_code") })
}

fn arc(row: &Row) -> Option<StoredArc> {
    let numbers: Option<Vec<i64>> = row.get("points");
    Some(StoredArc {
        left_face: row.get("left_face"),
        right_face: row.get("right_face"),
        points: points(&numbers?),
    })
}
