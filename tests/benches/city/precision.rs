//! Are the tiles that an event names the tiles that changed?

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio_postgres::Client;

use crate::client::Connection;
use crate::fresh::{Editable, MOVED_DEGREES};
use crate::report::Report;
use crate::stream::{Event, Tile};

/// A tile of a tileset.
type Named = (String, Tile);

const EDITS: usize = 60;
/// News come some milliseconds after the edit, later on a busy machine: an edit begins when those of the last one are over.
const QUIET: Duration = Duration::from_millis(400);
/// The edits of the measurement before this one are taken back all at once, which takes longer to tell.
const SETTLED: Duration = Duration::from_secs(5);
const LATEST: Duration = Duration::from_secs(5);
const TILESETS: [&str; 2] = ["building", "building_plain"];
const ZOOMS: std::ops::RangeInclusive<u8> = 12..=17;

/// Moves buildings one by one and compares the `ETag`s of all tiles around each with what the event named.
pub(crate) async fn check(
    client: &Client,
    address: SocketAddr,
    buildings: &[Editable],
    events: &Receiver<Event>,
    report: &mut Report,
) -> Result<()> {
    let move_building = client.prepare(include_str!("sql/move_building.sql")).await?;
    let mut connection = Connection::open(address)?;
    let (mut named, mut changed, mut unchanged, mut missed) = (0, 0, 0, 0);
    // Tiles far from the edit belong to other news; they are counted, so that none are explained away.
    let (mut elsewhere, mut most_in_one) = (0, 0);
    while events.recv_timeout(SETTLED).is_ok() {}
    for building in buildings.iter().take(EDITS) {
        let around = tiles_around(building);
        while events.recv_timeout(QUIET).is_ok() {}
        let before = tags(&mut connection, &around)?;
        client.execute(&move_building, &[&building.id, &MOVED_DEGREES]).await?;
        let told = told(events);
        let after = tags(&mut connection, &around)?;
        let differs: BTreeSet<Named> = before
            .iter()
            .filter(|(tile, tag)| after.get(*tile) != Some(*tag))
            .map(|(tile, _)| tile.clone())
            .collect();
        named += told.len();
        most_in_one = most_in_one.max(told.len());
        elsewhere += told.iter().filter(|tile| !before.contains_key(*tile)).count();
        changed += differs.len();
        unchanged += told.difference(&differs).count();
        missed += differs.difference(&told).count();
        client.execute(&move_building, &[&building.id, &-MOVED_DEGREES]).await?;
        told_once(events).context("the building that was moved back causes an event")?;
    }
    let part = unchanged as f64 / named.max(1) as f64 * 100.0;
    report.line(format!(
        "Of {named} tiles named by the events of {EDITS} further edits, {unchanged} had not changed ({part:.1} %), \
         {elsewhere} of them far from the edit, at most {most_in_one} named by one edit; of \
         {changed} tiles that changed among those around the edits, {missed} were not named."
    ));
    report.at_most("named tiles that had not changed, %", part, 5.0);
    report.at_most("changed tiles that were not named", missed as f64, 0.0);
    Ok(())
}

/// At every zoom the tile that holds the building and its eight neighbours.
fn tiles_around(building: &Editable) -> Vec<Tile> {
    let mut tiles = BTreeSet::new();
    for zoom in ZOOMS {
        let (x, y) = match 16_u8.checked_sub(zoom) {
            Some(up) => (vec![building.x >> up], vec![building.y >> up]),
            None => {
                (vec![building.x << 1, (building.x << 1) + 1], vec![building.y << 1, (building.y << 1) + 1])
            }
        };
        for column in x.iter().flat_map(|x| x - 1..=x + 1) {
            tiles.extend(y.iter().flat_map(|y| y - 1..=y + 1).map(|row| (zoom, column, row)));
        }
    }
    tiles.into_iter().collect()
}

fn tags(connection: &mut Connection, tiles: &[Tile]) -> Result<BTreeMap<Named, String>> {
    let mut found = BTreeMap::new();
    for tileset in TILESETS {
        for (z, x, y) in tiles {
            let answer = connection.get(&format!("/tiles/{tileset}/{z}/{x}/{y}"), "")?;
            found.insert((tileset.to_owned(), (*z, *x, *y)), answer.header("etag").to_owned());
        }
    }
    Ok(found)
}

/// What the events of one edit name; some may follow the first.
fn told(events: &Receiver<Event>) -> BTreeSet<Named> {
    let mut tiles = BTreeSet::new();
    let begun = Instant::now();
    while begun.elapsed() < LATEST {
        match events.recv_timeout(QUIET) {
            // Other tilesets are told for reasons of their own: counts and due times go by the minute.
            Ok(event) if !TILESETS.contains(&event.tileset.as_str()) => {}
            Ok(event) => {
                tiles.extend(event.tiles.into_iter().map(|tile| (event.tileset.clone(), tile)));
            }
            Err(_quiet) if tiles.is_empty() => {}
            Err(_quiet) => break,
        }
    }
    tiles
}

fn told_once(events: &Receiver<Event>) -> Option<BTreeSet<Named>> {
    Some(told(events)).filter(|tiles| !tiles.is_empty())
}
