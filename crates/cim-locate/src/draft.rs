//! A candidate in the making: which pieces of the text it explains.

use cim_crs::LonLat;

use crate::candidate::{Candidate, MatchLevel, MatchedPart, PartKind};
use crate::reading::Reading;
use crate::segment::{Counter, TokenKind};

/// How much worse a candidate is that forgives a typing error.
const ERROR_QUALITY: f64 = 0.93;
/// How strongly what stays unexplained counts.
const UNEXPLAINED_POWER: f64 = 0.8;

/// A piece that a candidate explains.
#[derive(Debug, Clone)]
pub(crate) struct Used {
    pub(crate) token: usize,
    pub(crate) kind: PartKind,
    /// As it is known.
    pub(crate) matched: String,
}

/// A candidate in the making.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) at: LonLat,
    pub(crate) name: String,
    pub(crate) level: MatchLevel,
    pub(crate) accuracy_m: f64,
    /// Less than 1 for whatever had to be forgiven besides typing errors.
    pub(crate) quality: f64,
    pub(crate) used: Vec<Used>,
    /// The text is known as it stands, whatever its pieces are.
    pub(crate) is_whole: bool,
    pub(crate) address_code: Option<String>,
    pub(crate) building_code: Option<String>,
    pub(crate) unit_code: Option<String>,
}

impl Draft {
    /// Marks a piece as explained, once.
    pub(crate) fn explain(&mut self, token: usize, kind: PartKind, matched: &str) {
        if !self.used.iter().any(|used| used.token == token) {
            self.used.push(Used { token, kind, matched: matched.to_owned() });
        }
    }

    /// How much of the text is explained: 0 to 1.
    pub(crate) fn explained(&self, reading: &Reading<'_>) -> f64 {
        if self.is_whole {
            return 1.0;
        }
        let counted = self.used.iter().filter_map(|used| reading.token(used.token)).filter(|token| {
            !matches!(
                token.kind,
                TokenKind::Word(_) | TokenKind::Number(Counter::Metres | Counter::Kilometres)
            )
        });
        let explained: usize = counted.map(crate::segment::Token::len).sum();
        (explained as f64 / reading.weight.max(1) as f64).min(1.0)
    }

    /// The candidate, with its parts in the order of the text.
    pub(crate) fn finish(mut self, reading: &Reading<'_>) -> Candidate {
        let explained = self.explained(reading);
        self.used.sort_by_key(|used| used.token);
        let mut quality = self.quality;
        let parts = self.used.into_iter().map(|used| {
            let exact = !reading
                .token(used.token)
                .is_some_and(|token| matches!(token.kind, TokenKind::Name { is_exact: false, .. }));
            if !exact {
                quality *= ERROR_QUALITY;
            }
            MatchedPart {
                kind: used.kind,
                text: reading.as_written(used.token).to_owned(),
                matched: used.matched,
                exact,
            }
        });
        let parts: Vec<MatchedPart> = parts.collect();
        Candidate {
            at: self.at,
            name: self.name,
            match_level: self.level,
            accuracy_m: self.accuracy_m.ceil(),
            score: (quality * explained.powf(UNEXPLAINED_POWER)).clamp(0.0, 1.0),
            parts,
            address_code: self.address_code,
            building_code: self.building_code,
            unit_code: self.unit_code,
        }
    }
}
