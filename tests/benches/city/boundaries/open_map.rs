//! A published border move as an open map sees it: the event, the new bytes, and whether the told tiles are the right ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio_postgres::Client;

use super::around::{ZOOMS, bytes_of, bytes_of_all, tile_of, tiles_around};
use super::desk::Desk;
use super::draft::Draft;
use super::editing::line;
use super::ground::{Ground, aside, move_vertex};
use super::office::Office;
use crate::client::Connection;
use crate::figures::{number, quantile, row, rule};
use crate::populated::Dice;
use crate::report::Report;
use crate::stream::{self, Event, Tile};

const MOVES: usize = 50;
const SHOWN_ZOOM: u8 = 16;
const SHOWS_WITHIN: Duration = Duration::from_secs(10);
const QUIET: Duration = Duration::from_millis(400);

#[derive(Default)]
struct Seen {
    publish_ms: Vec<f64>,
    told_ms: Vec<f64>,
    shown_ms: Vec<f64>,
    told: Vec<f64>,
    at_other_zooms: usize,
    changed: usize,
    unchanged: usize,
    elsewhere: usize,
    missed: BTreeSet<Tile>,
}

pub(super) async fn measure(client: &Client, office: &Office, report: &mut Report) -> Result<()> {
    let mut ground = Ground::read(client).await?;
    let mut dice = Dice(23);
    let mut movable: Vec<i64> = ground.borders.keys().copied().filter(|no| ground.is_inner(*no)).collect();
    movable.retain(|no| ground.borders[no].points.len() > 2);
    dice.shuffle(&mut movable);
    let reader = office.token_of("bench-reader")?;
    let events = stream::open_as(office.address, Some(&reader))?;
    let mut desk = Desk::open(office, "bench-mover")?;
    let mut map = Connection::open_as(office.address, reader)?;
    let mut seen = Seen::default();
    for no in movable.into_iter().take(MOVES) {
        seen.look_at(&mut desk, &mut map, &events, &mut ground, (no, &mut dice))?;
    }
    seen.write(report);
    Ok(())
}

impl Seen {
    fn look_at(
        &mut self,
        desk: &mut Desk,
        map: &mut Connection,
        events: &Receiver<Event>,
        ground: &mut Ground,
        (no, dice): (i64, &mut Dice),
    ) -> Result<()> {
        let tiles = tiles_around(ground, &ground.by_face(), no);
        let points = &ground.borders[&no].points;
        let index = 1 + dice.below(points.len() - 2);
        let to = aside(points[index], 2.0, dice);
        let mut draft = Draft::begin(desk, "bench: open map")?;
        let drawn = draft.draw(desk, &move_vertex(no, index, to))?;
        if !drawn.is_done() {
            return draft.abandon(desk)?.done("abandoning").map(drop);
        }
        ground.lay(&drawn.body["changed"]["arcs"]);
        draft.review(desk)?;
        while events.recv_timeout(QUIET).is_ok() {}
        let before = bytes_of_all(map, &tiles)?;
        let published = draft.publish(desk)?.done("publishing")?;
        let shown = tile_of(SHOWN_ZOOM, to);
        let mut told = BTreeSet::new();
        let told_at = self.await_event(events, shown, &mut told)?;
        while bytes_of(map, shown)? == before[&shown] {
            ensure!(
                published.at.elapsed() < SHOWS_WITHIN,
                "the move of border {no} never shows in {shown:?}"
            );
        }
        let since = |moment: Instant| moment.saturating_duration_since(published.at).as_secs_f64() * 1e3;
        self.shown_ms.push(since(Instant::now()));
        self.told_ms.push(since(told_at));
        self.publish_ms.push(published.took_ms);
        while let Ok(event) = events.recv_timeout(QUIET) {
            self.keep(event, &mut told);
        }
        self.compare(&told, &before, &bytes_of_all(map, &tiles)?);
        Ok(())
    }

    /// Until a tile is told.
    fn await_event(
        &mut self,
        events: &Receiver<Event>,
        tile: Tile,
        told: &mut BTreeSet<Tile>,
    ) -> Result<Instant> {
        loop {
            let event = events.recv_timeout(SHOWS_WITHIN).with_context(|| format!("{tile:?} is not told"))?;
            let (at, is_reset) = (event.at, event.is_reset);
            self.keep(event, told);
            if is_reset || told.contains(&tile) {
                return Ok(at);
            }
        }
    }

    fn keep(&mut self, event: Event, told: &mut BTreeSet<Tile>) {
        if event.tileset == "boundary" {
            let all = event.tiles.len();
            told.extend(event.tiles.into_iter().filter(|(zoom, _, _)| ZOOMS.contains(zoom)));
            self.at_other_zooms += all.saturating_sub(told.len());
        }
    }

    fn compare(&mut self, told: &BTreeSet<Tile>, before: &BTreeMap<Tile, u64>, after: &BTreeMap<Tile, u64>) {
        let differs = |tile: &Tile| before.get(tile) != after.get(tile);
        self.told.push(told.len() as f64);
        self.elsewhere += told.iter().filter(|tile| !before.contains_key(tile)).count();
        let known = || told.iter().filter(|tile| before.contains_key(tile));
        self.changed += known().filter(|tile| differs(tile)).count();
        self.unchanged += known().filter(|tile| !differs(tile)).count();
        self.missed.extend(before.keys().filter(|tile| differs(tile) && !told.contains(tile)));
    }

    fn write(mut self, report: &mut Report) {
        report.line(format!(
            "{} border points moved by 2 m and published one by one, beside an open map:",
            self.shown_ms.len()
        ));
        report.line("");
        let head = ["from the publish answer", "of", "p50", "p95", "p99", "most"];
        report.line(row(&head));
        report.line(rule(head.len()));
        report.line(line("until the event names the tile, ms", &mut self.told_ms));
        report.line(line("until the tile has other bytes, ms", &mut self.shown_ms));
        report.line(line("tiles of zoom 10 to 18 told a move", &mut self.told));
        report.line(line("publish with nobody beside, ms", &mut self.publish_ms));
        report.line("");
        let (changed, unchanged) = (self.changed as f64, self.unchanged as f64);
        let precision = changed / (changed + unchanged).max(1.0) * 100.0;
        report.line(format!(
            "Of the told tiles around, {} have other bytes and {} have not; {} more are told farther away. Changed and not \
             told: {}.",
            number(changed),
            number(unchanged),
            self.elsewhere,
            self.missed.len()
        ));
        if !self.missed.is_empty() {
            println!("MISSED TILES {:?}", self.missed.iter().take(10).collect::<Vec<_>>());
        }
        report.line("");
        report.at_most("publish answer to new bytes, p95 ms", quantile(&mut self.shown_ms, 0.95), 500.0);
        report.at_most("tiles told a border move, most", quantile(&mut self.told, 1.0), 30.0);
        report.at_least("told tiles that changed, %", precision, 90.0);
        report.at_most("changed tiles that were not told", self.missed.len() as f64, 0.0);
    }
}
