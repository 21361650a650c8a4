//! A planner who brings changeset after changeset to publication, and deals with conflicts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::desk::{Desk, Reply};
use super::draft::Draft;
use super::ground::{Ground, Place, aside, move_node, move_vertex, split};
use super::meeting::Meeting;
use super::office::Office;
use super::tasks::Task;
use crate::populated::Dice;

/// The first changesets of a planner are so many, one in so long a time; thirty planners bring two a second.
pub(super) const PACED: usize = 10;
pub(super) const PACE: Duration = Duration::from_secs(15);

/// An attempt to publish.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) changeset: i64,
    pub(super) base_rev: i64,
    pub(super) touched: BTreeSet<i64>,
    /// The revision it became; none for a conflict.
    pub(super) rev: Option<i64>,
    /// What the answer said where it is no revision.
    pub(super) said: Value,
    pub(super) took_ms: f64,
    pub(super) is_paced: bool,
}

/// What a planner lived through.
#[derive(Default)]
pub(super) struct Diary {
    pub(super) attempts: Vec<Attempt>,
    pub(super) submit_ms: Vec<f64>,
    pub(super) abandoned: usize,
    pub(super) rebased: usize,
    /// What nobody should see: status and answer.
    pub(super) failures: Vec<String>,
    pub(super) refused: BTreeMap<String, usize>,
    /// By revision the borders that were sent with it, as they were last answered.
    pub(super) sent: BTreeMap<i64, BTreeMap<i64, Vec<Place>>>,
}

/// Somebody at work.
pub(super) struct Planner<'a> {
    pub(super) place: usize,
    pub(super) ground: &'a Ground,
    /// The unit of each face.
    pub(super) units: &'a BTreeMap<i64, i64>,
    /// Where both who share a border wait until both have drawn on it.
    pub(super) meeting: &'a Meeting,
}

/// One changeset being drawn.
struct Work<'a> {
    draft: Draft,
    desk: &'a mut Desk,
    diary: &'a mut Diary,
    /// The borders as the draft has them; none for those that it ended.
    drawn: BTreeMap<i64, Option<Vec<Place>>>,
    operations: u64,
    is_paced: bool,
}

impl Planner<'_> {
    pub(super) fn work(&self, office: &Office, tasks: &[Task]) -> Result<Diary> {
        let mut desk = Desk::open(office, format!("bench-planner-{}", self.place))?;
        let mut diary = Diary::default();
        let mut dice = Dice(self.place as u64 + 101);
        let begun = Instant::now() + PACE.mul_f64(self.place as f64 / super::publishing::PLANNERS as f64);
        for (turn, task) in (0_u32..).zip(tasks) {
            let is_paced = (turn as usize) < PACED;
            if is_paced {
                std::thread::sleep((begun + PACE * turn).saturating_duration_since(Instant::now()));
            }
            let draft = Draft::begin(&mut desk, "bench: publishing")?;
            let mut work = Work {
                draft,
                desk: &mut desk,
                diary: &mut diary,
                drawn: BTreeMap::new(),
                operations: 0,
                is_paced,
            };
            let drew = self.draw(&mut work, task, &mut dice);
            if task.shared.is_some() {
                self.meeting.wait();
            }
            drew?;
            self.publish(&mut work, task, &mut dice)?;
        }
        Ok(diary)
    }

    fn draw(&self, work: &mut Work<'_>, task: &Task, dice: &mut Dice) -> Result<()> {
        for no in &task.borders {
            self.move_point(work, *no, dice)?;
        }
        if let Some((node, borders)) = &task.junction {
            let place = self.ground.place(*node, borders[0]).context("a junction has a place")?;
            work.draw(&move_node(*node, aside(place, 1.0, dice)))?;
        }
        if let Some((face, borders)) = &task.divided {
            let chord = self.ground.chord(borders).context("a face has borders")?;
            work.draw(&split(self.units[face], chord))?;
        }
        task.shared.map_or(Ok(()), |no| self.move_point(work, no, dice))
    }

    /// Moves a point of a border from where it was when all began, or from where the draft has it.
    fn move_point(&self, work: &mut Work<'_>, no: i64, dice: &mut Dice) -> Result<()> {
        let before = &self.ground.borders[&no].points;
        let points = work.drawn.get(&no).and_then(Option::as_ref).unwrap_or(before);
        let index = 1 + dice.below(points.len() - 2);
        let to = aside(before[index], 1.0, dice);
        work.draw(&move_vertex(no, index, to))
    }

    fn publish(&self, work: &mut Work<'_>, task: &Task, dice: &mut Dice) -> Result<()> {
        if work.drawn.is_empty() {
            // Every operation was refused: there is nothing to publish.
            return work.draft.abandon(work.desk)?.done("abandoning").map(drop);
        }
        if work.submit_and_publish()? {
            return Ok(());
        }
        if self.place % 4 < 2 {
            work.diary.abandoned += 1;
            return work.draft.abandon(work.desk)?.done("abandoning").map(drop);
        }
        work.draft.step(work.desk, "withdraw", None)?.done("withdrawing")?;
        let keep = json!({ "keep_before_conflict": true });
        let rebased = work.draft.step(work.desk, "rebase", Some(&keep))?.done("rebasing")?;
        work.diary.rebased += 1;
        work.drawn_again(&rebased, task);
        if let Some(shared) = task.shared {
            self.move_point(work, shared, dice)?;
        }
        if !work.submit_and_publish()? {
            work.draft.abandon(work.desk)?.done("abandoning")?;
        }
        Ok(())
    }
}

impl Work<'_> {
    fn draw(&mut self, operation: &Value) -> Result<()> {
        let reply = self.draft.draw(self.desk, operation)?;
        if reply.is_done() {
            self.operations += 1;
            self.keep(&reply.body["changed"]["arcs"]);
        } else {
            self.look_at(&reply, "ops");
            *self.diary.refused.entry(reply.refusal()).or_default() += 1;
        }
        Ok(())
    }

    fn keep(&mut self, arcs: &Value) {
        let mut ground = Ground::default();
        ground.lay(arcs);
        for arc in arcs.as_array().into_iter().flatten() {
            let Some(no) = arc["id"].as_i64() else { continue };
            self.drawn.insert(no, ground.borders.remove(&no).map(|border| border.points));
        }
    }

    /// After a rebase the draft has all it drew but the last operation, which somebody else was quicker with.
    fn drawn_again(&mut self, rebased: &Reply, task: &Task) {
        let kept = rebased.body["changeset"]["op_count"].as_u64().unwrap_or_default();
        if kept + 1 == self.operations {
            self.drawn.retain(|no, _| Some(*no) != task.shared);
        } else {
            let text = format!("a rebase of {} kept {kept} of {} operations", self.draft.id, self.operations);
            self.diary.failures.push(text);
            self.drawn.clear();
        }
        self.operations = kept;
    }

    /// Whether it was published; otherwise others were first.
    fn submit_and_publish(&mut self) -> Result<bool> {
        let submitted = self.draft.review(self.desk)?;
        self.diary.submit_ms.push(submitted.took_ms);
        let base_rev = self.draft.base_rev;
        let reply = self.draft.publish(self.desk)?;
        self.look_at(&reply, "publish");
        let rev = if reply.is_done() { reply.body["rev"].as_i64() } else { None };
        self.diary.attempts.push(Attempt {
            changeset: self.draft.id,
            base_rev,
            touched: self.drawn.keys().copied().filter(|no| *no > 0).collect(),
            rev,
            said: if rev.is_some() { Value::Null } else { reply.body },
            took_ms: reply.took_ms,
            is_paced: self.is_paced,
        });
        if let Some(rev) = rev {
            let lasting = self.drawn.iter().filter(|(no, _)| **no > 0);
            let sent = lasting.filter_map(|(no, points)| Some((*no, points.clone()?))).collect();
            self.diary.sent.insert(rev, sent);
        }
        Ok(rev.is_some())
    }

    /// Keeps what is neither done, nor refused by a rule, nor a conflict of boundaries.
    fn look_at(&mut self, reply: &Reply, doing: &str) {
        let is_answer = reply.is_done()
            || reply.status == 422
            || reply.status == 409 && reply.body["conflicts"].is_array();
        if !is_answer {
            let text = format!("{doing} of {}: {} {}", self.draft.id, reply.status, reply.body);
            self.diary.failures.push(text);
        }
    }
}
