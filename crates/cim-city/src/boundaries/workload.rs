//! Whose work changes: comprehensive grids that gain or lose a tenth of their households or open cases, and their posts.

use std::collections::BTreeMap;

use cim_coverage::Topology;
use cim_model::Collection;
use cim_store::level_of;
use serde::Serialize;

use super::ground::Ground;
use super::impact_tally::Tally;
use crate::PostAnswer;
use crate::responsible::today;
use crate::version::Version;

/// A change by less is not told.
const LEAST_CHANGE: f64 = 0.1;

/// The work of a grid before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridWorkload {
    /// The grid's code.
    pub grid_code: String,
    /// The grid's name.
    pub grid_name: String,
    /// Households before; none where the grid is new.
    pub households_before: Option<i64>,
    /// Households after; none where the grid ends.
    pub households_after: Option<i64>,
    /// Open cases before.
    pub open_cases_before: Option<u64>,
    /// Open cases after.
    pub open_cases_after: Option<u64>,
    /// Its posts, vacant ones too.
    pub posts: Vec<PostAnswer>,
}

#[derive(Default, Clone, Copy)]
struct Work {
    households: i64,
    open_cases: u64,
}

/// Grids whose work changes, by code.
pub(super) fn workloads(
    version: &Version,
    tally: &Tally<'_>,
    (before, old): (&Topology, &Ground<'_>),
    (after, new): (&Topology, &Ground<'_>),
) -> Vec<GridWorkload> {
    let Some(level) = level_of(Collection::ComprehensiveGrid) else { return Vec::new() };
    let mut works: BTreeMap<&str, [Work; 2]> = BTreeMap::new();
    for ((was, will_be), counts) in &tally.counts {
        for (side, code) in [old.code(*was, level), new.code(*will_be, level)].into_iter().enumerate() {
            let Some(code) = code else { continue };
            let work = &mut works.entry(code).or_default()[side];
            work.households += counts.households;
            work.open_cases += counts.open_cases;
        }
    }
    let name = |topology: &Topology, code: &str| {
        let unit = topology.unit_by_code(level, code)?;
        topology.unit(unit).map(|unit| unit.name.clone())
    };
    let told = works.into_iter().filter_map(|(code, [was, will_be])| {
        let names = (name(before, code), name(after, code));
        let is_lasting = names.0.is_some() && names.1.is_some();
        if is_lasting && !changes(was, will_be) {
            return None;
        }
        Some(GridWorkload {
            grid_code: code.to_owned(),
            households_before: names.0.is_some().then_some(was.households),
            households_after: names.1.is_some().then_some(will_be.households),
            open_cases_before: names.0.is_some().then_some(was.open_cases),
            open_cases_after: names.1.is_some().then_some(will_be.open_cases),
            posts: version.people.posts_of(code, today()),
            grid_name: names.1.or(names.0).unwrap_or_default(),
        })
    });
    told.collect()
}

#[expect(clippy::cast_precision_loss, reason = "a grid has fewer than 2^53 households")]
fn changes(was: Work, will_be: Work) -> bool {
    let by = |before: f64, after: f64| (after - before).abs() / before.max(1.0);
    by(was.households as f64, will_be.households as f64) >= LEAST_CHANGE
        || by(was.open_cases as f64, will_be.open_cases as f64) >= LEAST_CHANGE
}
