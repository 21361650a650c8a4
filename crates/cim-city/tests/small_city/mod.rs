//! A city of one town, two villages, four grids and eight micro grids, loaded into a test database.

#![allow(dead_code, reason = "every test file uses its own part of this")]

use std::time::{Duration, Instant};

use cim_city::{City, CityOptions};
use cim_model::{Collection, Record, Value};
use cim_store::{LoadMode, Provenance, UnitRow, UnitsLoad};
use cim_testkit::TestDatabase;
use geo_types::{MultiPolygon, Point, polygon};

pub(crate) const WEST: f64 = 121.0;
pub(crate) const SOUTH: f64 = 32.0;
/// The width of a micro grid, degrees.
pub(crate) const STEP: f64 = 0.01;

pub(crate) struct SmallCity {
    pub(crate) city: City,
    /// Dropped after the city, which follows it.
    pub(crate) database: TestDatabase,
}

/// A record from names and values; everything else is null.
pub(crate) fn record(collection: Collection, values: &[(&str, Value)]) -> Record {
    let spec = collection.spec();
    let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
    for (name, value) in values {
        record.values[spec.position(name).unwrap()] = value.clone();
    }
    record
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(crate) fn point(lon: f64, lat: f64) -> Value {
    Value::Geometry(Point::new(lon, lat).into())
}

pub(crate) fn square(west: f64, south: f64, width: f64, height: f64) -> MultiPolygon<f64> {
    let (east, north) = (west + width, south + height);
    MultiPolygon(vec![polygon![
        (x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north), (x: west, y: south),
    ]])
}

fn unit(collection: Collection, code: &str, parent: Option<&str>, polygons: MultiPolygon<f64>) -> UnitRow {
    UnitRow {
        collection,
        code: code.to_owned(),
        name: format!("名{code}"),
        kind: if collection == Collection::ExclusiveGrid { Some("market".to_owned()) } else { None },
        parent_code: parent.map(str::to_owned),
        urban_rural_class: None,
        polygons: Some(polygons),
    }
}

/// Micro grids `m0` to `m7` in two rows of four; grids `g0` to `g3` of two each, one above the other; villages `v0`, `v1`.
pub(crate) fn units() -> Vec<UnitRow> {
    let whole = square(WEST, SOUTH, 4.0 * STEP, 2.0 * STEP);
    let mut units = vec![
        unit(Collection::District, "d", None, whole.clone()),
        unit(Collection::Town, "t", Some("d"), whole),
    ];
    for (village, column) in [("v0", 0.0), ("v1", 2.0)] {
        let ground = square(WEST + column * STEP, SOUTH, 2.0 * STEP, 2.0 * STEP);
        units.push(unit(Collection::Village, village, Some("t"), ground));
    }
    for column in 0..4_u32 {
        let west = WEST + f64::from(column) * STEP;
        let grid = format!("g{column}");
        let village = format!("v{}", column / 2);
        units.push(unit(
            Collection::ComprehensiveGrid,
            &grid,
            Some(&village),
            square(west, SOUTH, STEP, 2.0 * STEP),
        ));
        for row in 0..2_u32 {
            let ground = square(west, SOUTH + f64::from(row) * STEP, STEP, STEP);
            units.push(unit(Collection::MicroGrid, &format!("m{}", column * 2 + row), Some(&grid), ground));
        }
    }
    let market = square(WEST + 0.5 * STEP, SOUTH + 0.5 * STEP, STEP, STEP);
    units.push(unit(Collection::ExclusiveGrid, "x0", Some("t"), market));
    units
}

fn people() -> Vec<(Collection, Vec<Record>)> {
    let department = |code: &str| {
        record(Collection::Department, &[("code", text(code)), ("name", text(&format!("局{code}")))])
    };
    let category = |code: &str, parent: Option<&str>, kinds: &[&str]| {
        let level = if parent.is_some() { 2 } else { 1 };
        record(
            Collection::CaseCategory,
            &[
                ("code", text(code)),
                ("name", text(code)),
                ("level", Value::Int(level)),
                ("parent_code", parent.map_or(Value::Null, text)),
                ("tree", text("t1")),
                ("exclusive_kinds", Value::Texts(kinds.iter().map(|kind| (*kind).to_owned()).collect())),
            ],
        )
    };
    let post = |no: &str, unit: &str, role: &str| {
        record(Collection::Post, &[("post_no", text(no)), ("unit_code", text(unit)), ("role", text(role))])
    };
    let holder = record(
        Collection::PostHolder,
        &[
            ("post_no", text("p1")),
            ("name", text("张三")),
            ("phone_masked", text("138****0001")),
            ("valid_from", Value::Date("2020-01-01".parse().unwrap())),
        ],
    );
    let rule = |no: &str, category: Option<&str>, lead: &str, assists: &[&str], priority: i64| {
        record(
            Collection::ResponsibilityRule,
            &[
                ("rule_no", text(no)),
                ("category_code", category.map_or(Value::Null, text)),
                ("lead_department_code", text(lead)),
                (
                    "assist_department_codes",
                    Value::Texts(assists.iter().map(|code| (*code).to_owned()).collect()),
                ),
                ("priority", Value::Int(priority)),
            ],
        )
    };
    vec![
        (Collection::Department, vec![department("cg"), department("zj"), department("sc")]),
        (
            Collection::CaseCategory,
            vec![category("01", None, &[]), category("0101", Some("01"), &["market"])],
        ),
        (Collection::Post, vec![post("p1", "g0", "grid_head"), post("p2", "g0", "grid_worker")]),
        (Collection::PostHolder, vec![holder]),
        (
            Collection::ResponsibilityRule,
            vec![rule("r1", Some("01"), "cg", &["zj"], 10), rule("r2", Some("0101"), "sc", &["cg"], 20)],
        ),
    ]
}

pub(crate) fn case(no: u32, state: &str, lon: f64, lat: f64) -> Record {
    record(
        Collection::Case,
        &[
            ("case_no", text(&format!("c{no}"))),
            ("source_system", text("12345")),
            ("source_no", text(&format!("s{no}"))),
            ("title", text("占道经营")),
            ("category_code", text("0101")),
            ("state", text(state)),
            ("received_at", Value::Time("2026-01-05T08:00:00Z".parse().unwrap())),
            ("due_at", Value::Time("2026-01-06T08:00:00Z".parse().unwrap())),
            ("location_state", text("located")),
            ("geom", point(lon, lat)),
        ],
    )
}

pub(crate) fn building(code: &str, west: f64, south: f64) -> Record {
    let ground = square(west, south, 0.0002, 0.0001);
    record(
        Collection::Building,
        &[("code", text(code)), ("floors_above", Value::Int(3)), ("geom", Value::Geometry(ground.into()))],
    )
}

fn places() -> Vec<(Collection, Vec<Record>)> {
    let camera = record(
        Collection::Camera,
        &[
            ("gb_id", text("32061400001320000001")),
            ("name", text("路口")),
            ("status", text("online")),
            ("geom", point(WEST + 0.0101, SOUTH + 0.0051)),
        ],
    );
    let cases = vec![
        case(1, "in_progress", WEST + 0.010, SOUTH + 0.005),
        case(2, "closed", WEST + 0.011, SOUTH + 0.005),
        case(3, "accepted", WEST + 0.035, SOUTH + 0.015),
    ];
    let buildings =
        vec![building("b1", WEST + 0.0102, SOUTH + 0.0050), building("b2", WEST + 0.030, SOUTH + 0.015)];
    vec![(Collection::Building, buildings), (Collection::Camera, vec![camera]), (Collection::Case, cases)]
}

/// Where the small city comes from.
pub(crate) fn provenance() -> Provenance {
    Provenance {
        source: "small city".to_owned(),
        city_code: "320614".to_owned(),
        city_name: "小城".to_owned(),
        synthetic: true,
        exclusive: None,
        actor: None,
    }
}

/// Writes whole collections in one load.
pub(crate) async fn load(
    database: &TestDatabase,
    units: Option<UnitsLoad>,
    collections: Vec<(Collection, Vec<Record>)>,
) {
    let mut session = database.store().begin_load(provenance()).await.unwrap();
    if let Some(units) = units {
        session.write_units(units).await.unwrap();
    }
    for (collection, records) in collections {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let send = async move { sender.send(records).await.unwrap() };
        let (counts, ()) = tokio::join!(session.write(collection, LoadMode::Merge, receiver), send);
        counts.unwrap();
    }
    session.commit().await.unwrap();
}

pub(crate) fn unclean_units() -> UnitsLoad {
    UnitsLoad {
        units: units(),
        coverage: None,
        base_level: Collection::MicroGrid,
        base_codes: Vec::new(),
        overlay_codes: Vec::new(),
    }
}

impl SmallCity {
    /// Loads the small city and opens it.
    pub(crate) async fn open() -> Self {
        Self::with(unclean_units()).await
    }

    /// Loads the small city with units of the caller's own.
    pub(crate) async fn with(units: UnitsLoad) -> Self {
        let database = TestDatabase::new().await;
        let mut collections = people();
        collections.extend(places());
        load(&database, Some(units), collections).await;
        let city = City::open(database.store().clone(), CityOptions::default()).unwrap();
        until(|| city.health().ready).await;
        Self { city, database }
    }
}

/// Waits until something holds; fails after ten seconds.
pub(crate) async fn until(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "it did not come to hold within ten seconds");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
