//! Why rows are not chosen as asked: always with the place or name that is wrong, and what would be right.

use super::ValueKind;

/// A filter text is not one that we run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The text is longer than any filter needs to be.
    #[error("the filter has {bytes} bytes; {most} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// Brackets and negations inside each other.
    #[error("the filter nests deeper than {most} levels")]
    TooDeep {
        /// The limit.
        most: usize,
    },
    /// Too many comparisons and listed values.
    #[error("the filter has more than {most} comparisons and listed values")]
    TooManyTerms {
        /// The limit.
        most: usize,
    },
    /// Not CQL2 text.
    #[error("at character {at}: found {found}, expected {expected}")]
    Syntax {
        /// The place, counted in characters from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: &'static str,
    },
    /// CQL2, but beyond what tiles are filtered by.
    #[error(
        "{what} is not supported: use =, <>, <, >, <=, >=, BETWEEN, IN, LIKE, IS NULL, CASEI, AND, OR, NOT with \
         properties and values"
    )]
    Unsupported {
        /// The part of the language.
        what: String,
    },
    /// The tileset's rows are not chosen by this property.
    #[error("`{name}` is not queryable here; queryable are {}", .queryable.join(", "))]
    NotQueryable {
        /// The property that was asked for.
        name: String,
        /// Those that may be asked for.
        queryable: Vec<String>,
    },
    /// A property is compared with a value of another kind.
    #[error("`{name}` is {kind}, not {given}")]
    WrongKind {
        /// The property.
        name: String,
        /// What its values are.
        kind: ValueKind,
        /// What it was compared with.
        given: ValueKind,
    },
    /// The tileset has no queryables.
    #[error("the tileset `{tileset}` takes no filter")]
    NotAllowed {
        /// The tileset.
        tileset: String,
    },
}

/// A time is not one that we show rows of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatetimeError {
    /// Not RFC 3339, or not an interval of two.
    #[error(
        "give an instant like 2026-03-01T08:00:00+08:00, or an interval start/end in which .. leaves a side open"
    )]
    Malformed,
    /// The interval ends before it starts.
    #[error("the interval ends before it starts")]
    Backwards,
    /// The tileset's rows have no time.
    #[error("the tileset `{tileset}` shows the present only")]
    NotAllowed {
        /// The tileset.
        tileset: String,
    },
    /// Boundaries are shown as of one moment.
    #[error("boundaries are shown as of one moment, not over an interval")]
    BoundariesAreOfOneMoment,
    /// What was known at a time is asked of a tileset that shows no boundaries.
    #[error(
        "the tileset `{tileset}` shows no boundaries, whose history alone has a time at which it was known"
    )]
    KnownAtIsOfBoundaries {
        /// The tileset.
        tileset: String,
    },
}

/// Rows cannot be chosen as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// By the filter.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// By the time.
    #[error(transparent)]
    Datetime(#[from] DatetimeError),
}
