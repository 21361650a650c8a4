//! The home folder of a private cluster: what lies where, and who owns it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::ClusterError;

/// A home folder by its full path.
#[derive(Debug, Clone)]
pub(super) struct Home {
    root: PathBuf,
}

impl Home {
    /// The home at `path`, made if it is not there.
    pub(super) fn create(path: &Path) -> Result<Self, ClusterError> {
        fs::create_dir_all(path).map_err(|source| io("create", path, source))?;
        let root = fs::canonicalize(path).map_err(|source| io("open", path, source))?;
        Ok(Self { root })
    }

    /// The home at `path`, if there is one.
    pub(super) fn existing(path: &Path) -> Result<Option<Self>, ClusterError> {
        if path.is_dir() { Self::create(path).map(Some) } else { Ok(None) }
    }

    /// Becomes the one owner; the kernel gives the lock back when the process ends, however it ends.
    pub(super) fn lock(&self) -> Result<File, ClusterError> {
        let path = self.root.join("owner.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| io("open", &path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(ClusterError::HomeInUse(self.root.clone())),
            Err(TryLockError::Error(source)) => Err(io("lock", &path, source)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.root
    }

    /// PostgreSQL's data.
    pub(super) fn data(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// Where the data are made; renamed when complete, so that an interrupted initdb leaves nothing half made.
    pub(super) fn unfinished_data(&self) -> PathBuf {
        self.root.join("postgres.new")
    }

    /// The folder of the socket: below the home where the path fits PostgreSQL's 107 bytes, else a short one.
    pub(super) fn socket_folder(&self) -> PathBuf {
        const SOCKET_FILE_BYTES: usize = "/.s.PGSQL.65535.lock".len();
        let inside = self.root.join("run");
        if inside.as_os_str().len() + SOCKET_FILE_BYTES <= 107 {
            return inside;
        }
        let name = format!("cim-{:016x}", fnv1a(self.root.as_os_str().as_encoded_bytes()));
        std::env::temp_dir().join(name)
    }
}

/// Says what could not be done with a file.
pub(super) fn io(doing: &'static str, path: &Path, source: std::io::Error) -> ClusterError {
    ClusterError::Io { doing, path: path.to_owned(), source }
}

/// A hash that stays the same for ever, unlike the standard library's.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_home_has_a_short_socket_folder() {
        let home = Home { root: PathBuf::from(format!("/srv/{}", "long/".repeat(30))) };
        assert!(home.socket_folder().as_os_str().len() < 60, "{:?}", home.socket_folder());
        let home = Home { root: PathBuf::from("/var/lib/cim") };
        assert_eq!(home.socket_folder(), Path::new("/var/lib/cim/run"));
    }

    #[test]
    fn two_owners_of_one_home_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::create(folder.path()).unwrap();
        let first = home.lock().unwrap();
        let refused = home.lock().unwrap_err();
        assert!(refused.to_string().contains("in use by another cim process"), "{refused}");
        drop(first);
        home.lock().unwrap();
    }
}
