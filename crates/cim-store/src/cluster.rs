//! The private cluster: a PostgreSQL of our own under the home folder.

use std::path::Path;

use crate::error::ClusterError;

/// How the cluster runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterOptions {
    /// A loopback TCP port for QGIS and the like; the socket alone by default.
    pub port: Option<u16>,
    /// Whether data must survive a power cut.
    pub durability: Durability,
}

/// Whether data must survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Yes.
    Durable,
    /// No: for tests, fsync is off.
    Disposable,
}

/// Starts PostgreSQL clusters that belong to `cim` alone.
#[derive(Debug)]
pub struct PrivateCluster {}

/// A running private cluster; dropping it stops PostgreSQL.
#[derive(Debug)]
pub struct ClusterHandle {}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self { port: None, durability: Durability::Durable }
    }
}

impl PrivateCluster {
    /// Creates the cluster under `home` if there is none, starts or adopts it, and keeps it running until the handle goes.
    pub async fn start(home: &Path, options: ClusterOptions) -> Result<ClusterHandle, ClusterError> {
        unimplemented!("{home:?} {options:?}")
    }

    /// The address of the running cluster of a home that another process owns; for `cim psql` and `cim env`.
    pub async fn find(home: &Path) -> Result<Option<String>, ClusterError> {
        unimplemented!("{home:?}")
    }
}

impl ClusterHandle {
    /// The address of the database, for `Store::connect`.
    #[must_use]
    pub fn connection_string(&self) -> &str {
        unimplemented!()
    }

    /// Stops PostgreSQL and waits until it has ended.
    pub async fn stop(self) -> Result<(), ClusterError> {
        unimplemented!()
    }

    /// Leaves PostgreSQL running without an owner; the next `start` on this home adopts it.
    pub fn detach(self) {
        unimplemented!()
    }
}
