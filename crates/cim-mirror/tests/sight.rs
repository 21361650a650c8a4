//! Lines of sight and visible areas against a walk along every line in steps of a centimetre.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_crs::LonLat;
use cim_mirror::{
    Area, Eye, Height, Metres, Plane, Row, Sector, Sight, Skyline, View, WorldPoint, collection_builder,
    visible_area,
};
use cim_model::{Collection, Record, Value};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

const MIDDLE: LonLat = LonLat { lon: 121.17, lat: 31.89 };
const SIDE_M: f64 = 240.0;
const STEP_M: f64 = 0.01;

struct Dice(u64);

impl Dice {
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[expect(clippy::cast_precision_loss, reason = "a random number")]
        let part = (self.0 >> 33) as f64 / (1_u64 << 31) as f64;
        part
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.part()
    }

    fn place(&mut self) -> LonLat {
        let metres = Metres {
            east: self.between(-SIDE_M / 2.0, SIDE_M / 2.0),
            south: self.between(-SIDE_M / 2.0, SIDE_M / 2.0),
        };
        Plane::around(MIDDLE).point_at(metres).into()
    }
}

fn building(dice: &mut Dice, number: usize) -> Record {
    let spec = Collection::Building.spec();
    let mut values = vec![Value::Null; spec.fields.len()];
    let mut set = |name: &str, value| values[spec.position(name).unwrap()] = value;
    set("code", Value::Text(format!("b{number}")));
    match number % 5 {
        0 => set("floors_above", Value::Int(1 + i64::try_from(number % 4).unwrap())),
        1 => {}
        _ => set("height_m", Value::Float(dice.between(2.0, 12.0))),
    }
    let middle = Plane::around(MIDDLE).metres(dice.place().into());
    let (half_length, half_width) = (dice.between(3.0, 12.0), dice.between(2.0, 7.0));
    let (sin, cos) = dice.between(0.0, 3.0).sin_cos();
    let corner = |along: f64, across: f64| {
        let metres = Metres {
            east: middle.east + along * half_length * cos - across * half_width * sin,
            south: middle.south + along * half_length * sin + across * half_width * cos,
        };
        let LonLat { lon, lat } = Plane::around(MIDDLE).point_at(metres).into();
        Coord { x: lon, y: lat }
    };
    let ring =
        LineString::from(vec![corner(1.0, 1.0), corner(1.0, -1.0), corner(-1.0, -1.0), corner(-1.0, 1.0)]);
    set("geom", Value::Geometry(MultiPolygon(vec![Polygon::new(ring, Vec::new())]).into()));
    Record { values }
}

fn town(dice: &mut Dice) -> View {
    let mut builder = collection_builder(Collection::Building);
    for number in 0..60 {
        builder.push(i64::try_from(number).unwrap(), 1, &building(dice, number));
    }
    View::new(Collection::Building, builder.finish())
}

fn height(row: Row<'_>) -> Height {
    match (row.float_of("height_m"), row.int_of("floors_above")) {
        (Some(height_m), _) => Height::Measured(height_m),
        #[expect(clippy::cast_precision_loss, reason = "few floors")]
        (None, Some(floors)) => Height::Assumed(floors as f64 * 3.0),
        (None, None) => Height::Unknown,
    }
}

/// How many steps of the line run through a building lower than its roof, by whether its height is measured.
fn walked(view: &View, from: Eye, to: Eye) -> (u32, u32) {
    let plane = Plane::around(from.at);
    let end = plane.metres(to.at.into());
    let steps = (end.east.hypot(end.south) / STEP_M).ceil();
    let in_the_way: Vec<Row<'_>> = view
        .rows()
        .filter(|row| !row.shape().contains(from.at.into()) && !row.shape().contains(to.at.into()))
        .collect();
    let (mut surely, mut maybe) = (0, 0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand steps")]
    for step in 0..=steps as u32 {
        let part = f64::from(step) / steps;
        let point = plane.point_at(Metres { east: end.east * part, south: end.south * part });
        let line_m = from.height_m + (to.height_m - from.height_m) * part;
        for row in in_the_way.iter().filter(|row| row.shape().contains(point)) {
            match height(*row) {
                Height::Measured(height_m) => surely += u32::from(height_m > line_m),
                Height::Assumed(height_m) => maybe += u32::from(height_m > line_m),
                Height::Unknown => maybe += 1,
            }
        }
    }
    (surely, maybe)
}

#[test]
fn a_line_of_sight_is_what_a_walk_along_it_finds() {
    let mut dice = Dice(11);
    let (mut clear, mut blocked, mut assumed, mut grazing) = (0, 0, 0, 0);
    for _ in 0..12 {
        let view = town(&mut dice);
        let skyline = Skyline::new(&view, height);
        for _ in 0..60 {
            let from = Eye { at: dice.place(), height_m: dice.between(2.5, 9.0) };
            let to = Eye { at: dice.place(), height_m: dice.between(0.0, 4.0) };
            let (surely, maybe) = walked(&view, from, to);
            let found = skyline.sight(from, to);
            // A corner that is only grazed may be told either way.
            if (1..=5).contains(&surely) || (surely == 0 && (1..=5).contains(&maybe)) {
                grazing += 1;
                continue;
            }
            match found {
                Sight::Clear => {
                    assert_eq!((surely, maybe), (0, 0), "{from:?} {to:?}");
                    clear += 1;
                }
                Sight::Blocked(row) => {
                    assert!(surely > 0, "{from:?} {to:?} {:?}", row.text_of("code"));
                    blocked += 1;
                }
                Sight::Assumed(row) => {
                    assert!(surely == 0 && maybe > 0, "{from:?} {to:?} {:?}", row.text_of("code"));
                    assumed += 1;
                }
            }
        }
    }
    assert!(clear > 60 && blocked > 100 && assumed > 60, "{clear} {blocked} {assumed}");
    assert!(grazing < 20, "{grazing}");
}

#[test]
fn a_place_in_the_clear_part_of_a_view_is_seen_and_one_in_the_blocked_part_is_not() {
    let mut dice = Dice(5);
    let (mut seen, mut hidden, mut maybe) = (0, 0, 0);
    for round in 0..10 {
        let view = town(&mut dice);
        let eye = Eye { at: dice.place(), height_m: dice.between(3.0, 14.0) };
        let looks = (round % 3 > 0).then(|| (dice.between(0.0, 360.0), dice.between(20.0, 100.0)));
        let sector = Sector { eye, looks, range_m: 90.0, target_height_m: 1.5 };
        let parts = visible_area(&sector, &view, height);
        let areas = [&parts.clear, &parts.assumed, &parts.blocked].map(Area::new);
        let holds =
            |part: usize, point: WorldPoint| areas[part].as_ref().is_some_and(|area| area.contains(point));
        let plane = Plane::around(eye.at);
        for _ in 0..150 {
            let metres = Metres { east: dice.between(-90.0, 90.0), south: dice.between(-90.0, 90.0) };
            let point = plane.point_at(metres);
            let around = [(0.05, 0.0), (-0.05, 0.0), (0.0, 0.05), (0.0, -0.05)].map(|(east, south)| {
                plane.point_at(Metres { east: metres.east + east, south: metres.south + south })
            });
            let is_indoors = view.rows().any(|row| row.shape().contains(point));
            let part = (0..3).find(|part| holds(*part, point));
            // Beside an edge a hand's breadth decides.
            let Some(part) = part.filter(|part| around.iter().all(|near| holds(*part, *near)) && !is_indoors)
            else {
                continue;
            };
            let target = Eye { at: point.into(), height_m: 1.5 };
            let found = Skyline::new(&view, height).sight(eye, target);
            match (part, found) {
                (0, Sight::Clear) => seen += 1,
                (1, Sight::Assumed(_)) => maybe += 1,
                (2, Sight::Blocked(_)) => hidden += 1,
                (part, found) => panic!("{part} {found:?} {:?} {eye:?}", LonLat::from(point)),
            }
        }
    }
    assert!(seen > 50 && hidden > 50 && maybe > 30, "{seen} {hidden} {maybe}");
}

#[test]
fn the_parts_of_a_view_cover_the_sector_without_overlap() {
    let mut dice = Dice(23);
    let view = town(&mut dice);
    let eye = Eye { at: MIDDLE, height_m: 6.0 };
    let sector = Sector { eye, looks: Some((40.0, 50.0)), range_m: 100.0, target_height_m: 1.5 };
    let parts = visible_area(&sector, &view, height);
    let area_m2 = |part: &MultiPolygon<f64>| Area::new(part).map_or(0.0, |area| area.area_m2());
    let sum = area_m2(&parts.clear) + area_m2(&parts.assumed) + area_m2(&parts.blocked);
    let whole = 100.0 / 360.0 * std::f64::consts::PI * 100.0 * 100.0;
    assert!((sum / whole - 1.0).abs() < 0.002, "{sum} {whole}");
    assert!(area_m2(&parts.blocked) > 100.0);
}
