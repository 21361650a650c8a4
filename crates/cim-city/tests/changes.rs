//! What readers are told of changes: exactly the tiles whose bytes changed, whoever they are and wherever they come from.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod pyramid;
mod small_city;

use std::time::Duration;

use cim_access::{Action, Clearance, Membership, MembershipState, Reach, Role, Scope};
use cim_city::{
    ChangeStream, City, CityChange, CityOptions, Encoding, ResumeToken, TileBody, TilePlace, TileRequest,
    TilesChanged,
};
use cim_model::{Collection, Value};
use small_city::{SOUTH, SmallCity, WEST, building, load};

fn scope() -> Scope {
    Scope::whole_district()
}

async fn add_building(small: &SmallCity, code: &str, lon: f64) {
    load(&small.database, None, vec![(Collection::Building, vec![building(code, lon, SOUTH + 0.005)])]).await;
}

async fn next(stream: &mut ChangeStream) -> CityChange {
    tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("a change is told").unwrap()
}

/// The next change that names tiles of buildings; the count of cases after the start comes by itself.
async fn next_tiles(stream: &mut ChangeStream) -> (ResumeToken, Vec<TilesChanged>) {
    loop {
        match next(stream).await {
            CityChange::Tiles { at, mut changed } => {
                changed.retain(|one| one.tileset != "linkage");
                if !changed.is_empty() {
                    return (at, changed);
                }
            }
            CityChange::Reset { at } => panic!("reset at {at}"),
        }
    }
}

fn etag(city: &City, tileset: &str, (z, x, y): (u8, u32, u32)) -> Option<String> {
    let request = TileRequest {
        tileset: tileset.to_owned(),
        place: TilePlace::from_xyz(z, x, y).unwrap(),
        filter: None,
        datetime: None,
        known_at: None,
        encoding: Encoding::Identity,
        if_none_match: None,
    };
    match city.tile(&scope(), &request).unwrap().body {
        TileBody::Tile { etag, .. } => Some(etag),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_building_is_told_with_the_tiles_it_changed_and_no_others() {
    let small = SmallCity::open().await;
    let mut stream = small.city.changes(&scope(), None, None);
    add_building(&small, "b7", WEST + 0.0161).await;
    let (_, changed) = next_tiles(&mut stream).await;
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!((changed[0].collection, changed[0].tileset.as_str()), ("building", "building"));
    let zooms: Vec<u8> = changed[0].tiles.iter().map(|tile| tile.0).collect();
    assert!(zooms.contains(&14) && zooms.contains(&17) && !zooms.contains(&12), "{zooms:?}");
    for tile in &changed[0].tiles {
        assert!(etag(&small.city, "building", *tile).is_some(), "{tile:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_written_as_it_was_is_no_change() {
    let small = SmallCity::open().await;
    let mut stream = small.city.changes(&scope(), None, None);
    let client = small.database.client().await;
    client.batch_execute("update cim.building set name = name").await.unwrap();
    add_building(&small, "b7", WEST + 0.0161).await;
    let (_, told) = next_tiles(&mut stream).await;
    let tiles: usize = told.iter().map(|one| one.tiles.len()).sum();
    assert!(tiles < 15, "only the new building is told: {told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_was_away_is_told_what_it_missed_by_any_server() {
    let small = SmallCity::open().await;
    let another = City::open(small.database.store().clone(), CityOptions::default()).unwrap();
    another.ready().await;
    let mut stream = small.city.changes(&scope(), None, None);
    add_building(&small, "b7", WEST + 0.0161).await;
    let (at, _) = next_tiles(&mut stream).await;
    drop(stream);
    add_building(&small, "b8", WEST + 0.0261).await;
    for city in [&small.city, &another] {
        let token: ResumeToken = at.to_string().parse().unwrap();
        let mut resumed = city.changes(&scope(), Some(&token), None);
        let (_, changed) = next_tiles(&mut resumed).await;
        let first = changed[0].tiles.iter().find(|tile| tile.0 == 17).unwrap();
        assert!(etag(city, "building", *first).is_some());
        assert!(changed.iter().all(|one| one.collection == "building"), "{changed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_epoch_or_of_long_ago_is_a_reset() {
    let small = SmallCity::open().await;
    let now = small.city.changes(&scope(), None, None).now().unwrap().to_string();
    let (_, snapshot) = now.split_once('/').unwrap();
    for token in [format!("another/{snapshot}"), now.replace(snapshot, "3:3:")] {
        let token: ResumeToken = token.parse().unwrap();
        let mut stream = small.city.changes(&scope(), Some(&token), None);
        assert!(matches!(next(&mut stream).await, CityChange::Reset { .. }), "{token}");
    }
    assert!("nonsense".parse::<ResumeToken>().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_told_only_of_the_tiles_it_looks_at() {
    let small = SmallCity::open().await;
    let west = [WEST - 0.01, SOUTH, WEST + 0.001, SOUTH + 0.02];
    let mut all = small.city.changes(&scope(), None, None);
    let mut some = small.city.changes(&scope(), None, Some(west));
    add_building(&small, "b7", WEST + 0.0361).await;
    let (told_to_all, _) = next_tiles(&mut all).await;
    // The token moves on, whether the tiles concern the reader or not.
    loop {
        let CityChange::Tiles { at, changed } = next(&mut some).await else { panic!("reset") };
        let buildings = changed.iter().filter(|one| one.tileset == "building").flat_map(|one| &one.tiles);
        assert!(buildings.into_iter().all(|tile| tile.0 < 15), "{changed:?}");
        if at == told_to_all {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_is_no_reset_and_only_what_changed_meanwhile_is_told() {
    let small = SmallCity::open().await;
    let mut stream = small.city.changes(&scope(), None, None);
    let client = small.database.client().await;
    client
        .batch_execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    add_building(&small, "b7", WEST + 0.0161).await;
    let (_, changed) = next_tiles(&mut stream).await;
    let tiles: usize = changed.iter().map(|one| one.tiles.len()).sum();
    assert!(changed.iter().all(|one| one.collection == "building") && tiles < 15, "{changed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_and_a_later_start_give_the_same_tags() {
    let small = SmallCity::open().await;
    add_building(&small, "b7", WEST + 0.0161).await;
    let another = City::open(small.database.store().clone(), CityOptions::default()).unwrap();
    another.ready().await;
    let now = small.database.store().current_snapshot().await.unwrap().to_string();
    for city in [&small.city, &another] {
        city.wait_for(&cim_city::WaitFor::Snapshot(now.clone())).await.unwrap();
    }
    let mut compared = 0;
    for tile in pyramid::tiles(17) {
        for tileset in ["base", "boundary", "building"] {
            assert_eq!(etag(&small.city, tileset, tile), etag(&another, tileset, tile), "{tileset} {tile:?}");
            compared += usize::from(etag(&another, tileset, tile).is_some());
        }
    }
    assert!(compared > 100, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_border_is_told_with_exactly_the_tiles_that_show_it() {
    let small = SmallCity::open().await;
    let tags = || -> Vec<((u8, u32, u32), Option<String>)> {
        pyramid::tiles(18).into_iter().map(|tile| (tile, etag(&small.city, "boundary", tile))).collect()
    };
    let before = tags();
    let mut stream = small.city.changes(&scope(), None, None);
    let mut units = small_city::unclean_units();
    let market = units.units.iter_mut().find(|unit| unit.code == "x0").unwrap();
    market.polygons = Some(small_city::square(WEST + 0.005, SOUTH + 0.005, 0.013, 0.01));
    load(&small.database, Some(units), Vec::new()).await;
    let (_, changed) = next_tiles(&mut stream).await;
    let after = tags();
    let mut differing: Vec<(u8, u32, u32)> =
        before.iter().zip(&after).filter(|(old, new)| old != new).map(|(old, _)| old.0).collect();
    differing.sort_unstable();
    let mut told: Vec<_> =
        changed.iter().filter(|one| one.tileset == "boundary").flat_map(|one| one.tiles.clone()).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told, differing);
    assert!(told.len() > 10, "{told:?}");
    assert!(changed.iter().all(|one| one.tileset == "boundary"), "{changed:?}");
}

fn limited_to(reach: Reach) -> Scope {
    let state = MembershipState::Active;
    let membership = Membership { state, from: None, until: None, role: Role::Viewer, reach };
    membership.member_on("2026-01-01".parse().unwrap()).unwrap().may(Action::ReadThings).unwrap()
}

/// How many tiles of a collection are told until a building is, which comes last.
async fn told_of(stream: &mut ChangeStream, collection: &str) -> usize {
    let mut tiles = 0;
    loop {
        let CityChange::Tiles { changed, .. } = next(stream).await else { panic!("reset") };
        let of = |one: &&TilesChanged| one.collection == collection;
        tiles += changed.iter().filter(of).map(|one| one.tiles.len()).sum::<usize>();
        if changed.iter().any(|one| one.collection == "building") {
            return tiles;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_scope_hides_is_not_told() {
    let small = SmallCity::open().await;
    let streams = || {
        [
            Scope::whole_district(),
            limited_to(Reach::whole_district(Clearance::Open)),
            limited_to(Reach::of_town("t")),
            limited_to(Reach::of_town("another")),
        ]
        .map(|scope| small.city.changes(&scope, None, None))
    };
    let camera = |id: &str, is_secret: bool| {
        let place = small_city::point(WEST + 0.0121, SOUTH + 0.0051);
        small_city::record(
            Collection::Camera,
            &[
                ("gb_id", small_city::text(id)),
                ("name", small_city::text("路口")),
                ("status", small_city::text("online")),
                ("secrecy", Value::Bool(is_secret)),
                ("geom", place),
            ],
        )
    };
    for (id, is_secret, building, told) in [
        ("32061400001320000008", true, "b8", [true, false, false, false]),
        ("32061400001320000009", false, "b9", [true, true, true, false]),
    ] {
        let mut streams = streams();
        load(&small.database, None, vec![(Collection::Camera, vec![camera(id, is_secret)])]).await;
        add_building(&small, building, WEST + if is_secret { 0.0161 } else { 0.0171 }).await;
        for (place, stream) in streams.iter_mut().enumerate() {
            let tiles = told_of(stream, "camera").await;
            assert_eq!(tiles > 0, told[place], "reader {place}, secret: {is_secret}, {tiles} tiles");
        }
    }
}
