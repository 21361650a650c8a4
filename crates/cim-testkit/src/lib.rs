#![doc = include_str!("../README.md")]

use cim_store::Store;

/// A fresh, migrated database of one test; it is dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {}

impl TestDatabase {
    /// Clones the template database; starts the test cluster and makes the template first where needed.
    pub async fn new() -> Self {
        unimplemented!()
    }

    /// The store on this database.
    #[must_use]
    pub fn store(&self) -> &Store {
        unimplemented!()
    }

    /// Its address, for further connections.
    #[must_use]
    pub fn connection_string(&self) -> &str {
        unimplemented!()
    }
}
