//! Reading the elements of a coverage as of a revision, and what differs between two.

use std::collections::BTreeMap;
use std::sync::Arc;

use cim_coverage::{
    ArcNo, BorderArc, Change, Delta, FaceNo, GroundFace, Level, NodeNo, Topology, TopologyParts, UnitNo,
    UnitState,
};
use cim_crs::LatticePoint;
use cim_model::Collection;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::level::level_of;
use crate::pool::RunsStatements;
use crate::query::Query;
use crate::{Store, StoreError, query};

const MICRO_GRIDS: Level = Level(4);

/// Everything that a coverage is made of.
#[derive(Debug, Clone, Default)]
pub struct StoredElements {
    /// Nodes by number.
    pub nodes: Vec<(NodeNo, LatticePoint)>,
    /// Arcs by number.
    pub arcs: Vec<(ArcNo, Arc<BorderArc>)>,
    /// Faces by number.
    pub faces: Vec<(FaceNo, GroundFace)>,
    /// Units by number.
    pub units: Vec<(UnitNo, Arc<UnitState>)>,
}

impl StoredElements {
    /// The coverage that these elements make; one that names no level as its finest is taken to end at the micro grids.
    #[must_use]
    pub fn topology(self, base_level: &str) -> Topology {
        let Self { nodes, arcs, faces, units } = self;
        let base_level = base_level.parse().ok().and_then(level_of).unwrap_or(MICRO_GRIDS);
        Topology::new(TopologyParts { base_level, nodes, arcs, faces, units })
    }
}

impl Store {
    /// The elements of a city as of a revision.
    pub async fn elements_at(&self, city_code: &str, rev: i32) -> Result<StoredElements, StoreError> {
        elements_at(&self.client().await?, city_code, rev).await
    }

    /// What differs between two revisions of a city, the earlier first.
    pub async fn elements_between(&self, city_code: &str, from: i32, to: i32) -> Result<Delta, StoreError> {
        elements_between(&self.client().await?, city_code, from, to).await
    }

    /// Every code that units of a city had until a revision, by level.
    pub async fn codes_ever_used(
        &self,
        city_code: &str,
        rev: i32,
    ) -> Result<Vec<(Level, String)>, StoreError> {
        let client = self.client().await?;
        let rows = query::COVERAGE_CODES_EVER_USED
            .rows(&client, &[(&city_code, Type::TEXT), (&rev, Type::INT4)])
            .await?;
        Ok(rows.iter().filter_map(|row| Some((level_at(row)?, row.get("code")))).collect())
    }
}

pub(super) async fn elements_at(
    client: &impl RunsStatements,
    city_code: &str,
    rev: i32,
) -> Result<StoredElements, StoreError> {
    let at: [(&(dyn ToSql + Sync), Type); 2] = [(&city_code, Type::TEXT), (&rev, Type::INT4)];
    let rows = async |statement: Query| statement.rows(client, &at).await;
    Ok(StoredElements {
        nodes: rows(query::COVERAGE_NODES_AT)
            .await?
            .iter()
            .map(|row| (NodeNo(row.get("id")), node(row)))
            .collect(),
        arcs: rows(query::COVERAGE_ARCS_AT)
            .await?
            .iter()
            .map(|row| (ArcNo(row.get("id")), arc(row)))
            .collect(),
        faces: rows(query::COVERAGE_GROUND_AT)
            .await?
            .iter()
            .map(|row| (FaceNo(row.get("id")), face(row)))
            .collect(),
        units: rows(query::COVERAGE_UNITS_AT)
            .await?
            .iter()
            .filter_map(|row| Some((UnitNo(row.get("id")), unit(row)?)))
            .collect(),
    })
}

pub(super) async fn elements_between(
    client: &impl RunsStatements,
    city_code: &str,
    from: i32,
    to: i32,
) -> Result<Delta, StoreError> {
    let between: [(&(dyn ToSql + Sync), Type); 3] =
        [(&city_code, Type::TEXT), (&from, Type::INT4), (&to, Type::INT4)];
    let rows = async |statement: Query| statement.rows(client, &between).await;
    Ok(Delta {
        nodes: changes(&rows(query::COVERAGE_NODES_BETWEEN).await?, NodeNo, |row| Some(node(row))),
        arcs: changes(&rows(query::COVERAGE_ARCS_BETWEEN).await?, ArcNo, |row| Some(arc(row))),
        faces: changes(&rows(query::COVERAGE_FACES_BETWEEN).await?, FaceNo, |row| Some(face(row))),
        units: changes(&rows(query::COVERAGE_UNITS_BETWEEN).await?, UnitNo, unit),
    })
}

/// Pairs the two states of every element, and leaves out those that are equal.
fn changes<N: Copy, T: PartialEq + Clone>(
    rows: &[Row],
    number: impl Fn(i64) -> N,
    read: impl Fn(&Row) -> Option<T>,
) -> Vec<Change<N, T>> {
    let mut pairs: BTreeMap<i64, [Option<T>; 2]> = BTreeMap::new();
    for row in rows {
        let pair = pairs.entry(row.get("id")).or_default();
        for (place, name) in ["is_before", "is_after"].into_iter().enumerate() {
            if row.get(name) {
                pair[place] = read(row);
            }
        }
    }
    let differing = pairs.into_iter().filter(|(_, [before, after])| before != after);
    differing.map(|(id, [before, after])| Change { no: number(id), before, after }).collect()
}

fn node(row: &Row) -> LatticePoint {
    LatticePoint { x: row.get("x"), y: row.get("y") }
}

fn arc(row: &Row) -> Arc<BorderArc> {
    let numbers: Vec<i64> = row.get("points");
    Arc::new(BorderArc {
        start: NodeNo(row.get("start_node")),
        end: NodeNo(row.get("end_node")),
        points: numbers.chunks_exact(2).map(|pair| LatticePoint { x: pair[0], y: pair[1] }).collect(),
        left: row.get::<_, Option<i64>>("left_face").map(FaceNo),
        right: row.get::<_, Option<i64>>("right_face").map(FaceNo),
    })
}

fn face(row: &Row) -> GroundFace {
    GroundFace {
        base: UnitNo(row.get("base_unit")),
        overlay: row.get::<_, Option<i64>>("overlay_unit").map(UnitNo),
    }
}

fn level_at(row: &Row) -> Option<Level> {
    level_of(row.get::<_, &str>("level").parse::<Collection>().ok()?)
}

/// None for a level that this program does not know: a newer one wrote it.
fn unit(row: &Row) -> Option<Arc<UnitState>> {
    Some(Arc::new(UnitState {
        level: level_at(row)?,
        code: row.get("code"),
        name: row.get("name"),
        kind: row.get("kind"),
        class: row.get("urban_rural_class"),
        parent: row.get::<_, Option<i64>>("parent_id").map(UnitNo),
        parent_code: row.get("parent_code"),
    }))
}
