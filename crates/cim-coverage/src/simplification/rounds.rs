//! Thinning in rounds: in each, every line with which something is wrong keeps more of its points.
//!
//! What becomes of a line in a round depends on the lines near it in the round before, and on nothing else. So a run after
//! a small change need only follow the lines whose course differs from that of the run before it, and those near them:
//! all others take the same course again. The record of a course is one bit a round.

use std::sync::Arc;

use cim_crs::LatticePoint;

use super::net::ArcNet;
use super::thinned::{Line, ThinnedArcs};
use super::thinning::Scale;

/// Lines that go on being wrong for so long are not helped by thinning less.
const MOST_ROUNDS: u32 = 60;

/// One run.
pub(super) struct Rounds<'a> {
    pub(super) net: &'a ArcNet,
    scale: Scale,
    before: Option<&'a ThinnedArcs>,
    /// By arc whether it differs from what the run before had.
    is_changed: Vec<bool>,
    /// By arc the rounds in which it was refined, one bit each.
    pub(super) steps: Vec<u64>,
    /// By arc its line after so many steps, where it was looked at.
    pub(super) lines: Vec<Option<(u32, Line)>>,
    pub(super) followed: Vec<Option<Followed>>,
    pub(super) order: Vec<u32>,
    pub(super) watched: Vec<Option<Watched>>,
}

/// A line whose course is worked out anew.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    pub(super) is_wrong: bool,
    /// Nobody has looked at it yet.
    pub(super) is_new: bool,
    /// Its course differs: those near it are followed.
    pub(super) is_spread: bool,
}

/// A part whose place is worked out anew.
pub(super) struct Watched {
    pub(super) around: Vec<u32>,
    pub(super) misplaced: Option<u32>,
    pub(super) is_new: bool,
}

impl<'a> Rounds<'a> {
    /// A run in which everything is new.
    pub(super) fn anew(net: &'a ArcNet, scale: Scale) -> Self {
        let mut run = Self::over(net, scale, None, vec![true; net.len()]);
        run.steps = vec![0; net.len()];
        (0..net.len()).for_each(|number| run.follow(as_u32(number), 0));
        (0..net.parts().len()).for_each(|part| run.watch(part, 0));
        run
    }

    /// A run that takes over from the one before what does not depend on the changed arcs.
    pub(super) fn after(
        net: &'a ArcNet,
        before: &'a ThinnedArcs,
        net_before: &ArcNet,
        changed: &[u32],
    ) -> Self {
        let mut is_changed = vec![false; net.len()];
        for number in changed {
            is_changed[*number as usize] = true;
        }
        let mut run = Self::over(net, before.scale, Some(before), is_changed);
        run.steps.clone_from(&before.steps);
        run.steps.resize(net.len(), 0);
        for number in changed {
            run.steps[*number as usize] = 0;
            for near in net_before.near(*number).iter().chain(net.near(*number)) {
                run.follow(*near, 0);
            }
            let bounds = [net_before, net].map(|net| net.get(*number).map(|arc| arc.bounds));
            bounds.iter().flatten().for_each(|bounds| run.watch_beyond(bounds, 0));
        }
        // A part that came, went or hangs together otherwise.
        let differing = |one: &ArcNet, other: &ArcNet| -> Vec<usize> {
            let known: std::collections::HashSet<_> =
                other.parts().iter().map(|part| &part.western).collect();
            (0..one.parts().len()).filter(|part| !known.contains(&one.parts()[*part].western)).collect()
        };
        for part in differing(net, net_before) {
            run.watch(part, 0);
        }
        for part in differing(net_before, net) {
            net_before.parts()[part].western.iter().for_each(|arc| run.follow(*arc, 0));
        }
        run
    }

    fn over(net: &'a ArcNet, scale: Scale, before: Option<&'a ThinnedArcs>, is_changed: Vec<bool>) -> Self {
        Self {
            net,
            scale,
            before,
            is_changed,
            steps: Vec::new(),
            lines: vec![None; net.len()],
            followed: vec![None; net.len()],
            order: Vec::new(),
            watched: net.parts().iter().map(|_| None).collect(),
        }
    }

    /// Runs to the end; how many rounds there were, and whether nothing is wrong then.
    pub(super) fn run(&mut self) -> (u32, bool) {
        let rounds_before = self.before.map_or(0, |before| before.rounds);
        for round in 0..MOST_ROUNDS {
            self.judge(round);
            let has_advanced = self.advance(round);
            if !has_advanced && round >= rounds_before {
                return (round, !self.is_anything_wrong());
            }
            self.spread(round + 1);
        }
        (MOST_ROUNDS, false)
    }

    /// The lines at the end, and the arcs whose line may be another than before.
    pub(super) fn finish(mut self) -> (Vec<u64>, Vec<Line>, Vec<u32>) {
        let none: Line = Arc::from([]);
        let mut lines = self.before.map_or_else(Vec::new, |before| before.lines.clone());
        lines.resize(self.net.len(), Arc::clone(&none));
        for number in std::mem::take(&mut self.order) {
            self.prepare(number, MOST_ROUNDS);
            if let Some((_, line)) = &self.lines[number as usize] {
                lines[number as usize] = Arc::clone(line);
            }
        }
        let mut changed: Vec<u32> = Vec::new();
        for (number, line) in (0_u32..).zip(&mut lines) {
            if self.net.get(number).is_none() {
                *line = Arc::clone(&none);
            }
            let known = self.before.and_then(|before| before.lines.get(number as usize));
            let is_same = known.is_some_and(|known| Arc::ptr_eq(known, line) || known == line);
            if self.is_changed[number as usize] || !is_same {
                changed.push(number);
            }
        }
        (self.steps, lines, changed)
    }

    fn step(&self, number: u32, round: u32) -> u32 {
        (self.steps[number as usize] & before_round(round)).count_ones()
    }

    fn step_before(&self, number: u32, round: u32) -> Option<u32> {
        let steps = self.before?.steps.get(number as usize)?;
        (!self.is_changed[number as usize]).then(|| (steps & before_round(round)).count_ones())
    }

    fn follow(&mut self, number: u32, round: u32) {
        let place = number as usize;
        if self.net.get(number).is_some() && self.followed[place].is_none() {
            self.followed[place] = Some(Followed { is_wrong: false, is_new: true, is_spread: false });
            self.steps[place] &= before_round(round);
            self.order.push(number);
        }
    }

    fn watch(&mut self, part: usize, round: u32) {
        if self.watched[part].is_none() {
            let known = &self.net.parts()[part];
            let around = self.net.meeting(&known.reach).collect();
            self.watched[part] = Some(Watched { around, misplaced: None, is_new: true });
            known.western.iter().for_each(|arc| self.follow(*arc, round));
        }
    }

    /// Watches the parts that have something of a box west of them.
    fn watch_beyond(&mut self, bounds: &super::bounds::Bounds, round: u32) {
        for part in 0..self.watched.len() {
            if self.net.parts()[part].reach.meets(bounds) {
                self.watch(part, round);
            }
        }
    }

    /// Works out an arc's line as it is in a round.
    pub(super) fn prepare(&mut self, number: u32, round: u32) {
        let step = self.step(number, round);
        let place = number as usize;
        if self.lines[place].as_ref().is_some_and(|(known, _)| *known == step) {
            return;
        }
        let Some(arc) = self.net.get(number) else { return };
        let at_the_end = self.step_before(number, MOST_ROUNDS) == Some(step);
        let known = self.before.filter(|_| at_the_end).and_then(|before| before.lines.get(place));
        let line = known.map_or_else(|| self.scale.line(&arc.points, step), Arc::clone);
        self.lines[place] = Some((step, line));
    }

    fn is_anything_wrong(&self) -> bool {
        self.followed.iter().flatten().any(|followed| followed.is_wrong)
            || self.watched.iter().flatten().any(|watched| watched.misplaced.is_some())
    }

    /// Refines every wrong line that has not all its points; whether there was one.
    fn advance(&mut self, round: u32) -> bool {
        let is_wrong = |number: &u32| self.followed[*number as usize].is_some_and(|one| one.is_wrong);
        let mut wrong: Vec<u32> = self.order.iter().copied().filter(is_wrong).collect();
        wrong.extend(self.watched.iter().flatten().filter_map(|watched| watched.misplaced));
        let mut has_advanced = false;
        for number in wrong {
            self.prepare(number, round);
            let all = self.net.get(number).map_or(0, |arc| arc.points.len());
            if self.lines[number as usize].as_ref().is_some_and(|(_, line)| line.len() < all) {
                self.steps[number as usize] |= 1 << round;
                has_advanced = true;
            }
        }
        has_advanced
    }

    /// Follows what lies near the lines whose course differs from now on.
    fn spread(&mut self, round: u32) {
        let net = self.net;
        let mut place = 0;
        while let Some(&number) = self.order.get(place) {
            place += 1;
            let Some(followed) = &mut self.followed[number as usize] else { continue };
            if followed.is_spread {
                continue;
            }
            let before = self.step_before(number, round);
            if before == Some(self.step(number, round)) {
                continue;
            }
            if let Some(followed) = &mut self.followed[number as usize] {
                followed.is_spread = true;
            }
            net.near(number).iter().for_each(|other| self.follow(*other, round));
            if let Some(arc) = net.get(number) {
                self.watch_beyond(&arc.bounds, round);
            }
        }
    }
}

/// The bits of the rounds before one.
fn before_round(round: u32) -> u64 {
    1_u64.checked_shl(round).map_or(u64::MAX, |bit| bit - 1)
}

fn as_u32(index: usize) -> u32 {
    crate::planar_graph::as_number(index)
}

impl Scale {
    /// A line after so many steps.
    fn line(&self, points: &[LatticePoint], step: u32) -> Line {
        self.thin(points, step).into()
    }
}
