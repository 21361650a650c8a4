//! Where things happen in a town: its flats, shops, streets, waters, works.

use crate::buildings::Use;
use crate::dice::Dice;
use crate::lines::LineClass;
use crate::mesh::Plot;
use crate::model::Model;
use crate::plane::P;
use crate::topics::Scene;

/// A place on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnLine {
    pub(super) at: P,
    pub(super) line: u32,
    /// Another named street that crosses nearby.
    pub(super) other: u32,
    pub(super) village: u16,
}

/// The places of one town.
pub(super) struct Scenes {
    pub(super) streets: Vec<OnLine>,
    pub(super) waters: Vec<OnLine>,
    houses: Vec<(Scene, Vec<u32>, Vec<f64>)>,
}

/// One place as drawn.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot {
    House(u32),
    Line(OnLine),
}

const HOUSE_SCENES: [Scene; 7] =
    [Scene::Estate, Scene::Shop, Scene::Farm, Scene::Works, Scene::School, Scene::Market, Scene::Building];

impl Scenes {
    pub(super) fn of(model: &Model, town: u16) -> Self {
        let mut houses: Vec<(Scene, Vec<u32>, Vec<f64>)> =
            HOUSE_SCENES.iter().map(|&scene| (scene, Vec::new(), Vec::new())).collect();
        for &village in &model.divisions.towns[town as usize].villages {
            for &index in &model.by_village[village as usize] {
                for (scene, list, sums) in &mut houses {
                    let weight = weight(model, index, *scene);
                    if weight > 0.0 {
                        list.push(index);
                        sums.push(sums.last().copied().unwrap_or(0.0) + weight);
                    }
                }
            }
        }
        let mut scenes = Self { streets: Vec::new(), waters: Vec::new(), houses };
        scenes.walk_lines(model, town);
        scenes
    }

    /// Points along streets and waters, busier roads with more of them.
    fn walk_lines(&mut self, model: &Model, town: u16) {
        let mut last_named = 0;
        for stroke in &model.network.strokes {
            let line = &model.network.lines[stroke.line as usize];
            let step = match line.class {
                LineClass::Street if line.width_m > 10.0 => 45.0,
                LineClass::Street => 80.0,
                LineClass::Main => 70.0,
                LineClass::Trunk => 160.0,
                LineClass::Lane => 420.0,
                LineClass::River | LineClass::Canal => 200.0,
                LineClass::Ditch => 400.0,
                _ => continue,
            };
            let water = line.class.is_water();
            for pair in stroke.path.windows(2) {
                let length = pair[0].distance(pair[1]);
                let way = (pair[1] - pair[0]).unit();
                let mut along = step * 0.5;
                while along < length {
                    let side = if (along as u64).is_multiple_of(2) { 1.0 } else { -1.0 };
                    let at = pair[0] + way * along + way.left() * (side * (line.width_m * 0.5 + 1.0));
                    along += step;
                    let Some(face) = model.faces.face_at(at).filter(|&face| !model.is_water(face)) else {
                        continue;
                    };
                    let village = model.village_of(face);
                    if model.divisions.villages[village as usize].town != town {
                        continue;
                    }
                    let place = OnLine { at, line: stroke.line, other: last_named, village };
                    if water { self.waters.push(place) } else { self.streets.push(place) }
                }
            }
            if !water && !line.name.is_empty() {
                last_named = stroke.line;
            }
        }
    }

    /// A place for a scene; a neighbouring scene where the town has none.
    pub(super) fn draw(&self, scene: Scene, dice: &mut Dice) -> Option<Spot> {
        match scene {
            Scene::Street if !self.streets.is_empty() => Some(Spot::Line(*dice.pick(&self.streets))),
            Scene::Water if !self.waters.is_empty() => Some(Spot::Line(*dice.pick(&self.waters))),
            Scene::Nowhere => None,
            _ => self
                .house(scene, dice)
                .or_else(|| self.house(Scene::Farm, dice))
                .or_else(|| self.house(Scene::Building, dice)),
        }
    }

    fn house(&self, scene: Scene, dice: &mut Dice) -> Option<Spot> {
        let (_, list, sums) = self.houses.iter().find(|(which, _, _)| *which == scene)?;
        let total = *sums.last()?;
        let roll = dice.unit() * total;
        let index = sums.partition_point(|&sum| sum <= roll).min(list.len() - 1);
        Some(Spot::House(list[index]))
    }
}

/// How likely a building is to be the scene. Some estates and shops trouble people far more than others.
fn weight(model: &Model, index: u32, scene: Scene) -> f64 {
    let house = &model.stock[index as usize];
    let plot = model.network.mesh.tags[house.face as usize].plot;
    let temper = {
        let unit = (crate::dice::mix(model.seed ^ u64::from(house.compound.max(house.face))) >> 40) as f64
            / 16_777_216.0;
        0.25 + 3.0 * unit * unit * unit * unit
    };
    let hit = match scene {
        Scene::Estate => house.usage == Use::Apartment || house.usage == Use::Residential,
        Scene::Shop => house.usage == Use::Shop,
        Scene::Farm => house.usage == Use::Farmhouse,
        Scene::Works => house.usage == Use::Industrial,
        Scene::School => plot == Plot::School,
        Scene::Market => house.usage == Use::Market || plot == Plot::Market,
        Scene::Building => house.usage != Use::Outbuilding,
        Scene::Street | Scene::Water | Scene::Nowhere => false,
    };
    if hit { (f64::from(house.households) + 0.6) * temper } else { 0.0 }
}
