//! Ponds: fish ponds in rows, a pond behind the houses, a lake in the park, and the paths around them.

use std::collections::BTreeMap;

use crate::buildings::{Building, Rect};
use crate::dice::Dice;
use crate::mesh::{Ground, Plot};
use crate::network::Network;
use crate::plane::P;
use crate::site::Site;
use crate::terraces::{RowPlan, fill_rows};

/// Still water in a block.
#[derive(Clone, Debug)]
pub(crate) struct Pond {
    pub(crate) ring: Vec<P>,
    pub(crate) face: u32,
    pub(crate) is_lake: bool,
}

/// A closed path: around a lake, or the running track of a school.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub(crate) path: Vec<P>,
    pub(crate) face: u32,
}

/// The ponds and loops of the district.
pub(crate) fn ponds_and_loops(network: &Network, stock: &[Building]) -> (Vec<Pond>, Vec<Loop>) {
    let mut houses: BTreeMap<u32, Vec<Rect>> = BTreeMap::new();
    for house in stock {
        houses.entry(house.face).or_default().push(house.rect);
    }
    let (mut ponds, mut loops) = (Vec::new(), Vec::new());
    for face in 1..network.mesh.face_count() {
        let tag = network.mesh.tags[face as usize];
        if tag.ground == Ground::Water {
            continue;
        }
        let mut dice = Dice::of(network.seed, "pond", u64::from(face));
        let site = || {
            let mut site = Site::of(network, face);
            site.placed = houses.get(&face).cloned().unwrap_or_default();
            site
        };
        match tag.plot {
            Plot::Ponds => fish_ponds(&mut site(), &mut dice, &mut ponds),
            Plot::Farm if tag.zone == 0 && dice.chance(0.42) => {
                house_ponds(&mut site(), &mut dice, &mut ponds);
            }
            Plot::Park => lake(&mut site(), &mut dice, &mut ponds, &mut loops),
            Plot::School => track(&mut site(), &mut loops),
            _ => {}
        }
    }
    (ponds, loops)
}

fn fish_ponds(site: &mut Site, dice: &mut Dice, ponds: &mut Vec<Pond>) {
    let (width, depth) = (dice.between(55.0, 95.0), dice.between(28.0, 42.0));
    let plan = RowPlan {
        pitch_m: depth + 7.0,
        width_m: (width * 0.92, width),
        depth_m: (depth * 0.95, depth),
        run: (2, 3),
        gap_m: (6.0, 7.0),
    };
    for rect in fill_rows(site, &plan, dice) {
        let inner = Rect { half_width: rect.half_width - 3.0, ..rect };
        ponds.push(Pond { ring: rounded(&inner, 3.0), face: site.face, is_lake: false });
    }
}

/// One or two small ponds in the fields behind the houses.
fn house_ponds(site: &mut Site, dice: &mut Dice, ponds: &mut Vec<Pond>) {
    for _ in 0..=dice.below(2) {
        for _ in 0..6 {
            let (x, y) = (dice.between(site.low.x, site.high.x), dice.between(site.low.y, site.high.y));
            let axis = (site.east + site.east.left() * (dice.bell() * 0.03)).unit();
            let rect = Rect::new(site.at(x, y), axis, dice.between(14.0, 46.0), dice.between(9.0, 17.0));
            if site.place(rect, 7.0) {
                ponds.push(Pond {
                    ring: rounded(&rect, dice.between(1.5, 4.0)),
                    face: site.face,
                    is_lake: false,
                });
                break;
            }
        }
    }
}

fn lake(site: &mut Site, dice: &mut Dice, ponds: &mut Vec<Pond>, loops: &mut Vec<Loop>) {
    let span = site.high - site.low;
    for share in [0.5, 0.4, 0.3, 0.2] {
        for _ in 0..8 {
            let rect = Rect::new(
                site.at(dice.between(-0.15, 0.15) * span.x, dice.between(-0.15, 0.15) * span.y),
                site.east,
                span.x * share,
                span.y * share * 0.85,
            );
            let around =
                Rect { half_width: rect.half_width + 9.0, half_depth: rect.half_depth + 9.0, ..rect };
            if rect.half_width > 9.0 && site.place(around, 3.0) {
                let waves: Vec<f64> = (0..9).map(|_| dice.between(0.72, 1.0)).collect();
                ponds.push(Pond { ring: blob(&rect, &waves, 0.0), face: site.face, is_lake: true });
                let mut path = blob(&rect, &waves, 5.0);
                path.extend(path.first().copied());
                loops.push(Loop { path, face: site.face });
                return;
            }
        }
    }
}

/// A running track with its long sides north-south where there is room.
fn track(site: &mut Site, loops: &mut Vec<Loop>) {
    let middle = (site.low + site.high) * 0.5;
    for (length, width) in [(150.0, 74.0), (110.0, 60.0), (70.0, 42.0)] {
        for step in 0..40 {
            let (dx, dy) = (f64::from(step % 8) - 3.5, f64::from(step / 8) - 2.0);
            let rect = Rect::new(
                site.at(middle.x + dx * 16.0, middle.y + dy * 16.0),
                site.east.left(),
                length,
                width,
            );
            if site.place(rect, 4.0) {
                loops.push(Loop { path: stadium(&rect), face: site.face });
                return;
            }
        }
    }
}

/// A rectangle with its corners cut.
fn rounded(rect: &Rect, corner_m: f64) -> Vec<P> {
    let (a, b) = (1.0 - corner_m / rect.half_width, 1.0 - corner_m / rect.half_depth);
    [(-a, -1.0), (a, -1.0), (1.0, -b), (1.0, b), (a, 1.0), (-a, 1.0), (-1.0, b), (-1.0, -b)]
        .iter()
        .map(|&(across, up)| rect.point(across, up))
        .collect()
}

/// Unit circle points without trigonometry, the same on every machine.
fn circle(count: usize) -> Vec<P> {
    // Points of the rational circle are spread evenly enough for a shore.
    (0..count)
        .map(|index| {
            let quarter = index * 4 / count;
            let t = (index * 4 % count) as f64 / count as f64;
            let t = t * (1.0 + 0.21 * (1.0 - t) * (1.0 - 2.0 * t) * 0.5);
            let base = P { x: (1.0 - t * t) / (1.0 + t * t), y: 2.0 * t / (1.0 + t * t) };
            (0..quarter).fold(base, |at, _| at.left())
        })
        .collect()
}

fn blob(rect: &Rect, waves: &[f64], out_m: f64) -> Vec<P> {
    let count = 36;
    circle(count)
        .into_iter()
        .enumerate()
        .map(|(index, at)| {
            let place = index as f64 * waves.len() as f64 / count as f64;
            let (low, share) = (place.floor() as usize, place - place.floor());
            let ease = share * share * (3.0 - 2.0 * share);
            let wave = waves[low % waves.len()] * (1.0 - ease) + waves[(low + 1) % waves.len()] * ease;
            let grown = (1.0 + out_m / rect.half_width, 1.0 + out_m / rect.half_depth);
            rect.point(at.x * wave * grown.0, at.y * wave * grown.1)
        })
        .collect()
}

fn stadium(rect: &Rect) -> Vec<P> {
    let straight = 1.0 - rect.half_depth / rect.half_width;
    let mut path: Vec<P> = circle(24)
        .into_iter()
        .map(|at| {
            let side = if at.x >= 0.0 { straight } else { -straight };
            rect.point(side + at.x * rect.half_depth / rect.half_width, at.y)
        })
        .collect();
    path.extend(path.first().copied());
    path
}
