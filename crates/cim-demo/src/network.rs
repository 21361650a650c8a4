//! The network from the outline down to the rivers and through roads.

use crate::cut::CutRule;
use crate::field::{Field, ZoneRank};
use crate::lines::{LineClass, NetLine, Stroke};
use crate::mesh::{FaceTag, Ground, Mesh, OUTSIDE, Plot};
use crate::outline::outline;
use crate::plane::P;
use crate::rivers::{Drawn, RIVERS, SHORES, open_water};
use crate::roads::{CITY_STREETS, THROUGH_ROADS, TOWN_STREETS};

/// The subdivision with its lines and what was drawn of them.
pub(crate) struct Network {
    pub(crate) mesh: Mesh,
    pub(crate) lines: Vec<NetLine>,
    pub(crate) strokes: Vec<Stroke>,
    pub(crate) field: Field,
    pub(crate) seed: u64,
}

pub(crate) const NO_VILLAGE: u16 = u16::MAX;

const WALK_RULE: CutRule = CutRule { snap_m: 12.0, least_area_m2: 3_000.0, step_m: 120.0, clearance_m: 6.0 };

impl Network {
    /// Outline, shores, rivers, through roads and the main streets of the towns.
    pub(crate) fn through_lines(seed: u64) -> Self {
        let tag = FaceTag {
            ground: Ground::Land,
            zone: 0,
            cell: 0,
            village: NO_VILLAGE,
            plot: Plot::Open,
            block: 0,
        };
        let border = NetLine { class: LineClass::Outline, name: String::new(), width_m: 0.0, bank_road: 0 };
        let mesh = Mesh::of_outline(&outline(), tag, 0);
        let mut network =
            Self { mesh, lines: vec![border], strokes: Vec::new(), field: Field::new(seed), seed };
        for (index, shore) in SHORES.iter().enumerate() {
            // The sea wall ends exactly where the mole begins.
            let snap_m = if index == 2 { 160.0 } else { 30.0 };
            network.draw(shore, &CutRule { snap_m, ..WALK_RULE });
        }
        for water in open_water() {
            if let Some(face) = network.mesh.face_at(water).filter(|&face| face != OUTSIDE) {
                network.mesh.tags[face as usize].ground = Ground::Water;
            }
        }
        for river in RIVERS {
            network.draw(river, &WALK_RULE);
        }
        for road in THROUGH_ROADS {
            network.draw(road, &WALK_RULE);
        }
        network.main_streets();
        network
    }

    pub(crate) fn add_line(&mut self, class: LineClass, name: &str, width_m: f64, bank_road: i8) -> u32 {
        self.lines.push(NetLine { class, name: name.to_owned(), width_m, bank_road });
        self.lines.len() as u32 - 1
    }

    fn draw(&mut self, drawn: &Drawn, rule: &CutRule) {
        let line = self.add_line(drawn.class, drawn.name, drawn.width_m, drawn.bank_road);
        let path = drawn.path(&self.field);
        self.walk(&path, line, rule);
    }

    fn walk(&mut self, path: &[P], line: u32, rule: &CutRule) {
        for path in self.mesh.walk(path, line, rule) {
            self.strokes.push(Stroke { line, path });
        }
    }

    /// The long streets through the middle of every town, and the parallel ones of the city.
    fn main_streets(&mut self) {
        let zones = self.field.zones.clone();
        for (number, zone) in zones.iter().enumerate() {
            let (offsets, width_m): (&[f64], f64) = match zone.rank {
                ZoneRank::City => (&[0.0, 1050.0, -1050.0, 2150.0, -2150.0, 3050.0, -3050.0], 30.0),
                ZoneRank::Town => (&[0.0, 620.0, -620.0], 20.0),
                ZoneRank::Hamlet => (&[0.0], 13.0),
            };
            let class = if zone.rank == ZoneRank::City { LineClass::Main } else { LineClass::Street };
            for (index, &offset) in offsets.iter().enumerate() {
                for across in [false, true] {
                    let east = self.field.east(zone.centre);
                    let side = if across { east } else { east.left() };
                    let reach = (zone.radius_m * zone.radius_m - offset * offset).max(0.0).sqrt() * 1.05;
                    if reach < 300.0 {
                        continue;
                    }
                    let path = self.grain_line(zone.centre + side * offset, reach, across);
                    let name = if zone.rank == ZoneRank::City {
                        CITY_STREETS[(index * 2 + usize::from(across)) % CITY_STREETS.len()].to_owned()
                    } else {
                        let pick =
                            TOWN_STREETS[(number * 7 + index * 2 + usize::from(across)) % TOWN_STREETS.len()];
                        format!("{}{pick}", zone.name)
                    };
                    let line = self.add_line(class, &name, width_m, 0);
                    self.walk(&path, line, &WALK_RULE);
                }
            }
        }
    }

    /// A line through a point that follows the grain for `reach_m` both ways.
    fn grain_line(&self, through: P, reach_m: f64, across: bool) -> Vec<P> {
        let direction = |at: P| if across { self.field.east(at).left() } else { self.field.east(at) };
        let steps = (reach_m / 100.0).ceil().max(2.0) as usize;
        let mut back = Vec::new();
        let mut at = through;
        for _ in 0..steps {
            at = at - direction(at) * 100.0;
            back.push(at);
        }
        back.reverse();
        back.push(through);
        at = through;
        for _ in 0..steps {
            at = at + direction(at) * 100.0;
            back.push(at);
        }
        back
    }
}
