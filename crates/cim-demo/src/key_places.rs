//! Key places: schools, hospitals, markets, works, shelters, hydrants, toilets, sites.

use crate::crossings::Crossing;
use crate::dice::Dice;
use crate::mesh::{Ground, Plot};
use crate::model::Model;
use crate::plane::{P, ring_centroid};

/// One key place.
#[derive(Clone, Debug)]
pub(crate) struct KeyPlace {
    pub(crate) code: String,
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) risk_level: u8,
    pub(crate) address: String,
    pub(crate) village: u16,
    pub(crate) at: P,
}

/// All key places.
pub(crate) fn key_places(model: &Model, crossings: &[Crossing]) -> Vec<KeyPlace> {
    let mut places = Vec::new();
    of_compounds(model, &mut places);
    of_open_plots(model, &mut places);
    of_villages(model, &mut places);
    hydrants(model, crossings, &mut places);
    places
}

fn of_compounds(model: &Model, places: &mut Vec<KeyPlace>) {
    for compound in model.compounds.values() {
        let mut dice = Dice::of(model.seed, "key", u64::from(compound.block));
        let (kind, risk_level) = match compound.plot {
            Plot::School => ("school", 1),
            Plot::Hospital => ("hospital", 1),
            Plot::Market => ("market", 2),
            Plot::Park => ("park", 0),
            Plot::Halls if dice.chance(0.06) => ("hazard_plant", 3 + dice.below(2) as u8),
            Plot::Port => ("port", 2),
            Plot::Halls => ("plant", 1 + dice.below(2) as u8),
            _ => continue,
        };
        let house = &model.stock[compound.buildings[0] as usize];
        places.push(KeyPlace {
            code: format!("320614KC{:06}", compound.block),
            number: u64::from(compound.block),
            name: compound.name.clone(),
            kind,
            risk_level,
            address: model.short_address(house),
            village: compound.village,
            at: compound.centre,
        });
        if compound.plot == Plot::School {
            places.push(KeyPlace {
                code: format!("320614KS{:06}", compound.block),
                number: u64::from(compound.block) + 1_000_000,
                name: format!("{}应急避难场所", compound.name),
                kind: "shelter",
                risk_level: 0,
                address: compound.name.clone(),
                village: compound.village,
                at: compound.centre + P { x: 6.0, y: -4.0 },
            });
        }
    }
}

fn of_open_plots(model: &Model, places: &mut Vec<KeyPlace>) {
    for face in 1..model.network.mesh.face_count() {
        let tag = model.network.mesh.tags[face as usize];
        if tag.plot != Plot::Open || tag.zone == 0 || tag.ground == Ground::Water {
            continue;
        }
        let village = &model.divisions.villages[tag.village as usize].short;
        places.push(KeyPlace {
            code: format!("320614KB{face:06}"),
            number: u64::from(face) + 2_000_000,
            name: format!("{village}在建工地"),
            kind: "construction_site",
            risk_level: 2,
            address: village.clone(),
            village: tag.village,
            at: ring_centroid(&model.network.mesh.ring_points(face)),
        });
    }
}

fn of_villages(model: &Model, places: &mut Vec<KeyPlace>) {
    for (number, village) in (0u16..).zip(&model.divisions.villages) {
        let Some(heart) = model.village_heart(number) else { continue };
        let mut dice = Dice::of(model.seed, "village places", u64::from(number));
        let east = model.network.field.east(heart);
        let mut add = |letters: &str, word: &str, kind: &'static str, away: f64, topic: u64| {
            places.push(KeyPlace {
                code: format!("320614{letters}{number:06}"),
                number: u64::from(number) + topic,
                name: format!("{}{word}", village.short),
                kind,
                risk_level: 0,
                address: village.short.clone(),
                village: number,
                at: heart + east * away + east.left() * -11.0,
            });
        };
        if dice.chance(0.7) {
            add("KT", "公共厕所", "public_toilet", 14.0, 3_000_000);
        }
        if dice.chance(0.12) {
            add("KN", "养老服务中心", "nursing_home", -14.0, 4_000_000);
        }
    }
}

fn hydrants(model: &Model, crossings: &[Crossing], places: &mut Vec<KeyPlace>) {
    for (index, crossing) in crossings.iter().enumerate() {
        let zone = model.network.mesh.tags[crossing.face as usize].zone;
        let mut dice = Dice::of(model.seed, "hydrant", index as u64);
        if zone == 0 || crossing.arms.len() < 3 || !dice.chance(0.62) {
            continue;
        }
        let village = model.village_of(crossing.face);
        let name = crossing
            .lines
            .iter()
            .map(|&line| model.network.lines[line as usize].name.as_str())
            .find(|name| !name.is_empty())
            .unwrap_or(&model.divisions.villages[village as usize].short);
        places.push(KeyPlace {
            code: format!("320614KH{index:06}"),
            number: index as u64 + 5_000_000,
            name: format!("{name}消火栓{index}"),
            kind: "hydrant",
            risk_level: 0,
            address: name.to_owned(),
            village,
            at: crossing.at
                + crossing.arms[0] * 9.0
                + crossing.arms[0].left() * (crossing.widest_m * 0.5 + 1.2),
        });
    }
}
