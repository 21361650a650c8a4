//! A unit by itself: what is left of a text of which nothing else is known.

use super::Search;
use crate::areas::AreaRank;
use crate::candidate::MatchLevel;
use crate::draft::Draft;

impl Search<'_> {
    /// A candidate for each unit that the text names.
    pub(crate) fn units(&self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for &token in &self.reading.areas {
            for area_id in self.areas_named(token) {
                let Some(area) = self.gazetteer.areas.get(area_id as usize) else { continue };
                let level = match area.rank {
                    AreaRank::District => MatchLevel::District,
                    AreaRank::Town => MatchLevel::Town,
                    AreaRank::Village | AreaRank::Grid => MatchLevel::Village,
                };
                let mut draft = Draft {
                    at: area.at,
                    name: area.shown.to_string(),
                    level,
                    accuracy_m: area.radius_m.max(50.0),
                    quality: 1.0,
                    used: Vec::new(),
                    is_whole: false,
                    address_code: None,
                    building_code: None,
                    unit_code: area.code.as_deref().map(str::to_owned),
                };
                let units = match area.rank {
                    AreaRank::Village | AreaRank::Grid => (area.parent.unwrap_or(crate::rows::NONE), area_id),
                    AreaRank::Town | AreaRank::District => (area_id, area_id),
                };
                let agreement = self.agreement(units, &[token]);
                self.explain_units(&mut draft, &agreement);
                let kind = match area.rank {
                    AreaRank::District => crate::candidate::PartKind::District,
                    AreaRank::Town => crate::candidate::PartKind::Town,
                    AreaRank::Village | AreaRank::Grid => crate::candidate::PartKind::Village,
                };
                draft.explain(token, kind, &area.shown);
                drafts.push(draft);
            }
        }
        drafts
    }
}
