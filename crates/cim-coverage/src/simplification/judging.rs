//! What is wrong in a round with the lines that are followed and the parts that are watched.

use super::part::{Drawn, misplaced};
use super::rounds::{Followed, Rounds, Watched};
use super::wrong::{crosses_any, disagrees_at_an_end};

impl Rounds<'_> {
    /// Finds out what is wrong in a round, where anything near changed in the one before.
    pub(super) fn judge(&mut self, round: u32) {
        let net = self.net;
        for place in 0..self.order.len() {
            let number = self.order[place];
            let near = net.near(number);
            let Some(followed) = self.followed[number as usize] else { continue };
            if !followed.is_new && !near.iter().any(|other| self.has_just_changed(*other, round)) {
                continue;
            }
            for other in near {
                self.prepare(*other, round);
            }
            let drawn: Vec<Drawn<'_>> = near.iter().filter_map(|other| self.drawn(*other)).collect();
            let own = self.drawn(number);
            let is_wrong =
                own.is_some_and(|own| crosses_any(&own, &drawn) || disagrees_at_an_end(&own, &drawn));
            self.followed[number as usize] = Some(Followed { is_wrong, is_new: false, ..followed });
        }
        for part in 0..self.watched.len() {
            let Some(watched) = self.watched[part].take() else { continue };
            let misplaced = self.judge_part(part, &watched, round);
            self.watched[part] = Some(Watched { misplaced, is_new: false, ..watched });
        }
    }

    fn judge_part(&mut self, part: usize, watched: &Watched, round: u32) -> Option<u32> {
        let western = &self.net.parts()[part].western;
        let mut all = western.iter().chain(&watched.around);
        if !watched.is_new && !all.any(|arc| self.has_just_changed(*arc, round)) {
            return watched.misplaced;
        }
        western.iter().chain(&watched.around).for_each(|arc| self.prepare(*arc, round));
        let drawn =
            |arcs: &[u32]| -> Vec<Drawn<'_>> { arcs.iter().filter_map(|arc| self.drawn(*arc)).collect() };
        misplaced(&drawn(western), &drawn(&watched.around))
    }

    fn drawn(&self, number: u32) -> Option<Drawn<'_>> {
        let arc = &self.net.get(number)?.arc;
        let (_, line) = self.lines[number as usize].as_ref()?;
        Some((number, line, arc.left, arc.right))
    }

    /// Whether an arc was refined in the round before.
    fn has_just_changed(&self, number: u32, round: u32) -> bool {
        round > 0 && self.steps[number as usize] >> (round - 1) & 1 == 1
    }
}
