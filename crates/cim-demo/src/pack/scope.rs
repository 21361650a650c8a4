//! Which part of the district a pack holds.

use crate::Scale;
use crate::model::Model;
use crate::plane::P;

/// The town of the small scale.
pub(crate) const SMALL_TOWN: &str = "320614103";

/// Everything, or one town.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    town: Option<u16>,
}

impl Scope {
    pub(crate) fn of(model: &Model, scale: Scale) -> Self {
        let small =
            || model.divisions.towns.iter().position(|town| town.code == SMALL_TOWN).map(|town| town as u16);
        Self { town: if scale == Scale::Small { small() } else { None } }
    }

    pub(crate) fn is_small(self) -> bool {
        self.town.is_some()
    }

    pub(crate) fn has_town(self, town: u16) -> bool {
        self.town.is_none_or(|only| only == town)
    }

    pub(crate) fn has_village(self, model: &Model, village: u16) -> bool {
        model.divisions.villages.get(village as usize).is_some_and(|unit| self.has_town(unit.town))
    }

    pub(crate) fn has_face(self, model: &Model, face: u32) -> bool {
        self.has_village(model, model.village_of(face))
    }

    /// Whether any point of a line lies in it.
    pub(crate) fn touches(self, model: &Model, path: &[P]) -> bool {
        let Some(town) = self.town else { return true };
        let probes = [path[0], path[path.len() / 2], path[path.len() - 1]];
        probes.iter().any(|&at| {
            [P { x: 1.5, y: 0.7 }, P { x: -1.5, y: -0.7 }]
                .iter()
                .any(|&nudge| model.town_at(at + nudge) == Some(town))
        })
    }
}
