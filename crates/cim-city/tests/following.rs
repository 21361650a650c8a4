//! The city goes on answering when its connection is cut, and misses nothing of what was written meanwhile.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use cim_city::NearbyQuery;
use cim_crs::LonLat;
use cim_model::{Collection, Scope};
use small_city::{SOUTH, SmallCity, WEST, building, load, until};
use tokio_postgres::NoTls;

const CUT: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
     where datname = current_database() and pid <> pg_backend_pid()";

fn buildings(small: &SmallCity) -> usize {
    let query = NearbyQuery {
        at: LonLat { lon: WEST + 0.01, lat: SOUTH + 0.005 },
        radius_m: 5_000.0,
        kinds: vec![Collection::Building],
        state: None,
        limit: 1_000,
    };
    small.city.nearby(&Scope::whole_district(), &query).unwrap().items.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_is_opened_again_and_nothing_is_missed() {
    let small = SmallCity::open().await;
    let (client, connection) =
        tokio_postgres::connect(small.database.connection_string(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let cut: i64 = client.query_one(CUT, &[]).await.unwrap().get(0);
    assert!(cut > 0);
    assert_eq!(buildings(&small), 2);
    load(
        &small.database,
        None,
        vec![(Collection::Building, vec![building("b9", WEST + 0.012, SOUTH + 0.005)])],
    )
    .await;
    until(|| buildings(&small) == 3).await;
    until(|| !small.city.health().stale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_changes_end_in_the_state_of_the_table() {
    let small = SmallCity::open().await;
    for round in 0..12_u32 {
        let west = WEST + f64::from(round) * 0.0005;
        let rows =
            (0..=round).map(|no| building(&format!("n{no}"), west, SOUTH + f64::from(no) * 0.0005)).collect();
        load(&small.database, None, vec![(Collection::Building, rows)]).await;
    }
    until(|| small.city.health().counts["building"] == 14).await;
    until(|| buildings(&small) == 14).await;
}
