//! A name by itself: an estate, a place, a road, a water; also what is left of a text whose number does not exist.

use cim_crs::{LonLat, near_distance_m};

use super::Search;
use super::row_sets::RowSet;
use crate::accuracy::{clusters, middle, nearest_to, reach_m};
use crate::candidate::MatchLevel;
use crate::draft::Draft;
use crate::edits::Trust;
use crate::names::{Kinds, NameId};
use crate::reading::Base;
use crate::segment::{Counter, TokenKind};
use crate::spots::SpotKind;

/// Points along a road at this distance stand for it.
const SAMPLE_M: f64 = 60.0;
/// Roads of one name farther apart than this are two roads.
const TWO_ROADS_M: f64 = 6_000.0;
/// A number that does not exist makes the rest less sure.
const NUMBER_MISSING_QUALITY: f64 = 0.9;
/// A settlement is better known as a unit.
const SETTLEMENT_QUALITY: f64 = 0.97;

impl Search<'_> {
    /// Candidates for the name of a base without its numbers.
    pub(crate) fn standing(&self, base: &Base) -> Vec<Draft> {
        let Some(TokenKind::Name { names, .. }) = self.reading.token(base.token).map(|token| &token.kind)
        else {
            return Vec::new();
        };
        let misses_number = base
            .numbers
            .iter()
            .any(|&number| !matches!(self.reading.counter(number), Some(Counter::Room | Counter::Floor)));
        let mut drafts = Vec::new();
        for near in names.iter().filter(|near| near.trust > Trust::Hardly) {
            let kinds = self.gazetteer.names.kinds(near.name);
            if kinds.has(Kinds::SPOT) {
                drafts.extend(self.spots_named(near.name, base.token));
            }
            if kinds.has(Kinds::ESTATE.and(Kinds::ALIAS)) {
                drafts.extend(self.estate(near.name, near.trust, base.token, kinds.has(Kinds::ESTATE)));
            }
            if kinds.has(Kinds::ROAD.and(Kinds::WATER)) {
                drafts.extend(self.line(near.name, near.trust, base.token));
            }
        }
        if misses_number {
            for draft in &mut drafts {
                draft.quality *= NUMBER_MISSING_QUALITY;
                if draft.level.is_door() {
                    draft.level = MatchLevel::Place;
                }
            }
        }
        drafts
    }

    fn estate(&self, name: NameId, trust: Trust, token: usize, is_estate: bool) -> Vec<Draft> {
        let level = if is_estate { MatchLevel::Estate } else { MatchLevel::Place };
        let rows: Vec<u32> = self.gazetteer.rows_of.of(name).collect();
        let shown = self.gazetteer.names.shown(name);
        let set = RowSet { rows, level, name: shown, itself: vec![token], trust, doubtful_level: level };
        let mut drafts = self.drafts_of_rows(&set);
        for draft in &mut drafts {
            self.explain_name(draft, token, name);
        }
        drafts
    }

    fn spots_named(&self, name: NameId, token: usize) -> Vec<Draft> {
        let spots =
            self.gazetteer.spots_of.of(name).filter_map(|spot| self.gazetteer.spots.get(spot as usize));
        let mut drafts: Vec<((usize, std::cmp::Reverse<usize>), Draft)> = Vec::new();
        for spot in spots {
            let agreement = self.agreement((spot.town, spot.village), &[token]);
            let level = match spot.kind {
                SpotKind::Estate => MatchLevel::Estate,
                SpotKind::Hamlet | SpotKind::Settlement => MatchLevel::Village,
                SpotKind::Small | SpotKind::Yard => MatchLevel::Place,
            };
            let mut draft = self.draft_at(spot.at, name, level, spot.kind.reach_m());
            if spot.kind == SpotKind::Settlement {
                draft.quality *= SETTLEMENT_QUALITY;
            }
            if agreement.against > 0 {
                draft.quality *= 0.6;
            }
            self.explain_units(&mut draft, &agreement);
            self.explain_name(&mut draft, token, name);
            draft.unit_code = self.unit_code(spot.village).or_else(|| self.unit_code(spot.town));
            drafts.push((agreement.order(), draft));
        }
        let best = drafts.iter().map(|(order, _)| *order).max();
        drafts.into_iter().filter(|(order, _)| Some(*order) == best).map(|(_, draft)| draft).collect()
    }

    /// A road or water: its part in the unit that the text names, or all of it.
    fn line(&self, name: NameId, trust: Trust, token: usize) -> Vec<Draft> {
        let mut samples = self.gazetteer.lines.samples(name, SAMPLE_M);
        if samples.is_empty() {
            samples = self.gazetteer.rows_of.of(name).map(|row| self.gazetteer.rows.at(row)).collect();
        }
        let (samples, area_token) = self.samples_in_units(samples, token);
        let mut drafts = Vec::new();
        for cluster in clusters(&samples, TWO_ROADS_M) {
            let points: Vec<LonLat> = cluster.iter().filter_map(|&at| samples.get(at).copied()).collect();
            let Some(at) = middle(&points).and_then(|centre| points.get(nearest_to(centre, &points))) else {
                continue;
            };
            let mut draft = self.draft_at(*at, name, MatchLevel::Road, reach_m(*at, &points) + 30.0);
            if trust < Trust::Full {
                draft.quality *= 0.97;
            }
            let agreement = self.agreement(self.gazetteer.units_at(*at), &[token]);
            self.explain_units(&mut draft, &agreement);
            if let Some((token, area)) = area_token {
                let shown = self.gazetteer.areas.get(area as usize).map_or("", |area| &*area.shown);
                draft.explain(token, self.part_kind(token), shown);
            } else if agreement.against > 0 {
                draft.quality *= 0.8;
            }
            self.explain_name(&mut draft, token, name);
            drafts.push(draft);
        }
        drafts
    }

    /// Those points that lie near the smallest unit named, if any do, and the piece that names it.
    fn samples_in_units(&self, samples: Vec<LonLat>, itself: usize) -> (Vec<LonLat>, Option<(usize, u32)>) {
        let mut named: Vec<(usize, u32)> = self
            .reading
            .areas
            .iter()
            .filter(|&&token| token != itself)
            .flat_map(|&token| self.areas_named(token).into_iter().map(move |area| (token, area)))
            .collect();
        let radius = |area: u32| self.gazetteer.areas.get(area as usize).map_or(0.0, |area| area.radius_m);
        named.sort_by(|a, b| radius(a.1).total_cmp(&radius(b.1)));
        for (token, area) in named {
            let Some(unit) = self.gazetteer.areas.get(area as usize) else { continue };
            let inside: Vec<LonLat> = samples
                .iter()
                .copied()
                .filter(|&at| near_distance_m(unit.at, at) <= unit.radius_m.max(300.0))
                .collect();
            if !inside.is_empty() {
                return (inside, Some((token, area)));
            }
        }
        (samples, None)
    }

    /// A draft for a name at a point.
    pub(crate) fn draft_at(&self, at: LonLat, name: NameId, level: MatchLevel, accuracy_m: f64) -> Draft {
        Draft {
            at,
            name: self.gazetteer.names.shown(name).to_owned(),
            level,
            accuracy_m,
            quality: 1.0,
            used: Vec::new(),
            is_whole: false,
            address_code: None,
            building_code: None,
            unit_code: None,
        }
    }
}
