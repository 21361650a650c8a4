//! From a place to the cameras that see it, its history and the people around it, over a small loaded city.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{
    AlongQuery, AroundQuery, AroundTarget, CityError, HotspotQuery, NearbyFilter, NearbyQuery, RepeatQuery,
    SeeingQuery, Way, WithinQuery,
};
use cim_crs::LonLat;
use cim_model::{Collection, Record, Value};
use geo_types::{LineString, MultiPolygon};
use small_city::{SOUTH, STEP, SmallCity, WEST, load, point, record, square, text, until};

/// Degrees of about a metre here.
const EAST_M: f64 = 1.0 / 94_500.0;
const NORTH_M: f64 = 1.0 / 110_900.0;

fn scope() -> Scope {
    Scope::whole_district()
}

/// A place in metres east and north of a corner that the small city leaves empty.
fn place(east_m: f64, north_m: f64) -> LonLat {
    LonLat { lon: WEST + 0.022 + east_m * EAST_M, lat: SOUTH + 0.003 + north_m * NORTH_M }
}

fn camera(number: u32, at: LonLat, fields: &[(&str, Value)]) -> Record {
    let mut values = vec![
        ("gb_id", text(&format!("3206140000132100000{number}"))),
        ("name", text(&format!("机位{number}"))),
        ("status", text("online")),
        ("geom", point(at.lon, at.lat)),
    ];
    values.extend(fields.iter().cloned());
    record(Collection::Camera, &values)
}

fn surveyed(azimuth_deg: f64) -> Vec<(&'static str, Value)> {
    vec![
        ("azimuth_deg", Value::Float(azimuth_deg)),
        ("field_angle_deg", Value::Float(60.0)),
        ("range_m", Value::Float(120.0)),
        ("mount_height_m", Value::Float(6.0)),
        ("ptz_type", Value::Int(3)),
    ]
}

fn house(code: &str, south_west: LonLat, width_m: f64, depth_m: f64, fields: &[(&str, Value)]) -> Record {
    let ground = square(south_west.lon, south_west.lat, width_m * EAST_M, depth_m * NORTH_M);
    let mut values = vec![("code", text(code)), ("geom", Value::Geometry(ground.into()))];
    values.extend(fields.iter().cloned());
    record(Collection::Building, &values)
}

fn complaint(number: u32, day: u32, at: LonLat, class: &str) -> Record {
    let received = format!("2026-03-{day:02}T08:00:00+08:00").parse().unwrap();
    record(
        Collection::Case,
        &[
            ("case_no", text(&format!("r{number}"))),
            ("source_system", text("12345")),
            ("source_no", text(&format!("r{number}"))),
            ("title", text("夜间噪声")),
            ("category_code", text(class)),
            ("state", text("closed")),
            ("received_at", Value::Time(received)),
            ("lead_department_code", text("cg")),
            ("location_state", text("located")),
            ("geom", point(at.lon, at.lat)),
        ],
    )
}

async fn with(rows: Vec<(Collection, Vec<Record>)>) -> SmallCity {
    let small = SmallCity::open().await;
    let (last, count) = rows.last().map(|(collection, rows)| (*collection, rows.len() as u64)).unwrap();
    let before = small.city.health().counts[last.name()];
    load(&small.database, None, rows).await;
    until(|| small.city.health().counts[last.name()] == before + count).await;
    small
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_sees_clearly_is_stopped_by_a_wall_or_may_see_and_the_answer_says_which() {
    let target = place(0.0, 0.0);
    let high = [("height_m", Value::Float(9.0))];
    let small = with(vec![
        (
            Collection::Building,
            vec![
                house("wall", place(20.0, -5.0), 8.0, 10.0, &high),
                house("shed", place(-28.0, -5.0), 8.0, 10.0, &[]),
            ],
        ),
        (
            Collection::Camera,
            vec![
                camera(1, place(0.0, 60.0), &surveyed(180.0)),
                camera(2, place(60.0, 0.0), &surveyed(270.0)),
                camera(3, place(-60.0, 0.0), &surveyed(90.0)),
                camera(4, place(0.0, -50.0), &surveyed(180.0)),
                camera(5, place(5.0, -40.0), &[("ptz_type", Value::Int(3)), ("range_m", Value::Float(90.0))]),
                camera(6, place(0.0, 130.0), &surveyed(180.0)),
            ],
        ),
    ])
    .await;
    let answer =
        small.city.cameras_seeing(&scope(), &SeeingQuery { at: target, height_m: 1.5, limit: 20 }).unwrap();
    let told: Vec<(&str, &str, Option<&str>)> = answer
        .cameras
        .iter()
        .map(|camera| {
            let building = camera.blocked_by.as_ref().map(|building| building.code.as_str());
            (camera.id.rsplit('0').next().unwrap_or_default(), camera.sight, building)
        })
        .collect();
    // 4 looks the other way, 6 is too far.
    assert_eq!(
        told,
        [
            ("1", "clear", None),
            ("5", "assumed", None),
            ("3", "assumed", Some("shed")),
            ("2", "blocked", Some("wall"))
        ]
    );
    assert_eq!(answer.cameras[1].assumed, ["direction", "reach"]);
    assert_eq!(answer.cameras[2].assumed, ["building_height"]);
    assert!((answer.cameras[0].distance_m - 60.0).abs() < 0.2 && answer.cameras[0].bearing_deg < 0.2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_view_of_a_camera_is_cut_by_the_shadow_of_a_wall() {
    let high = [("height_m", Value::Float(9.0))];
    let small = with(vec![
        (Collection::Building, vec![house("wall", place(20.0, -5.0), 8.0, 10.0, &high)]),
        (Collection::Camera, vec![camera(2, place(60.0, 0.0), &surveyed(270.0))]),
    ])
    .await;
    let view = small.city.camera_view(&scope(), "32061400001321000002", 1.5).unwrap();
    let part = |sight: &str| {
        let part = view.parts.iter().find(|part| part.sight == sight).unwrap();
        cim_mirror::Area::new(&part.shape).unwrap()
    };
    let holds = |sight: &str, at: LonLat| part(sight).contains(at.into());
    assert!(holds("clear", place(35.0, 0.0)) && !holds("blocked", place(35.0, 0.0)));
    assert!(holds("blocked", place(0.0, 0.0)) && !holds("clear", place(0.0, 0.0)));
    assert!(small.city.camera_view(&scope(), "0", 1.5).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn cameras_along_a_line_come_in_the_order_in_which_one_passes_them() {
    let small = with(vec![(
        Collection::Camera,
        vec![
            camera(1, place(150.0, 8.0), &[]),
            camera(2, place(20.0, -6.0), &[]),
            camera(3, place(90.0, 45.0), &[]),
        ],
    )])
    .await;
    let (from, to) = (place(0.0, 0.0), place(200.0, 0.0));
    let line = LineString::from(vec![(from.lon, from.lat), (to.lon, to.lat)]);
    let answer =
        small.city.cameras_along(&scope(), &AlongQuery { way: Way::Line(line), buffer_m: 30.0 }).unwrap();
    let told: Vec<(&str, &str)> = answer
        .cameras
        .iter()
        .map(|camera| (camera.id.rsplit('0').next().unwrap_or_default(), camera.side))
        .collect();
    assert_eq!(told, [("2", "right"), ("1", "left")]);
    assert!((answer.cameras[1].along_m - 150.0).abs() < 1.0 && (answer.length_m - 200.0).abs() < 1.0);
    let missing = AlongQuery { way: Way::Road("无名路".to_owned()), buffer_m: 30.0 };
    assert!(matches!(small.city.cameras_along(&scope(), &missing), Err(CityError::NotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_are_of_the_same_class_and_near_or_in_the_same_building_within_the_days() {
    let small = with(vec![
        (Collection::Building, vec![house("block", place(0.0, 0.0), 90.0, 12.0, &[])]),
        (
            Collection::Case,
            vec![
                complaint(1, 20, place(2.0, 6.0), "0101"),
                complaint(2, 25, place(85.0, 6.0), "0101"),
                complaint(3, 12, place(20.0, 30.0), "0101"),
                complaint(4, 21, place(3.0, 6.0), "01"),
                complaint(5, 1, place(3.0, 6.0), "0101"),
                complaint(6, 21, place(140.0, 6.0), "0101"),
            ],
        ),
    ])
    .await;
    let query = RepeatQuery { case_no: "r1".to_owned(), radius_m: 50.0, days: 10 };
    let answer = small.city.repeats(&scope(), &query).unwrap();
    let told: Vec<(&str, &[&str])> =
        answer.repeats.iter().map(|repeat| (repeat.case_no.as_str(), repeat.because.as_slice())).collect();
    assert_eq!(told, [("r3", &["near"][..]), ("r2", &["same_building"][..])]);
    assert_eq!((answer.count, answer.building_code.as_deref()), (3, Some("block")));
    assert!((answer.repeats[1].days_after - 5.0).abs() < 1e-9);
    // A case that arrives is in the group at once.
    load(&small.database, None, vec![(Collection::Case, vec![complaint(7, 22, place(4.0, 6.0), "0101")])])
        .await;
    until(|| small.city.repeats(&scope(), &query).unwrap().count == 4).await;
    let unknown = RepeatQuery { case_no: "nobody".to_owned(), ..query };
    assert!(matches!(small.city.repeats(&scope(), &unknown), Err(CityError::NotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn around_a_case_stand_its_people_cameras_and_history_and_never_the_case_itself() {
    let small = SmallCity::open().await;
    let target = AroundTarget::Thing(Collection::Case, "c1".to_owned());
    let answer = small.city.around(&scope(), &AroundQuery { target, radius_m: 500.0 }).unwrap();
    assert_eq!(answer.target.id.as_deref(), Some("c1"));
    assert_eq!(answer.responsibility.chain[0].level, "micro_grid");
    assert_eq!(answer.cameras.items[0].sight, "assumed");
    assert!(answer.cases.items.is_empty() && answer.history.items.is_empty());
    let in_grid = AroundTarget::Point(LonLat { lon: WEST + 0.005, lat: SOUTH + 0.005 });
    let people =
        small.city.around(&scope(), &AroundQuery { target: in_grid, radius_m: 500.0 }).unwrap().staff;
    assert_eq!((people.items[0].code.as_str(), people.items[0].posts.len()), ("g0", 2));
    let spot = AroundTarget::Point(LonLat { lon: WEST + 0.010, lat: SOUTH + 0.005 });
    let answer = small.city.around(&scope(), &AroundQuery { target: spot, radius_m: 500.0 }).unwrap();
    assert_eq!(answer.cases.items[0].id, "c1");
    assert_eq!(answer.history.items[0].id, "c1");
    let unknown = AroundTarget::Thing(Collection::Case, "none".to_owned());
    assert!(small.city.around(&scope(), &AroundQuery { target: unknown, radius_m: 500.0 }).is_err());
}

fn within(area: MultiPolygon<f64>) -> WithinQuery {
    WithinQuery { area, kinds: vec![Collection::Case], limit: 10 }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drawn_area_tells_its_work_its_grids_with_their_share_and_whom_to_call() {
    let small = SmallCity::open().await;
    // The southern half of grid g0 and a quarter of g1.
    let area = square(WEST, SOUTH, 1.5 * STEP, STEP);
    let answer = small.city.within(&scope(), &within(area)).unwrap();
    assert_eq!((answer.counts["case"], answer.counts["camera"], answer.open_cases), (2, 1, 1));
    assert_eq!(answer.overdue_cases, 1);
    let grids: Vec<(&str, f64)> = answer.grids.iter().map(|grid| (grid.code.as_str(), grid.share)).collect();
    assert_eq!(grids.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["g0", "g1"]);
    assert!((grids[0].1 - 0.5).abs() < 0.001 && (grids[1].1 - 0.25).abs() < 0.001, "{grids:?}");
    assert_eq!(answer.call_list.len(), 1);
    assert_eq!((answer.call_list[0].grid_code.as_str(), answer.call_list[0].posts.len()), ("g0", 2));
    assert_eq!(answer.items["case"].len(), 2);
    let bow_tie = LineString::from(vec![(121.0, 32.0), (121.02, 32.02), (121.02, 32.0), (121.0, 32.02)]);
    let bow_tie = MultiPolygon(vec![geo_types::Polygon::new(bow_tie, Vec::new())]);
    assert!(matches!(small.city.within(&scope(), &within(bow_tie)), Err(CityError::Refused(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn hot_spots_are_compared_with_the_period_before_and_with_what_cameras_see() {
    let mut cases: Vec<Record> =
        (0..8).map(|number| complaint(number, 20, place(f64::from(number) * 5.0, 0.0), "0101")).collect();
    cases.extend((8..10).map(|number| complaint(number, 12, place(10.0, 5.0), "0101")));
    cases.push(complaint(10, 20, place(600.0, 0.0), "0101"));
    let mut turning = surveyed(0.0);
    turning.retain(|(name, _)| *name != "ptz_type");
    turning.push(("ptz_type", Value::Int(1)));
    let small = with(vec![
        (Collection::Camera, vec![camera(1, place(10.0, 20.0), &turning)]),
        (Collection::Case, cases),
    ])
    .await;
    let query = HotspotQuery {
        class: Some("01".to_owned()),
        from: "2026-03-17T00:00:00+08:00".parse().unwrap(),
        to: "2026-03-24T00:00:00+08:00".parse().unwrap(),
        reach_m: 60.0,
        reach_days: 7.0,
        least: 5,
        limit: 10,
    };
    let answer = small.city.hotspots(&scope(), &query).unwrap();
    assert_eq!((answer.cases, answer.hotspots.len()), (9, 1));
    let hotspot = &answer.hotspots[0];
    assert_eq!((hotspot.count, hotspot.before, hotspot.trend), (8, 2, "rising"));
    assert!((hotspot.covered_share - 1.0).abs() < 1e-9 && (hotspot.radius_m - 17.5).abs() < 0.5);
    assert!(small.city.hotspots(&scope(), &HotspotQuery { to: query.from, ..query.clone() }).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_radius_the_nearest_are_found_however_far_they_are() {
    let small = SmallCity::open().await;
    let mut query = NearbyQuery {
        at: LonLat { lon: WEST + 1.0, lat: SOUTH + 1.0 },
        radius_m: None,
        kinds: vec![Collection::Case],
        filter: NearbyFilter::default(),
        limit: 2,
    };
    let answer = small.city.nearby(&scope(), &query).unwrap();
    assert_eq!(answer.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["c3", "c2"]);
    assert!(answer.more && answer.items[0].distance_m > 100_000.0);
    query.filter.category = Some("02".to_owned());
    assert!(small.city.nearby(&scope(), &query).unwrap().items.is_empty());
    query.filter.category = Some("01".to_owned());
    query.filter.to = Some("2026-01-05T08:00:00Z".parse().unwrap());
    assert!(small.city.nearby(&scope(), &query).unwrap().items.is_empty());
    query.filter.from = query.filter.to.take();
    assert_eq!(small.city.nearby(&scope(), &query).unwrap().items.len(), 2);
}
