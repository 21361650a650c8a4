//! What people complain about: class, place, rhythm and words.

mod complaints;
mod grid_work;
mod questions;
mod street_work;

use crate::calendar::{Hours, Season};

pub(crate) use complaints::PLACED;
pub(crate) use grid_work::GRID_WORK;
pub(crate) use questions::QUESTIONS;
pub(crate) use street_work::STREET_WORK;

/// Where a matter happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    Estate,
    Street,
    Shop,
    Farm,
    Water,
    Works,
    School,
    Market,
    Building,
    Nowhere,
}

/// One matter.
#[derive(Debug)]
pub(crate) struct Topic {
    /// Middle class.
    pub(crate) class: &'static str,
    pub(crate) weight: f64,
    pub(crate) scene: Scene,
    pub(crate) season: Season,
    pub(crate) hours: Hours,
    pub(crate) title: &'static str,
    pub(crate) texts: &'static [&'static str],
    pub(crate) wish: &'static str,
}

#[expect(clippy::too_many_arguments, reason = "one row of a table")]
const fn topic(
    class: &'static str,
    weight: f64,
    scene: Scene,
    season: Season,
    hours: Hours,
    title: &'static str,
    texts: &'static [&'static str],
    wish: &'static str,
) -> Topic {
    Topic { class, weight, scene, season, hours, title, texts, wish }
}
