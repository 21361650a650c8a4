//! A parsed filter: what was written, before it is known what the names mean.

use std::str::FromStr;

use super::FilterError;
use super::parse::parse;

/// A filter that was read from CQL2 text (OGC 21-065r2): comparisons, BETWEEN, IN, LIKE, IS NULL, CASEI, AND, OR, NOT.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter(pub(super) Expression);

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        parse(text).map(Self)
    }
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Constant(bool),
    Compare { left: Operand, relation: Relation, right: Operand },
    Between { value: Operand, low: Operand, high: Operand },
    In { value: Operand, list: Vec<Operand> },
    Like { value: Operand, pattern: String, is_folded: bool },
    IsNull(Operand),
}

/// What a comparison compares.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    /// A name, and whether case is folded.
    Property {
        name: String,
        is_folded: bool,
    },
    Value(Literal),
}

/// A written value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
    /// Milliseconds since 1970.
    Instant(i64),
    /// Days since 1970.
    Day(i64),
}

/// How two values may stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// The relation with its sides exchanged.
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Whether two values stand so; values without order do not.
    pub(super) fn holds<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}
