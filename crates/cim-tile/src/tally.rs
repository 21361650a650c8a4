//! Rows counted by state: the same figures for clusters and for counts by unit.

use cim_mirror::Row;
use cim_model::Collection;

use crate::work::{is_open, is_overdue};

const WORK: &[&str] = &["open", "overdue", "closed"];
const REPORTS: &[&str] = &["open", "closed"];
const VIDEO: &[&str] = &["online", "offline", "unknown"];

/// How many rows of one collection are in which state, in the order of [`Tally::names`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([u32; 3]);

impl Tally {
    /// The states by which a collection's rows are counted; none for a collection without states. `overdue` is among `open`.
    #[must_use]
    pub fn names(collection: Collection) -> &'static [&'static str] {
        match collection {
            Collection::Case => WORK,
            Collection::Finding => REPORTS,
            Collection::Camera => VIDEO,
            _ => &[],
        }
    }

    /// Counts a row as it is at a moment, in milliseconds since 1970.
    pub fn add(&mut self, collection: Collection, row: Row<'_>, now_ms: i64) {
        let [first, second, third] = &mut self.0;
        match collection {
            Collection::Case if is_open(row.text_of("state")) => {
                *first += 1;
                *second += u32::from(is_overdue(row.int_of("due_at"), now_ms));
            }
            Collection::Case => *third += 1,
            Collection::Finding if is_open(row.text_of("state")) => *first += 1,
            Collection::Finding => *second += 1,
            Collection::Camera => match row.text_of("status") {
                Some("online") => *first += 1,
                Some("offline") => *second += 1,
                _ => *third += 1,
            },
            _ => {}
        }
    }

    /// Takes over another's figures.
    pub fn add_all(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// The figures, as many as there are names.
    pub fn figures(self, collection: Collection) -> impl Iterator<Item = (&'static str, i64)> {
        Self::names(collection).iter().copied().zip(self.0.into_iter().map(i64::from))
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}
