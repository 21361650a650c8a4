//! Which processes belong to a cluster. Every process of PostgreSQL works in its data folder: the one sign that no other
//! program shares.
//!
//! Root may not see where another user's process works once the capability for it is taken away, as most containers do.
//! Then the command line tells the first process, and the account itself is asked about the others.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::account::Account;

/// Whether the process with this number is a first process of PostgreSQL over `data`. A zombie works nowhere.
pub(super) fn is_first_process(pid: i32, data: &Path) -> bool {
    let process = Path::new("/proc").join(pid.to_string());
    match fs::read_link(process.join("cwd")) {
        Ok(folder) => folder == data,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let line = fs::read(process.join("cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).any(|argument| OsStr::from_bytes(argument) == data.as_os_str())
        }
        Err(_) => false,
    }
}

/// Whether any process works in `data`.
pub(super) fn any_works_in(data: &Path, account: &Account) -> bool {
    let Ok(processes) = fs::read_dir("/proc") else { return false };
    let mut closed = Vec::new();
    for process in processes.flatten() {
        let link = process.path().join("cwd");
        match fs::read_link(&link) {
            Ok(folder) if folder == data => return true,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => closed.push(link),
            _ => {}
        }
    }
    account_sees(&closed, data, account)
}

/// Whether one of the links that are closed to us leads to `data`, as the account sees it.
fn account_sees(links: &[PathBuf], data: &Path, account: &Account) -> bool {
    if links.is_empty() || *account == Account::Own {
        return false;
    }
    let asked = account.command(Path::new("/usr/bin/readlink")).arg("--zero").args(links).output();
    asked.is_ok_and(|answer| {
        answer.stdout.split(|byte| *byte == 0).any(|folder| OsStr::from_bytes(folder) == data.as_os_str())
    })
}
