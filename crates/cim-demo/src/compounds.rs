//! Works, offices, schools, hospitals, markets and parks: few and larger buildings behind one wall.

use crate::buildings::{Building, Rect, Shape, Use};
use crate::dice::Dice;
use crate::mesh::Plot;
use crate::network::Network;
use crate::plane::p;
use crate::site::{Site, building};
use crate::terraces::{RowPlan, fill_rows};

/// The buildings of a walled compound that fills one block.
pub(crate) fn compound(network: &Network, block: u32, plot: Plot, out: &mut Vec<Building>) {
    let mut dice = Dice::of(network.seed, "compound", u64::from(block));
    let mut site = Site::of(network, block);
    let start = out.len();
    match plot {
        Plot::Halls | Plot::Port => halls(&mut site, &mut dice, out),
        Plot::Offices => offices(&mut site, &mut dice, out),
        Plot::School => wings(
            &mut site,
            &mut dice,
            Use::School,
            &[
                (58.0, 30.0, 4),
                (62.0, 12.0, 4),
                (58.0, 12.0, 4),
                (48.0, 14.0, 3),
                (36.0, 24.0, 2),
                (24.0, 14.0, 3),
            ],
            out,
        ),
        Plot::Hospital => wings(
            &mut site,
            &mut dice,
            Use::Hospital,
            &[(68.0, 22.0, 9), (60.0, 18.0, 5), (48.0, 16.0, 4), (30.0, 16.0, 3), (20.0, 12.0, 2)],
            out,
        ),
        Plot::Market => market(&mut site, &mut dice, out),
        _ => pavilion(&mut site, &mut dice, out),
    }
    for (number, house) in (1u16..).zip(&mut out[start..]) {
        house.compound = block;
        house.number = number;
    }
}

fn halls(site: &mut Site, dice: &mut Dice, out: &mut Vec<Building>) {
    let office = wing_near(site, dice, 32.0, 14.0, -1.0);
    if let Some(rect) = office {
        out.push(building(site.face, rect, Use::Office, 3 + dice.below(2) as u8, dice));
    }
    let depth = dice.between(28.0, 52.0);
    let length = dice.between(48.0, 105.0);
    let plan = RowPlan {
        pitch_m: depth + dice.between(12.0, 20.0),
        width_m: (length * 0.85, length),
        depth_m: (depth * 0.92, depth),
        run: (1, 1),
        gap_m: (9.0, 18.0),
    };
    for rect in fill_rows(site, &plan, dice) {
        let usage = if dice.chance(0.25) { Use::Warehouse } else { Use::Industrial };
        let mut hall = building(site.face, rect, usage, 1, dice);
        if dice.chance(0.18) {
            hall.floors = 2 + dice.below(2) as u8;
            hall.height_dm = u16::from(hall.floors) * 48;
        }
        out.push(hall);
    }
    let small = RowPlan {
        pitch_m: 19.0,
        width_m: (10.0, 18.0),
        depth_m: (7.0, 11.0),
        run: (1, 2),
        gap_m: (8.0, 30.0),
    };
    for rect in fill_rows(site, &small, dice) {
        if dice.chance(0.16) {
            out.push(building(site.face, rect, Use::Warehouse, 1, dice));
        }
    }
}

fn offices(site: &mut Site, dice: &mut Dice, out: &mut Vec<Building>) {
    for (width, depth) in [(52.0, 20.0), (40.0, 18.0), (30.0, 30.0), (36.0, 16.0)] {
        if let Some(rect) = wing_near(site, dice, width, depth, 0.3) {
            let floors = 4 + dice.below(15) as u8;
            let mut house = building(site.face, rect, Use::Office, floors, dice);
            house.below = 1;
            if dice.chance(0.3) {
                house.shape = Shape::Ell(dice.below(4) as u8);
            }
            out.push(house);
        }
    }
}

fn wings(site: &mut Site, dice: &mut Dice, usage: Use, list: &[(f64, f64, u8)], out: &mut Vec<Building>) {
    for &(width, depth, floors) in list {
        if let Some(rect) = wing_near(site, dice, width, depth, 0.5) {
            let mut house = building(site.face, rect, usage, floors, dice);
            if depth < 15.0 && width > 55.0 && dice.chance(0.4) {
                house.shape = Shape::Stepped;
            } else if depth > 17.0 && width > 30.0 && dice.chance(0.5) {
                house.shape = Shape::You;
            }
            out.push(house);
        }
    }
}

fn market(site: &mut Site, dice: &mut Dice, out: &mut Vec<Building>) {
    if let Some(rect) =
        wing_near(site, dice, 64.0, 38.0, 0.0).or_else(|| wing_near(site, dice, 40.0, 24.0, 0.0))
    {
        out.push(building(site.face, rect, Use::Market, 1, dice));
    }
    let stalls =
        RowPlan { pitch_m: 17.0, width_m: (8.0, 12.0), depth_m: (7.0, 9.0), run: (3, 6), gap_m: (4.0, 9.0) };
    for rect in fill_rows(site, &stalls, dice) {
        if dice.chance(0.6) {
            out.push(building(site.face, rect, Use::Shop, 1 + dice.below(2) as u8, dice));
        }
    }
}

fn pavilion(site: &mut Site, dice: &mut Dice, out: &mut Vec<Building>) {
    for (width, depth) in [(14.0, 9.0), (8.0, 8.0)] {
        if let Some(rect) = wing_near(site, dice, width, depth, 0.0) {
            out.push(building(site.face, rect, Use::Public, 1, dice));
        }
    }
}

/// A rectangle somewhere in the site; `lean` above 0 prefers the north.
fn wing_near(site: &mut Site, dice: &mut Dice, width: f64, depth: f64, lean: f64) -> Option<Rect> {
    let span = site.high - site.low;
    let middle = (site.low + site.high) * 0.5;
    let mut best: Option<(f64, Rect)> = None;
    for _ in 0..36 {
        let offset = p(dice.between(-0.5, 0.5) * span.x, dice.between(-0.5, 0.5) * span.y);
        let rect = Rect::new(site.at(middle.x + offset.x, middle.y + offset.y), site.east, width, depth);
        let score = offset.y * lean - offset.x.abs() * 0.3;
        if best.is_none_or(|(most, _)| score > most) && site.holds(&rect, 1.0) && site.is_free(&rect, 11.0) {
            best = Some((score, rect));
        }
    }
    let rect = best?.1;
    site.placed.push(rect);
    Some(rect)
}
