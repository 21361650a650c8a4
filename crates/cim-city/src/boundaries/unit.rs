//! One unit: what it is called, whom it belongs to, who works there, what lies in it, and what became of it.

use cim_access::Scope;
use cim_coverage::{Topology, UnitNo};
use cim_store::collection_of;
use serde::Serialize;

use super::as_of::AsOf;
use super::figures::{UnitFigures, figures};
use super::revision::{LineageAnswer, lineage_answer};
use super::shape::DrawnShape;
use super::topology::find_unit;
use crate::responsible::today;
use crate::work::failed;
use crate::{City, CityError, PostAnswer, UnitName};

/// Which unit, and as of when.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitQuery {
    /// Its code, `level:code`, or its number.
    pub unit: String,
    /// As of when.
    pub as_of: AsOf,
    /// Whether its ground is wanted too.
    pub geometry: bool,
}

/// A unit as it is or was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitAnswer {
    /// Its number, the same through all its states.
    pub id: i64,
    /// Its collection's name.
    pub level: &'static str,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind, where units of its level have kinds.
    pub kind: Option<String>,
    /// Its class, where units of its level have classes.
    pub class: Option<String>,
    /// The units above it, the nearest first.
    pub chain: Vec<UnitName>,
    /// The units one level below it.
    pub children: Vec<UnitName>,
    /// Its posts as they are now, vacant ones too.
    pub posts: Vec<PostAnswer>,
    /// What lies in its ground now; of a past state the ground is of then and what lies in it is of now.
    pub figures: UnitFigures,
    /// What became of it through all revisions, the latest first.
    pub lineage: Vec<LineageAnswer>,
    /// The revision that answered.
    pub revision: i32,
    /// Its ground, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geometry: Option<DrawnShape>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
}

impl City {
    /// A unit by its code or number, as it is, or as it was on a day as far as was known at a time.
    pub async fn unit(&self, scope: &Scope, query: &UnitQuery) -> Result<UnitAnswer, CityError> {
        for head in self.boundaries_as_of(query.as_of).await? {
            let Some(unit) = find_unit(&head.topology, &query.unit) else { continue };
            let lineage = self.inner.store.lineage_of_unit(unit.0).await.map_err(failed)?;
            let version = self.version_for(scope)?;
            let topology = &head.topology;
            let (Some(state), Some(figures)) = (topology.unit(unit), figures(&version, topology, unit))
            else {
                continue;
            };
            return Ok(UnitAnswer {
                id: unit.0,
                level: figures.level,
                code: state.code.clone(),
                name: state.name.clone(),
                kind: state.kind.clone(),
                class: state.class.clone(),
                chain: chain(topology, unit),
                children: topology.children(unit).filter_map(|child| name(topology, child)).collect(),
                posts: version.people.posts_of(&state.code, today()),
                figures,
                lineage: lineage.into_iter().map(lineage_answer).collect(),
                revision: head.rev,
                geometry: query.geometry.then(|| DrawnShape::areas(&topology.polygons_of(unit))),
                as_of: self.as_of(),
            });
        }
        Err(CityError::NotFound { what: "unit", name: query.unit.clone() })
    }
}

fn chain(topology: &Topology, unit: UnitNo) -> Vec<UnitName> {
    let parent = |unit: UnitNo| topology.unit(unit).and_then(|unit| unit.parent);
    std::iter::successors(parent(unit), |unit| parent(*unit))
        .filter_map(|unit| name(topology, unit))
        .collect()
}

fn name(topology: &Topology, unit: UnitNo) -> Option<UnitName> {
    let state = topology.unit(unit)?;
    let level = collection_of(state.level)?.name();
    Some(UnitName { level, code: state.code.clone(), name: state.name.clone() })
}
