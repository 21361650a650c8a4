//! The schema as the migrations make it.

use cim_testkit::TestDatabase;

#[tokio::test]
async fn migrating_twice_is_migrating_once() {
    let database = TestDatabase::empty().await;
    let first = database.store().migrate().await.unwrap();
    assert!(first.applied.len() >= 6, "{first:?}");
    let second = database.store().migrate().await.unwrap();
    assert_eq!(second.applied, Vec::<String>::new());
}
