//! Who is responsible agrees with the district that a city itself recorded for each of its requests.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on ends, and says what it saw"
)]

use std::path::{Path, PathBuf};

use cim_access::Scope;
use cim_city::{City, CityOptions, ResponsibilityQuery};
use cim_crs::LonLat;
use cim_load::{Isolation, LoadOptions, load_pack};
use cim_testkit::TestDatabase;

/// A city's own record: a pack with its districts, and the file of its requests with the district that it wrote beside each.
struct Recorded {
    pack: &'static str,
    requests: &'static str,
    lon: &'static str,
    lat: &'static str,
    district: &'static str,
}

#[tokio::test(flavor = "multi_thread")]
async fn los_angeles_recorded_the_district_that_we_find() {
    let recorded = Recorded {
        pack: "los-angeles",
        requests: "hotline/la_311_39999.csv",
        lon: "longitude",
        lat: "latitude",
        district: "cd",
    };
    check(&recorded, 37_128, 0.996).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chicago_recorded_the_ward_that_we_find() {
    let recorded = Recorded {
        pack: "chicago",
        requests: "hotline/chicago_311_5000.csv",
        lon: "longitude",
        lat: "latitude",
        district: "ward",
    };
    check(&recorded, 4_996, 0.994).await;
}

async fn check(recorded: &Recorded, points: usize, least_share: f64) {
    let Some(data) = std::env::var_os("CIM_TEST_DATA").map(PathBuf::from) else {
        println!("did not run: CIM_TEST_DATA is not set");
        return;
    };
    let database = TestDatabase::new().await;
    load(&database, recorded.pack, &data).await;
    let city = City::open(database.store().clone(), CityOptions::default()).unwrap();
    city.ready().await;

    let requests = read_requests(recorded, &data);
    assert_eq!(requests.len(), points);
    let queries =
        requests.iter().map(|(at, _)| ResponsibilityQuery { at: *at, category: None, datetime: None });
    let answers = city.responsibility_batch(&Scope::whole_district(), queries).unwrap();
    let agreeing = requests
        .iter()
        .zip(answers)
        .filter(|((_, district), answer)| answer.chain.first().is_some_and(|unit| unit.code == *district))
        .count();

    #[expect(clippy::cast_precision_loss, reason = "counts of thousands")]
    let share = agreeing as f64 / points as f64;
    println!("{}: {agreeing} of {points} agree, {:.2} %", recorded.requests, share * 100.0);
    assert!(share >= least_share, "only {agreeing} of {points} agree");
}

async fn load(database: &TestDatabase, pack: &str, data: &Path) {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs").join(pack);
    let variables = vec![("CIM_TEST_DATA".to_owned(), data.to_owned())];
    let options = LoadOptions { isolation: Isolation::Thread, variables, ..LoadOptions::default() };
    let report = load_pack(database.store(), &pack, options).await.unwrap();
    assert!(report.accepted(), "{report:?}");
}

/// The requests that have both coordinates and a recorded district.
fn read_requests(recorded: &Recorded, data: &Path) -> Vec<(LonLat, String)> {
    let mut reader = csv::Reader::from_path(data.join(recorded.requests)).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (lon, lat, district) = (column(recorded.lon), column(recorded.lat), column(recorded.district));
    reader
        .records()
        .map(Result::unwrap)
        .filter_map(|row| {
            let at = LonLat::new(row[lon].parse().ok()?, row[lat].parse().ok()?).ok()?;
            Some((at, row[district].trim().to_owned()))
        })
        .collect()
}
