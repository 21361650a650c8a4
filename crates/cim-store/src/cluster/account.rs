//! The unprivileged account that PostgreSQL runs as, because it refuses to run as root.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::home::{Home, io};
use crate::error::ClusterError;

/// Who runs PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Account {
    /// Whoever we are.
    Own,
    /// A system user, because we are root.
    System { name: String, uid: u32, gid: u32 },
}

impl Account {
    /// The owner of the data that are there; else `cim`, else `postgres`, else a new system user `cim`.
    pub(super) fn choose(home: &Home) -> Result<Self, ClusterError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        let owner = fs::metadata(home.data()).ok().and_then(|data| find(|_, uid| uid == data.uid()));
        owner
            .filter(|account| !matches!(account, Self::System { uid: 0, .. }))
            .or_else(|| find(|name, _| name == "cim"))
            .or_else(|| find(|name, _| name == "postgres"))
            .or_else(create)
            .ok_or(ClusterError::NoUser)
    }

    /// A program that will run as this account, without our PostgreSQL settings and in no particular folder.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(std::process::Stdio::null()).env("LC_ALL", "C.UTF-8");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        if let Self::System { uid, gid, .. } = self {
            // With a uid set by root, the standard library also drops root's groups.
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Makes a folder that this account alone may enter.
    pub(super) fn create_folder(&self, path: &Path) -> Result<(), ClusterError> {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => self.own(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                // A short socket folder lies where everybody may write: it must not be somebody else's.
                let found = fs::symlink_metadata(path).map_err(|source| io("open", path, source))?;
                if !found.is_dir() || found.uid() != self.uid() {
                    let foreign = std::io::Error::other("it belongs to somebody else");
                    return Err(io("use", path, foreign));
                }
                fs::set_permissions(path, fs::Permissions::from_mode(0o700))
                    .map_err(|source| io("close", path, source))
            }
            Err(source) => Err(io("create", path, source)),
        }
    }

    /// Gives a file to this account.
    pub(super) fn own(&self, path: &Path) -> Result<(), ClusterError> {
        match self {
            Self::Own => Ok(()),
            Self::System { uid, gid, .. } => {
                chown(path, Some(*uid), Some(*gid)).map_err(|source| io("give away", path, source))
            }
        }
    }

    /// Refuses a home below a folder that is closed to this account, such as /root.
    pub(super) fn check_access(&self, home: &Home) -> Result<(), ClusterError> {
        let Self::System { name, .. } = self else { return Ok(()) };
        let entered = self.command(Path::new("/usr/bin/test")).arg("-x").arg(home.path()).status();
        match entered {
            Ok(status) if !status.success() => {
                Err(ClusterError::HomeClosed { home: home.path().to_owned(), user: name.clone() })
            }
            // Without the `test` program initdb will say the same in more words.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn uid(&self) -> u32 {
        match self {
            Self::Own => rustix::process::geteuid().as_raw(),
            Self::System { uid, .. } => *uid,
        }
    }
}

fn find(wanted: impl Fn(&str, u32) -> bool) -> Option<Account> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        wanted(name, uid).then(|| Account::System { name: name.to_owned(), uid, gid })
    })
}

fn create() -> Option<Account> {
    let made = Command::new("useradd")
        .args(["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "cim"])
        .output()
        .ok()?;
    if !made.status.success() {
        tracing::warn!(output = %String::from_utf8_lossy(&made.stderr), "useradd failed");
    }
    find(|name, _| name == "cim")
}
