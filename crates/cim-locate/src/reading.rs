//! What the pieces of a text are to each other: which units it names, which places, and the numbers at them.

use crate::names::{Kinds, NameId};
use crate::segment::{Counter, Token, TokenKind};
use crate::words::Word;
use crate::written::Written;

/// At most this many characters may stand unread between two numbers: a counter mistyped.
const LONGEST_GAP: usize = 1;

/// Names up to this length are easily the end of longer ones: 民中路 of 人民中路.
const SHORT: usize = 3;

/// A text as it was read.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) original: &'a str,
    pub(crate) written: &'a Written,
    pub(crate) tokens: Vec<Token>,
    /// Pieces that name a unit.
    pub(crate) areas: Vec<usize>,
    /// Places with what follows them.
    pub(crate) bases: Vec<Base>,
    /// Characters that should be explained: names, numbers and what nobody knows.
    pub(crate) weight: usize,
    /// A known name that the text is read without: from and to.
    dead_end: Option<(usize, usize)>,
}

/// A piece that names a place, with its numbers.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    pub(crate) token: usize,
    pub(crate) numbers: Vec<usize>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(
        original: &'a str,
        written: &'a Written,
        tokens: Vec<Token>,
        dead_end: Option<&Token>,
        kinds_of: impl Fn(NameId) -> Kinds,
    ) -> Self {
        let mut reading = Self {
            original,
            written,
            tokens,
            areas: Vec::new(),
            bases: Vec::new(),
            weight: written.len(),
            dead_end: dead_end.map(|token| (token.from, token.to)),
        };
        for index in 0..reading.tokens.len() {
            let Some(token) = reading.tokens.get(index) else { break };
            match &token.kind {
                TokenKind::Name { names, .. } => {
                    let kinds =
                        names.iter().fold(Kinds::default(), |kinds, near| kinds.and(kinds_of(near.name)));
                    if kinds.has(Kinds::AREA.and(Kinds::ADMIN)) {
                        reading.areas.push(index);
                    }
                    if kinds != Kinds::ADMIN {
                        let numbers = reading.numbers_after(index);
                        reading.bases.push(Base { token: index, numbers });
                    }
                }
                TokenKind::Word(_) | TokenKind::Number(Counter::Metres | Counter::Kilometres) => {
                    reading.weight -= token.len();
                }
                TokenKind::Number(_) => {}
            }
        }
        reading
    }

    /// The numbers that belong to a name: those right behind it.
    fn numbers_after(&self, name: usize) -> Vec<usize> {
        let mut numbers = Vec::new();
        let mut end = self.tokens.get(name).map_or(0, |token| token.to);
        // 颐生村村5组: the last character once more.
        let last = end.checked_sub(1).and_then(|at| self.written.char_at(at));
        let mut gap = usize::from(last.is_some() && last == self.written.char_at(end));
        for (index, token) in self.tokens.iter().enumerate().skip(name + 1) {
            match token.kind {
                TokenKind::Number(Counter::Metres | Counter::Kilometres) => break,
                TokenKind::Number(_) if token.from <= end + gap => numbers.push(index),
                _ => break,
            }
            end = token.to;
            gap = LONGEST_GAP;
        }
        numbers
    }

    pub(crate) fn token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// Whether a piece may be the rest of a longer name: of a known one that the text is read without, or of an unknown
    /// one when it is short itself.
    pub(crate) fn is_cut_short(&self, token: usize) -> bool {
        let Some(piece) = self.token(token) else { return false };
        let is_unread = |at: usize| !self.tokens.iter().any(|token| (token.from..token.to).contains(&at));
        let was_read = |at: usize| self.dead_end.is_some_and(|(from, to)| (from..to).contains(&at));
        let before = piece.from.checked_sub(1).filter(|&at| is_unread(at));
        let joins = piece.len() <= SHORT && self.written.touch(piece.from);
        before.is_some_and(|at| was_read(at) || joins) || is_unread(piece.to) && was_read(piece.to)
    }

    /// The compared form of a piece.
    pub(crate) fn text(&self, index: usize) -> &str {
        self.token(index).map_or("", |token| self.written.slice(token.from, token.to))
    }

    /// A piece as it was written.
    pub(crate) fn as_written(&self, index: usize) -> &'a str {
        self.token(index).map_or("", |token| self.written.as_written(self.original, token.from, token.to))
    }

    pub(crate) fn word(&self, index: usize) -> Option<Word> {
        match self.token(index)?.kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn counter(&self, index: usize) -> Option<Counter> {
        match self.token(index)?.kind {
            TokenKind::Number(counter) => Some(counter),
            _ => None,
        }
    }

    /// The length in metres that a piece names.
    pub(crate) fn metres(&self, index: usize) -> Option<f64> {
        let factor = match self.counter(index)? {
            Counter::Metres => 1.0,
            Counter::Kilometres => 1_000.0,
            _ => return None,
        };
        let digits: String = self.text(index).chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<f64>().ok().map(|number| number * factor).filter(|metres| *metres <= 20_000.0)
    }

    pub(crate) fn has_word(&self, wanted: Word) -> bool {
        (0..self.tokens.len()).any(|index| self.word(index) == Some(wanted))
    }
}
