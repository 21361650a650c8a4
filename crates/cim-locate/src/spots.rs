//! Places and key places: names with one point.

use cim_crs::LonLat;

/// A place with a name.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) kind: SpotKind,
    pub(crate) at: LonLat,
    pub(crate) town: u32,
    pub(crate) village: u32,
}

/// How large such a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SpotKind {
    /// Something one stands before: a hydrant, a toilet.
    Small,
    /// A yard with buildings.
    Yard,
    Estate,
    /// A huddle of houses with a name of its own.
    Hamlet,
    /// The middle of a town or village, for which the unit is better.
    Settlement,
}

impl SpotKind {
    pub(crate) fn of(kind: &str) -> Self {
        match kind {
            "hydrant" | "public_toilet" | "station" => Self::Small,
            "estate" => Self::Estate,
            "hamlet" => Self::Hamlet,
            "town" | "village" => Self::Settlement,
            _ => Self::Yard,
        }
    }

    /// How far from its point it reaches, when nothing else is known.
    pub(crate) fn reach_m(self) -> f64 {
        match self {
            Self::Small => 15.0,
            Self::Yard => 80.0,
            Self::Estate => 150.0,
            Self::Hamlet => 400.0,
            Self::Settlement => 1_000.0,
        }
    }
}
