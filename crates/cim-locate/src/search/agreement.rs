//! Whether a place lies in the units that the text names.

use cim_crs::LonLat;

use super::Search;
use crate::areas::AreaRank;
use crate::candidate::PartKind;
use crate::draft::Draft;
use crate::edits::Trust;
use crate::names::Kinds;
use crate::rows::NONE;
use crate::segment::TokenKind;

/// What the units named in a text say of a place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agreement {
    /// The pieces that name a unit it lies in, with that unit.
    pub(crate) with: Vec<(usize, Option<u32>)>,
    /// How many name another one.
    pub(crate) against: usize,
    /// Whether one of those is more than a village.
    pub(crate) is_far: bool,
    /// Whether a unit that the gazetteer was given is among those it lies in.
    pub(crate) is_supported: bool,
}

impl Agreement {
    /// Better agreement is larger.
    pub(crate) fn order(&self) -> (usize, std::cmp::Reverse<usize>) {
        (self.with.len(), std::cmp::Reverse(self.against))
    }
}

impl Search<'_> {
    /// The areas that a piece may name.
    pub(crate) fn areas_named(&self, token: usize) -> Vec<u32> {
        let Some(TokenKind::Name { names, .. }) = self.reading.token(token).map(|token| &token.kind) else {
            return Vec::new();
        };
        let meant = names.iter().filter(|near| near.trust > Trust::Hardly);
        meant.flat_map(|near| self.gazetteer.areas_of.of(near.name)).collect()
    }

    fn is_admin(&self, token: usize) -> bool {
        matches!(self.reading.token(token).map(|token| &token.kind),
            Some(TokenKind::Name { names, .. })
                if names.iter().any(|near| self.gazetteer.names.kinds(near.name).has(Kinds::ADMIN)))
    }

    /// Two characters of a village's name may be anything: they speak for it, not against the others.
    fn is_bare(&self, token: usize, named: &[u32]) -> bool {
        self.reading.token(token).is_some_and(|token| token.len() <= 2)
            && named.iter().all(|&area| self.is_village(area))
    }

    fn is_village(&self, area: u32) -> bool {
        self.gazetteer.areas.get(area as usize).is_some_and(|area| area.rank >= AreaRank::Village)
    }

    fn lies_in(&self, area: u32, (town, village): (u32, u32)) -> bool {
        let is_district = |area: u32| {
            self.gazetteer.areas.get(area as usize).is_some_and(|area| area.rank == AreaRank::District)
        };
        area == town || area == village || is_district(area)
    }

    /// What the text says of a place in a town and village; pieces that name the place itself are left out.
    pub(crate) fn agreement(&self, units: (u32, u32), itself: &[usize]) -> Agreement {
        let mut agreement = Agreement::default();
        for &token in self.reading.areas.iter().filter(|token| !itself.contains(token)) {
            let named = self.areas_named(token);
            if let Some(&area) = named.iter().find(|&&area| self.lies_in(area, units)) {
                agreement.with.push((token, Some(area)));
                let is_given = |area: &crate::areas::Area| area.code.is_some() && area.rank >= AreaRank::Town;
                agreement.is_supported |= self.gazetteer.areas.get(area as usize).is_some_and(is_given);
            } else if self.is_admin(token) {
                agreement.with.push((token, None));
            } else if units != (NONE, NONE) && !named.is_empty() && !self.is_bare(token, &named) {
                agreement.against += 1;
                agreement.is_far |= !named.iter().all(|&area| self.is_village(area));
            }
        }
        agreement
    }

    /// Marks the units of an agreement as explained.
    pub(crate) fn explain_units(&self, draft: &mut Draft, agreement: &Agreement) {
        for &(token, area) in &agreement.with {
            let area = area.and_then(|area| self.gazetteer.areas.get(area as usize));
            let kind = area.map_or(PartKind::District, |area| match area.rank {
                AreaRank::District => PartKind::District,
                AreaRank::Town => PartKind::Town,
                AreaRank::Village | AreaRank::Grid => PartKind::Village,
            });
            let matched = area.map_or_else(|| self.reading.text(token), |area| &area.shown);
            draft.explain(token, kind, matched);
        }
    }

    /// The code of the smallest unit known at a place.
    pub(crate) fn unit_code_at(&self, at: LonLat) -> Option<String> {
        let (town, village) = self.gazetteer.units_at(at);
        self.unit_code(village).or_else(|| self.unit_code(town))
    }

    pub(crate) fn unit_code(&self, area: u32) -> Option<String> {
        self.gazetteer.areas.get(area as usize)?.code.as_deref().map(str::to_owned)
    }
}
