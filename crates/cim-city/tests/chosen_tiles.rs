//! Tiles of chosen rows and of other matrix sets: the same city, shown in part or cut another way.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{CityError, Encoding, MatrixSet, SelectionError, TileBody, TilePlace, TileRequest, WaitFor};
use cim_crs::LonLat;
use cim_model::Collection;
use mvt_reader::Reader;
use small_city::{SOUTH, SmallCity, WEST, building, load};

const HERE: LonLat = LonLat { lon: WEST + 0.0103, lat: SOUTH + 0.00505 };

/// The Web Mercator tile over the cases.
fn request(zoom: u8) -> TileRequest {
    let point = cim_mirror::WorldPoint::from(HERE);
    let size = 32 - u32::from(zoom);
    TileRequest {
        tileset: "linkage".to_owned(),
        place: TilePlace::from_xyz(zoom, point.x >> size, point.y >> size).unwrap(),
        filter: None,
        datetime: None,
        known_at: None,
        encoding: Encoding::Identity,
        if_none_match: None,
    }
}

fn body(small: &SmallCity, request: &TileRequest) -> TileBody {
    small.city.tile(&Scope::whole_district(), request).unwrap().body
}

fn layers(small: &SmallCity, request: &TileRequest) -> Vec<(String, usize)> {
    match body(small, request) {
        TileBody::Tile { bytes, .. } => {
            let metadata = Reader::new(bytes.to_vec()).unwrap().get_layer_metadata().unwrap();
            metadata.into_iter().map(|layer| (layer.name, layer.feature_count)).collect()
        }
        TileBody::Empty => Vec::new(),
        TileBody::NotModified { .. } => panic!("no tag was given"),
    }
}

fn filtered(filter: &str) -> TileRequest {
    TileRequest { filter: Some(filter.parse().unwrap()), ..request(16) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_and_a_time_show_the_rows_they_choose() {
    let small = SmallCity::open().await;
    let some = |layer: &str, count| vec![(layer.to_owned(), count)];
    assert_eq!(layers(&small, &request(16)).len(), 2);
    assert_eq!(layers(&small, &filtered("case_no IS NOT NULL")), some("case", 2));
    assert_eq!(layers(&small, &filtered("case_no IS NULL")), some("camera", 1));
    assert_eq!(layers(&small, &filtered("state = 'no such state'")), []);
    let early = TileRequest {
        datetime: Some("1990-01-01T00:00:00Z".parse().unwrap()),
        known_at: None,
        ..request(16)
    };
    assert_eq!(layers(&small, &early), some("camera", 1));
    let late = TileRequest {
        datetime: Some("1990-01-01T00:00:00Z/..".parse().unwrap()),
        known_at: None,
        ..request(16)
    };
    assert_eq!(layers(&small, &late).len(), 2);
    let counts = TileRequest { filter: Some("state = 'closed'".parse().unwrap()), ..request(11) };
    assert_eq!(layers(&small, &counts), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_of_chosen_rows_are_tagged_by_content_and_not_kept() {
    let small = SmallCity::open().await;
    let chosen = filtered("case_no IS NOT NULL");
    let TileBody::Tile { etag, bytes, .. } = body(&small, &chosen) else { panic!("no tile") };
    let drawn = small.city.tiles_drawn();
    let again = TileRequest { if_none_match: Some(etag.clone()), ..chosen.clone() };
    assert_eq!(body(&small, &again), TileBody::NotModified { etag: etag.clone() });
    assert_eq!(small.city.tiles_drawn(), drawn + 1);
    // What chooses the same rows is the same tile; all rows are another.
    let TileBody::Tile { etag: same, .. } = body(&small, &filtered("NOT case_no IS NULL")) else {
        panic!("no tile")
    };
    assert_eq!(same, etag);
    let TileBody::Tile { etag: all, .. } = body(&small, &request(16)) else { panic!("no tile") };
    assert_ne!(all, etag);
    for encoding in [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
        let packed = TileRequest { encoding, ..chosen.clone() };
        let TileBody::Tile { bytes: packed, .. } = body(&small, &packed) else { panic!("no tile") };
        assert_ne!(packed, bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_written_row_shows_in_tiles_of_chosen_rows() {
    let small = SmallCity::open().await;
    let tall = TileRequest {
        tileset: "building".to_owned(),
        filter: Some("code = 'b3'".parse().unwrap()),
        ..request(16)
    };
    assert_eq!(layers(&small, &tall), []);
    let written = building("b3", WEST + 0.0106, SOUTH + 0.005);
    load(&small.database, None, vec![(Collection::Building, vec![written])]).await;
    let now = small.database.store().current_snapshot().await.unwrap();
    small.city.wait_for(&WaitFor::Snapshot(now.to_string())).await.unwrap();
    assert_eq!(layers(&small, &tall), [("building".to_owned(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tileset_does_not_allow_is_refused() {
    let small = SmallCity::open().await;
    let refused = |request: &TileRequest| match small.city.tile(&Scope::whole_district(), request) {
        Err(CityError::Selection(error)) => error,
        other => panic!("{other:?}"),
    };
    let of = |tileset: &str, request: TileRequest| TileRequest { tileset: tileset.to_owned(), ..request };
    assert!(matches!(refused(&filtered("content = 'x'")), SelectionError::Filter(_)));
    assert!(matches!(refused(&of("boundary", filtered("name = 'x'"))), SelectionError::Filter(_)));
    let at = TileRequest {
        datetime: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        known_at: None,
        ..request(16)
    };
    assert!(matches!(refused(&of("building", at)), SelectionError::Datetime(_)));
    let summaries = small.city.tilesets(&Scope::whole_district());
    let linkage = summaries.iter().find(|summary| summary.name == "linkage").unwrap();
    assert!(linkage.datetime && linkage.queryables.len() > 10 && linkage.matrix_sets.len() == 3);
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
async fn tianditu_tiles_show_the_same_features_as_mercator_tiles() {
    let small = SmallCity::open().await;
    let degrees = 360.0 / f64::from(1_u32 << 16);
    let (row, column) = (((90.0 - HERE.lat) / degrees) as u32, ((HERE.lon + 180.0) / degrees) as u32);
    let place = TilePlace::new(MatrixSet::Cgcs2000Quad, 16, row, column, false).unwrap();
    let tianditu = TileRequest { place, ..request(16) };
    assert_eq!(layers(&small, &tianditu), layers(&small, &request(16)));
    let chosen = TileRequest { filter: Some("case_no IS NULL".parse().unwrap()), ..tianditu };
    assert_eq!(layers(&small, &chosen), [("camera".to_owned(), 1)]);
}
