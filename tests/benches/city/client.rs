//! HTTP/1.1 over one kept connection, as little of it as a load generator needs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

const PATIENCE: Duration = Duration::from_mins(1);

/// A connection that asks one question at a time.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Who asks for paths; nobody in particular without one.
    token: Option<String>,
}

/// An answer, read whole.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// A header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(one, _)| one.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }
}

/// The bytes of a GET; `accept` names an encoding, or nothing for none; a token tells who asks.
pub(crate) fn request_as(path: &str, accept: &str, token: Option<&str>) -> Vec<u8> {
    let encoding = if accept.is_empty() { String::new() } else { format!("accept-encoding: {accept}\r\n") };
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{encoding}{token}\r\n").into_bytes()
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; 256 << 10], token: None })
    }

    /// Opens it for somebody who asks with a token.
    pub(crate) fn open_as(address: SocketAddr, token: String) -> Result<Self> {
        Ok(Self { token: Some(token), ..Self::open(address)? })
    }

    /// Asks for a path.
    pub(crate) fn get(&mut self, path: &str, accept: &str) -> Result<Answer<'_>> {
        let request = request_as(path, accept, self.token.as_deref());
        self.send(&request).with_context(|| format!("asking for {path}"))
    }

    /// Sends a body.
    pub(crate) fn post(&mut self, path: &str, content_type: &str, body: &[u8]) -> Result<Answer<'_>> {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
        );
        self.send(&[head.as_bytes(), body].concat()).with_context(|| format!("sending to {path}"))
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        let head_length = loop {
            filled += self.read(filled)?;
            let seen = &self.buffer[..filled];
            if let Some(place) = seen.windows(4).position(|window| window == b"\r\n\r\n") {
                break place + 4;
            }
        };
        let head = std::str::from_utf8(&self.buffer[..head_length])?;
        let status: u16 = head.get(9..12).context("a status line")?.parse()?;
        let length = if matches!(status, 204 | 304) { 0 } else { content_length(head)? };
        let end = head_length + length;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while filled < end {
            filled += self.read(filled)?;
        }
        ensure!(filled == end, "the answer is longer than it says");
        let (head, rest) = self.buffer.split_at(head_length);
        Ok(Answer { status, head: std::str::from_utf8(head)?, body: &rest[..length] })
    }

    fn read(&mut self, filled: usize) -> Result<usize> {
        if filled == self.buffer.len() {
            self.buffer.resize(filled * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[filled..])?;
        ensure!(read > 0, "the server closed the connection");
        Ok(read)
    }
}

fn content_length(head: &str) -> Result<usize> {
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.trim().parse()?);
        }
    }
    bail!("an answer without content-length:\n{head}")
}
