//! A frozen tileset stays as it is while the city moves on, and says the same of the same data wherever it is asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{City, CityOptions, Encoding, Frozen, MatrixSet, TileBody, TilePlace, TileRequest};
use cim_model::Collection;
use small_city::{SOUTH, STEP, SmallCity, WEST, building, load, until};

type Place = (u8, u32, u32);

fn frozen(city: &City, tileset: &str, as_of_ms: Option<i64>) -> Frozen {
    city.frozen(&Scope::whole_district(), tileset, as_of_ms).unwrap()
}

fn pictures(frozen: &Frozen) -> Vec<(Place, Vec<u8>)> {
    let (first, last) = frozen.zooms();
    let places = (first..=last).flat_map(|zoom| frozen.tiles(zoom, None));
    places.map(|place| (place, frozen.draw(place))).collect()
}

fn served(city: &City, tileset: &str, (z, x, y): Place) -> Vec<u8> {
    let request = TileRequest {
        tileset: tileset.to_owned(),
        place: TilePlace::new(MatrixSet::WebMercatorQuad, u32::from(z), y, x, false).unwrap(),
        encoding: Encoding::Identity,
        if_none_match: None,
        filter: None,
        datetime: None,
        known_at: None,
    };
    match city.tile(&Scope::whole_district(), &request).unwrap().body {
        TileBody::Tile { bytes, .. } => bytes.to_vec(),
        TileBody::Empty => Vec::new(),
        TileBody::NotModified { .. } => unreachable!("no tag was given"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_tileset_stays_while_the_city_moves_on() {
    let small = SmallCity::open().await;
    let before = frozen(&small.city, "building", None);
    let (content, seen) = (before.content(), pictures(&before));
    assert!(seen.iter().all(|(place, bytes)| *bytes == served(&small.city, "building", *place)));
    load(
        &small.database,
        None,
        vec![(Collection::Building, vec![building("b9", WEST + 0.012, SOUTH + 0.005)])],
    )
    .await;
    until(|| frozen(&small.city, "building", None).content() != content).await;
    assert_eq!(pictures(&before), seen);
    let after = frozen(&small.city, "building", None);
    assert_ne!(pictures(&after), seen);
    assert!(pictures(&after).iter().all(|(place, bytes)| *bytes == served(&small.city, "building", *place)));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_draws_the_same_of_the_same_data_and_moment() {
    let small = SmallCity::open().await;
    let other = City::open(small.database.store().clone(), CityOptions::default()).unwrap();
    other.ready().await;
    for tileset in ["base", "boundary", "building", "linkage"] {
        let one = frozen(&small.city, tileset, Some(1_700_000_000_000));
        let two = frozen(&other, tileset, Some(1_700_000_000_000));
        assert_eq!(one.content(), two.content(), "{tileset}");
        assert!(pictures(&one) == pictures(&two), "{tileset}");
    }
    let later = frozen(&small.city, "linkage", Some(1_800_000_000_000));
    assert_ne!(later.content(), frozen(&other, "linkage", Some(1_700_000_000_000)).content());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_takes_the_tiles_that_it_meets() {
    let small = SmallCity::open().await;
    let boundary = frozen(&small.city, "boundary", None);
    let all = boundary.tiles(17, None);
    let grid = [WEST + 0.1 * STEP, SOUTH + 0.1 * STEP, WEST + 0.9 * STEP, SOUTH + 0.9 * STEP];
    let within = boundary.tiles(17, Some(grid));
    assert!(
        !within.is_empty() && within.len() * 4 < all.len() && within.iter().all(|tile| all.contains(tile))
    );
    assert!(boundary.tiles(17, Some([0.0, 0.0, 1.0, 1.0])).is_empty());
    assert_eq!(boundary.tiles(0, None), [(0, 0, 0)]);
    assert!(boundary.draw((99, 0, 0)).is_empty());
}
