//! Balanced grids: how one with too many households could be split and one with too few merged, as ordinary operations.

use cim_access::Scope;
use cim_coverage::{Topology, UnitNo};
use cim_model::Collection;
use cim_store::level_of;
use serde::Serialize;

use super::codes::CodeBook;
use super::figures::{HOUSEHOLD_BAND, UnitFigures, figures};
use super::operation_body::{OperationBody, UnitRef};
use super::proposal_line::cutting_lines;
use super::proposal_parts::halves;
use super::session::{Prepared, session, step};
use super::topology::find_unit;
use crate::version::Version;
use crate::{City, CityError, load};

/// At most so many are told, best first.
const MOST: usize = 5;

/// A grid to be balanced in a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalQuery {
    /// The draft.
    pub changeset: i64,
    /// The grid, by code or number.
    pub unit: String,
}

/// The grid as it is, and what could be done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProposalAnswer {
    /// The grid.
    pub unit: UnitFigures,
    /// Best first; empty when it has 300 to 500 households, or nothing helps.
    pub proposals: Vec<Proposal>,
}

/// Something that could be done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// `along_micro_grids`, `along_road`, `between_buildings` or `merge`.
    pub reason: &'static str,
    /// The operations, to be sent as they are.
    pub operations: Vec<OperationBody>,
    /// The grids as they would be.
    pub units: Vec<UnitFigures>,
}

impl City {
    /// How a grid of a draft could be split or merged, each way tried on the draft's state.
    pub async fn changeset_proposals(
        &self,
        scope: &Scope,
        query: &ProposalQuery,
    ) -> Result<ProposalAnswer, CityError> {
        let desk = &self.inner.boundaries;
        let _turn = desk.large_reads.acquire().await;
        let held = desk.sessions.hold(&self.inner.store, &desk.heads, query.changeset).await?;
        let now = session(&held)?;
        let (topology, codes) = (now.current().clone(), std::sync::Arc::clone(&now.codes));
        let opens_outline = now.changeset.opens_outline;
        drop(held);
        let version = self.version_for(scope)?;
        let no_unit = || CityError::NotFound { what: "unit", name: query.unit.clone() };
        let unit = find_unit(&topology, &query.unit).ok_or_else(no_unit)?;
        let answered = load::off_the_runtime(move || {
            let now = figures(&version, &topology, unit)?;
            let ways = ways(&version, &topology, unit, &now);
            let trial = Trial { version: &version, topology: &topology, codes: &codes, opens_outline };
            let mut tried: Vec<(i64, Proposal)> = ways.into_iter().filter_map(|way| trial.of(way)).collect();
            tried.sort_by_key(|(badness, _)| *badness);
            let proposals = tried.into_iter().take(MOST).map(|(_, proposal)| proposal).collect();
            Some(ProposalAnswer { unit: now, proposals })
        });
        answered.await.ok_or_else(no_unit)
    }
}

/// What could be tried.
type Way = (&'static str, OperationBody);

fn ways(version: &Version, topology: &Topology, unit: UnitNo, now: &UnitFigures) -> Vec<Way> {
    let reference = UnitRef::Number(unit.0);
    if now.households > *HOUSEHOLD_BAND.end() {
        let children: Vec<UnitNo> =
            topology.children(unit).filter(|child| is_of_chain(topology, *child)).collect();
        if children.len() > 1 {
            let numbers = |units: &[UnitNo]| units.iter().map(|unit| UnitRef::Number(unit.0)).collect();
            let off = |units: Vec<UnitNo>| OperationBody::SplitOff {
                unit: reference.clone(),
                children: numbers(&units),
                name: None,
                code: None,
            };
            let parts = halves(version, topology, &children);
            return parts.into_iter().map(|units| ("along_micro_grids", off(units))).collect();
        }
        let lines = cutting_lines(version, topology, unit);
        let cut = |line| OperationBody::Split {
            unit: reference.clone(),
            line,
            snap_m: 2.0,
            name: None,
            code: None,
        };
        return lines.into_iter().map(|(reason, line)| (reason, cut(line))).collect();
    }
    if now.households < *HOUSEHOLD_BAND.start() {
        let merge = |into: UnitNo| OperationBody::Merge {
            into: UnitRef::Number(into.0),
            from: vec![reference.clone()],
            allow_parts: false,
        };
        return siblings_beside(topology, unit).into_iter().map(|into| ("merge", merge(into))).collect();
    }
    Vec::new()
}

fn is_of_chain(topology: &Topology, unit: UnitNo) -> bool {
    topology.unit(unit).is_some_and(|unit| !unit.level.is_overlay())
}

/// Units of the same level and parent that share a border with it.
fn siblings_beside(topology: &Topology, unit: UnitNo) -> Vec<UnitNo> {
    let Some(state) = topology.unit(unit) else { return Vec::new() };
    let sides = topology.border_of(unit).into_iter().filter_map(|arc| topology.arc(arc));
    let faces = sides.flat_map(|arc| [arc.left, arc.right]).flatten();
    let neighbours = faces.filter_map(|face| topology.ancestor(topology.face(face)?.base, state.level));
    let mut found: Vec<UnitNo> = neighbours
        .filter(|other| {
            *other != unit && topology.unit(*other).is_some_and(|other| other.parent == state.parent)
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A state on which ways are tried.
struct Trial<'a> {
    version: &'a Version,
    topology: &'a Topology,
    codes: &'a CodeBook,
    opens_outline: bool,
}

impl Trial<'_> {
    /// The way with what would come of it, and how bad that is; none when a rule refuses it.
    fn of(&self, (reason, body): Way) -> Option<(i64, Proposal)> {
        let done = step(self.topology, self.codes, self.opens_outline, Prepared::Drawn(body.clone())).ok()?;
        let delta = self.topology.difference(&done.topology);
        let comprehensive = level_of(Collection::ComprehensiveGrid)?;
        let touched = super::touched::touched_units(self.topology, &done.topology, &delta);
        let units: Vec<UnitFigures> = touched
            .into_iter()
            .filter(|unit| done.topology.unit(*unit).is_some_and(|state| state.level == comprehensive))
            .filter_map(|unit| figures(self.version, &done.topology, unit))
            .collect();
        if units.is_empty() {
            return None;
        }
        // Households outside of the band first, then what is uneven, then what is ragged.
        let outside: i64 = units.iter().map(|unit| outside_of_band(unit.households)).sum();
        let middle = (HOUSEHOLD_BAND.start() + HOUSEHOLD_BAND.end()) / 2;
        let uneven: i64 = units.iter().map(|unit| (unit.households - middle).abs()).sum();
        #[expect(clippy::cast_possible_truncation, reason = "compactness is 0 to 1")]
        let ragged: i64 = units.iter().map(|unit| ((1.0 - unit.compactness) * 100.0) as i64).sum();
        let off_road = if reason == "between_buildings" { 40 } else { 0 };
        let badness = outside * 1_000 + uneven * 2 + ragged + off_road;
        Some((badness, Proposal { reason, operations: vec![body], units }))
    }
}

fn outside_of_band(households: i64) -> i64 {
    (HOUSEHOLD_BAND.start() - households).max(households - HOUSEHOLD_BAND.end()).max(0)
}
