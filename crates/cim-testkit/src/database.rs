//! A database of one test: a clone of a migrated template, dropped with the value.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use cim_store::{Databases, Store, StoreError, schema_fingerprint};

use crate::cluster;

const TESTS: &str = "cim_test_";

/// A fresh, migrated database of one test; it is dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    store: Store,
    name: String,
    address: String,
}

impl TestDatabase {
    /// Clones the template database; starts the test cluster and makes the template first where needed.
    pub async fn new() -> Self {
        let cluster = cluster::address().await;
        let template = template(&cluster).await.expect("the template database can be made");
        Self::create(&cluster, &template).await.expect("a test database can be cloned")
    }

    /// A database without anything of ours, for tests of the migrations themselves.
    pub async fn empty() -> Self {
        let cluster = cluster::address().await;
        Self::create(&cluster, "template1").await.expect("a test database can be made")
    }

    /// The store on this database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Its address, for further connections.
    #[must_use]
    pub fn connection_string(&self) -> &str {
        &self.address
    }

    /// A connection for statements of the test's own.
    pub async fn client(&self) -> tokio_postgres::Client {
        let opened = tokio_postgres::connect(&self.address, tokio_postgres::NoTls).await;
        let (client, connection) = opened.expect("the test cluster answers");
        tokio::spawn(connection);
        client
    }

    async fn create(cluster: &str, template: &str) -> Result<Self, StoreError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{TESTS}{}_{number}", std::process::id());
        let databases = Databases::of(cluster).await?;
        databases.remove(&name).await?;
        databases.create(&name, template).await?;
        let address = format!("{cluster} dbname={name}");
        Ok(Self { store: Store::connect(&address).await?, name, address })
    }
}

impl Drop for TestDatabase {
    #[expect(clippy::print_stderr, reason = "a test has no other way to tell, and must not fail for this")]
    fn drop(&mut self) {
        // A test may end inside a runtime that cannot be blocked on: the last statement gets a thread of its own.
        let (name, address) = (self.name.clone(), self.address.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async { Databases::of(&address).await?.remove(&name).await }).ok()
        })
        .join();
        if !matches!(dropped, Ok(Some(()))) && !std::thread::panicking() {
            eprintln!("the test database {} could not be dropped; the next new template drops it", self.name);
        }
    }
}

/// The name of the migrated database that tests clone; made by the first test that needs it.
async fn template(cluster: &str) -> Result<String, StoreError> {
    let name = format!("cim_template_{}", schema_fingerprint());
    let databases = Databases::of(cluster).await?;
    if databases.list(&name).await?.contains(&name) {
        return Ok(name);
    }
    databases.take_turn().await?;
    if databases.list(&name).await?.contains(&name) {
        return Ok(name);
    }
    remove_leftovers(&databases).await?;
    let unfinished = format!("unfinished_{name}");
    databases.remove(&unfinished).await?;
    databases.create(&unfinished, "template1").await?;
    Store::connect(&format!("{cluster} dbname={unfinished}")).await?.migrate().await?;
    databases.rename(&unfinished, &name).await?;
    Ok(name)
}

/// Removes the databases of tests that were killed: their names hold the process that made them.
async fn remove_leftovers(databases: &Databases) -> Result<(), StoreError> {
    for name in databases.list(TESTS).await? {
        let owner = name.strip_prefix(TESTS).and_then(|rest| rest.split('_').next()).unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            databases.remove(&name).await?;
        }
    }
    Ok(())
}
