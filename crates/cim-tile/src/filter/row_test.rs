//! A filter made ready for the rows of one source: names have become places, and values have become checks.

use cim_mirror::{Row, Table};

use super::expression::Relation;
use super::like::LikePattern;
use super::reading::Reading;
use crate::quick_map::QuickMap;

/// A condition on a row. As in SQL a comparison with null is neither true nor false.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RowTest {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Constant(bool),
    IsNull(Reading),
    Number { reading: Reading, check: Check<f64> },
    Bool { reading: Reading, check: Check<bool> },
    Text(TextTest),
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Check<T> {
    Stands(Relation, T),
    Between(T, T),
    OneOf(Vec<T>),
}

/// A condition on a text; its verdict on each text is worked out once a tile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TextTest {
    pub(super) reading: Reading,
    pub(super) is_folded: bool,
    pub(super) check: TextCheck,
    /// Tells its verdicts from those of the filter's other text tests.
    pub(super) number: u16,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TextCheck {
    Plain(Check<String>),
    Like(LikePattern),
}

/// The verdicts on texts met so far, by test, table and the text's number in its table.
#[derive(Default)]
pub(super) struct Verdicts<'a> {
    known: QuickMap<u64, bool>,
    tables: Vec<&'a Table>,
}

impl<T: PartialOrd> Check<T> {
    fn holds<U: PartialOrd + ?Sized>(&self, value: &U) -> bool
    where
        T: std::borrow::Borrow<U>,
    {
        match self {
            Self::Stands(relation, bound) => relation.holds(value, bound.borrow()),
            Self::Between(low, high) => low.borrow() <= value && value <= high.borrow(),
            Self::OneOf(list) => list.iter().any(|one| one.borrow() == value),
        }
    }
}

impl RowTest {
    /// Whether the row is chosen; none when that is not known because something is null.
    pub(super) fn verdict<'a>(&self, row: Row<'a>, now_ms: i64, verdicts: &mut Verdicts<'a>) -> Option<bool> {
        match self {
            Self::All(tests) => {
                let mut all = Some(true);
                for test in tests {
                    match test.verdict(row, now_ms, verdicts) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => all = None,
                    }
                }
                all
            }
            Self::Any(tests) => {
                let mut any = Some(false);
                for test in tests {
                    match test.verdict(row, now_ms, verdicts) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => any = None,
                    }
                }
                any
            }
            Self::Not(test) => test.verdict(row, now_ms, verdicts).map(|verdict| !verdict),
            Self::Constant(verdict) => Some(*verdict),
            Self::IsNull(reading) => Some(reading.is_null(row, now_ms)),
            Self::Number { reading, check } => reading.number(row).map(|number| check.holds(&number)),
            Self::Bool { reading, check } => reading.bool(row, now_ms).map(|value| check.holds(&value)),
            Self::Text(test) => test.verdict(row, verdicts),
        }
    }
}

impl TextTest {
    fn verdict<'a>(&self, row: Row<'a>, verdicts: &mut Verdicts<'a>) -> Option<bool> {
        let Reading::Text(place) = self.reading else { return None };
        let text_number = row.table().text_number(row.number(), place)?;
        let key = u64::from(self.number) << 48 | verdicts.table(row.table()) << 32 | u64::from(text_number);
        if let Some(verdict) = verdicts.known.get(&key) {
            return Some(*verdict);
        }
        let verdict = self.of_text(row.text(place)?);
        verdicts.known.insert(key, verdict);
        Some(verdict)
    }

    fn of_text(&self, text: &str) -> bool {
        let folded;
        let text = if self.is_folded {
            folded = text.to_lowercase();
            &folded
        } else {
            text
        };
        match &self.check {
            TextCheck::Plain(check) => check.holds(text),
            TextCheck::Like(pattern) => pattern.matches(text),
        }
    }
}

impl<'a> Verdicts<'a> {
    fn table(&mut self, table: &'a Table) -> u64 {
        let place = self.tables.iter().position(|known| std::ptr::eq(*known, table)).unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        });
        place as u64
    }
}
