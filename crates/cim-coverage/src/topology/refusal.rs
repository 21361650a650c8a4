//! Why an operation cannot be done: the rule, the units and the geometry that breaks it.

use cim_crs::LatticePoint;

use super::element::UnitNo;

/// The rules that every state of a topology keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditRule {
    /// There is no such arc, node, face or unit in this state.
    NoSuchElement,
    /// The arc has no point at this place that can be moved or taken out.
    NoSuchVertex,
    /// A line would cross or touch itself.
    SelfCrossing,
    /// A border would cross or touch another.
    BorderCrossing,
    /// A border would sweep over a piece of ground that lies inside a face.
    IslandCrossed,
    /// An arc or face would have no extent, or less than the least allowed.
    TooSmall,
    /// The outline of the city is locked.
    OutlineLocked,
    /// The drawn area reaches beyond the city.
    OutsideCity,
    /// The drawn line does not divide the unit into two parts.
    LineMisses,
    /// The ends of the line do not lie on the arc.
    LineOffArc,
    /// The units are of different levels, or of one where this cannot be done.
    WrongLevel,
    /// The units belong to different parents.
    DifferentParents,
    /// A unit cannot be above itself, or below one of its own level or lower.
    WrongParent,
    /// The result would lie in more pieces than before.
    NotContiguous,
    /// A unit would be left without ground.
    NothingLeft,
    /// Overlay units would lie over each other.
    OverlayOverlap,
    /// The unit still holds ground or units.
    StillInUse,
    /// Another unit of the level has or had this code.
    CodeTaken,
    /// The code does not follow the template of its class.
    CodeMalformed,
    /// A name is empty.
    NameMissing,
    /// The operation changes nothing.
    NothingChanges,
    /// The whole state is not an exact partition: only a damaged store can show it.
    BrokenTopology,
}

impl EditRule {
    /// Every rule.
    pub const ALL: &[Self] = &[
        Self::NoSuchElement,
        Self::NoSuchVertex,
        Self::SelfCrossing,
        Self::BorderCrossing,
        Self::IslandCrossed,
        Self::TooSmall,
        Self::OutlineLocked,
        Self::OutsideCity,
        Self::LineMisses,
        Self::LineOffArc,
        Self::WrongLevel,
        Self::DifferentParents,
        Self::WrongParent,
        Self::NotContiguous,
        Self::NothingLeft,
        Self::OverlayOverlap,
        Self::StillInUse,
        Self::CodeTaken,
        Self::CodeMalformed,
        Self::NameMissing,
        Self::NothingChanges,
        Self::BrokenTopology,
    ];

    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSuchElement => "no_such_element",
            Self::NoSuchVertex => "no_such_vertex",
            Self::SelfCrossing => "self_crossing",
            Self::BorderCrossing => "border_crossing",
            Self::IslandCrossed => "island_crossed",
            Self::TooSmall => "too_small",
            Self::OutlineLocked => "outline_locked",
            Self::OutsideCity => "outside_city",
            Self::LineMisses => "line_misses",
            Self::LineOffArc => "line_off_arc",
            Self::WrongLevel => "wrong_level",
            Self::DifferentParents => "different_parents",
            Self::WrongParent => "wrong_parent",
            Self::NotContiguous => "not_contiguous",
            Self::NothingLeft => "nothing_left",
            Self::OverlayOverlap => "overlay_overlap",
            Self::StillInUse => "still_in_use",
            Self::CodeTaken => "code_taken",
            Self::CodeMalformed => "code_malformed",
            Self::NameMissing => "name_missing",
            Self::NothingChanges => "nothing_changes",
            Self::BrokenTopology => "broken_topology",
        }
    }
}

/// An operation that was not done; the state is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule.
    pub rule: EditRule,
    /// The units concerned.
    pub units: Vec<UnitNo>,
    /// What is wrong and what to do, in one English sentence without a full stop.
    pub message: String,
    /// Lines, or single points, that show it on a map.
    pub geometry: Vec<Vec<LatticePoint>>,
}

impl Refusal {
    pub(super) fn new(rule: EditRule, message: impl Into<String>) -> Self {
        Self { rule, units: Vec::new(), message: message.into(), geometry: Vec::new() }
    }

    pub(super) fn naming(mut self, units: impl IntoIterator<Item = UnitNo>) -> Self {
        self.units.extend(units);
        self.units.sort_unstable();
        self.units.dedup();
        self
    }

    pub(super) fn showing(mut self, line: Vec<LatticePoint>) -> Self {
        self.geometry.push(line);
        self
    }
}
