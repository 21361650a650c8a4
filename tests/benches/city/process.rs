//! Servers as processes of their own, and what they use.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::client::Connection;

const STARTS_WITHIN: Duration = Duration::from_mins(2);
/// Clock ticks a second, as Linux reports them to programs.
const TICKS: f64 = 100.0;

/// A serving process; it is asked to stop when the value goes.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first good answer.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts a command and waits until `path` answers 200. Without an address the command says `http://ADDRESS` itself.
    pub(crate) fn start(
        mut command: Command,
        address: Option<SocketAddr>,
        path: &str,
        log: &Path,
    ) -> Result<Self> {
        let said = log.with_extension("said");
        let begun = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(File::create(&said)?)
            .stderr(File::create(log)?)
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server =
            Self { child, address: address.unwrap_or(nowhere), ready_after: Duration::default() };
        loop {
            if address.is_none() {
                server.address = said_address(&said).unwrap_or(nowhere);
            }
            if server.address.port() != 0 && server.answers(path) {
                server.ready_after = begun.elapsed();
                return Ok(server);
            }
            if let Some(ended) = server.child.try_wait()? {
                bail!("ended with {ended}: {}", fs::read_to_string(log).unwrap_or_default());
            }
            ensure!(begun.elapsed() < STARTS_WITHIN, "did not start in time: see {}", log.display());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn answers(&self, path: &str) -> bool {
        Connection::open(self.address)
            .is_ok_and(|mut connection| connection.get(path, "").is_ok_and(|answer| answer.status == 200))
    }

    /// Resident memory, bytes.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("a resident size")?;
        let kib: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

fn said_address(said: &Path) -> Option<SocketAddr> {
    let text = fs::read_to_string(said).ok()?;
    let (_, rest) = text.split_once("http://")?;
    // A line that is still being written names half a port.
    let (address, _) = rest.split_once(|letter: char| letter.is_whitespace() || letter == '/')?;
    address.parse().ok()
}

/// An address of this machine that nobody listens on.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// The product's binary: beside this program, or the one that `CIM_BIN` names.
pub(crate) fn cim() -> Result<PathBuf> {
    let named = std::env::var_os("CIM_BIN").map(PathBuf::from);
    let own = std::env::current_exe()?;
    let beside = own.parent().and_then(Path::parent).context("a folder of programs")?.join("cim");
    let binary = named.unwrap_or(beside);
    ensure!(binary.exists(), "{} is missing: run `cargo build --release -p cim` first", binary.display());
    Ok(binary)
}

/// `cim` with nothing of the caller's environment that matters to it.
pub(crate) fn cim_command(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(cim()?);
    command.args(arguments).env("LANG", "C.UTF-8");
    for name in ["DATABASE_URL", "CIM_HOME", "LC_ALL", "LC_MESSAGES", "RUST_LOG"] {
        command.env_remove(name);
    }
    Ok(command)
}

/// Processor seconds that a process has used.
pub(crate) fn cpu_seconds(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// How busy the whole machine is.
pub(crate) struct Busy {
    all: f64,
    idle: f64,
}

impl Busy {
    pub(crate) fn now() -> Self {
        let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
        let ticks: Vec<f64> = stat
            .lines()
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(1)
            .filter_map(|one| one.parse().ok())
            .collect();
        Self { all: ticks.iter().sum(), idle: ticks.iter().skip(3).take(2).sum() }
    }

    /// The part of all cores in use since then.
    pub(crate) fn part_since(&self) -> f64 {
        let now = Self::now();
        1.0 - (now.idle - self.idle) / (now.all - self.all).max(1.0)
    }
}
