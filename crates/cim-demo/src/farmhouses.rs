//! Rows of farmhouses along lanes, canal roads and country roads, every one with its yard.

use crate::buildings::{Building, Rect, Use};
use crate::dice::Dice;
use crate::lines::LineClass;
use crate::network::Network;
use crate::plane::P;
use crate::site::{Site, building};

/// The farmhouses of one block.
pub(crate) fn farmhouses(network: &Network, face: u32, out: &mut Vec<Building>) {
    let mut site = Site::of(network, face);
    let mut dice = Dice::of(network.seed, "farm", u64::from(face));
    let density = 0.55 + 0.75 * network.field.noise(site.centre, 2600.0, 41);
    let edges = site.edges.clone();
    let mut number = 0;
    let mut index = 0;
    while index < edges.len() {
        let line = edges[index].line;
        let mut chain = vec![edges[index].from];
        let first = edges[index];
        while index < edges.len() && edges[index].line == line {
            chain.push(edges[index].to);
            index += 1;
        }
        let along = (chain[chain.len() - 1] - chain[0]).unit();
        let eastward = along.dot(site.east);
        let has_road = match first.class {
            LineClass::Lane | LineClass::Main | LineClass::Trunk | LineClass::Street => true,
            LineClass::Track => dice.chance(0.12),
            LineClass::Canal | LineClass::River => {
                network.lines[line as usize].bank_road != 0 && first.setback_m > first.width_m * 0.5 + 14.0
            }
            _ => false,
        };
        // Houses like to have their road in the south; going east the site lies north of it.
        let liking = if eastward > 0.7 {
            1.0
        } else if eastward < -0.7 {
            0.42
        } else {
            0.3
        };
        if has_road && dice.chance((liking * density * 0.86).min(0.97)) {
            row(&mut site, &chain, &first, density, &mut number, &mut dice, out);
        }
    }
}

/// One row along a chain of edges.
fn row(
    site: &mut Site,
    chain: &[P],
    edge: &crate::site::SiteEdge,
    density: f64,
    number: &mut u16,
    dice: &mut Dice,
    out: &mut Vec<Building>,
) {
    let length: f64 = chain.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let yard_m = dice.between(6.0, 11.0);
    let usual_width = dice.between(9.0, 12.0);
    let usual_depth = dice.between(8.2, 10.8);
    let mut at = dice.between(6.0, 30.0);
    let mut run = 3 + dice.below(14);
    while at < length - 8.0 {
        if run == 0 {
            at += dice.between(18.0, 75.0) / density;
            run = 3 + dice.below(16);
            continue;
        }
        run -= 1;
        let width = (usual_width + dice.bell() * 0.7).clamp(8.2, 13.5);
        let depth = (usual_depth + dice.bell() * 0.5).clamp(7.6, 11.6);
        let pitch = width + dice.between(2.2, 7.5);
        let (foot, along) = point_on(chain, at + pitch * 0.5);
        at += pitch;
        if dice.chance(0.09) {
            continue;
        }
        // Ridges run east-west whatever the road does, a little out of true.
        let axis = (site.east + site.east.left() * (dice.bell() * 0.012)).unit();
        let inward = along.left();
        let facing = axis.left().dot(inward);
        let reach = if facing.abs() > 0.7 { depth * 0.5 } else { width * 0.5 };
        let yard = if facing > 0.7 { yard_m } else { 4.0 } + dice.bell() * 0.35;
        let centre = foot + inward * (edge.setback_m + yard.max(0.5) + reach);
        let rect = Rect::new(centre, axis, width, depth);
        if !site.place(rect, 1.1) {
            continue;
        }
        let floors = match dice.unit() {
            ..0.16 => 1,
            ..0.87 => 2,
            _ => 3,
        };
        *number += 1;
        let mut house = building(site.face, rect, Use::Farmhouse, floors, dice);
        house.number = *number;
        house.road = edge.line;
        house.households = 1;
        if dice.chance(0.18) {
            house.shape = crate::buildings::Shape::Ell(if dice.chance(0.5) { 2 } else { 3 });
        }
        out.push(house);
        sheds(site, rect, yard, *number, edge.line, dice, out);
    }
}

/// The lower buildings that belong to a house: a kitchen wing in front, a shed behind.
fn sheds(
    site: &mut Site,
    house: Rect,
    yard: f64,
    number: u16,
    road: u32,
    dice: &mut Dice,
    out: &mut Vec<Building>,
) {
    let south = -house.axis.left();
    let hand = if dice.chance(0.6) { 1.0 } else { -1.0 };
    let mut candidates = Vec::new();
    if yard > 5.0 && dice.chance(0.66) {
        let (width, depth) = (dice.between(3.6, 5.0), dice.between(4.2, (yard - 0.8).clamp(4.4, 7.5)));
        candidates.push(Rect::new(
            house.centre
                + house.axis * (hand * (house.half_width - width * 0.5))
                + south * (house.half_depth + depth * 0.5 + 0.25),
            house.axis,
            width,
            depth,
        ));
    }
    if dice.chance(0.74) {
        let (width, depth) = (dice.between(4.0, 8.5), dice.between(3.2, 5.0));
        candidates.push(Rect::new(
            house.centre + house.axis * dice.between(-2.5, 2.5)
                - south * (house.half_depth + depth * 0.5 + dice.between(2.2, 6.5)),
            house.axis,
            width,
            depth,
        ));
    }
    for rect in candidates {
        if site.place(rect, 0.15) {
            let mut shed = building(site.face, rect, Use::Outbuilding, 1, dice);
            shed.number = number;
            shed.road = road;
            shed.optional = true;
            out.push(shed);
        }
    }
}

/// The point at a distance along a chain, and its direction there.
pub(crate) fn point_on(chain: &[P], mut distance: f64) -> (P, P) {
    for pair in chain.windows(2) {
        let length = pair[0].distance(pair[1]);
        if distance <= length {
            return (pair[0].lerp(pair[1], distance / length.max(0.001)), (pair[1] - pair[0]).unit());
        }
        distance -= length;
    }
    let last = chain.len() - 1;
    (chain[last], (chain[last] - chain[last - 1]).unit())
}
