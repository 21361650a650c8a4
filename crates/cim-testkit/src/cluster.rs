//! The one cluster of all tests: started by whichever test comes first, adopted by the others, left running for the next run.

use std::fs::{self, File};
use std::path::PathBuf;

use cim_store::{ClusterOptions, Databases, Durability, PrivateCluster};

/// The address of the running test cluster.
pub(crate) async fn address() -> String {
    let home = home();
    fs::create_dir_all(&home).expect("the test cluster's home can be made");
    let file = home.join("address");
    if let Some(address) = answering(&file).await {
        return address;
    }
    // One test starts the cluster while the others wait; the kernel gives the lock back even when a test is killed.
    let starting = File::create(home.join("starting.lock")).expect("the lock file can be made");
    let starting = tokio::task::spawn_blocking(move || starting.lock().map(|()| starting))
        .await
        .expect("waiting for a lock does not panic")
        .expect("the lock can be taken");
    if let Some(address) = answering(&file).await {
        return address;
    }
    let options = ClusterOptions { port: None, durability: Durability::Disposable };
    let cluster = PrivateCluster::start(&home, options).await.expect("the test cluster starts");
    let address = cluster.connection_string().to_owned();
    cluster.detach();
    fs::write(&file, &address).expect("the address can be written");
    drop(starting);
    address
}

async fn answering(file: &PathBuf) -> Option<String> {
    let address = fs::read_to_string(file).ok()?;
    Databases::of(&address).await.ok().map(|_answers| address)
}

/// Beside the compiled tests, so that `cargo clean` takes it along; in the temporary folder when that is closed to the
/// account that PostgreSQL runs as.
fn home() -> PathBuf {
    let program = std::env::current_exe().expect("a running test has a file");
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    match target {
        Some(target) if open_to_everybody(target) => target.join("test-cluster"),
        _ => std::env::temp_dir().join("cim-test-cluster"),
    }
}

fn open_to_everybody(folder: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    folder
        .ancestors()
        .all(|each| fs::metadata(each).is_ok_and(|found| found.permissions().mode() & 0o001 != 0))
}
