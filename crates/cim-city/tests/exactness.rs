//! Ten thousand edits of every kind: what is served, confirmed and told is always what a fresh start would draw.
//!
//! `CIM_SOAK=1` makes it ten thousand edits; otherwise it is a tenth of that.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod edits;
mod publishing;
mod pyramid;
mod small_city;

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use cim_access::Scope;
use cim_city::{
    ChangeStream, City, CityChange, CityOptions, Encoding, TileBody, TilePlace, TileRequest, WaitFor,
};
use cim_store::Xid;
use edits::Editor;
use publishing::{Publisher, clean_units};
use small_city::SmallCity;

const TILESETS: [&str; 4] = ["base", "boundary", "building", "linkage"];
/// From this zoom up the picture of work is a count by grid, which is told when it was counted.
const COUNTED_ZOOM: u8 = 12;
const EDITS_A_ROUND: usize = 100;
/// At most so many of the tiles that are told may be as they were: one in twenty.
const ONE_IN: usize = 20;

type Tile = (&'static str, (u8, u32, u32));

fn ask(city: &City, (tileset, (z, x, y)): Tile, if_none_match: Option<String>) -> TileBody {
    let (tileset, encoding) = (tileset.to_owned(), Encoding::Identity);
    let place = TilePlace::from_xyz(z, x, y).unwrap();
    let request =
        TileRequest { tileset, place, filter: None, datetime: None, known_at: None, encoding, if_none_match };
    city.tile(&Scope::whole_district(), &request).unwrap().body
}

fn tag(city: &City, tile: Tile) -> Option<String> {
    match ask(city, tile, None) {
        TileBody::Tile { etag, .. } => Some(etag),
        TileBody::Empty => None,
        TileBody::NotModified { .. } => panic!("{tile:?} was not asked with a tag"),
    }
}

/// A map that keeps what it was given and asks again for what it is told.
struct Client {
    tags: HashMap<Tile, Option<String>>,
    stream: ChangeStream,
    told: usize,
    told_for_nothing: Vec<Tile>,
}

impl Client {
    fn new(city: &City) -> Self {
        let stream = city.changes(&Scope::whole_district(), None, None);
        let tags = all_tiles().map(|tile| (tile, tag(city, tile))).collect();
        Self { tags, stream, told: 0, told_for_nothing: Vec::new() }
    }

    /// Takes in what is told until an edit is told; asks for the tiles that were named. Transactions that write nothing of
    /// the city move the state on and are told by nobody, so that a state is nothing to wait for.
    async fn follow(&mut self, city: &City, edit: Xid) {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.stream.next()).await;
            let CityChange::Tiles { at, changed } = next.expect("the change is told").unwrap() else {
                panic!("a reset where single rows changed");
            };
            let named: BTreeSet<Tile> = changed
                .iter()
                .flat_map(|one| one.tiles.iter().map(|tile| (name_of(&one.tileset), *tile)))
                .collect();
            for tile in named {
                self.take(city, tile);
            }
            if at.snapshot().parse::<cim_store::Snapshot>().unwrap().sees(edit) {
                return;
            }
        }
    }

    /// Takes in what is told without an edit, for as long as a tile is not held as it is.
    async fn catch_up(&mut self, city: &City, tile: Tile, is_now: Option<&str>) {
        while self.tags[&tile].as_deref() != is_now {
            let next = tokio::time::timeout(Duration::from_secs(10), self.stream.next()).await;
            // Nothing more is told: the comparison says what is missing.
            let Ok(Some(CityChange::Tiles { changed, .. })) = next else { return };
            for one in &changed {
                for tile in &one.tiles {
                    self.take(city, (name_of(&one.tileset), *tile));
                }
            }
        }
    }

    fn take(&mut self, city: &City, tile: Tile) {
        let now = tag(city, tile);
        let before = self.tags.insert(tile, now.clone()).flatten();
        if !is_counted(tile) {
            self.told += 1;
            if before == now {
                self.told_for_nothing.push(tile);
            }
        }
    }
}

fn name_of(tileset: &str) -> &'static str {
    TILESETS.into_iter().find(|name| *name == tileset).unwrap()
}

fn is_counted((tileset, (zoom, ..)): Tile) -> bool {
    tileset == "linkage" && zoom <= COUNTED_ZOOM
}

fn all_tiles() -> impl Iterator<Item = Tile> {
    let tiles = pyramid::tiles(18);
    TILESETS.into_iter().flat_map(move |tileset| tiles.clone().into_iter().map(move |tile| (tileset, tile)))
}

async fn snapshot_now(small: &SmallCity) -> String {
    let now = small.database.store().current_snapshot().await.unwrap().to_string();
    small.city.wait_for(&WaitFor::Snapshot(now.clone())).await.unwrap();
    now
}

/// Every tile of a fresh start is what the city serves, what it confirms, and what the client holds.
async fn compare(small: &SmallCity, client: &mut Client, round: usize) -> usize {
    let fresh = City::open(small.database.store().clone(), CityOptions::default()).unwrap();
    fresh.ready().await;
    let mut shown = 0;
    for tile in all_tiles() {
        if is_counted(tile) {
            settle(&small.city, &fresh, tile).await;
            continue;
        }
        // A minute may have begun that makes work overdue: both cities turn to it by themselves, and tell it.
        if tag(&fresh, tile) != tag(&small.city, tile) {
            settle(&small.city, &fresh, tile).await;
        }
        let drawn = tag(&fresh, tile);
        client.catch_up(&small.city, tile, drawn.as_deref()).await;
        assert_eq!(tag(&small.city, tile), drawn, "served {tile:?} in round {round}");
        assert_eq!(client.tags[&tile], drawn, "the client was not told of {tile:?} in round {round}");
        if let Some(drawn) = drawn {
            shown += 1;
            let confirmed = ask(&small.city, tile, Some(drawn.clone()));
            assert_eq!(confirmed, TileBody::NotModified { etag: drawn }, "{tile:?} in round {round}");
        }
    }
    shown
}

/// Counts come a moment after the rows.
async fn settle(city: &City, fresh: &City, tile: Tile) {
    let start = Instant::now();
    while tag(city, tile) != tag(fresh, tile) {
        assert!(start.elapsed() < Duration::from_secs(20), "{tile:?} is not counted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_edited_the_tiles_are_those_of_a_fresh_start_and_exactly_the_changed_ones_are_told() {
    let edits = if std::env::var_os("CIM_SOAK").is_some() { 10_000 } else { 1_000 };
    let small = SmallCity::open().await;
    let mut editor = Editor::new(small.database.client().await).await;
    snapshot_now(&small).await;
    let mut client = Client::new(&small.city);
    let mut compared = 0;
    for round in 0..edits / EDITS_A_ROUND {
        for turn in 0..EDITS_A_ROUND {
            let edit = editor.edit().await;
            small.city.wait_for(&WaitFor::Xid(edit.0)).await.unwrap();
            if turn % 20 == 7 {
                editor.pass_by().await;
            }
            client.follow(&small.city, edit).await;
        }
        compared += compare(&small, &mut client, round).await;
    }
    let (told, wrongly) = (client.told, client.told_for_nothing.len());
    println!("{edits} edits: {told} tiles told, {wrongly} of them as they were; {compared} tiles compared");
    assert!(compared > edits, "{compared}");
    assert!(
        wrongly * ONE_IN <= told,
        "{wrongly} of {told}: {:?}",
        &client.told_for_nothing[..20.min(wrongly)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_becomes_of_borders_the_tiles_are_those_of_a_fresh_start_and_exactly_the_changed_ones_are_told()
 {
    let rounds = if std::env::var_os("CIM_SOAK").is_some() { 100 } else { 10 };
    let small = SmallCity::with(clean_units()).await;
    let mut publisher = Publisher::new(small.database.client().await).await;
    snapshot_now(&small).await;
    let mut client = Client::new(&small.city);
    for round in 0..rounds {
        for _ in 0..20 {
            let edit = publisher.publish().await;
            small.city.wait_for(&WaitFor::Xid(edit.0)).await.unwrap();
            client.follow(&small.city, edit).await;
        }
        compare(&small, &mut client, round).await;
    }
    let (told, wrongly) = (client.told, client.told_for_nothing.len());
    println!("{:?} edits by kind: {told} tiles told, {wrongly} of them as they were", publisher.made);
    assert!(wrongly * ONE_IN <= told, "{wrongly} of {told}");
}
