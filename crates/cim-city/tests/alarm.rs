//! A mirror that missed a write is found out within the interval of the alarm, told, and put right.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use std::time::Duration;

use cim_city::{City, CityOptions};
use cim_testkit::TestDatabase;
use small_city::{SmallCity, until};

fn watchful() -> CityOptions {
    CityOptions { alarm_interval: Duration::from_millis(200), ..CityOptions::default() }
}

/// Writes behind the feed's back, as a restore that demoted the triggers would let somebody do.
async fn write_unseen(database: &TestDatabase, statement: &str) {
    let client = database.client().await;
    let disable = "alter table cim.building disable trigger user";
    let enable = "alter table cim.building enable always trigger feed_insert;
                  alter table cim.building enable always trigger feed_update;
                  alter table cim.building enable always trigger feed_delete;
                  alter table cim.building enable always trigger no_truncate";
    client.batch_execute(&format!("begin; {disable}; {statement}; {enable}; commit")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_the_feed_could_not_see_is_found_told_and_put_right() {
    let small = SmallCity::open().await;
    let city = City::open(small.database.store().clone(), watchful()).unwrap();
    city.ready().await;
    write_unseen(&small.database, "delete from cim.building where code = 'b1'").await;
    until(|| city.mirror_alarms() == 1).await;
    until(|| city.health().counts["building"] == 1).await;
    write_unseen(&small.database, "update cim.building set name = 'x'").await;
    until(|| city.mirror_alarms() == 2).await;
    assert_eq!(small.city.mirror_alarms(), 0, "a mirror that looks once a minute has not looked yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_mirror_raises_no_alarm_while_others_write() {
    let small = SmallCity::open().await;
    let city = City::open(small.database.store().clone(), watchful()).unwrap();
    city.ready().await;
    let client = small.database.client().await;
    for round in 0..40 {
        let statement = format!("update cim.building set name = 'n{round}', floors_above = {round}");
        client.batch_execute(&statement).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(city.mirror_alarms(), 0);
}
