//! A standby: it can be read, but a mirror must not follow it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use cim_store::{ClusterOptions, Durability, PrivateCluster, Store};

const OPTIONS: ClusterOptions = ClusterOptions { port: None, durability: Durability::Disposable };

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_is_refused_with_the_remedy_and_can_be_read() {
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let cluster = PrivateCluster::start(home.path(), OPTIONS).await.unwrap();
    Store::connect(cluster.connection_string()).await.unwrap().migrate().await.unwrap();
    cluster.stop().await.unwrap();
    // Once more with a log that a standby can follow, then as a standby of nobody.
    let conf = home.path().join("postgres/postgresql.conf");
    let text = fs::read_to_string(&conf).unwrap();
    fs::write(&conf, format!("{text}wal_level = 'replica'\n")).unwrap();
    PrivateCluster::start(home.path(), OPTIONS).await.unwrap().stop().await.unwrap();
    fs::write(home.path().join("postgres/standby.signal"), "").unwrap();
    let cluster = PrivateCluster::start(home.path(), OPTIONS).await.unwrap();

    let store = Store::connect(cluster.connection_string()).await.unwrap();
    for refused in [store.feed().await.unwrap_err(), store.migrate().await.unwrap_err()] {
        let said = refused.to_string();
        assert!(said.contains("is a standby") && said.contains("target_session_attrs=read-write"), "{said}");
    }
    assert!(store.open_snapshot().await.unwrap().loaded_sources().await.unwrap().is_empty());
}
