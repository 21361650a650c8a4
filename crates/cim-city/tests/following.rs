//! The city goes on answering when its connection is cut, and misses nothing of what was written meanwhile.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{City, CityOptions, NearbyFilter, NearbyQuery};
use cim_crs::LonLat;
use cim_model::Collection;
use small_city::{SOUTH, SmallCity, WEST, building, load, until};
use tokio_postgres::NoTls;

const CUT: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
     where datname = current_database() and pid <> pg_backend_pid()";

fn buildings(small: &SmallCity) -> usize {
    let query = NearbyQuery {
        at: LonLat { lon: WEST + 0.01, lat: SOUTH + 0.005 },
        radius_m: Some(5_000.0),
        kinds: vec![Collection::Building],
        filter: NearbyFilter::default(),
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

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_long_ago_are_forgotten_and_new_ones_are_kept() {
    const OLD: &str = "insert into cim.change (xid, collection, logged_at) values ('3', 'place', now() - interval '8 days')";
    const LEFT: &str = "select count(*) filter (where xid = '3'), count(*) from cim.change";
    let small = SmallCity::open().await;
    let (client, connection) =
        tokio_postgres::connect(small.database.connection_string(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client.execute(OLD, &[]).await.unwrap();
    let _another = City::open(small.database.store().clone(), CityOptions::default()).unwrap();
    let mut left = (1, 1);
    for _ in 0..500 {
        let row = client.query_one(LEFT, &[]).await.unwrap();
        left = (row.get::<_, i64>(0), row.get::<_, i64>(1));
        if left.0 == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(left.0 == 0 && left.1 > 0, "{left:?}");
}
