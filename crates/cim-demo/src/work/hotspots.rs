//! Hot spots: places where one matter flares up for some weeks.

use super::scenes::{Scenes, Spot};
use crate::calendar::DAYS;
use crate::dice::Dice;
use crate::model::Model;
use crate::topics::PLACED;

/// One hot spot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hotspot {
    pub(super) town: u16,
    pub(super) topic: usize,
    pub(super) spot: Spot,
    pub(super) first_day: usize,
    pub(super) days: usize,
    pub(super) cases: usize,
}

const HOTSPOTS: u64 = 41;

/// About forty of them, more where more people live; one at least in the town of the small scale.
pub(super) fn plan(model: &Model, weights: &[f64]) -> Vec<Hotspot> {
    let mut scenes: Vec<Option<Scenes>> = model.divisions.towns.iter().map(|_| None).collect();
    (0..HOTSPOTS)
        .filter_map(|number| {
            let mut dice = Dice::of(model.seed, "hotspot", number);
            let town = if number < 3 { 1 } else { dice.weighted(weights) };
            let topic_weights: Vec<f64> = PLACED.iter().map(|topic| topic.weight).collect();
            let topic = dice.weighted(&topic_weights);
            let scenes = scenes[town].get_or_insert_with(|| Scenes::of(model, town as u16));
            let spot = scenes.draw(PLACED[topic].scene, &mut dice)?;
            let days = 10 + dice.below(60);
            // A third of them is still going on at the end.
            let first_day = if number % 3 == 0 { DAYS - 6 - days } else { dice.below(DAYS - days - 7) };
            let cases = 35 + dice.below(150);
            Some(Hotspot { town: town as u16, topic, spot, first_day, days, cases })
        })
        .collect()
}
