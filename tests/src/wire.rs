//! HTTP written by hand: requests that no client library would send, and answers read as far as they come.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A request whose bytes are chosen one by one.
#[derive(Debug, Clone)]
pub struct WireRequest {
    /// What stands before the body, the empty line included.
    pub head: String,
    /// What follows, each part so many times.
    pub body: Vec<(Vec<u8>, usize)>,
    /// Whether the client then says that nothing more will come; else it waits in silence.
    pub ends: bool,
}

/// What came back.
#[derive(Debug)]
pub struct WireReply {
    /// None when the connection was closed without an answer.
    pub status: Option<u16>,
    /// The head as it came.
    pub head: String,
    /// The body as it came, without the framing of chunks.
    pub body: Vec<u8>,
    /// From the last byte sent to the last byte of the answer.
    pub took: Duration,
}

impl WireRequest {
    /// A request with a whole body, after which the connection is to be closed.
    #[must_use]
    pub fn whole(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        Self::filled(method, path, headers, vec![(body.to_vec(), 1)])
    }

    /// The same with a body of parts, each so many times.
    #[must_use]
    pub fn filled(method: &str, path: &str, headers: &[(&str, &str)], body: Vec<(Vec<u8>, usize)>) -> Self {
        let length: usize = body.iter().map(|(part, times)| part.len() * times).sum();
        let length = length.to_string();
        let headers = [headers, &[("content-length", length.as_str())]].concat();
        Self { head: head(method, path, &headers), body, ends: false }
    }

    /// Sends it and reads the answer to its end.
    ///
    /// # Panics
    /// Where the server cannot be reached, or is silent for longer than `patience`.
    #[must_use]
    pub fn send(&self, address: &str, patience: Duration) -> WireReply {
        let stream = TcpStream::connect(address.trim_start_matches("http://")).expect("the server listens");
        stream.set_read_timeout(Some(patience)).expect("a socket");
        stream.set_write_timeout(Some(patience)).expect("a socket");
        // Written beside the reading: a server that has read enough answers before everything is sent.
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                let _ = self.write(&stream);
                Instant::now()
            });
            let came = read(&stream);
            let answered = Instant::now();
            // Whatever is still unsent has no reader any more.
            let _ = stream.shutdown(std::net::Shutdown::Both);
            let sent = writing.join().expect("the writer does not panic");
            let came = came.unwrap_or_else(|| panic!("no answer within {patience:?} to {}", self.head));
            WireReply::parse(&came, answered.saturating_duration_since(sent))
        })
    }

    fn write(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        stream.write_all(self.head.as_bytes())?;
        for (part, times) in &self.body {
            for _ in 0..*times {
                stream.write_all(part)?;
            }
        }
        if self.ends { stream.shutdown(std::net::Shutdown::Write) } else { Ok(()) }
    }
}

/// The head of a request after which the connection is closed.
#[must_use]
pub fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head + "\r\n"
}

/// Everything until the connection ends; none when it stays open in silence.
fn read(mut stream: &TcpStream) -> Option<Vec<u8>> {
    let mut came = Vec::new();
    let mut chunk = vec![0; 65_536];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return Some(came),
            Ok(length) => came.extend_from_slice(&chunk[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return None,
            // Reset by a server that did not want the rest.
            Err(_) => return Some(came),
        }
    }
}

impl WireReply {
    fn parse(came: &[u8], took: Duration) -> Self {
        let Some(place) = came.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            return Self { status: None, head: String::new(), body: came.to_vec(), took };
        };
        let head = String::from_utf8_lossy(&came[..place]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = &came[place + 4..];
        let body = if head.contains("transfer-encoding: chunked") { joined(body) } else { body.to_vec() };
        Self { status, head, body, took }
    }

    /// A header, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let named = |line| str::split_once(line, ": ").filter(|(one, _)| *one == name);
        self.head.lines().find_map(named).map_or("", |(_, value)| value)
    }

    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The chunks of a body in one; what was cut off is left out.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(place) = rest.windows(2).position(|bytes| bytes == b"\r\n") {
        let size = std::str::from_utf8(&rest[..place]).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok()).unwrap_or(0);
        let Some(chunk) = rest.get(place + 2..place + 2 + size).filter(|_| size > 0) else { break };
        whole.extend_from_slice(chunk);
        rest = rest.get(place + 4 + size..).unwrap_or_default();
    }
    whole
}
