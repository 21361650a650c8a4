//! Addresses that one text stands for, as candidates: one for each place among them.

use cim_crs::LonLat;

use super::Search;
use super::agreement::Agreement;
use crate::accuracy::{BUILDING_M, DOOR_M, STAIR_M, clusters, middle, nearest_to, reach_m};
use crate::candidate::MatchLevel;
use crate::draft::Draft;
use crate::edits::Trust;

/// More addresses than this are looked at no closer.
const MOST_ROWS: usize = 4_000;
/// How much a candidate in another town than the text names is worth.
const AGAINST_QUALITY: f64 = 0.6;
/// The same for another village: people mix neighbouring villages up.
const NEIGHBOUR_QUALITY: f64 = 0.85;
/// What is stated where the name or the unit is in doubt.
pub(crate) const DOUBT_M: f64 = 300.0;

/// How a set of addresses is understood.
#[derive(Debug, Clone)]
pub(crate) struct RowSet<'a> {
    pub(crate) rows: Vec<u32>,
    pub(crate) level: MatchLevel,
    /// The name of the whole, where one address does not stand for it.
    pub(crate) name: &'a str,
    /// Pieces that name the place itself.
    pub(crate) itself: Vec<usize>,
    /// How surely the name was read.
    pub(crate) trust: Trust,
    /// The level to fall back to in doubt.
    pub(crate) doubtful_level: MatchLevel,
}

impl Search<'_> {
    /// Candidates from addresses; only those that agree best with the units of the text.
    pub(crate) fn drafts_of_rows(&self, set: &RowSet<'_>) -> Vec<Draft> {
        let rows = &self.gazetteer.rows;
        let mut best: Option<Agreement> = None;
        let mut kept: Vec<u32> = Vec::new();
        let mut last_units = None;
        for &row in set.rows.iter().take(MOST_ROWS) {
            let units = (rows.town_of(row), rows.village_of(row));
            // Addresses of one village stand together: most of the time the last answer holds.
            if last_units == Some(units) {
                kept.push(row);
                continue;
            }
            let agreement = self.agreement(units, &set.itself);
            match best
                .as_ref()
                .map_or(std::cmp::Ordering::Greater, |best| agreement.order().cmp(&best.order()))
            {
                std::cmp::Ordering::Less => {
                    last_units = None;
                    continue;
                }
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Greater => {
                    kept.clear();
                    best = Some(agreement);
                }
            }
            last_units = Some(units);
            kept.push(row);
        }
        let agreement = best.unwrap_or_default();
        let points: Vec<LonLat> = kept.iter().map(|&row| rows.at(row)).collect();
        clusters(&points, spread_m(set.level))
            .into_iter()
            .filter_map(|cluster| {
                let chosen: Vec<u32> = cluster.iter().filter_map(|&at| kept.get(at).copied()).collect();
                self.draft_of_cluster(set, &chosen, &agreement)
            })
            .collect()
    }

    fn draft_of_cluster(&self, set: &RowSet<'_>, chosen: &[u32], agreement: &Agreement) -> Option<Draft> {
        let rows = &self.gazetteer.rows;
        let points: Vec<LonLat> = chosen.iter().map(|&row| rows.at(row)).collect();
        let centre = middle(&points)?;
        let nearest = *chosen.get(nearest_to(centre, &points))?;
        let is_one = set.level.is_door() || set.level == MatchLevel::Place;
        let stands_alone = is_one && (set.level != MatchLevel::Building || chosen.len() == 1);
        let at = if stands_alone { rows.at(nearest) } else { centre };
        let base = match set.level {
            MatchLevel::Unit => STAIR_M,
            MatchLevel::Building => BUILDING_M,
            MatchLevel::Number => DOOR_M,
            MatchLevel::Place => 25.0,
            MatchLevel::Group => 10.0,
            _ => 40.0,
        };
        let reach = reach_m(at, &points);
        let accuracy = if set.level == MatchLevel::Building { reach.max(base) } else { reach + base };
        let building = rows.building_code.get(nearest);
        let is_one_building = chosen.iter().all(|&row| rows.building_code.get(row) == building);
        let is_doubtful = agreement.against > 0
            || match set.trust {
                Trust::Full => false,
                Trust::Some => !agreement.is_supported,
                Trust::Little | Trust::Hardly => true,
            };
        let mut draft = Draft {
            at,
            name: if stands_alone { rows.full_text.get(nearest).to_owned() } else { set.name.to_owned() },
            level: if is_doubtful && set.level.is_door() { set.doubtful_level } else { set.level },
            accuracy_m: if is_doubtful { accuracy.max(DOUBT_M) } else { accuracy },
            quality: match agreement.against {
                0 => 1.0,
                _ if agreement.is_far => AGAINST_QUALITY,
                _ => NEIGHBOUR_QUALITY,
            },
            used: Vec::new(),
            is_whole: false,
            address_code: stands_alone.then(|| rows.code.get(nearest).to_owned()),
            building_code: (is_one_building && is_one && !building.is_empty()).then(|| building.to_owned()),
            unit_code: self
                .unit_code(rows.village_of(nearest))
                .or_else(|| self.unit_code(rows.town_of(nearest))),
        };
        self.explain_units(&mut draft, agreement);
        Some(draft)
    }
}

/// Addresses farther apart than this are not the same place.
fn spread_m(level: MatchLevel) -> f64 {
    match level {
        MatchLevel::Unit | MatchLevel::Building | MatchLevel::Number => 300.0,
        MatchLevel::Place => 500.0,
        MatchLevel::Estate => 800.0,
        MatchLevel::Group => 2_000.0,
        _ => 3_000.0,
    }
}
