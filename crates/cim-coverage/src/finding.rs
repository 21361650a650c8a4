//! What is wrong with a layer, unit by unit and with its area.

use std::fmt;

use cim_crs::{LatticePoint, LonLat};

/// The rule that a layer breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoverageRule {
    /// A ring has fewer than three different points or no area.
    RingCollapsed,
    /// A ring passes a point twice; what that means is clear, and it is cut there.
    SelfTouch,
    /// The rings of one unit cross or overlap themselves.
    SelfIntersection,
    /// Ground between units belongs to none of them.
    Gap,
    /// Ground belongs to several units.
    Overlap,
    /// A vertex of one unit lies on, or almost on, the border of another that has no vertex there.
    TJunction,
    /// Ground of the overlay lies outside the base layer.
    OutsideBase,
    /// A large area inside the outline that no unit claims: taken as intended (an enclave), and told.
    Enclave,
    /// Two units have the same key.
    DuplicateKey,
    /// The faces on the two sides of an arc do not agree with its neighbours: only a damaged store can show it.
    BrokenTopology,
}

impl CoverageRule {
    /// Whether a layer with such a finding can still be an exact partition.
    #[must_use]
    pub fn is_note(self) -> bool {
        matches!(self, Self::Enclave | Self::RingCollapsed | Self::SelfTouch)
    }

    /// The name of the rule in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RingCollapsed => "ring_collapsed",
            Self::SelfTouch => "self_touch",
            Self::SelfIntersection => "self_intersection",
            Self::Gap => "gap",
            Self::Overlap => "overlap",
            Self::TJunction => "t_junction",
            Self::OutsideBase => "outside_base",
            Self::Enclave => "enclave",
            Self::DuplicateKey => "duplicate_key",
            Self::BrokenTopology => "broken_topology",
        }
    }
}

/// One thing found wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageFinding {
    /// The rule broken.
    pub rule: CoverageRule,
    /// The keys of the units concerned, sorted.
    pub units: Vec<String>,
    /// A place on the map where it can be seen.
    pub at: LatticePoint,
    /// The ground concerned in square metres; 0 for findings about lines.
    pub area_m2: f64,
    /// The distance concerned in metres: the mean width of a gap or overlap, the distance of a vertex from the line.
    pub width_m: f64,
}

impl fmt::Display for CoverageFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = LonLat::from(self.at);
        let units = self.units.join(", ");
        let (area, width) = (self.area_m2, self.width_m);
        match self.rule {
            CoverageRule::RingCollapsed => write!(f, "a ring of {units} has no area and was left out"),
            CoverageRule::SelfTouch => write!(f, "a ring of {units} touches itself and was cut there"),
            CoverageRule::SelfIntersection => {
                write!(f, "the border of {units} crosses itself ({area:.2} m2)")
            }
            CoverageRule::Gap => {
                write!(f, "a gap of {area:.2} m2, {width:.3} m wide, lies between {units}")
            }
            CoverageRule::Overlap => write!(f, "{units} overlap on {area:.2} m2, {width:.3} m wide"),
            CoverageRule::TJunction => {
                write!(f, "the borders of {units} do not share a vertex that lies {width:.4} m from the line")
            }
            CoverageRule::OutsideBase => write!(f, "{area:.2} m2 of {units} lie outside every base unit"),
            CoverageRule::Enclave => write!(f, "{area:.0} m2 enclosed by {units} belong to no unit"),
            CoverageRule::DuplicateKey => write!(f, "the key {units} occurs twice"),
            CoverageRule::BrokenTopology => write!(f, "the arcs around {units} do not form closed rings"),
        }?;
        write!(f, " at {:.7} {:.7}", at.lon, at.lat)
    }
}
