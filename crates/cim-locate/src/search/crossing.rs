//! Where two roads meet, a road and a river, and so many metres from there.

use std::cmp::Reverse;

use super::Search;
use crate::candidate::{MatchLevel, PartKind};
use crate::draft::Draft;
use crate::edits::Trust;
use crate::lines::Metres;
use crate::names::{Kinds, NameId};
use crate::segment::TokenKind;
use crate::words::Word;

/// What is stated for a crossing: wide roads meet in wide places.
const CROSSING_M: f64 = 30.0;
/// How far from a crossing its corners and sides are.
const CORNER_M: f64 = 22.0;
const SIDE_M: f64 = 18.0;
/// Distances from a crossing are paced or guessed.
const PACED_SHARE: f64 = 0.1;
/// A road that runs within this of the direction said is meant by it.
const ALONG_DEG: f64 = 40.0;
/// Without any word for it two roads in a row are a crossing less surely.
const UNSAID_QUALITY: f64 = 0.97;

impl Search<'_> {
    /// The pieces that name lines, with those of their names that have any.
    pub(crate) fn line_pieces(&self) -> Vec<(usize, Vec<NameId>)> {
        let lines = |token: usize| match self.reading.token(token).map(|token| &token.kind) {
            Some(TokenKind::Name { names, .. }) => {
                let is_line = |name: NameId| {
                    self.gazetteer.names.kinds(name).has(Kinds::ROAD.and(Kinds::WATER))
                        && self.gazetteer.lines.has(name)
                };
                let meant = names.iter().filter(|near| near.trust > Trust::Hardly);
                meant.map(|near| near.name).filter(|&name| is_line(name)).collect()
            }
            _ => Vec::new(),
        };
        let pieces = self.reading.bases.iter().map(|base| (base.token, lines(base.token)));
        pieces.filter(|(_, names)| !names.is_empty()).collect()
    }

    /// Candidates for every two lines that follow each other.
    pub(crate) fn crossings(&self) -> Vec<Draft> {
        if self.reading.has_word(Word::Between) {
            return Vec::new();
        }
        let pieces = self.line_pieces();
        let mut drafts = Vec::new();
        for pair in pieces.windows(2) {
            let [(first, ones), (second, others)] = pair else { continue };
            let is_joined = (first + 1..*second)
                .all(|index| matches!(self.reading.word(index), Some(Word::And | Word::Filler)));
            let is_said = self.reading.has_word(Word::Crossing);
            if !is_joined && !is_said {
                continue;
            }
            for (&one, &other) in ones.iter().flat_map(|one| others.iter().map(move |other| (one, other))) {
                if one != other {
                    let mut found = self.crossings_of((*first, one), (*second, other));
                    if !is_said {
                        for draft in &mut found {
                            draft.quality *= UNSAID_QUALITY;
                        }
                    }
                    drafts.extend(found);
                }
            }
        }
        drafts
    }

    fn crossings_of(&self, first: (usize, NameId), second: (usize, NameId)) -> Vec<Draft> {
        let frame = self.gazetteer.lines.frame();
        let names = &self.gazetteer.names;
        let mut found: Vec<((usize, Reverse<usize>), Draft)> = Vec::new();
        for at in self.gazetteer.lines.crossings(first.1, second.1) {
            let point = frame.to_lonlat(at.0, at.1);
            let agreement = self.agreement(self.gazetteer.units_at(point), &[first.0, second.0]);
            let mut draft = self.draft_at(point, first.1, MatchLevel::Crossing, CROSSING_M);
            draft.name = format!("{}与{}交叉口", names.shown(first.1), names.shown(second.1));
            if agreement.against > 0 {
                draft.quality *= 0.8;
            }
            self.explain_units(&mut draft, &agreement);
            self.explain_name(&mut draft, first.0, first.1);
            self.explain_name(&mut draft, second.0, second.1);
            for index in first.0..self.reading.tokens.len() {
                if matches!(self.reading.word(index), Some(Word::Crossing | Word::And)) {
                    draft.explain(index, PartKind::Crossing, self.reading.text(index));
                }
            }
            self.leave_crossing(&mut draft, second.0, at, [first.1, second.1]);
            found.push((agreement.order(), draft));
        }
        let best = found.iter().map(|(order, _)| *order).max();
        found.into_iter().filter(|(order, _)| Some(*order) == best).map(|(_, draft)| draft).collect()
    }

    /// Goes from a crossing where the words behind it lead.
    fn leave_crossing(&self, draft: &mut Draft, last: usize, at: Metres, names: [NameId; 2]) {
        let offset = self.offset_after(last);
        for &token in &offset.tokens {
            draft.explain(token, PartKind::Offset, self.reading.text(token));
        }
        match (offset.bearing, offset.metres) {
            (Some(bearing), Some(metres)) => {
                let straight = walk(at, bearing, metres);
                // Some mean the way along the road, some the direction: the middle serves both.
                let along = self.along(at, bearing, metres, &names);
                let apart = along.map_or(0.0, |along| (along.0 - straight.0).hypot(along.1 - straight.1));
                let goal = along.map_or(straight, |along| {
                    (f64::midpoint(along.0, straight.0), f64::midpoint(along.1, straight.1))
                });
                draft.at = self.gazetteer.lines.frame().to_lonlat(goal.0, goal.1);
                draft.accuracy_m = CROSSING_M + metres * PACED_SHARE + apart / 2.0;
                if along.is_none() {
                    draft.accuracy_m += metres * PACED_SHARE;
                }
            }
            (None, Some(metres)) => draft.accuracy_m += metres,
            (Some(bearing), None) => {
                let goal = walk(at, bearing, if offset.is_corner { CORNER_M } else { SIDE_M });
                draft.at = self.gazetteer.lines.frame().to_lonlat(goal.0, goal.1);
            }
            (None, None) => {}
        }
        draft.accuracy_m += offset.near_m;
    }

    /// The point of the roads themselves at a distance, when one of them runs roughly that way.
    fn along(&self, at: Metres, bearing: f64, metres: f64, names: &[NameId]) -> Option<Metres> {
        let straight = walk(at, bearing, metres);
        let reach = 2.0 * metres * (ALONG_DEG / 2.0).to_radians().sin();
        let apart = |hit: &Metres| (hit.0 - straight.0).hypot(hit.1 - straight.1);
        self.gazetteer
            .lines
            .at_distance(names, at, metres)
            .into_iter()
            .filter(|hit| apart(hit) <= reach)
            .min_by(|a, b| apart(a).total_cmp(&apart(b)))
    }
}

fn walk(from: Metres, bearing: f64, metres: f64) -> Metres {
    let (sin, cos) = bearing.to_radians().sin_cos();
    (from.0 + metres * sin, from.1 + metres * cos)
}
