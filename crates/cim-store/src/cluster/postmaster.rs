//! PostgreSQL's first process: starting, adopting, recovering and stopping it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::account::Account;
use super::home::{Home, io};
use super::installation::Installation;
use super::{ClusterOptions, Durability, processes, settings};
use crate::error::ClusterError;

/// Recovery after a power cut may have gigabytes of log to read.
const START_LIMIT: Duration = Duration::from_mins(10);
/// Backends notice within moments that their first process is gone.
const ORPHANS_LIMIT: Duration = Duration::from_mins(1);

/// A prepared cluster, running or not.
#[derive(Debug, Clone)]
pub(super) struct Postmaster {
    account: Account,
    installation: Installation,
    data: PathBuf,
    socket_folder: PathBuf,
    port: u16,
    settings: String,
}

impl Postmaster {
    /// Makes the data folder if there is none and checks that this machine can run it.
    pub(super) fn prepare(home: &Home, options: ClusterOptions) -> Result<Self, ClusterError> {
        let account = Account::choose(home)?;
        account.check_access(home)?;
        let installation = match version_of(&home.data()) {
            Some(major) => Installation::of_major(major, home.path())?,
            None => create_data(home, &account, options.durability)?,
        };
        let socket_folder = home.socket_folder();
        account.create_folder(&socket_folder)?;
        Ok(Self {
            settings: settings::text(&socket_folder, options),
            port: options.port.unwrap_or(5432),
            data: home.data(),
            account,
            installation,
            socket_folder,
        })
    }

    /// The cluster of a home as it is, with whatever settings it runs.
    pub(super) fn existing(home: &Home) -> Result<Option<Self>, ClusterError> {
        let Some(major) = version_of(&home.data()) else { return Ok(None) };
        let running = fs::read_to_string(home.data().join("postmaster.pid")).unwrap_or_default();
        let port = running.lines().nth(3).and_then(|line| line.parse().ok()).unwrap_or(5432);
        Ok(Some(Self {
            account: Account::choose(home)?,
            installation: Installation::of_major(major, home.path())?,
            data: home.data(),
            socket_folder: home.socket_folder(),
            port,
            settings: String::new(),
        }))
    }

    /// Adopts the running process, or starts one, whatever the last one left behind.
    pub(super) fn ensure_running(&self) -> Result<(), ClusterError> {
        let started = Instant::now();
        if self.is_alive() && !self.settings_are_current() {
            self.stop()?;
        }
        while started.elapsed() < START_LIMIT {
            if self.is_alive() {
                if self.answers() {
                    return Ok(());
                }
                sleep(Duration::from_millis(50));
            } else {
                self.clear_remains()?;
                self.start()?;
            }
        }
        Err(ClusterError::NotReady { seconds: START_LIMIT.as_secs(), log: self.data.join("log") })
    }

    /// Whether the first process lives. A zombie, or a stranger that was given its number, does not count.
    pub(super) fn is_alive(&self) -> bool {
        self.pid().is_some()
    }

    /// The number of the first process, if it lives.
    pub(super) fn pid(&self) -> Option<i32> {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        let pid: i32 = text.lines().next()?.trim().parse().ok()?;
        processes::is_first_process(pid, &self.data).then_some(pid)
    }

    /// Ends all sessions and stops; nothing to do when it does not run.
    pub(super) fn stop(&self) -> Result<(), ClusterError> {
        if !self.is_alive() {
            return Ok(());
        }
        let mut command = self.pg_ctl("stop");
        command.args(["--mode=fast", "--wait", "--timeout=120"]);
        run("pg_ctl stop", &mut command)
    }

    /// Stops, and takes the socket's folder away; the next owner makes it again.
    pub(super) fn end(&self) -> Result<(), ClusterError> {
        self.stop()?;
        // Not empty, or not there: either way it is nobody's loss.
        fs::remove_dir(&self.socket_folder).unwrap_or_default();
        Ok(())
    }

    /// The folder of its programs.
    pub(super) fn programs(&self) -> &Path {
        &self.installation.programs
    }

    /// The address of one of its databases.
    pub(super) fn connection_string(&self, database: &str) -> String {
        let folder = self.socket_folder.to_string_lossy().replace('\\', "\\\\").replace('\'', "\\'");
        format!("host='{folder}' port={} user=cim dbname={database}", self.port)
    }

    fn settings_are_current(&self) -> bool {
        fs::read_to_string(self.data.join("cim.conf")).is_ok_and(|found| found == self.settings)
    }

    /// Waits for what a killed first process left running and clears its file away.
    fn clear_remains(&self) -> Result<(), ClusterError> {
        let started = Instant::now();
        while processes::any_works_in(&self.data, &self.account) {
            if self.is_alive() {
                return Ok(());
            }
            if started.elapsed() > ORPHANS_LIMIT {
                return Err(ClusterError::Remains(self.data.clone()));
            }
            sleep(Duration::from_millis(20));
        }
        // Their numbers may be those of zombies, which PostgreSQL would take for living owners.
        let socket_lock = self.socket_folder.join(format!(".s.PGSQL.{}.lock", self.port));
        for remains in [self.data.join("postmaster.pid"), socket_lock] {
            match fs::remove_file(&remains) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io("remove", &remains, source));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn start(&self) -> Result<(), ClusterError> {
        let conf = self.data.join("cim.conf");
        fs::write(&conf, &self.settings).map_err(|source| io("write", &conf, source))?;
        self.account.own(&conf)?;
        let log = self.data.join("start.log");
        let mut command = self.pg_ctl("start");
        command.args(["--wait", "--timeout=60", "--silent"]).arg("--log").arg(&log);
        let started = run("pg_ctl start", &mut command);
        match started {
            // A long recovery outlasts pg_ctl's patience; ours is longer.
            Err(_) if self.is_alive() => Ok(()),
            Err(ClusterError::Program { program, output }) => {
                let said = fs::read_to_string(&log).unwrap_or_default();
                Err(ClusterError::Program { program, output: tail(&format!("{output}\n{said}")) })
            }
            other => other,
        }
    }

    fn answers(&self) -> bool {
        self.account
            .command(&self.installation.program("pg_isready"))
            .arg("--quiet")
            .arg("--host")
            .arg(&self.socket_folder)
            .args(["--port", &self.port.to_string(), "--dbname=postgres", "--username=cim"])
            .status()
            .is_ok_and(|status| status.success())
    }

    fn pg_ctl(&self, action: &str) -> Command {
        let mut command = self.account.command(&self.installation.program("pg_ctl"));
        command.arg(action).arg("--pgdata").arg(&self.data);
        command
    }
}

/// The version that made a data folder, if it is one.
fn version_of(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn create_data(home: &Home, account: &Account, durability: Durability) -> Result<Installation, ClusterError> {
    let installation = Installation::newest()?;
    let unfinished = home.unfinished_data();
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(|source| io("remove", &unfinished, source))?;
    }
    account.create_folder(&unfinished)?;
    let mut command = account.command(&installation.program("initdb"));
    command.arg("--pgdata").arg(&unfinished).args([
        "--username=cim",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
    ]);
    if durability == Durability::Disposable {
        command.arg("--no-sync");
    }
    run("initdb", &mut command)?;
    let conf = unfinished.join("postgresql.conf");
    let mut text = fs::read_to_string(&conf).map_err(|source| io("read", &conf, source))?;
    text.push_str("\ninclude_if_exists = 'cim.conf'\n");
    fs::write(&conf, text).map_err(|source| io("write", &conf, source))?;
    fs::rename(&unfinished, home.data()).map_err(|source| io("rename", &unfinished, source))?;
    Ok(installation)
}

fn run(program: &'static str, command: &mut Command) -> Result<(), ClusterError> {
    let output = command.output().map_err(|source| io("run", Path::new(command.get_program()), source))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(ClusterError::Program { program, output: tail(&String::from_utf8_lossy(&said)) })
}

/// The last lines, where programs say what went wrong.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n")
}
