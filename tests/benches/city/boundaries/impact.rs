//! What changes hands with a draft of ten units and with one that redraws everything: how quickly, and whether it is so.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;
use tokio_postgres::Client;

use super::desk::Desk;
use super::draft::Draft;
use super::ground::{Ground, Place, aside, move_node, move_vertex};
use super::office::Office;
use super::recount::{self, Key, Moves};
use crate::figures::{number, quantile, row, rule};
use crate::populated::Dice;
use crate::report::Report;

const ASKED: usize = 10;
const FEW_UNITS: usize = 10;
const MOST_OPERATIONS: usize = 5_000;
/// How far points are moved; nearer where a rule refuses that.
const FEW_METRES: [f64; 4] = [40.0, 20.0, 10.0, 4.0];
const MANY_METRES: [f64; 3] = [8.0, 3.0, 1.0];

/// A draft being drawn, with the faces that it has touched.
struct Drawing<'a> {
    desk: &'a mut Desk,
    draft: Draft,
    ground: Ground,
    touched: BTreeSet<i64>,
    operations: usize,
    draw_ms: Vec<f64>,
    dice: Dice,
}

pub(super) async fn measure(client: &Client, office: &Office, report: &mut Report) -> Result<()> {
    let mut desk = Desk::open(office, "bench-redrawer")?;
    recount::keep(client, "before").await?;
    let mut lines = Vec::new();
    for (name, most, goal_ms) in [("ten units", FEW_UNITS, 50.0), ("a whole redraw", usize::MAX, 500.0)] {
        let ground = Ground::read(client).await?;
        let mut drawing = Drawing::begin(&mut desk, ground, name)?;
        drawing.draw(most, if most == FEW_UNITS { &FEW_METRES } else { &MANY_METRES })?;
        let (mut times, told) = drawing.ask()?;
        let items = drawing.items()?;
        let (operations, units) = (drawing.operations, drawing.touched.len());
        let draw_ms = quantile(&mut drawing.draw_ms, 0.95);
        let Drawing { mut draft, .. } = drawing;
        let submitted = draft.review(&mut desk)?;
        let published = draft.publish(&mut desk)?.done("publishing")?;
        recount::keep(client, "after").await?;
        let counted = recount::moves(client).await?;
        let best = quantile(&mut times, 0.0);
        let middle = quantile(&mut times, 0.5);
        lines.push(row(&[
            name.to_owned(),
            operations.to_string(),
            units.to_string(),
            number(draw_ms),
            told.things().to_string(),
            number(best),
            number(middle),
            number(submitted.took_ms),
            number(published.took_ms),
        ]));
        report.at_most(format!("impact of {name}, best of {ASKED}, ms"), best, goal_ms);
        report.at_most(format!("impact of {name}, median of {ASKED}, ms"), middle, goal_ms);
        compare(client, name, (&told, &items), &counted, report).await?;
        recount::advance(client).await?;
    }
    let head = [
        "draft",
        "operations",
        "faces touched",
        "operation p95 ms",
        "things that change hands",
        "impact best ms",
        "median",
        "submit ms",
        "publish ms",
    ];
    report.line(row(&head));
    report.line(rule(head.len()));
    for line in lines {
        report.line(line);
    }
    report.line("");
    Ok(())
}

async fn compare(
    client: &Client,
    name: &str,
    (told, items): (&Moves, &[(Key, f64, f64)]),
    counted: &Moves,
    report: &mut Report,
) -> Result<()> {
    let differing = told.differing(counted);
    for key in &differing {
        println!(
            "IMPACT of {name} DIFFERS {key:?}: told {:?}, counted {:?}",
            told.0.get(key),
            counted.0.get(key)
        );
    }
    let near = recount::nearest_mm(client, &differing, items).await?;
    if !near.is_empty() {
        println!("they lie so many millimetres from a border: {near:.2?}");
    }
    report.at_most(
        format!("counts of {name} that differ from a recount, of {}", counted.0.len()),
        differing.len() as f64,
        0.0,
    );
    Ok(())
}

impl<'a> Drawing<'a> {
    fn begin(desk: &'a mut Desk, ground: Ground, name: &str) -> Result<Self> {
        let draft = Draft::begin(desk, &format!("bench: {name}"))?;
        let (touched, dice) = (BTreeSet::new(), Dice(47));
        Ok(Self { desk, draft, ground, touched, operations: 0, draw_ms: Vec::new(), dice })
    }

    /// Moves junctions, and points where there are none, until so many faces are touched.
    fn draw(&mut self, most: usize, metres: &[f64]) -> Result<()> {
        let junctions = self.ground.junctions();
        for least_new in [3, 2, 1] {
            for (node, borders) in &junctions {
                let faces: BTreeSet<i64> =
                    borders.iter().flat_map(|no| self.ground.borders[no].faces.clone()).collect();
                let new = faces.difference(&self.touched).count();
                let first = *borders.first().context("a junction has borders")?;
                if self.is_enough(most) || new < least_new || self.touched.len() + new > most {
                    continue;
                }
                let place = self.ground.place(*node, first).context("a junction has a place")?;
                self.try_moves(place, metres, faces, |to| move_node(*node, to))?;
            }
        }
        let borders: Vec<i64> =
            self.ground.borders.keys().copied().filter(|no| self.ground.is_inner(*no)).collect();
        for no in borders {
            let border = self.ground.borders[&no].clone();
            let new = border.faces.iter().filter(|face| !self.touched.contains(face)).count();
            if self.is_enough(most) || new == 0 || self.touched.len() + new > most || border.points.len() < 3
            {
                continue;
            }
            self.try_moves(border.points[1], metres, border.faces.into_iter().collect(), |to| {
                move_vertex(no, 1, to)
            })?;
        }
        Ok(())
    }

    fn is_enough(&self, most: usize) -> bool {
        self.touched.len() >= most || self.operations >= MOST_OPERATIONS
    }

    fn try_moves(
        &mut self,
        place: Place,
        metres: &[f64],
        faces: BTreeSet<i64>,
        operation: impl Fn(Place) -> Value,
    ) -> Result<()> {
        for metres in metres {
            let to = aside(place, *metres, &mut self.dice);
            let reply = self.draft.draw(self.desk, &operation(to))?;
            if reply.is_done() {
                self.draw_ms.push(reply.took_ms);
                self.operations += 1;
                self.touched.extend(faces);
                return Ok(());
            }
            if reply.status != 422 {
                reply.done("drawing")?;
            }
        }
        Ok(())
    }

    /// Asks for the impact again and again.
    fn ask(&mut self) -> Result<(Vec<f64>, Moves)> {
        let path = format!("/v1/changesets/{}/impact", self.draft.id);
        let mut times = Vec::new();
        let mut last = Value::Null;
        for _ in 0..ASKED {
            let reply = self.desk.get(&path)?.done("asking for the impact")?;
            times.push(reply.took_ms);
            last = reply.body;
        }
        let is_finest = |one: &&Value| one["level"] == "micro_grid";
        let mut moves = BTreeMap::new();
        for one in last["moves"].as_array().into_iter().flatten().filter(is_finest) {
            let code = |name: &str| one[name].as_str().unwrap_or("outside").to_owned();
            for (kind, field) in recount::KINDS {
                let count = one[field].as_i64().unwrap_or_default();
                if count > 0 {
                    moves.insert((kind.to_owned(), code("from"), code("to")), count);
                }
            }
        }
        Ok((times, Moves(moves)))
    }

    /// Every thing that is told, with its place.
    fn items(&mut self) -> Result<Vec<(Key, f64, f64)>> {
        let path = format!("/v1/changesets/{}/impact?limit=100000", self.draft.id);
        let reply = self.desk.get(&path)?.done("asking for the impact")?;
        let text = |one: &Value, name: &str| one[name].as_str().unwrap_or("outside").to_owned();
        let item = |one: &Value| {
            let key = (text(one, "kind"), text(one, "from"), text(one, "to"));
            Some((key, one["lon"].as_f64()?, one["lat"].as_f64()?))
        };
        Ok(reply.body["items"].as_array().into_iter().flatten().filter_map(item).collect())
    }
}
