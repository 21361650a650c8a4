//! The real binary, started on a free port with a home of its own, and asked over HTTP.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Generous: a debug build on a busy machine generates and loads a town in this time.
const STARTS_WITHIN: Duration = Duration::from_mins(4);
const STOPS_WITHIN: Duration = Duration::from_mins(1);

/// The binary beside the tests.
#[must_use]
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let folder = test.parent().and_then(Path::parent).expect("tests lie in target/<profile>/deps");
    let binary = folder.join("cim");
    assert!(binary.exists(), "{} is missing: run `cargo build -p cim` first", binary.display());
    binary
}

/// A home folder of one test, with the logs of what ran in it.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// A fresh one. Others may pass through it, because PostgreSQL does not run as root.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("cim-").tempdir().expect("a temporary folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("our own folder");
        Self { folder }
    }

    /// The folder to give as `--home`.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A file beside the home.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with this home and nothing of the caller's environment that matters to it.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).env("CIM_HOME", self.path()).env("LANG", "C.UTF-8").env("RUST_LOG", "info");
        for name in ["DATABASE_URL", "LC_ALL", "LC_MESSAGES"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command to its end.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    /// Starts a serving command and waits until it says its address.
    #[must_use]
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut running = self.begin(arguments);
        running.address = running.wait_for_address();
        running
    }

    /// Starts a serving command, kills it as soon as its log says `words`.
    pub fn kill_when(&self, arguments: &[&str], words: &str) {
        let mut running = self.begin(arguments);
        let started = Instant::now();
        while !running.log().contains(words) {
            let ended = running.child.try_wait().expect("our own child");
            assert!(ended.is_none(), "ended with {ended:?}:\n{}", running.log());
            assert!(started.elapsed() < STARTS_WITHIN, "never said {words}:\n{}", running.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        running.kill();
    }

    fn begin(&self, arguments: &[&str]) -> Running {
        let (said, log) = (self.file("said.txt"), self.file("log.txt"));
        let create = |path: &Path| File::create(path).expect("our own folder");
        let child = self
            .command(arguments)
            .stdin(Stdio::null())
            .stdout(create(&said))
            .stderr(create(&log))
            .spawn()
            .expect("the binary starts");
        Running { child, address: String::new(), said, log }
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

/// A serving process.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    said: PathBuf,
    log: PathBuf,
}

impl Running {
    fn wait_for_address(&mut self) -> String {
        let started = Instant::now();
        loop {
            let said = fs::read_to_string(&self.said).unwrap_or_default();
            let place = ["http://127.0.0.1:", "https://127.0.0.1:", "https://0.0.0.0:"];
            if let Some(place) = place.iter().find_map(|address| said.find(address))
                && let Some(address) = said.get(place..).and_then(|rest| rest.split_whitespace().next())
            {
                // A proxy that a test plays speaks plainly with the server.
                return address.replace("https://127.0.0.1", "http://127.0.0.1");
            }
            let ended = self.child.try_wait().expect("our own child");
            assert!(ended.is_none(), "ended with {ended:?}:\n{}", self.log());
            assert!(started.elapsed() < STARTS_WITHIN, "did not serve in time:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Everything it printed so far.
    #[must_use]
    pub fn said(&self) -> String {
        fs::read_to_string(&self.said).unwrap_or_default()
    }

    /// The process number.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as the system would end any process: at once.
    pub fn kill(mut self) {
        self.child.kill().expect("our own child");
        self.child.wait().expect("our own child");
    }

    /// Asks it to stop and waits until it has.
    #[must_use]
    pub fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "the process can be asked to stop");
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("our own child") {
                return status;
            }
            assert!(started.elapsed() < STOPS_WITHIN, "did not stop in time:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Fails when anything was logged as a warning or an error.
    pub fn assert_log_clean(&self) {
        let log = self.log();
        let loud = log
            .lines()
            .find(|line| line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("panicked"));
        assert!(loud.is_none(), "{}\n--- the whole log ---\n{log}", loud.unwrap_or_default());
    }

    /// The first event with data of a stream that comes after `then` was done; the stream is open before that.
    #[must_use]
    pub fn first_event(&self, path: &str, then: impl FnOnce()) -> String {
        self.first_event_with(path, &[], then)
    }

    /// The same with further headers.
    #[must_use]
    pub fn first_event_with(&self, path: &str, headers: &[(&str, &str)], then: impl FnOnce()) -> String {
        let request = agent().get(format!("{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.call().expect("the stream opens");
        let mut lines = BufReader::new(answer.into_body().into_reader()).lines();
        then();
        let mut event = String::new();
        loop {
            let line = lines.next().expect("the stream goes on").expect("readable");
            match line.as_str() {
                // A token alone says where the reader is, and nothing else.
                "" if !event.contains("data: ") => event.clear(),
                "" => return event,
                comment if comment.starts_with(':') => {}
                line => {
                    event.push_str(line);
                    event.push('\n');
                }
            }
        }
    }

    /// GET without special headers.
    #[must_use]
    pub fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    /// GET with headers.
    #[must_use]
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = agent().get(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::read(path, false, request.call())
    }

    /// POST of a body with its content type.
    #[must_use]
    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Reply {
        let request = agent().post(format!("{}{path}", self.address)).header("content-type", content_type);
        Reply::read(path, true, request.send(body))
    }

    /// POST with headers, of JSON where there is a body.
    #[must_use]
    pub fn post_with(&self, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Reply {
        let mut request = agent().post(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => request.header("content-type", "application/json").send(body.to_string()),
            None => request.send_empty(),
        };
        Reply::read(path, true, answer)
    }

    /// A request of any method without a body.
    #[must_use]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send_body(method, path, headers, &[])
    }

    /// A request of any method.
    #[must_use]
    pub fn send_body(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        Reply::read(path, method != "GET", agent().run(request))
    }

    /// POST of JSON.
    #[must_use]
    pub fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.post(path, "application/json", body.to_string().as_bytes())
    }
}

impl Drop for Running {
    /// A test that failed leaves nothing running; SIGTERM lets the database stop too.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
            let _ = self.child.wait();
        }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .into()
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    /// The path that was asked.
    pub path: String,
    /// The status.
    pub status: u16,
    /// Whether it answers a POST.
    pub posted: bool,
    headers: Vec<(String, String)>,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Reply {
    fn read(path: &str, posted: bool, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Self {
        let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let status = answer.status().as_u16();
        let reader = answer.body_mut().with_config().limit(1 << 30);
        Self {
            path: path.to_owned(),
            status,
            posted,
            headers,
            bytes: reader.read_to_vec().expect("the whole body"),
        }
    }

    /// The same answer, which must have this status.
    #[expect(
        clippy::return_self_not_must_use,
        clippy::must_use_candidate,
        reason = "often the status is all that is asked"
    )]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// A header, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// All headers of a name.
    #[must_use]
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(one, _)| one == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.path, self.text()))
    }
}
