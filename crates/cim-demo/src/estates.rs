//! Estates: parallel slabs and towers in rows, every row and building on a piece of its own.

use crate::buildings::{Building, Rect, Shape, Use};
use crate::dice::Dice;
use crate::mesh::Plot;
use crate::network::Network;
use crate::site::{Site, building};

/// The plan of one estate.
#[derive(Clone, Copy, Debug)]
struct Plan {
    length_m: f64,
    depth_m: f64,
    pitch_m: f64,
    floors: u8,
    /// Flats on a floor per metre of length.
    flats_per_m: f64,
    stepped: bool,
}

impl Plan {
    fn draw(plot: Plot, dice: &mut Dice) -> Self {
        if plot == Plot::Towers {
            let floors = 18 + dice.below(16) as u8;
            let length_m = dice.between(24.0, 36.0);
            return Self {
                length_m,
                depth_m: dice.between(15.0, 18.5),
                pitch_m: 52.0 + f64::from(floors) * 0.8,
                floors,
                flats_per_m: 4.0 / length_m,
                stepped: true,
            };
        }
        let floors = *dice.pick(&[4u8, 5, 6, 6, 6, 6, 7, 11]);
        Self {
            length_m: dice.between(45.0, 66.0),
            depth_m: dice.between(11.5, 13.5),
            pitch_m: 20.0 + f64::from(floors) * 2.6 + dice.between(0.0, 6.0),
            floors,
            flats_per_m: if floors > 7 { 0.082 } else { 0.095 },
            stepped: floors <= 7,
        }
    }
}

/// Cuts an estate's block into pieces and stands a slab or tower on each.
pub(crate) fn estate(network: &mut Network, block: u32, plot: Plot, out: &mut Vec<Building>) {
    let mut dice = Dice::of(network.seed, "estate", u64::from(block));
    let plan = Plan::draw(plot, &mut dice);
    let gap_m = if plot == Plot::Towers { 26.0 } else { 12.0 };
    let pieces = network.cut_rows(block, plan.pitch_m, plan.length_m + gap_m);
    let mut number = 0;
    for piece in pieces {
        let mut site = Site::of(network, piece);
        let Some(rect) = fit(&mut site, &plan) else { continue };
        number += 1;
        let mut house = building(piece, rect, Use::Apartment, plan.floors, &mut dice);
        let flats = (rect.half_width * 2.0 * plan.flats_per_m).round().max(2.0);
        house.households = (flats * f64::from(plan.floors) * dice.between(0.74, 0.96)) as u16;
        house.compound = block;
        house.number = number;
        house.below = u8::from(plan.floors > 7);
        if plan.stepped {
            house.shape = Shape::Stepped;
        }
        out.push(house);
    }
    gate_house(network, block, &mut dice, out);
}

/// The largest slab of the plan that the piece holds, as near its middle as can be.
fn fit(site: &mut Site, plan: &Plan) -> Option<Rect> {
    let middle = (site.low + site.high) * 0.5;
    for share in [1.0, 0.85, 0.7, 0.55] {
        let length = plan.length_m * share;
        if length < 18.0 {
            break;
        }
        for north in [0.0, 3.0, -3.0, 6.0, -6.0, 10.0, -10.0] {
            for east in [0.0, 5.0, -5.0, 11.0, -11.0, 18.0, -18.0] {
                let rect =
                    Rect::new(site.at(middle.x + east, middle.y + north), site.east, length, plan.depth_m);
                if site.place(rect, 6.0) {
                    return Some(rect);
                }
            }
        }
    }
    None
}

/// The porter's lodge; small, near a corner of the block.
fn gate_house(network: &Network, block: u32, dice: &mut Dice, out: &mut Vec<Building>) {
    let site = Site::of(network, block);
    let taken: Vec<Rect> = out.iter().rev().take_while(|b| b.compound == block).map(|b| b.rect).collect();
    for edge in &site.edges {
        let middle = edge.from.lerp(edge.to, 0.5);
        let along = (edge.to - edge.from).unit();
        let rect = Rect::new(middle + along.left() * (edge.setback_m + 2.6), along, 6.0, 4.0);
        if site.holds(&rect, 1.0) && taken.iter().all(|other| !other.touches(&rect, 4.0)) {
            let mut lodge = building(block, rect, Use::Public, 1, dice);
            lodge.compound = block;
            out.push(lodge);
            return;
        }
    }
}
