//! What each planner draws: borders of one neighbourhood that nobody else touches, and now and then one that two share.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::Ground;
use crate::populated::Dice;

/// Every fifth changeset of a planner shares a border with the neighbour's of the same turn.
const SHARED_EVERY: usize = 5;
/// Some divide a grid.
const SPLIT_EVERY: usize = 10;

/// One changeset.
#[derive(Debug, Clone, Default)]
pub(super) struct Task {
    /// Borders whose points are moved.
    pub(super) borders: Vec<i64>,
    /// A junction that is moved, with its borders.
    pub(super) junction: Option<(i64, Vec<i64>)>,
    /// A face that is divided, with its borders.
    pub(super) divided: Option<(i64, Vec<i64>)>,
    /// A border that the neighbour moves too.
    pub(super) shared: Option<i64>,
}

struct Choice<'a> {
    ground: &'a Ground,
    by_face: BTreeMap<i64, Vec<i64>>,
    at_border: BTreeMap<i64, Vec<i64>>,
    junctions: BTreeMap<i64, BTreeSet<i64>>,
    order: Vec<i64>,
    taken: BTreeSet<i64>,
    dice: Dice,
}

/// Tasks by planner, so many in all; planners 2k and 2k+1 share those of a turn that are shared.
pub(super) fn tasks(ground: &Ground, planners: usize, count: usize) -> Vec<Vec<Task>> {
    let mut order: Vec<i64> = ground.borders.keys().copied().collect();
    let mut dice = Dice(17);
    dice.shuffle(&mut order);
    let junctions = ground.junctions();
    let mut at_border: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (node, borders) in &junctions {
        for no in borders {
            at_border.entry(*no).or_default().push(*node);
        }
    }
    let by_face = ground.by_face();
    let mut choice = Choice { ground, by_face, at_border, junctions, order, taken: BTreeSet::new(), dice };
    let mut tasks = vec![Vec::new(); planners];
    for number in 0..count {
        let (turn, planner) = (number / planners, number % planners);
        let mut task = choice.task(turn);
        if is_shared(turn) {
            // The even planner comes first; the odd one takes over what both touch.
            let before: Option<i64> = tasks[planner & !1]
                .get(turn)
                .and_then(|other: &Task| other.shared)
                .filter(|_| planner % 2 == 1);
            task.shared = if planner % 2 == 1 { before } else { choice.border() };
        }
        tasks[planner].push(task);
    }
    tasks
}

fn is_shared(turn: usize) -> bool {
    turn % SHARED_EVERY == SHARED_EVERY - 1
}

impl Choice<'_> {
    fn task(&mut self, turn: usize) -> Task {
        if turn % SPLIT_EVERY == SPLIT_EVERY / 2 + 1
            && let Some(divided) = self.divided()
        {
            return Task { divided: Some(divided), ..Task::default() };
        }
        let Some(first) = self.border() else { return Task::default() };
        let mut task = Task { borders: vec![first], ..Task::default() };
        let wanted = self.dice.below(4);
        let faces = self.ground.borders[&first].faces.clone();
        let near: Vec<i64> =
            faces.iter().filter_map(|face| self.by_face.get(face)).flatten().copied().collect();
        for no in near.into_iter().filter(|no| self.is_free(*no)).take(wanted).collect::<Vec<_>>() {
            if self.taken.insert(no) {
                task.borders.push(no);
            }
        }
        if self.dice.below(3) == 0 {
            task.junction = self.junction(&faces);
        }
        task
    }

    /// Whether a border may be moved, has a point to move, and is nobody's yet.
    fn is_free(&self, no: i64) -> bool {
        !self.taken.contains(&no) && self.ground.is_inner(no) && self.ground.borders[&no].points.len() > 2
    }

    fn border(&mut self) -> Option<i64> {
        while let Some(no) = self.order.pop() {
            if self.is_free(no) {
                self.taken.insert(no);
                return Some(no);
            }
        }
        None
    }

    /// A junction near some faces, all of whose borders are nobody's.
    fn junction(&mut self, faces: &[i64]) -> Option<(i64, Vec<i64>)> {
        let borders = faces.iter().filter_map(|face| self.by_face.get(face)).flatten();
        let nodes: BTreeSet<i64> =
            borders.filter_map(|no| self.at_border.get(no)).flatten().copied().collect();
        let free = |node: &i64| self.junctions[node].len() > 2 && self.are_free(&self.junctions[node]);
        let node = nodes.into_iter().find(free)?;
        let borders: Vec<i64> = self.junctions[&node].iter().copied().collect();
        self.taken.extend(borders.iter().copied());
        Some((node, borders))
    }

    fn divided(&mut self) -> Option<(i64, Vec<i64>)> {
        let free =
            |borders: &Vec<i64>| borders.len() > 2 && self.are_free(&borders.iter().copied().collect());
        let faces: Vec<i64> =
            self.by_face.iter().filter(|(_, borders)| free(borders)).map(|(face, _)| *face).collect();
        let face = *faces.get(self.dice.below(faces.len()))?;
        let borders = self.by_face[&face].clone();
        self.taken.extend(borders.iter().copied());
        Some((face, borders))
    }

    fn are_free(&self, borders: &BTreeSet<i64>) -> bool {
        borders.iter().all(|no| !self.taken.contains(no) && self.ground.is_inner(*no))
    }
}
