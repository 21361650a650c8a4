//! Between two places: a stretch of a road between two crossings, or the middle of two names.

use cim_crs::{LonLat, near_distance_m};

use super::Search;
use crate::candidate::{MatchLevel, PartKind};
use crate::draft::Draft;
use crate::words::Word;

/// Places farther apart than this have no between.
const FARTHEST_M: f64 = 20_000.0;

impl Search<'_> {
    /// Candidates for 之间.
    pub(crate) fn between(&self) -> Vec<Draft> {
        let is_said = self.reading.has_word(Word::Between);
        let lines = self.line_pieces();
        // 人民路建设路至文化路段 says the same of three lines.
        let is_stretch = lines.len() >= 3 && self.reading.has_word(Word::To);
        if !is_said && !is_stretch {
            return Vec::new();
        }
        let mut drafts = match lines.as_slice() {
            [main, first, second, ..] => self.stretch(main, first, second),
            _ => Vec::new(),
        };
        if drafts.is_empty() && is_said {
            drafts.extend(self.middle_of_two());
        }
        for draft in &mut drafts {
            for index in 0..self.reading.tokens.len() {
                if matches!(self.reading.word(index), Some(Word::Between | Word::And | Word::To)) {
                    draft.explain(index, PartKind::Crossing, self.reading.text(index));
                }
            }
        }
        drafts
    }

    /// The stretch of the first line between the other two.
    fn stretch(
        &self,
        main: &(usize, Vec<u32>),
        first: &(usize, Vec<u32>),
        second: &(usize, Vec<u32>),
    ) -> Vec<Draft> {
        let lines = &self.gazetteer.lines;
        let (Some(&road), Some(&from), Some(&to)) = (main.1.first(), first.1.first(), second.1.first())
        else {
            return Vec::new();
        };
        let mut best: Option<(f64, (f64, f64))> = None;
        for a in lines.crossings(road, from) {
            for b in lines.crossings(road, to) {
                let length = (a.0 - b.0).hypot(a.1 - b.1);
                if length <= FARTHEST_M && best.is_none_or(|best| length < best.0) {
                    best = Some((length, (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1))));
                }
            }
        }
        let Some((length, half)) = best else { return Vec::new() };
        let at = lines.nearest(road, half).map_or(half, |near| near.0);
        let point = lines.frame().to_lonlat(at.0, at.1);
        let mut draft = self.draft_at(point, road, MatchLevel::RoadSide, length / 2.0 + 20.0);
        let shown = |name| self.gazetteer.names.shown(name);
        draft.name = format!("{}（{}与{}之间）", shown(road), shown(from), shown(to));
        let agreement = self.agreement(self.gazetteer.units_at(point), &[main.0, first.0, second.0]);
        self.explain_units(&mut draft, &agreement);
        for (token, name) in [(main.0, road), (first.0, from), (second.0, to)] {
            self.explain_name(&mut draft, token, name);
        }
        vec![draft]
    }

    /// The middle of the two places named last.
    fn middle_of_two(&self) -> Option<Draft> {
        let mut best: Vec<Draft> = Vec::new();
        for base in &self.reading.bases {
            let (mut found, _) = self.numbered(base);
            if found.is_empty() {
                found = self.standing(base);
            }
            if found.is_empty() {
                found = self
                    .units()
                    .into_iter()
                    .filter(|draft| draft.used.iter().any(|used| used.token == base.token))
                    .collect();
            }
            best.extend(found.into_iter().min_by(|a, b| a.accuracy_m.total_cmp(&b.accuracy_m)));
        }
        let second = best.pop()?;
        let mut draft = best.pop()?;
        let apart = near_distance_m(draft.at, second.at);
        if apart > FARTHEST_M
            || draft.used.iter().any(|used| {
                second
                    .used
                    .iter()
                    .any(|other| other.token == used.token && !self.reading.areas.contains(&used.token))
            })
        {
            return None;
        }
        draft.at = LonLat {
            lon: f64::midpoint(draft.at.lon, second.at.lon),
            lat: f64::midpoint(draft.at.lat, second.at.lat),
        };
        draft.accuracy_m = apart / 2.0 + draft.accuracy_m.max(second.accuracy_m).min(apart);
        draft.name = format!("{}与{}之间", draft.name, second.name);
        draft.level = MatchLevel::RoadSide;
        for used in second.used {
            draft.explain(used.token, used.kind, &used.matched);
        }
        draft.address_code = None;
        draft.building_code = None;
        Some(draft)
    }
}
