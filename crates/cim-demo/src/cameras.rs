//! Cameras: at crossings, gates, schools, markets, locks and along through roads.

use crate::crossings::Crossing;
use crate::dice::Dice;
use crate::grids::share_out;
use crate::lines::LineClass;
use crate::mesh::Plot;
use crate::model::Model;
use crate::plane::P;

pub(crate) const CAMERAS: usize = 20_000;

/// One camera.
#[derive(Clone, Debug)]
pub(crate) struct Camera {
    pub(crate) gb_id: String,
    pub(crate) name: String,
    pub(crate) at: P,
    /// Tenths of a degree, none when nobody measured it.
    pub(crate) azimuth: Option<i64>,
    pub(crate) field_angle_deg: u32,
    pub(crate) range_m: u32,
    pub(crate) mount_tenths: i64,
    pub(crate) tilt_deg: u32,
    pub(crate) ptz_type: u8,
    pub(crate) point_type: u8,
    pub(crate) position: &'static str,
    pub(crate) status: &'static str,
    pub(crate) secrecy: bool,
    pub(crate) owner: &'static str,
    pub(crate) road: String,
    pub(crate) key_place: Option<u32>,
    pub(crate) installed: String,
}

/// A place that deserves cameras.
struct Spot {
    at: P,
    towards: P,
    weight: f64,
    kind: SpotKind,
    name: String,
    road: String,
    key_place: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SpotKind {
    Crossing,
    Gate,
    School,
    Market,
    Lock,
    Road,
    Works,
    Village,
}

/// The cameras of every town, by town.
pub(crate) fn cameras(model: &Model, crossings: &[Crossing]) -> Vec<Vec<Camera>> {
    let towns = model.divisions.towns.len();
    let mut spots: Vec<Vec<Spot>> = (0..towns).map(|_| Vec::new()).collect();
    for crossing in crossings {
        crossing_spots(model, crossing, &mut spots);
    }
    compound_spots(model, &mut spots);
    road_spots(model, &mut spots);
    let houses = houses_by_face(model);
    for list in &mut spots {
        list.retain(|spot| stands_outdoors(model, &houses, spot.at));
    }
    let weights: Vec<f64> =
        spots.iter().map(|list| list.iter().map(|spot| spot.weight).sum::<f64>() + 0.01).collect();
    let limits: Vec<usize> = spots.iter().map(Vec::len).collect();
    let shares = share_out(&weights, &limits, CAMERAS);
    spots
        .into_iter()
        .enumerate()
        .map(|(town, list)| {
            let mut dice = Dice::of(model.seed, "camera", town as u64);
            choose(list, shares[town], &mut dice)
                .into_iter()
                .enumerate()
                .map(|(number, spot)| install(town, number, spot, &mut dice))
                .collect()
        })
        .collect()
}

fn houses_by_face(model: &Model) -> Vec<Vec<u32>> {
    let mut houses = vec![Vec::new(); model.network.mesh.face_count() as usize];
    for (index, house) in (0u32..).zip(&model.stock) {
        houses[house.face as usize].push(index);
    }
    houses
}

/// Whether no building of its face stands over a point.
fn stands_outdoors(model: &Model, houses: &[Vec<u32>], at: P) -> bool {
    model.faces.face_at(at).is_some_and(|face| {
        houses[face as usize].iter().all(|&index| {
            let rect = &model.stock[index as usize].rect;
            let away = at - rect.centre;
            away.dot(rect.axis).abs() > rect.half_width + 0.2
                || away.dot(rect.axis.left()).abs() > rect.half_depth + 0.2
        })
    })
}

fn town_of(model: &Model, face: u32) -> usize {
    model.divisions.villages[model.village_of(face) as usize].town as usize
}

fn crossing_spots(model: &Model, crossing: &Crossing, spots: &mut [Vec<Spot>]) {
    let town = town_of(model, crossing.face);
    let names: Vec<&str> = crossing
        .lines
        .iter()
        .map(|&line| model.network.lines[line as usize].name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    let village = &model.divisions.villages[model.village_of(crossing.face) as usize].short;
    if crossing.rivers >= 3 {
        let towards = crossing.arms.first().copied().unwrap_or(model.network.field.east(crossing.at));
        spots[town].push(Spot {
            at: crossing.at + towards.left() * 32.0,
            towards: -towards.left(),
            weight: 2.0,
            kind: SpotKind::Lock,
            name: format!("{village}闸口"),
            road: String::new(),
            key_place: None,
        });
        return;
    }
    if crossing.arms.len() < 3 || crossing.lines.len() < 2 {
        return;
    }
    let busy = if crossing.widest_m >= 19.0 {
        3.0
    } else if crossing.widest_m > 8.0 {
        1.0
    } else {
        0.13
    };
    let place = if names.len() >= 2 {
        format!("{}与{}路口", names[0], names[1])
    } else {
        format!("{village}路口")
    };
    for (index, &arm) in crossing.arms.iter().enumerate() {
        spots[town].push(Spot {
            at: crossing.at
                + arm * (crossing.widest_m * 0.5 + 3.0)
                + arm.left() * (crossing.widest_m * 0.5 + 1.5),
            towards: arm,
            weight: busy * if index == 0 { 1.0 } else { 0.6 },
            kind: SpotKind::Crossing,
            name: format!("{place}{}", compass_name(arm)),
            road: names.first().copied().unwrap_or_default().to_owned(),
            key_place: None,
        });
    }
}

fn compound_spots(model: &Model, spots: &mut [Vec<Spot>]) {
    for compound in model.compounds.values() {
        let (kind, weight, count) = match compound.plot {
            Plot::Slabs | Plot::Towers => (SpotKind::Gate, 1.3, 6),
            Plot::School => (SpotKind::School, 3.0, 4),
            Plot::Market | Plot::Hospital => (SpotKind::Market, 3.0, 4),
            Plot::Halls => (SpotKind::Works, 0.25, 2),
            Plot::Shops => (SpotKind::Gate, 0.6, 2),
            _ => continue,
        };
        let face = model.stock[compound.buildings[0] as usize].face;
        let town = town_of(model, face);
        for (number, &house) in compound.buildings.iter().take(count).enumerate() {
            let rect = &model.stock[house as usize].rect;
            let side = if number % 2 == 0 { 1.0 } else { -1.0 };
            spots[town].push(Spot {
                at: rect.point(side, -1.0) + rect.axis * (side * 1.2) - rect.axis.left() * 1.2,
                towards: (-rect.axis.left() + rect.axis * (0.4 * side)).unit(),
                weight: weight / (1.0 + number as f64 * 0.5),
                kind,
                name: format!(
                    "{}{}",
                    compound.name,
                    ["大门", "东侧", "西侧", "北门", "内道", "停车场"][number % 6]
                ),
                road: String::new(),
                key_place: matches!(kind, SpotKind::School | SpotKind::Market).then_some(compound.block),
            });
        }
    }
}

/// Along trunk and main roads, and at the hearts of villages.
fn road_spots(model: &Model, spots: &mut [Vec<Spot>]) {
    for stroke in &model.network.strokes {
        let line = &model.network.lines[stroke.line as usize];
        let step = match line.class {
            LineClass::Trunk | LineClass::Motorway => 300.0,
            LineClass::Main => 450.0,
            LineClass::River => 1500.0,
            _ => continue,
        };
        for pair in stroke.path.windows(2) {
            let way = (pair[1] - pair[0]).unit();
            let length = pair[0].distance(pair[1]);
            if length < 60.0 {
                continue;
            }
            let mut at = (step - pair[0].x.abs() % step).min(length * 0.5);
            while at < length {
                let point = pair[0] + way * at + way.left() * (line.width_m * 0.5 + 2.0);
                if let Some(face) = model.faces.face_at(point).filter(|&face| !model.is_water(face)) {
                    spots[town_of(model, face)].push(Spot {
                        at: point,
                        towards: if (at as u64).is_multiple_of(2) { way } else { -way },
                        weight: 0.5,
                        kind: if line.class == LineClass::River { SpotKind::Lock } else { SpotKind::Road },
                        name: format!(
                            "{}{}段",
                            line.name,
                            model.divisions.villages[model.village_of(face) as usize].short
                        ),
                        road: if line.class == LineClass::River { String::new() } else { line.name.clone() },
                        key_place: None,
                    });
                }
                at += step;
            }
        }
    }
    for village in 0..model.divisions.villages.len() as u16 {
        if let Some(heart) = model.village_heart(village) {
            let unit = &model.divisions.villages[village as usize];
            for (number, towards) in [P { x: 0.0, y: -1.0 }, P { x: 1.0, y: 0.0 }].into_iter().enumerate() {
                spots[unit.town as usize].push(Spot {
                    at: heart + P { x: 9.0 - 18.0 * number as f64, y: -9.5 },
                    towards,
                    weight: 3.0,
                    kind: SpotKind::Village,
                    name: format!("{}党群服务中心{}", unit.short, number + 1),
                    road: String::new(),
                    key_place: None,
                });
            }
        }
    }
}

/// As many spots as wanted, likelier with more weight, in their order.
fn choose(list: Vec<Spot>, count: usize, dice: &mut Dice) -> Vec<Spot> {
    let mut keyed: Vec<(f64, usize, Spot)> = list
        .into_iter()
        .enumerate()
        .map(|(index, spot)| (dice.unit() / spot.weight.max(0.01), index, spot))
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    keyed.truncate(count);
    keyed.sort_by_key(|(_, index, _)| *index);
    keyed.into_iter().map(|(_, _, spot)| spot).collect()
}

fn install(town: usize, number: usize, spot: Spot, dice: &mut Dice) -> Camera {
    let year = 2012 + (dice.unit().sqrt() * 14.0) as i64;
    let old = year < 2020;
    let (industry, network, owner) = match spot.kind {
        SpotKind::Crossing | SpotKind::Road if dice.chance(0.6) => ("04", 4, "320614D04"),
        SpotKind::Crossing | SpotKind::Road => ("08", 6, "320614D01"),
        SpotKind::School => ("11", 6, "320614D09"),
        SpotKind::Market => ("08", 6, "320614D06"),
        SpotKind::Lock => ("09", 6, "320614D11"),
        SpotKind::Works => ("40", 7, "320614D14"),
        SpotKind::Gate | SpotKind::Village => ("00", 2, "320614D04"),
    };
    let dome = dice.chance(0.24);
    let unknown = dice.chance(0.08);
    let turn = spot.towards.unit() + spot.towards.left() * (dice.bell() * 0.09);
    let azimuth = (bearing_deg(turn) * 10.0).round() as i64 % 3600;
    let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
    Camera {
        gb_id: format!(
            "{}00{industry}132{network}{:06}",
            if old { "320684" } else { "320614" },
            town * 10_000 + number + 1
        ),
        name: spot.name,
        at: spot.at,
        azimuth: (!unknown).then_some(azimuth),
        field_angle_deg: if dome { 60 } else { *dice.pick(&[42, 54, 68, 84, 92, 104]) },
        range_m: *dice.pick(if dome { &[120, 150, 200] } else { &[40, 50, 60, 80, 100] }),
        mount_tenths: match spot.kind {
            SpotKind::Crossing | SpotKind::Road => 55 + dice.below(20) as i64,
            SpotKind::Lock => 60 + dice.below(60) as i64,
            _ => 30 + dice.below(22) as i64,
        },
        tilt_deg: 8 + dice.below(22) as u32,
        ptz_type: if dome { 1 } else { *dice.pick(&[2, 3, 3, 3, 4]) },
        point_type: match spot.kind {
            SpotKind::Crossing | SpotKind::Road | SpotKind::School => 1,
            SpotKind::Works => 3,
            _ => 2,
        },
        position: match spot.kind {
            SpotKind::Crossing => "crossing",
            SpotKind::Gate => "estate_gate",
            SpotKind::School => "school_gate",
            SpotKind::Market => "market",
            SpotKind::Lock => "river_lock",
            SpotKind::Road => "road",
            SpotKind::Works => "works_gate",
            SpotKind::Village => "village_centre",
        },
        status: match dice.unit() {
            ..0.06 => "offline",
            0.06..0.07 => "unknown",
            _ => "online",
        },
        secrecy: dice.chance(0.02),
        owner,
        road: spot.road,
        key_place: spot.key_place,
        installed: format!("{year}-{month:02}-{day:02}"),
    }
}

/// The GB/T 28181 direction type of an azimuth in tenths of a degree.
pub(crate) fn direction_type(azimuth: i64) -> u8 {
    const BY_EIGHTH: [u8; 8] = [4, 6, 1, 5, 3, 7, 2, 8];
    BY_EIGHTH[((azimuth + 225) / 450 % 8) as usize]
}

fn compass_name(way: P) -> &'static str {
    const NAMES: [&str; 4] = ["北", "东", "南", "西"];
    NAMES[((bearing_deg(way) + 45.0) / 90.0) as usize % 4]
}

/// Degrees clockwise from north. A polynomial, because `atan2` differs between machines.
pub(crate) fn bearing_deg(way: P) -> f64 {
    let (x, y) = (way.x.abs(), way.y.abs());
    let (small, large) = if x < y { (x, y) } else { (y, x) };
    let t = if large > 0.0 { small / large } else { 0.0 };
    let t2 = t * t;
    let angle =
        t * (0.999_866 + t2 * (-0.330_299_5 + t2 * (0.180_141 + t2 * (-0.085_133 + t2 * 0.020_835_1))));
    let from_north = if x < y { angle } else { std::f64::consts::FRAC_PI_2 - angle };
    let bearing = match (way.x >= 0.0, way.y >= 0.0) {
        (true, true) => from_north,
        (true, false) => std::f64::consts::PI - from_north,
        (false, false) => std::f64::consts::PI + from_north,
        (false, true) => 2.0 * std::f64::consts::PI - from_north,
    };
    bearing * (180.0 / std::f64::consts::PI)
}
