//! What can be wrong with a tile, how bad it is, and where it was found.

use std::fmt::{self, Display, Formatter};

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Allowed, but encoders are advised against it.
    Odd,
    /// A client can show the rest of the layer.
    Recoverable,
    /// The layer or the tile cannot be relied on.
    Fatal,
}

/// One fault and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// Where, from the outside in.
    pub place: String,
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {} ({:?})", self.fault.severity(), self.place, self.fault)
    }
}

/// What can be wrong, by the section of the specification that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The bytes end inside a field, or a number has no end.
    Truncated,
    /// A field of the format has the wrong wire type.
    WireType,
    /// A text is not UTF-8.
    NotUtf8,
    /// A number does not fit its type.
    NumberTooLarge,
    /// A field that may stand once stands twice.
    FieldTwice,
    /// 4.1: a layer without a version, or with one that is neither 1 nor 2.
    LayerVersion,
    /// 4.1: a layer without a name.
    LayerNameMissing,
    /// 4.1: two layers have the same name.
    LayerNameTwice,
    /// 4.1: a layer without an extent; readers take 4096.
    ExtentMissing,
    /// A tile of no width.
    ExtentZero,
    /// 4.1: a layer should hold a feature.
    LayerEmpty,
    /// 4.1: a value that is not exactly one of the seven.
    ValueNotOne,
    /// Dictionaries should not repeat themselves.
    DictionaryEntryTwice,
    /// 4.2: ids should be unique in a layer.
    FeatureIdTwice,
    /// 4.2: a feature without a geometry type, or one that there is not.
    GeometryType,
    /// 4.3.4: the type says that nothing is known of the geometry.
    GeometryTypeUnknown,
    /// 4.2: a feature without geometry.
    GeometryMissing,
    /// 4.4: an odd number of tags.
    TagsOdd,
    /// 4.4: a tag points at a key or a value that is not there.
    TagOutOfRange,
    /// 4.4: a feature has a key twice.
    KeyTwice,
    /// 4.3.1: a command that there is not, or in a place where it may not stand.
    Command,
    /// 4.3.1: a command with a count that is not allowed.
    CommandCount,
    /// 4.3.2: fewer parameters than the command counts.
    ParametersMissing,
    /// A point beyond 32 bits.
    PointTooFar,
    /// A line that stays where it is.
    LineStandsStill,
    /// 4.3.4.4: a ring of fewer than three different points.
    RingTooShort,
    /// 4.3.4.4: a ring whose last point repeats its first.
    RingClosedTwice,
    /// 4.3.4.4: a ring without area.
    RingWithoutArea,
    /// 4.3.4.4: a hole before any exterior ring.
    HoleFirst,
}

impl Fault {
    /// How bad it is; the fixtures of the format decide where the specification leaves it open.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::ExtentMissing
            | Self::LayerEmpty
            | Self::DictionaryEntryTwice
            | Self::FeatureIdTwice
            | Self::GeometryTypeUnknown
            | Self::PointTooFar => Severity::Odd,
            Self::LayerNameTwice
            | Self::FieldTwice
            | Self::GeometryType
            | Self::GeometryMissing
            | Self::TagsOdd
            | Self::KeyTwice
            | Self::LineStandsStill
            | Self::RingTooShort
            | Self::RingClosedTwice
            | Self::RingWithoutArea
            | Self::HoleFirst => Severity::Recoverable,
            Self::Truncated
            | Self::WireType
            | Self::NotUtf8
            | Self::NumberTooLarge
            | Self::LayerVersion
            | Self::LayerNameMissing
            | Self::ExtentZero
            | Self::ValueNotOne
            | Self::TagOutOfRange
            | Self::Command
            | Self::CommandCount
            | Self::ParametersMissing => Severity::Fatal,
        }
    }
}

/// Findings so far, and where the reader is.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) findings: Vec<Finding>,
    path: Vec<String>,
}

impl Notes {
    pub(super) fn enter(&mut self, place: String) {
        self.path.push(place);
    }

    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// Back to the outside, from wherever reading ended.
    pub(super) fn start_over(&mut self) {
        self.path.clear();
    }

    pub(super) fn add(&mut self, fault: Fault) {
        self.findings.push(Finding { fault, place: self.path.join(", ") });
    }
}
