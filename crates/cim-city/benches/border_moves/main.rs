//! What does it cost to move one vertex of a border: from COMMIT to the new tile, to the event, and which tiles are told?
//!
//! It writes into a loaded database: `cargo bench -p cim-city --bench border_moves -- HOME_OF_A_CLUSTER [MOVES]`.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot measure ends")]

mod border;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use border::{Borders, Move};
use cim_access::Scope;
use cim_city::{
    ChangeStream, City, CityChange, CityOptions, Encoding, TileBody, TilePlace, TileRequest, TilesChanged,
};
use cim_mirror::{WorldBox, WorldPoint};
use cim_store::{ClusterOptions, PrivateCluster, Snapshot, Store};
use cim_tile::TileAddress;

const TILESETS: [&str; 3] = ["base", "boundary", "linkage"];
/// Below it the picture of work is a count by grid, which is told when it was counted.
const COUNTED_ZOOM: u8 = 12;

type Tile = (String, (u8, u32, u32));

fn tag(city: &City, tileset: &str, (z, x, y): (u8, u32, u32)) -> Option<String> {
    let place = TilePlace::from_xyz(z, x, y).unwrap();
    let (tileset, encoding) = (tileset.to_owned(), Encoding::Identity);
    let request = TileRequest {
        tileset,
        place,
        filter: None,
        datetime: None,
        known_at: None,
        encoding,
        if_none_match: None,
    };
    match city.tile(&Scope::whole_district(), &request).unwrap().body {
        TileBody::Tile { etag, .. } => Some(etag),
        _ => None,
    }
}

/// The tiles of zoom 7 to 18 around what a move may touch, as they are.
fn tags_around(city: &City, bounds: [f64; 4]) -> BTreeMap<Tile, Option<String>> {
    let corner = |lon, lat| WorldPoint::from(cim_crs::LonLat { lon, lat });
    let [west, south, east, north] = bounds;
    let bounds = WorldBox::around(&[corner(west, south), corner(east, north)]).unwrap();
    let mut tags = BTreeMap::new();
    for zoom in 7..=18 {
        for tile in TileAddress::meeting(&bounds, zoom) {
            let tile = (tile.zoom(), tile.column(), tile.row());
            for tileset in TILESETS {
                if tileset != "linkage" || zoom > COUNTED_ZOOM {
                    tags.insert((tileset.to_owned(), tile), tag(city, tileset, tile));
                }
            }
        }
    }
    tags
}

async fn told_of(stream: &mut ChangeStream, edit: &Move) -> (Instant, Vec<TilesChanged>) {
    let mut told = Vec::new();
    loop {
        let next = tokio::time::timeout(Duration::from_mins(1), stream.next()).await;
        let CityChange::Tiles { at, changed } = next.unwrap().unwrap() else { panic!("a reset") };
        told.extend(changed);
        if at.snapshot().parse::<Snapshot>().unwrap().sees(edit.xid) {
            return (Instant::now(), told);
        }
    }
}

#[derive(Default)]
struct Figures {
    shown_ms: Vec<f64>,
    told_ms: Vec<f64>,
    tiles: Vec<f64>,
    told: usize,
    told_for_nothing: usize,
    missed: usize,
}

impl Figures {
    async fn add(&mut self, city: &City, borders: &mut Borders, stream: &mut ChangeStream) {
        let vertex = borders.choose().await;
        let before = tags_around(city, vertex.around);
        let seen = vertex.tile();
        let old = tag(city, "boundary", seen);
        let done = borders.commit(&vertex).await;
        let committed = Instant::now();
        let watched = city.clone();
        let shown = tokio::task::spawn_blocking(move || {
            while tag(&watched, "boundary", seen) == old {
                assert!(committed.elapsed() < Duration::from_mins(1), "the move never shows");
                std::thread::sleep(Duration::from_micros(200));
            }
            Instant::now()
        });
        let (heard, told) = told_of(stream, &done).await;
        self.shown_ms.push((shown.await.unwrap() - committed).as_secs_f64() * 1e3);
        self.told_ms.push((heard - committed).as_secs_f64() * 1e3);
        self.compare(city, &before, &told);
    }

    fn compare(&mut self, city: &City, before: &BTreeMap<Tile, Option<String>>, told: &[TilesChanged]) {
        let named: BTreeSet<Tile> = told
            .iter()
            .flat_map(|one| one.tiles.iter().map(|tile| (one.tileset.clone(), *tile)))
            .filter(|(tileset, tile)| tileset != "linkage" || tile.0 > COUNTED_ZOOM)
            .collect();
        let distinct: BTreeSet<_> = named.iter().map(|(_, tile)| tile).filter(|tile| tile.0 >= 10).collect();
        self.tiles.push(f64::from(u32::try_from(distinct.len()).unwrap()));
        for ((tileset, tile), old) in before {
            let is_named = named.contains(&(tileset.clone(), *tile));
            let has_changed = tag(city, tileset, *tile) != *old;
            self.told += usize::from(is_named);
            self.told_for_nothing += usize::from(is_named && !has_changed);
            self.missed += usize::from(has_changed && !is_named);
        }
        let outside = named.iter().filter(|tile| !before.contains_key(*tile)).count();
        if outside > 0 {
            println!("{outside} told tiles lie outside of what was compared");
        }
    }

    fn print(&mut self) {
        println!("COMMIT to new bytes, ms: {}", quantiles(&mut self.shown_ms));
        println!("COMMIT to event, ms: {}", quantiles(&mut self.told_ms));
        println!("distinct tiles told of z10-18: {}", quantiles(&mut self.tiles));
        let (told, nothing, missed) = (self.told, self.told_for_nothing, self.missed);
        println!("told {told} tiles of tilesets, {nothing} of them as they were; {missed} were missed");
    }
}

/// Moves one vertex after the other without a pause; the milliseconds from each COMMIT until its event is heard.
async fn without_a_pause(borders: &mut Borders, stream: &mut ChangeStream, moves: usize) -> Vec<f64> {
    let (sender, mut committed) = tokio::sync::mpsc::unbounded_channel();
    let publish = async move {
        for _ in 0..moves {
            let vertex = borders.choose().await;
            let xid = borders.commit(&vertex).await.xid;
            sender.send((xid, Instant::now())).unwrap();
        }
    };
    let hear = async {
        let (mut waiting, mut heard_ms) = (Vec::new(), Vec::new());
        while heard_ms.len() < moves {
            let next = tokio::time::timeout(Duration::from_mins(1), stream.next()).await;
            let CityChange::Tiles { at, .. } = next.unwrap().unwrap() else { panic!("a reset") };
            let heard = Instant::now();
            let snapshot: Snapshot = at.snapshot().parse().unwrap();
            // The event may be heard before COMMIT has answered: what is not known yet is counted with the next one.
            while let Ok(one) = committed.try_recv() {
                waiting.push(one);
            }
            waiting.retain(|(xid, at)| {
                let is_told = snapshot.sees(*xid);
                heard_ms.extend(is_told.then(|| heard.saturating_duration_since(*at).as_secs_f64() * 1e3));
                !is_told
            });
        }
        heard_ms
    };
    tokio::join!(publish, hear).1
}

fn quantiles(values: &mut [f64]) -> String {
    values.sort_unstable_by(f64::total_cmp);
    let at = |part: usize| values[(values.len() - 1) * part / 100];
    format!("p50 {:.1}, p95 {:.1}, most {:.1}", at(50), at(95), at(100))
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    let Some(home) = arguments.first() else {
        println!("name the home of a cluster with a city: -- HOME [MOVES]");
        return;
    };
    let moves: usize = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(50);
    let cluster = PrivateCluster::start(Path::new(home), ClusterOptions::default()).await.unwrap();
    let store = Store::connect(cluster.connection_string()).await.unwrap();
    store.migrate().await.unwrap();
    let begun = Instant::now();
    let city = City::open(store, CityOptions::default()).unwrap();
    city.ready().await;
    println!("ready after {:.1} s", begun.elapsed().as_secs_f64());
    let mut borders = Borders::open(cluster.connection_string()).await;
    // Every zoom is drawn once, so that the first move does not pay for the start.
    for zoom in 0..=18 {
        let _drawn = tag(&city, "boundary", borders.choose().await.tile_at(zoom));
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    println!("drawn after {:.1} s", begun.elapsed().as_secs_f64());
    let mut stream = city.changes(&Scope::whole_district(), None, None);
    let mut figures = Figures::default();
    for _ in 0..moves {
        figures.add(&city, &mut borders, &mut stream).await;
    }
    figures.print();
    let begun = Instant::now();
    let mut heard_ms = without_a_pause(&mut borders, &mut stream, 2 * moves).await;
    let took_s = begun.elapsed().as_secs_f64();
    println!(
        "{} moves without a pause in {took_s:.1} s: COMMIT to event, ms: {}",
        2 * moves,
        quantiles(&mut heard_ms)
    );
    cluster.stop().await.unwrap();
}
