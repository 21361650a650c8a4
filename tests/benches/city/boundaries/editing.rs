//! Thirty editors at once, each on a draft and grids of its own: how long an operation with its live counts takes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use tokio_postgres::Client;

use super::desk::{Desk, Reply};
use super::draft::Draft;
use super::ground::{Ground, aside, between, insert_vertex, move_node, move_vertex, split};
use super::office::Office;
use crate::figures::{number, quantile, row, rule};
use crate::populated::Dice;
use crate::report::Report;

const EDITORS: i64 = 30;
const OPERATIONS: usize = 100;
/// Operations of an editor who looks at what he did; with thirty of them sixty a second.
const PAUSE: Duration = Duration::from_millis(500);
const PAUSED_OPERATIONS: usize = 40;
/// One in so many operations divides a grid; the next takes it back.
const SPLIT_EVERY: usize = 20;

/// What came of the operations, by their kind.
#[derive(Default)]
struct Drawn {
    times: BTreeMap<&'static str, Vec<f64>>,
    refused: BTreeMap<String, usize>,
}

struct Editor {
    desk: Desk,
    draft: Draft,
    ground: Ground,
    /// The unit of each face.
    units: BTreeMap<i64, i64>,
    dice: Dice,
    has_split: bool,
}

pub(super) async fn measure(client: &Client, office: &Office, report: &mut Report) -> Result<()> {
    let rows = client.query(include_str!("../sql/some_grids.sql"), &[&EDITORS]).await?;
    let grids: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let flat_out = draw_all(office, &grids, OPERATIONS, Duration::ZERO)?;
    let paced = draw_all(office, &grids, PAUSED_OPERATIONS, PAUSE)?;
    report.line(format!(
        "{EDITORS} editors at once, each with a draft on its own grid, {OPERATIONS} operations each, the next as soon as the \
         last is answered; below that {PAUSED_OPERATIONS} each, one every {} ms. Every answer has the live counts.",
        PAUSE.as_millis()
    ));
    report.line("");
    let head = ["operation", "of", "p50 ms", "p95", "p99", "most"];
    report.line(row(&head));
    report.line(rule(head.len()));
    let p95 = write(&flat_out, "", report);
    let paced_p95 = write(&paced, ", paced", report);
    report.line("");
    let refused: Vec<String> =
        flat_out.refused.iter().map(|(rule, count)| format!("{count} by {rule}")).collect();
    let refused = if refused.is_empty() { "none".to_owned() } else { refused.join(", ") };
    report.line(format!("Refused of the first: {refused}."));
    report.line("");
    report.at_most("an operation with counts, 30 editors without a pause, p95 ms", p95, 100.0);
    report.at_most("an operation with counts, 30 editors with a pause, p95 ms", paced_p95, 100.0);
    Ok(())
}

/// The rows of the table; the 95th percentile of all operations together.
fn write(drawn: &Drawn, suffix: &str, report: &mut Report) -> f64 {
    let mut all = Vec::new();
    for (kind, times) in &drawn.times {
        all.extend(times.iter().copied());
        report.line(line(&format!("{kind}{suffix}"), &mut times.clone()));
    }
    report.line(line(&format!("all{suffix}"), &mut all));
    quantile(&mut all, 0.95)
}

/// A row of times.
pub(super) fn line(name: &str, times: &mut [f64]) -> String {
    let at = |times: &mut [f64], part| number(quantile(times, part));
    row(&[
        name.to_owned(),
        times.len().to_string(),
        at(times, 0.5),
        at(times, 0.95),
        at(times, 0.99),
        at(times, 1.0),
    ])
}

fn draw_all(office: &Office, grids: &[String], count: usize, pause: Duration) -> Result<Drawn> {
    std::thread::scope(|scope| {
        let editors: Vec<_> = grids
            .iter()
            .enumerate()
            .map(|(place, grid)| scope.spawn(move || draw(office, grid, place, count, pause)))
            .collect();
        let mut all = Drawn::default();
        for editor in editors {
            let one = editor.join().map_err(|_panic| anyhow!("an editor ended badly"))??;
            one.times.into_iter().for_each(|(kind, times)| all.times.entry(kind).or_default().extend(times));
            one.refused.into_iter().for_each(|(rule, count)| *all.refused.entry(rule).or_default() += count);
        }
        Ok(all)
    })
}

fn draw(office: &Office, grid: &str, place: usize, count: usize, pause: Duration) -> Result<Drawn> {
    let mut editor = Editor::begin(office, grid, place)?;
    let mut drawn = Drawn::default();
    let begun = Instant::now() + pause * u32::try_from(place)? / u32::try_from(EDITORS)?;
    for turn in 0..count {
        std::thread::sleep((begun + pause * u32::try_from(turn)?).saturating_duration_since(Instant::now()));
        let (kind, reply) = editor.turn(turn)?;
        if reply.is_done() {
            drawn.times.entry(kind).or_default().push(reply.took_ms);
            editor.ground.lay(&reply.body["changed"]["arcs"]);
        } else {
            *drawn.refused.entry(format!("{} ({kind})", reply.refusal())).or_default() += 1;
        }
    }
    editor.draft.abandon(&mut editor.desk)?.done("abandoning")?;
    Ok(drawn)
}

impl Editor {
    fn begin(office: &Office, grid: &str, place: usize) -> Result<Self> {
        let mut desk = Desk::open(office, format!("bench-editor-{place}"))?;
        let draft = Draft::begin(&mut desk, "bench: editing")?;
        let path = format!("/v1/topology/{grid}?changeset={}", draft.id);
        let around = desk.get(&path)?.done("reading the topology")?;
        let mut ground = Ground::default();
        ground.lay(&around.body["arcs"]);
        let faces = around.body["faces"].as_array().into_iter().flatten();
        let units = faces.filter_map(|face| Some((face["id"].as_i64()?, face["base"].as_i64()?))).collect();
        Ok(Self { desk, draft, ground, units, dice: Dice(place as u64 + 11), has_split: false })
    }

    fn turn(&mut self, turn: usize) -> Result<(&'static str, Reply)> {
        if std::mem::take(&mut self.has_split) {
            return Ok(("undo", self.draft.step(&mut self.desk, "undo", None)?));
        }
        let (kind, operation) = match (turn % SPLIT_EVERY, self.dice.below(10)) {
            (10, _) => ("split", self.split()),
            (_, 0..=2) => ("move_node", self.move_node()),
            (_, 3) => ("insert_vertex", self.insert_vertex()),
            _ => ("move_vertex", self.move_vertex()),
        };
        // Where a grid has nothing of a kind, its borders get more points.
        let (kind, operation) = match operation {
            Some(operation) => (kind, operation),
            None => ("insert_vertex", self.insert_vertex().context("a grid has inner borders")?),
        };
        let reply = self.draft.draw(&mut self.desk, &operation)?;
        self.has_split = kind == "split" && reply.is_done();
        Ok((kind, reply))
    }

    /// A border that may move, with at least so many points.
    fn border(&mut self, least: usize) -> Option<i64> {
        let has = |no: &i64| self.ground.is_inner(*no) && self.ground.borders[no].points.len() >= least;
        let found: Vec<i64> = self.ground.borders.keys().copied().filter(has).collect();
        found.get(self.dice.below(found.len())).copied()
    }

    fn move_vertex(&mut self) -> Option<serde_json::Value> {
        let no = self.border(3)?;
        let points = &self.ground.borders[&no].points;
        let index = 1 + self.dice.below(points.len() - 2);
        Some(move_vertex(no, index, aside(points[index], 1.5, &mut self.dice)))
    }

    fn insert_vertex(&mut self) -> Option<serde_json::Value> {
        let no = self.border(2)?;
        let points = &self.ground.borders[&no].points;
        let index = 1 + self.dice.below(points.len() - 1);
        let middle = between(points[index - 1], points[index]);
        Some(insert_vertex(no, index, aside(middle, 0.5, &mut self.dice)))
    }

    fn move_node(&mut self) -> Option<serde_json::Value> {
        let junctions: Vec<_> =
            self.ground.junctions().into_iter().filter(|(_, borders)| borders.len() > 2).collect();
        let (node, borders) = junctions.get(self.dice.below(junctions.len()))?;
        let place = self.ground.place(*node, *borders.first()?)?;
        Some(move_node(*node, aside(place, 1.5, &mut self.dice)))
    }

    fn split(&mut self) -> Option<serde_json::Value> {
        // What lies at the edge of the grid is there in part only: its borders do not close.
        let closes = |borders: &Vec<i64>| {
            let ends =
                borders.iter().flat_map(|no| [self.ground.borders[no].start, self.ground.borders[no].end]);
            let mut count = BTreeMap::<i64, usize>::new();
            ends.for_each(|node| *count.entry(node).or_default() += 1);
            borders.len() > 2 && count.values().all(|count| *count == 2)
        };
        let faces: Vec<_> =
            self.ground.by_face().into_iter().filter(|(_, borders)| closes(borders)).collect();
        let (face, borders) = faces.get(self.dice.below(faces.len()))?;
        Some(split(*self.units.get(face)?, self.ground.chord(borders)?))
    }
}
