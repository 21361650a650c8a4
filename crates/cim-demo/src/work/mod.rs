//! A year of work: hotline cases, city-management cases, findings and inspections, town by town.

pub(crate) mod case;
mod findings;
mod hotline;
mod hotspots;
mod scenes;
mod street;
mod words;

use crate::calendar::{Clock, DAYS};
use crate::categories::small_classes;
use crate::grids::share_out;
use crate::model::Model;
use case::Case;
pub(crate) use findings::{Finding, Inspection};
use hotspots::Hotspot;
use scenes::Scenes;
use std::collections::BTreeMap;

/// Rows in a pack of 371 days, so that a year of them is 270,000, 80,000 and 150,000.
const HOTLINE: usize = 270_000 * DAYS / 365 + 900;
const STREET: usize = 80_000 * DAYS / 365 + 300;
const FINDINGS: usize = 150_000 * DAYS / 365 + 500;
const INSPECTIONS: usize = 24_000 * DAYS / 365;

/// What the towns share: clock, classes, quotas, hot spots.
pub(crate) struct Year {
    clock: Clock,
    classes: BTreeMap<&'static str, Vec<&'static str>>,
    hotline: Vec<usize>,
    street: Vec<usize>,
    findings: Vec<usize>,
    inspections: Vec<usize>,
    hotspots: Vec<Hotspot>,
}

/// The work of one town.
pub(crate) struct TownWork {
    pub(crate) cases: Vec<Case>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) inspections: Vec<Inspection>,
}

impl Year {
    /// Shares the year out between the towns.
    pub(crate) fn plan(model: &Model) -> Self {
        let mut households = vec![0.0; model.divisions.towns.len()];
        let mut grids = vec![0.0; households.len()];
        for house in &model.stock {
            let town = model.divisions.villages[model.village_of(house.face) as usize].town;
            households[town as usize] += f64::from(house.households);
        }
        for grid in &model.grids.comprehensive {
            grids[model.divisions.villages[grid.parent as usize].town as usize] += 1.0;
        }
        let busy: Vec<f64> = households.iter().map(|&count| count + 20.0).collect();
        let urban: Vec<f64> =
            households.iter().map(|&count| count * (1.0 + count / 60_000.0) + 5.0).collect();
        let free = vec![usize::MAX; households.len()];
        Self {
            clock: Clock::new(),
            classes: small_classes(),
            hotline: share_out(&busy, &free, HOTLINE),
            street: share_out(&urban, &free, STREET),
            findings: share_out(&grids, &free, FINDINGS),
            inspections: share_out(&grids, &free, INSPECTIONS),
            hotspots: hotspots::plan(model, &busy),
        }
    }

    /// The work of one town, the same whatever else is made.
    pub(crate) fn town(&self, model: &Model, town: u16) -> TownWork {
        let scenes = Scenes::of(model, town);
        let inspections = findings::inspections(self, model, &scenes, town);
        let mut findings = findings::findings(self, model, &scenes, town, &inspections);
        let mut cases = hotline::cases(self, model, &scenes, town);
        cases.extend(street::cases(self, model, &scenes, town, &mut findings));
        TownWork { cases, findings, inspections }
    }
}
