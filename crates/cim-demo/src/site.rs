//! A face with the room that its edges take: where a building may stand.

use crate::buildings::{Building, Rect, Shape, Use};
use crate::dice::Dice;
use crate::lines::LineClass;
use crate::network::Network;
use crate::plane::{P, p, ring_centroid, ring_contains, segment_distance};

/// One edge of a site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteEdge {
    pub(crate) from: P,
    pub(crate) to: P,
    pub(crate) line: u32,
    pub(crate) class: LineClass,
    pub(crate) setback_m: f64,
    pub(crate) width_m: f64,
}

/// A face on which buildings are placed, with those placed so far.
pub(crate) struct Site {
    pub(crate) face: u32,
    pub(crate) ring: Vec<P>,
    pub(crate) edges: Vec<SiteEdge>,
    pub(crate) east: P,
    pub(crate) centre: P,
    /// Lowest and highest offsets from the centre, along `east` and its left.
    pub(crate) low: P,
    pub(crate) high: P,
    pub(crate) placed: Vec<Rect>,
}

impl Site {
    pub(crate) fn of(network: &Network, face: u32) -> Self {
        let halves = network.mesh.ring(face);
        let ring: Vec<P> = halves.iter().map(|&half| network.mesh.from(half)).collect();
        let edges = halves
            .iter()
            .map(|&half| {
                let line = network.mesh.line(half);
                let facts = &network.lines[line as usize];
                let mut setback_m = facts.setback_m();
                if facts.bank_road != 0 {
                    // The road lies on one bank only.
                    setback_m -= if network.bank_road_is_here(half) { 0.0 } else { 9.0 };
                }
                SiteEdge {
                    from: network.mesh.from(half),
                    to: network.mesh.to(half),
                    line,
                    class: facts.class,
                    setback_m,
                    width_m: facts.width_m,
                }
            })
            .collect();
        let centre = ring_centroid(&ring);
        let east = network.field.east(centre);
        let (mut low, mut high) = (p(f64::MAX, f64::MAX), p(f64::MIN, f64::MIN));
        for &point in &ring {
            let (x, y) = ((point - centre).dot(east), (point - centre).dot(east.left()));
            low = p(low.x.min(x), low.y.min(y));
            high = p(high.x.max(x), high.y.max(y));
        }
        Self { face, ring, edges, east, centre, low, high, placed: Vec::new() }
    }

    /// The point at offsets east and north of the centre, in the site's grain.
    pub(crate) fn at(&self, x: f64, y: f64) -> P {
        self.centre + self.east * x + self.east.left() * y
    }

    /// Whether a rectangle stands inside with every set-back kept.
    pub(crate) fn holds(&self, rect: &Rect, ease: f64) -> bool {
        let corners = rect.corners();
        if !corners.iter().all(|&corner| ring_contains(&self.ring, corner)) {
            return false;
        }
        let reach = rect.radius();
        self.edges.iter().all(|edge| {
            let setback = edge.setback_m * ease;
            if segment_distance(rect.centre, edge.from, edge.to) > reach + setback {
                return true;
            }
            let local = edge.from - rect.centre;
            let inside = local.dot(rect.axis).abs() < rect.half_width + setback
                && local.dot(rect.axis.left()).abs() < rect.half_depth + setback;
            !inside
                && corners.iter().all(|&corner| segment_distance(corner, edge.from, edge.to) >= setback)
                && (0..4).all(|side| {
                    let (a, b) = (corners[side], corners[(side + 1) % 4]);
                    segment_distance(edge.from, a, b) >= setback * 0.9
                })
        })
    }

    /// Whether it also keeps away from the others.
    pub(crate) fn is_free(&self, rect: &Rect, margin_m: f64) -> bool {
        self.placed.iter().all(|other| !other.touches(rect, margin_m))
    }

    /// Places a rectangle if there is room.
    pub(crate) fn place(&mut self, rect: Rect, margin_m: f64) -> bool {
        let fits = self.holds(&rect, 1.0) && self.is_free(&rect, margin_m);
        if fits {
            self.placed.push(rect);
        }
        fits
    }
}

/// A building with the usual facts of its use.
pub(crate) fn building(face: u32, rect: Rect, usage: Use, floors: u8, dice: &mut Dice) -> Building {
    let storey_m = match usage {
        Use::Industrial | Use::Warehouse | Use::Market => dice.between(7.5, 11.5),
        Use::Shop | Use::Hospital | Use::School | Use::Office => dice.between(3.4, 3.9),
        Use::Outbuilding => dice.between(2.7, 3.4),
        Use::Farmhouse => dice.between(3.1, 3.5),
        _ => dice.between(2.85, 3.0),
    };
    let roof_m = match usage {
        Use::Farmhouse | Use::Residential => dice.between(0.8, 1.6),
        Use::Outbuilding => dice.between(0.0, 0.6),
        _ => dice.between(0.6, 1.4),
    };
    let height_m = storey_m * f64::from(floors) + roof_m;
    let built_year = match usage {
        Use::Farmhouse | Use::Outbuilding => 1978.0 + dice.unit() * dice.unit() * 42.0,
        Use::Residential => 1975.0 + dice.unit() * 30.0,
        _ => 1996.0 + dice.unit() * 27.0,
    };
    Building {
        rect,
        shape: Shape::Plain,
        usage,
        floors,
        below: 0,
        height_dm: (height_m * 10.0) as u16,
        households: 0,
        built_year: built_year as u16,
        face,
        compound: 0,
        number: 0,
        road: 0,
        optional: false,
    }
}
