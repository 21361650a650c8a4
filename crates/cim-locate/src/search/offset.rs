//! How a place lies to the one that was found: 北300米, 东南角, 对面, 附近, 南门口.

use super::Search;
use crate::candidate::{MatchLevel, PartKind};
use crate::draft::Draft;
use crate::segment::TokenKind;
use crate::words::Word;

/// How far a side of a door or crossing is.
const SIDE_M: f64 = 15.0;
/// Share of the reach of an estate at which its sides and gates lie.
const SIDE_SHARE: f64 = 0.55;
/// Distances are paced, not measured.
const PACED_SHARE: f64 = 0.2;

/// The words behind a place, put together.
#[derive(Debug, Default)]
pub(crate) struct Offset {
    /// Degrees clockwise from north.
    pub(crate) bearing: Option<f64>,
    pub(crate) metres: Option<f64>,
    pub(crate) is_corner: bool,
    pub(crate) near_m: f64,
    pub(crate) is_gate: bool,
    /// The pieces that say so.
    pub(crate) tokens: Vec<usize>,
}

impl Search<'_> {
    /// The words that follow a piece, up to the next name.
    pub(crate) fn offset_after(&self, token: usize) -> Offset {
        let mut offset = Offset::default();
        for index in token + 1..self.reading.tokens.len() {
            if let Some(metres) = self.reading.metres(index) {
                offset.metres = Some(metres);
            } else {
                match (self.reading.word(index), self.reading.token(index).map(|token| &token.kind)) {
                    (Some(Word::Side(bearing)), _) => offset.bearing = Some(bearing),
                    (Some(Word::Corner(bearing)), _) => {
                        offset.bearing = Some(bearing);
                        offset.is_corner = true;
                    }
                    (Some(Word::Gate(bearing)), _) => {
                        offset.bearing = Some(bearing);
                        offset.is_gate = true;
                    }
                    (Some(Word::Near(metres)), _) => offset.near_m = offset.near_m.max(metres),
                    (Some(Word::Crossing | Word::Stretch | Word::Filler), _)
                    | (None, Some(TokenKind::Number(_))) => continue,
                    _ => break,
                }
            }
            offset.tokens.push(index);
        }
        offset
    }

    /// Moves a candidate by the words behind it.
    pub(crate) fn apply_offset(&self, draft: &mut Draft) {
        let Some(last) = draft.used.iter().map(|used| used.token).max() else { return };
        let offset = self.offset_after(last);
        for &token in &offset.tokens {
            draft.explain(token, PartKind::Offset, self.reading.text(token));
        }
        let is_door = draft.level.is_door();
        match (offset.bearing, offset.metres) {
            (Some(bearing), Some(metres)) => {
                Self::shift(draft, bearing, metres);
                draft.accuracy_m = draft.accuracy_m.min(metres + 100.0) + 10.0 + metres * PACED_SHARE;
                draft.level = draft.level.max(MatchLevel::RoadSide);
                draft.address_code = None;
                draft.building_code = None;
            }
            (None, Some(metres)) => draft.accuracy_m += metres,
            (Some(bearing), None) => {
                let reaches_far = matches!(draft.level, MatchLevel::Estate | MatchLevel::Place);
                let metres = if reaches_far { (draft.accuracy_m * SIDE_SHARE).min(150.0) } else { SIDE_M };
                if is_door || reaches_far {
                    let metres = if offset.is_corner { metres * 1.3 } else { metres };
                    Self::shift(draft, bearing, metres);
                    draft.accuracy_m += if reaches_far { 10.0 } else { SIDE_M };
                }
            }
            (None, None) => {}
        }
        draft.accuracy_m += offset.near_m;
    }

    /// Moves a candidate in a direction.
    fn shift(draft: &mut Draft, bearing: f64, metres: f64) {
        let frame = cim_crs::LocalFrame::around(draft.at);
        let (sin, cos) = bearing.to_radians().sin_cos();
        draft.at = frame.to_lonlat(metres * sin, metres * cos);
    }
}
