//! The private cluster: a PostgreSQL of our own under the home folder, on a Unix socket, never as root.
//!
//! Drawbacks: it serves one machine, and its write-ahead log is minimal, so it cannot be replicated; a city that
//! wants a standby sets `DATABASE_URL` instead.

mod account;
mod databases;
mod editor;
mod home;
mod installation;
mod postmaster;
mod processes;
mod settings;
mod supervisor;

use std::fs::File;
use std::path::Path;

use crate::error::ClusterError;
pub use databases::Databases;
use home::Home;
use postmaster::Postmaster;
use supervisor::Supervisor;

/// How the cluster runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Default for ClusterOptions {
    fn default() -> Self {
        Self { port: None, durability: Durability::Durable }
    }
}

/// Starts PostgreSQL clusters that belong to `cim` alone.
#[derive(Debug)]
pub struct PrivateCluster;

/// A running private cluster. It is restarted when PostgreSQL is killed, and stopped when the handle is dropped.
#[derive(Debug)]
pub struct ClusterHandle {
    connection_string: String,
    postmaster: Postmaster,
    /// Restarts a killed PostgreSQL; taken before stopping it on purpose.
    supervisor: Option<Supervisor>,
    /// Held as long as the handle lives, and by the kernel no longer than the process.
    owner_lock: File,
    leave_running: bool,
}

impl PrivateCluster {
    /// Creates the cluster under `home` if there is none, starts or adopts it, and keeps it running until the handle goes.
    pub async fn start(home: &Path, options: ClusterOptions) -> Result<ClusterHandle, ClusterError> {
        let path = home.to_owned();
        let (owner_lock, postmaster) = blocking(move || {
            let home = Home::create(&path)?;
            let owner_lock = home.lock()?;
            let postmaster = Postmaster::prepare(&home, options)?;
            postmaster.ensure_running()?;
            Ok((owner_lock, postmaster))
        })
        .await?;
        let connection_string = postmaster.connection_string("cim");
        create_database(&connection_string).await?;
        if options.port.is_some() {
            editor::admit(&connection_string, home).await?;
        }
        Ok(ClusterHandle {
            connection_string,
            supervisor: Some(Supervisor::watch(postmaster.clone())),
            postmaster,
            owner_lock,
            leave_running: false,
        })
    }

    /// The address of the running cluster of a home that another process owns, for `cim psql` and `cim env`.
    pub async fn find(home: &Path) -> Result<Option<String>, ClusterError> {
        let path = home.to_owned();
        blocking(move || {
            let Some(home) = Home::existing(&path)? else { return Ok(None) };
            let postmaster = Postmaster::existing(&home)?;
            Ok(postmaster.filter(Postmaster::is_alive).map(|found| found.connection_string("cim")))
        })
        .await
    }
}

impl ClusterHandle {
    /// The address of the database, for `Store::connect`.
    #[must_use]
    pub fn connection_string(&self) -> &str {
        &self.connection_string
    }

    /// The process number of PostgreSQL's first process, while it runs.
    #[must_use]
    pub fn postmaster_pid(&self) -> Option<i32> {
        self.postmaster.pid()
    }

    /// The folder of the PostgreSQL programs that run this cluster.
    #[must_use]
    pub fn programs(&self) -> &Path {
        self.postmaster.programs()
    }

    /// Stops PostgreSQL and waits until it has ended.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        self.leave_running = true;
        self.supervisor = None;
        let postmaster = self.postmaster.clone();
        let stopped = blocking(move || postmaster.end()).await;
        drop(self);
        stopped
    }

    /// Leaves PostgreSQL running without an owner; the next `start` on this home adopts it.
    pub fn detach(mut self) {
        self.leave_running = true;
    }
}

impl Drop for ClusterHandle {
    fn drop(&mut self) {
        self.supervisor = None;
        if !self.leave_running
            && let Err(error) = self.postmaster.end()
        {
            tracing::warn!(%error, "the private PostgreSQL could not be stopped");
        }
        if let Err(error) = self.owner_lock.unlock() {
            tracing::warn!(%error, "the lock on the home could not be given back");
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ClusterError> + Send + 'static,
) -> Result<T, ClusterError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(ended) => std::panic::resume_unwind(ended.into_panic()),
    }
}

async fn create_database(address: &str) -> Result<(), ClusterError> {
    let database = |error| ClusterError::Database(Box::new(error));
    let databases = Databases::of(address).await.map_err(database)?;
    if !databases.list("cim").await.map_err(database)?.iter().any(|name| name == "cim") {
        databases.create("cim", "template1").await.map_err(database)?;
    }
    Ok(())
}
