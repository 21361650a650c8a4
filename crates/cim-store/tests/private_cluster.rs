//! The private cluster: killed, orphaned, owned twice, and moved to another version.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cim_store::{ClusterHandle, ClusterOptions, Durability, PrivateCluster, Store};
use rustix::process::{Pid, Signal, kill_process};

const OPTIONS: ClusterOptions = ClusterOptions { port: None, durability: Durability::Disposable };
/// When this file is in the home, the test that owns it leaves it to nobody but death.
const OWNER_HOME: &str = "CIM_TEST_OWNER_HOME";

/// A folder that the unprivileged account can reach, wherever the machine keeps its temporary files.
fn home() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

async fn start(home: &Path) -> ClusterHandle {
    PrivateCluster::start(home, OPTIONS).await.unwrap()
}

fn kill(pid: i32) {
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
}

/// Waits for what another process is to bring about.
async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "it does not come about");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_made_started_stopped_and_started_again() {
    let home = home();
    let cluster = start(home.path()).await;
    let address = cluster.connection_string().to_owned();
    let store = Store::connect(&address).await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(PrivateCluster::find(home.path()).await.unwrap(), Some(address.clone()));
    cluster.stop().await.unwrap();
    assert_eq!(PrivateCluster::find(home.path()).await.unwrap(), None);
    let cluster = start(home.path()).await;
    let store = Store::connect(cluster.connection_string()).await.unwrap();
    assert!(store.migrate().await.unwrap().applied.is_empty());
    let pid = cluster.postmaster_pid().unwrap();
    drop(cluster);
    assert!(!Path::new(&format!("/proc/{pid}/cwd")).exists(), "dropping the handle stops PostgreSQL");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_of_one_home_are_refused_with_a_clear_message() {
    let home = home();
    let _cluster = start(home.path()).await;
    let refused = PrivateCluster::start(home.path(), OPTIONS).await.unwrap_err().to_string();
    assert!(refused.contains("in use by another cim process"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_killed_under_its_owner_is_started_again() {
    let home = home();
    let cluster = start(home.path()).await;
    let store = Store::connect(cluster.connection_string()).await.unwrap();
    store.migrate().await.unwrap();
    let mut feed = store.feed().await.unwrap();
    let first = feed.poll().await.unwrap().unwrap();
    feed.applied(first).await.unwrap();
    let epoch = feed.epoch().to_owned();
    let killed = cluster.postmaster_pid().unwrap();
    kill(killed);
    until(async || feed.poll().await.err()).await;
    until(async || feed.reconnect().await.ok()).await;
    assert_ne!(cluster.postmaster_pid(), Some(killed));
    assert_ne!(feed.epoch(), epoch, "after a crash transaction numbers mean nothing");
    assert!(feed.poll().await.unwrap().is_some());
    assert!(store.migrate().await.unwrap().applied.is_empty(), "what was committed is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_killed_without_an_owner_leaves_nothing_that_hinders_the_next_start() {
    let home = home();
    let cluster = start(home.path()).await;
    let pid = cluster.postmaster_pid().unwrap();
    cluster.detach();
    kill(pid);
    assert!(home.path().join("postgres/postmaster.pid").exists(), "the stale file is there");
    let cluster = start(home.path()).await;
    assert_ne!(cluster.postmaster_pid().unwrap(), pid);
    Store::connect(cluster.connection_string()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orphaned_postgresql_is_adopted_by_the_next_owner() {
    let home = home();
    // This program once more: it owns the cluster until it is killed, and cannot stop anything then.
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "an_owner_that_waits_to_be_killed"])
        .env(OWNER_HOME, home.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let address = until(async || PrivateCluster::find(home.path()).await.ok().flatten()).await;
    let ready = home.path().join("ready");
    until(async || ready.exists().then_some(())).await;
    let refused = PrivateCluster::start(home.path(), OPTIONS).await.unwrap_err().to_string();
    assert!(refused.contains("in use by another cim process"), "{refused}");
    owner.kill().unwrap();
    owner.wait().unwrap();
    let orphan = Store::connect(&address).await.expect("PostgreSQL outlives its owner");
    let pid = fs::read_to_string(home.path().join("postgres/postmaster.pid")).unwrap();
    let cluster = start(home.path()).await;
    assert_eq!(
        cluster.postmaster_pid(),
        pid.lines().next().unwrap().parse().ok(),
        "the same process is adopted"
    );
    orphan.current_snapshot().await.expect("nobody was disconnected");
    cluster.stop().await.unwrap();
}

/// Not a test by itself: the owner that the test above kills.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_waits_to_be_killed() {
    let Some(home) = std::env::var_os(OWNER_HOME) else { return };
    let _cluster = start(Path::new(&home)).await;
    fs::write(Path::new(&home).join("ready"), "").unwrap();
    tokio::time::sleep(Duration::from_mins(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_of_a_version_that_is_not_installed_is_refused_with_the_remedy() {
    let home = home();
    fs::create_dir(home.path().join("postgres")).unwrap();
    fs::write(home.path().join("postgres/PG_VERSION"), "9\n").unwrap();
    let refused = PrivateCluster::start(home.path(), OPTIONS).await.unwrap_err().to_string();
    assert!(refused.contains("made by PostgreSQL 9") && refused.contains("pg_upgrade"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_initdb_that_was_interrupted_is_begun_anew() {
    let home = home();
    fs::create_dir(home.path().join("postgres.new")).unwrap();
    fs::write(home.path().join("postgres.new/PG_VERSION"), "15\n").unwrap();
    let cluster = start(home.path()).await;
    Store::connect(cluster.connection_string()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_with_a_very_long_name_gets_a_short_socket_folder() {
    let folder = home();
    let home = folder.path().join("long/".repeat(25));
    let cluster = start(&home).await;
    Store::connect(cluster.connection_string()).await.unwrap();
    let folder = cluster.connection_string().split('\'').nth(1).map(Path::new).unwrap().to_owned();
    assert!(folder.as_os_str().len() < 80 && folder.exists(), "{folder:?}");
    cluster.stop().await.unwrap();
    assert!(!folder.exists(), "{folder:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loopback_port_admits_the_editor_with_a_password_and_nobody_without() {
    let home = home();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = ClusterOptions { port: Some(port), ..OPTIONS };
    let cluster = PrivateCluster::start(home.path(), options).await.unwrap();
    Store::connect(cluster.connection_string()).await.unwrap().migrate().await.unwrap();
    let password = fs::read_to_string(home.path().join("editor.password")).unwrap();
    let address = format!("host=127.0.0.1 port={port} user=cim_editor dbname=cim");
    assert!(tokio_postgres::connect(&address, tokio_postgres::NoTls).await.is_err());
    let (editor, connection) =
        tokio_postgres::connect(&format!("{address} password={password}"), tokio_postgres::NoTls)
            .await
            .unwrap();
    tokio::spawn(connection);
    editor
        .batch_execute("insert into cim.place (code, name, kind, geom) values ('q', 'q', 'poi', 'srid=4490;point(121 31)')")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_never_runs_as_root() {
    use std::os::unix::fs::MetadataExt;
    let home = home();
    let cluster = start(home.path()).await;
    let process = format!("/proc/{}", cluster.postmaster_pid().unwrap());
    assert_ne!(fs::metadata(process).unwrap().uid(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn root_in_a_container_knows_its_cluster_without_the_right_to_trace() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    // Containers take this capability from root, and with it the sight of where other users' processes work.
    for test in [
        "a_cluster_is_made_started_stopped_and_started_again",
        "postgresql_killed_without_an_owner_leaves_nothing_that_hinders_the_next_start",
    ] {
        let run = Command::new("setpriv")
            .args(["--bounding-set", "-sys_ptrace"])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{test}: {said}");
    }
}
