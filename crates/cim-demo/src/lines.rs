//! The lines of the network: rivers, canals, roads, walls, and how much room each one takes.

use crate::plane::P;

/// What runs along an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum LineClass {
    Outline,
    Shore,
    River,
    Canal,
    Ditch,
    Motorway,
    Trunk,
    Main,
    Street,
    Lane,
    Track,
    /// A path inside a block, between rows of houses.
    Path,
}

impl LineClass {
    pub(crate) fn is_water(self) -> bool {
        matches!(self, Self::River | Self::Canal | Self::Ditch)
    }

    pub(crate) fn is_road(self) -> bool {
        matches!(self, Self::Motorway | Self::Trunk | Self::Main | Self::Street | Self::Lane | Self::Track)
    }
}

/// One named line; many edges may belong to it.
#[derive(Clone, Debug)]
pub(crate) struct NetLine {
    pub(crate) class: LineClass,
    pub(crate) name: String,
    pub(crate) width_m: f64,
    /// A road on the left (1) or right (-1) bank of a water, 0 for none.
    pub(crate) bank_road: i8,
}

impl NetLine {
    /// How far from the edge a building must stay.
    pub(crate) fn setback_m(&self) -> f64 {
        let beside = match self.class {
            LineClass::Outline => 8.0,
            LineClass::Shore => 60.0,
            LineClass::River => 14.0,
            LineClass::Canal | LineClass::Street => 6.0,
            LineClass::Ditch | LineClass::Lane => 3.5,
            LineClass::Motorway => 40.0,
            LineClass::Trunk => 16.0,
            LineClass::Main => 9.0,
            LineClass::Track | LineClass::Path => 2.0,
        };
        self.width_m * 0.5 + beside + if self.bank_road == 0 { 0.0 } else { 9.0 }
    }
}

/// A drawn piece of a line.
#[derive(Clone, Debug)]
pub(crate) struct Stroke {
    pub(crate) line: u32,
    pub(crate) path: Vec<P>,
}
