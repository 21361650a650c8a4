//! The city's answers over a small loaded city: what is near, who is responsible, which tiles.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{
    Encoding, NearbyFilter, NearbyQuery, ResponsibilityQuery, StateFilter, TileBody, TilePlace, TileRequest,
    WaitFor,
};
use cim_crs::LonLat;
use cim_model::{Collection, ExclusivePolicy};
use cim_store::Provenance;
use mvt_reader::Reader;
use small_city::{SOUTH, STEP, SmallCity, WEST, building, load, provenance, until};

fn scope() -> Scope {
    Scope::whole_district()
}

fn near(kinds: &[Collection], state: Option<StateFilter>) -> NearbyQuery {
    NearbyQuery {
        at: LonLat { lon: WEST + 0.010, lat: SOUTH + 0.005 },
        radius_m: Some(1000.0),
        kinds: kinds.to_vec(),
        filter: NearbyFilter { state, ..NearbyFilter::default() },
        limit: 20,
    }
}

fn who(lon: f64, lat: f64, category: Option<&str>) -> ResponsibilityQuery {
    ResponsibilityQuery { at: LonLat { lon, lat }, category: category.map(str::to_owned), datetime: None }
}

/// The tile that holds the first case, at a zoom.
fn tile_request(tileset: &str, z: u8) -> TileRequest {
    let point = cim_mirror::WorldPoint::from(LonLat { lon: WEST + 0.0103, lat: SOUTH + 0.00505 });
    let size = 32 - u32::from(z);
    let (x, y) = (point.x.checked_shr(size).unwrap_or(0), point.y.checked_shr(size).unwrap_or(0));
    TileRequest {
        tileset: tileset.to_owned(),
        place: place(z, x, y),
        filter: None,
        datetime: None,
        known_at: None,
        encoding: Encoding::Identity,
        if_none_match: None,
    }
}

fn place(z: u8, x: u32, y: u32) -> TilePlace {
    TilePlace::from_xyz(z, x, y).unwrap()
}

fn layers(small: &SmallCity, request: &TileRequest) -> Vec<(String, usize)> {
    match small.city.tile(&scope(), request).unwrap().body {
        TileBody::Tile { bytes, .. } => {
            let reader = Reader::new(bytes.to_vec()).unwrap();
            let metadata = reader.get_layer_metadata().unwrap();
            metadata.into_iter().map(|layer| (layer.name, layer.feature_count)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_things_come_first_with_metres_and_bearing() {
    let small = SmallCity::open().await;
    let answer = small.city.nearby(&scope(), &near(&[], None)).unwrap();
    let kinds: Vec<(&str, &str)> = answer.items.iter().map(|item| (item.kind, item.id.as_str())).collect();
    assert_eq!(
        kinds,
        [("case", "c1"), ("camera", "32061400001320000001"), ("building", "b1"), ("case", "c2")]
    );
    assert!(answer.items[0].distance_m < 0.02, "{}", answer.items[0].distance_m);
    assert!((answer.items[3].distance_m - 94.4).abs() < 0.2, "{}", answer.items[3].distance_m);
    assert!((answer.items[3].bearing_deg - 90.0).abs() < 0.2);
    let open = small.city.nearby(&scope(), &near(&[Collection::Case], Some(StateFilter::Open))).unwrap();
    assert_eq!(open.items.len(), 1);
    let closed = small.city.nearby(&scope(), &near(&[Collection::Case], Some(StateFilter::Closed))).unwrap();
    assert_eq!(closed.items[0].id, "c2");
    assert!(small.city.nearby(&scope(), &NearbyQuery { radius_m: Some(5001.0), ..near(&[], None) }).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_has_its_chain_its_posts_and_its_departments() {
    let small = SmallCity::open().await;
    let answer =
        small.city.responsibility(&scope(), &who(WEST + 0.002, SOUTH + 0.002, Some("0101"))).unwrap();
    let chain: Vec<&str> = answer.chain.iter().map(|unit| unit.code.as_str()).collect();
    assert_eq!(chain, ["m0", "g0", "v0", "t", "d"]);
    let posts = &answer.chain[1].posts;
    assert_eq!((posts[0].vacant, posts[0].holder.as_deref()), (false, Some("张三")));
    assert!(posts[1].vacant);
    assert_eq!(
        answer.responsible.as_ref().map(|unit| (unit.unit.code.as_str(), unit.rule)),
        Some(("g0", "comprehensive_grid"))
    );
    let departments: Vec<(&str, &str, &str)> =
        answer.departments.iter().map(|role| (role.role, role.code.as_str(), role.rule.as_str())).collect();
    assert_eq!(departments, [("lead", "sc", "r2"), ("assist", "cg", "r2")]);
    assert!(answer.exclusive_grid.is_none() && !answer.on_boundary);
    assert!((answer.distance_to_border_m.unwrap() - 188.9).abs() < 0.5, "{:?}", answer.distance_to_border_m);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exclusive_grid_answers_first_only_for_what_it_lists() {
    let small = SmallCity::open().await;
    let at = |category| who(WEST + 0.0075, SOUTH + 0.0075, category);
    let listed = small.city.responsibility(&scope(), &at(Some("0101"))).unwrap();
    assert_eq!(listed.exclusive_grid.as_ref().map(|unit| unit.code.as_str()), Some("x0"));
    assert_eq!(
        listed.responsible.map(|unit| (unit.unit.code, unit.rule)),
        Some(("x0".to_owned(), "exclusive_lists_category"))
    );
    let other = small.city.responsibility(&scope(), &at(None)).unwrap();
    assert_eq!(other.responsible.map(|unit| unit.rule), Some("comprehensive_grid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_only_lets_exclusive_grids_replace_the_others_is_seen_at_once() {
    let small = SmallCity::open().await;
    let provenance = Provenance { exclusive: Some(ExclusivePolicy::Replace), ..provenance() };
    let session = small.database.store().begin_load(provenance).await.unwrap();
    assert!(session.commit().await.unwrap().xid.is_some());
    let rule = || {
        let answer = small.city.responsibility(&scope(), &who(WEST + 0.0075, SOUTH + 0.0075, None)).unwrap();
        answer.responsible.map(|unit| unit.rule)
    };
    until(|| rule() == Some("exclusive_replaces")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_border_point_goes_to_the_lowest_code_and_an_outside_point_to_the_nearest_unit() {
    let small = SmallCity::open().await;
    let border = small.city.responsibility(&scope(), &who(WEST + STEP, SOUTH + 0.002, None)).unwrap();
    assert!(border.on_boundary && border.distance_to_border_m == Some(0.0));
    assert_eq!(border.chain[0].code, "m0");
    let outside = small.city.responsibility(&scope(), &who(WEST - STEP, SOUTH + 0.002, None)).unwrap();
    assert!(!outside.inside && outside.chain.is_empty());
    let nearest = outside.nearest.unwrap();
    assert_eq!(nearest.unit.code, "m0");
    assert!((nearest.distance_m - 944.6).abs() < 1.0, "{}", nearest.distance_m);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_answers_as_single_questions_do() {
    let small = SmallCity::open().await;
    let points: Vec<_> = (0..60_u32)
        .map(|place| {
            who(WEST - 0.01 + f64::from(place) * 0.001, SOUTH + f64::from(place % 20) * 0.001, Some("0101"))
        })
        .collect();
    let rows: Vec<_> = small.city.responsibility_batch(&scope(), points.clone()).unwrap().collect();
    for (row, point) in rows.iter().zip(&points) {
        let single = small.city.responsibility(&scope(), point).unwrap();
        assert_eq!(row.inside, single.inside);
        assert_eq!(row.departments, single.departments);
        assert_eq!(row.responsible, single.responsible);
        let codes: Vec<&str> = single.chain.iter().map(|unit| unit.code.as_str()).collect();
        assert_eq!(row.chain.iter().map(|unit| unit.code.as_str()).collect::<Vec<_>>(), codes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_hold_the_layers_of_their_zoom_and_answer_304_204_and_404() {
    let small = SmallCity::open().await;
    assert_eq!(layers(&small, &tile_request("building", 14)), [("building".to_owned(), 1)]);
    let linkage = layers(&small, &tile_request("linkage", 14));
    assert_eq!(linkage, [("camera".to_owned(), 1), ("case".to_owned(), 2)]);
    let boundary: Vec<String> =
        layers(&small, &tile_request("boundary", 14)).into_iter().map(|layer| layer.0).collect();
    assert_eq!(
        boundary,
        ["district", "town", "village", "comprehensive_grid", "exclusive_grid", "micro_grid", "unit_label"]
    );

    let request = TileRequest { encoding: Encoding::Zstd, ..tile_request("building", 14) };
    let TileBody::Tile { etag, .. } = small.city.tile(&scope(), &request).unwrap().body else {
        panic!("no tile")
    };
    let again = TileRequest { if_none_match: Some(etag.clone()), ..request };
    assert_eq!(small.city.tile(&scope(), &again).unwrap().body, TileBody::NotModified { etag });
    let elsewhere = TileRequest { place: place(14, 0, 0), ..tile_request("building", 14) };
    assert_eq!(small.city.tile(&scope(), &elsewhere).unwrap().body, TileBody::Empty);
    assert_eq!(small.city.tile(&scope(), &tile_request("building", 9)).unwrap().body, TileBody::Empty);
    assert!(TilePlace::from_xyz(14, 1 << 14, 0).is_err());
}

/// A layer, the code of a unit and its figures.
type Counted = (String, String, Vec<(String, u64)>);

fn counts(small: &SmallCity, zoom: u8) -> Vec<Counted> {
    let TileBody::Tile { bytes, .. } =
        small.city.tile(&scope(), &tile_request("linkage", zoom)).unwrap().body
    else {
        return Vec::new();
    };
    let reader = Reader::new(bytes.to_vec()).unwrap();
    let mut found = Vec::new();
    for (place, layer) in reader.get_layer_names().unwrap().into_iter().enumerate() {
        for feature in reader.get_features(place).unwrap() {
            let mut properties: Vec<_> = feature.properties.unwrap().into_iter().collect();
            properties.sort_by(|a, b| a.0.cmp(&b.0));
            let code = properties.iter().find_map(|(name, value)| match value {
                mvt_reader::feature::Value::String(code) if name == "code" => Some(code.clone()),
                _ => None,
            });
            let figures = properties.into_iter().filter_map(|(name, value)| match value {
                mvt_reader::feature::Value::UInt(figure) => Some((name, figure)),
                _ => None,
            });
            found.push((layer.clone(), code.unwrap(), figures.collect()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_counted_by_town_then_village_then_grid_below_the_zoom_of_single_cases() {
    let small = SmallCity::open().await;
    until(|| !counts(&small, 10).is_empty()).await;
    let cases = |code: &str, closed, open, overdue| {
        let figures = [("closed", closed), ("open", open), ("overdue", overdue)];
        let figures = figures.map(|(name, figure): (&str, u64)| (name.to_owned(), figure)).to_vec();
        ("case_count".to_owned(), code.to_owned(), figures)
    };
    let cameras = |code: &str| {
        let figures = [("offline", 0), ("online", 1), ("unknown", 0)];
        let figures = figures.map(|(name, figure): (&str, u64)| (name.to_owned(), figure)).to_vec();
        ("camera_count".to_owned(), code.to_owned(), figures)
    };
    assert_eq!(counts(&small, 8), [cases("t", 1, 2, 2), cameras("t")]);
    assert_eq!(counts(&small, 9), [cases("v0", 1, 1, 1), cases("v1", 0, 1, 1), cameras("v0")]);
    let grids = [cases("g1", 1, 1, 1), cases("g3", 0, 1, 1), cameras("g1")];
    assert_eq!(counts(&small, 10), grids);
    assert_eq!(counts(&small, 12)[0], grids[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_written_row_shows_in_answers_and_tiles() {
    let small = SmallCity::open().await;
    load(
        &small.database,
        None,
        vec![(Collection::Building, vec![building("b3", WEST + 0.0106, SOUTH + 0.005)])],
    )
    .await;
    let now = small.database.store().current_snapshot().await.unwrap();
    small.city.wait_for(&WaitFor::Snapshot(now.to_string())).await.unwrap();
    assert_eq!(layers(&small, &tile_request("building", 14)), [("building".to_owned(), 2)]);
    assert_eq!(small.city.health().counts["building"], 3);
    let near = small.city.nearby(&scope(), &near(&[Collection::Building], None)).unwrap();
    assert_eq!(near.items.len(), 2);
    assert!(small.city.wait_for(&WaitFor::Xid(u64::MAX)).await.is_err());
}
