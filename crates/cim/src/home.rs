//! The home of a private cluster: a folder that this user, and the unprivileged PostgreSQL, can reach.

use std::path::PathBuf;

use anyhow::Context;

/// `--home`, or the place where such data belong on this system.
pub(crate) fn folder(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    if let Some(given) = given {
        return std::path::absolute(&given)
            .with_context(|| format!("finding the folder {}", given.display()));
    }
    // A folder below /root is closed to the unprivileged user that runs PostgreSQL.
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/cim"));
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_DATA_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map(|data| data.join("cim"))
        .context("neither HOME nor XDG_DATA_HOME is set: say where to keep the data with --home DIR")
}
