//! Old town quarters: rows of narrow houses of two and three floors, and shops along the streets.

use crate::buildings::{Building, Rect, Shape, Use};
use crate::dice::Dice;
use crate::lines::LineClass;
use crate::network::Network;
use crate::site::{Site, building};

/// How rows are filled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowPlan {
    pub(crate) pitch_m: f64,
    pub(crate) width_m: (f64, f64),
    pub(crate) depth_m: (f64, f64),
    pub(crate) run: (usize, usize),
    pub(crate) gap_m: (f64, f64),
}

/// Fills a site with rows of rectangles.
pub(crate) fn fill_rows(site: &mut Site, plan: &RowPlan, dice: &mut Dice) -> Vec<Rect> {
    let mut placed = Vec::new();
    let mut y = site.low.y + plan.pitch_m * 0.35;
    while y < site.high.y {
        let depth = dice.between(plan.depth_m.0, plan.depth_m.1);
        let mut x = site.low.x + 2.0;
        let mut run = plan.run.0 + dice.below(plan.run.1 - plan.run.0 + 1);
        let mut width = dice.between(plan.width_m.0, plan.width_m.1);
        while x < site.high.x - width * 0.5 {
            if run == 0 {
                x += dice.between(plan.gap_m.0, plan.gap_m.1);
                run = plan.run.0 + dice.below(plan.run.1 - plan.run.0 + 1);
                width = dice.between(plan.width_m.0, plan.width_m.1);
            }
            let rect = Rect::new(site.at(x + width * 0.5, y), site.east, width, depth);
            if site.place(rect, 0.1) {
                placed.push(rect);
                x += width + 0.15;
                run -= 1;
            } else {
                x += 2.5;
            }
        }
        y += plan.pitch_m;
    }
    placed
}

/// An old quarter on one block.
pub(crate) fn old_town(network: &mut Network, block: u32, out: &mut Vec<Building>) {
    let mut dice = Dice::of(network.seed, "terraces", u64::from(block));
    let pitch_m = dice.between(19.0, 25.0);
    let plan =
        RowPlan { pitch_m, width_m: (7.0, 10.5), depth_m: (8.5, 11.0), run: (3, 9), gap_m: (2.5, 7.0) };
    let pieces = network.cut_rows(block, pitch_m * 2.4, 170.0);
    let mut number = 0;
    for piece in pieces {
        let mut site = Site::of(network, piece);
        for rect in shops_along(&mut site, &mut dice, 0.5) {
            out.push(shop(piece, rect, &mut number, block, &mut dice));
        }
        for rect in fill_rows(&mut site, &plan, &mut dice) {
            number += 1;
            let floors = 1 + (dice.unit() * 2.7) as u8;
            let mut house = building(piece, rect, Use::Residential, floors, &mut dice);
            house.households = if floors > 2 && dice.chance(0.4) { 2 } else { 1 };
            house.number = number;
            house.road = nearest_road(&site, rect);
            out.push(house);
        }
    }
}

/// A shopping block: shops around, flats within.
pub(crate) fn shopping_block(network: &mut Network, block: u32, out: &mut Vec<Building>) {
    let mut dice = Dice::of(network.seed, "shops", u64::from(block));
    let pieces = network.cut_rows(block, 95.0, 140.0);
    let mut number = 0;
    for piece in pieces {
        let mut site = Site::of(network, piece);
        for rect in shops_along(&mut site, &mut dice, 1.0) {
            out.push(shop(piece, rect, &mut number, block, &mut dice));
        }
        let plan = RowPlan {
            pitch_m: 34.0,
            width_m: (32.0, 52.0),
            depth_m: (11.0, 13.0),
            run: (1, 2),
            gap_m: (9.0, 14.0),
        };
        for rect in fill_rows(&mut site, &plan, &mut dice) {
            number += 1;
            let mut house = building(piece, rect, Use::Apartment, 5, &mut dice);
            house.households = (rect.half_width * 2.0 * 0.1 * 5.0) as u16;
            house.number = number;
            house.compound = block;
            house.shape = Shape::Stepped;
            out.push(house);
        }
    }
}

fn shop(piece: u32, rect: Rect, number: &mut u16, _block: u32, dice: &mut Dice) -> Building {
    *number += 1;
    let floors = 2 + dice.below(4) as u8;
    let mut house = building(piece, rect, Use::Shop, floors, dice);
    house.households = if floors > 2 { (rect.half_width * 0.16 * f64::from(floors - 2)) as u16 } else { 0 };
    house.number = *number;
    house
}

/// Rectangles along the streets around a site, their fronts to the street.
pub(crate) fn shops_along(site: &mut Site, dice: &mut Dice, share: f64) -> Vec<Rect> {
    let mut placed = Vec::new();
    for edge in site.edges.clone() {
        let is_street = matches!(edge.class, LineClass::Street | LineClass::Main | LineClass::Trunk);
        let length = edge.from.distance(edge.to);
        if !is_street || length < 22.0 || !dice.chance(share) {
            continue;
        }
        let along = (edge.to - edge.from).unit();
        let depth = dice.between(10.0, 14.0);
        let mut at = edge.setback_m.max(6.0);
        while at < length - 10.0 {
            let width = dice.between(11.0, 26.0);
            let centre =
                edge.from + along * (at + width * 0.5) + along.left() * (edge.setback_m + depth * 0.5 + 0.4);
            let rect = Rect::new(centre, along, width, depth);
            if site.place(rect, 0.1) {
                placed.push(rect);
            }
            at += width + if dice.chance(0.25) { dice.between(4.0, 8.0) } else { 0.2 };
        }
    }
    placed
}

/// The road a rectangle is nearest to; 0 when the site has none.
pub(crate) fn nearest_road(site: &Site, rect: Rect) -> u32 {
    site.edges
        .iter()
        .filter(|edge| edge.class.is_road())
        .min_by(|a, b| {
            let distance = |edge: &crate::site::SiteEdge| {
                crate::plane::segment_distance(rect.centre, edge.from, edge.to)
            };
            distance(a).total_cmp(&distance(b))
        })
        .map_or(0, |edge| edge.line)
}
