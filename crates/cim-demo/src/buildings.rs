//! A building as it stands: a rectangle or one with a wing, its use, floors and households.

use crate::plane::{P, p};

/// What a building is used for; the words are those of the packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Use {
    Residential,
    Apartment,
    Farmhouse,
    Outbuilding,
    Shop,
    Office,
    Industrial,
    Warehouse,
    School,
    Hospital,
    Market,
    Public,
}

impl Use {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Residential => "residential",
            Self::Apartment => "apartment",
            Self::Farmhouse => "farmhouse",
            Self::Outbuilding => "outbuilding",
            Self::Shop => "shop",
            Self::Office => "office",
            Self::Industrial => "industrial",
            Self::Warehouse => "warehouse",
            Self::School => "school",
            Self::Hospital => "hospital",
            Self::Market => "market",
            Self::Public => "public",
        }
    }
}

/// An oriented rectangle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rect {
    pub(crate) centre: P,
    /// Unit vector along the width.
    pub(crate) axis: P,
    pub(crate) half_width: f64,
    pub(crate) half_depth: f64,
}

impl Rect {
    pub(crate) fn new(centre: P, axis: P, width_m: f64, depth_m: f64) -> Self {
        Self { centre, axis, half_width: width_m * 0.5, half_depth: depth_m * 0.5 }
    }

    /// The point at fractions of half width and half depth from the centre.
    pub(crate) fn point(&self, across: f64, up: f64) -> P {
        self.centre + self.axis * (self.half_width * across) + self.axis.left() * (self.half_depth * up)
    }

    pub(crate) fn corners(&self) -> [P; 4] {
        [self.point(-1.0, -1.0), self.point(1.0, -1.0), self.point(1.0, 1.0), self.point(-1.0, 1.0)]
    }

    pub(crate) fn radius(&self) -> f64 {
        p(self.half_width, self.half_depth).len()
    }

    /// Whether a segment runs into it.
    pub(crate) fn meets(&self, a: P, b: P) -> bool {
        let local = |at: P| p((at - self.centre).dot(self.axis), (at - self.centre).dot(self.axis.left()));
        let (a, b) = (local(a), local(b));
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (from, way, half) in [(a.x, b.x - a.x, self.half_width), (a.y, b.y - a.y, self.half_depth)] {
            if way.abs() < 1e-9 {
                if from.abs() > half {
                    return false;
                }
                continue;
            }
            let (one, two) = ((-half - from) / way, (half - from) / way);
            enter = enter.max(one.min(two));
            leave = leave.min(one.max(two));
        }
        enter <= leave
    }

    /// Whether two rectangles come closer than a margin.
    pub(crate) fn touches(&self, other: &Self, margin_m: f64) -> bool {
        let between = other.centre - self.centre;
        if between.len() > self.radius() + other.radius() + margin_m {
            return false;
        }
        let apart = |axis: P| {
            let reach = |rect: &Self| {
                rect.half_width * rect.axis.dot(axis).abs()
                    + rect.half_depth * rect.axis.left().dot(axis).abs()
            };
            between.dot(axis).abs() > reach(self) + reach(other) + margin_m
        };
        !(apart(self.axis) || apart(self.axis.left()) || apart(other.axis) || apart(other.axis.left()))
    }
}

/// How the footprint departs from its rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Plain,
    /// A corner is left out: bits of which corner.
    Ell(u8),
    /// The middle of the front is left out.
    You,
    /// Stairs step out of the back wall.
    Stepped,
}

/// One building.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Building {
    pub(crate) rect: Rect,
    pub(crate) shape: Shape,
    pub(crate) usage: Use,
    pub(crate) floors: u8,
    pub(crate) below: u8,
    pub(crate) height_dm: u16,
    pub(crate) households: u16,
    pub(crate) built_year: u16,
    pub(crate) face: u32,
    /// The block's compound (estate, works, school), by block face; 0 for none.
    pub(crate) compound: u32,
    pub(crate) number: u16,
    /// The road line it is addressed on, 0 for none.
    pub(crate) road: u32,
    /// Left out first when there are too many.
    pub(crate) optional: bool,
}

impl Building {
    /// The footprint, counter-clockwise.
    pub(crate) fn footprint(&self) -> Vec<P> {
        let rect = &self.rect;
        match self.shape {
            Shape::Plain => rect.corners().to_vec(),
            Shape::Ell(corner) => {
                let (x, y) = (0.25, 0.1);
                match corner & 3 {
                    0 => [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (x, 1.0), (x, y), (-1.0, y)],
                    1 => [(-1.0, -1.0), (1.0, -1.0), (1.0, y), (-x, y), (-x, 1.0), (-1.0, 1.0)],
                    2 => [(-1.0, -1.0), (-x, -1.0), (-x, -y), (1.0, -y), (1.0, 1.0), (-1.0, 1.0)],
                    _ => [(-1.0, -y), (x, -y), (x, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
                }
                .iter()
                .map(|&(across, up)| rect.point(across, up))
                .collect()
            }
            Shape::You => [
                (-1.0, -1.0),
                (-0.62, -1.0),
                (-0.62, 0.2),
                (0.62, 0.2),
                (0.62, -1.0),
                (1.0, -1.0),
                (1.0, 1.0),
                (-1.0, 1.0),
            ]
            .iter()
            .map(|&(across, up)| rect.point(across, up))
            .collect(),
            Shape::Stepped => {
                let mut ring = vec![rect.point(-1.0, -1.0), rect.point(1.0, -1.0)];
                let stairs = (rect.half_width / 8.0).round().max(1.0);
                let step = 2.0 / stairs;
                for stair in 0..stairs as usize {
                    let from = 1.0 - step * stair as f64;
                    ring.push(rect.point(from, 0.82));
                    ring.push(rect.point(from - step * 0.35, 0.82));
                    ring.push(rect.point(from - step * 0.35, 1.0));
                    ring.push(rect.point(from - step * 0.65, 1.0));
                    ring.push(rect.point(from - step * 0.65, 0.82));
                }
                ring.push(rect.point(-1.0, 0.82));
                ring
            }
        }
    }
}
