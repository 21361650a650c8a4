//! One person at one kept connection: requests with a name and the version that was read.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::office::Office;
use crate::client::Connection;

/// Somebody who draws, reviews or reads.
pub(super) struct Desk {
    connection: Connection,
    office: Office,
    actor: String,
}

/// What was answered, and after how long.
pub(super) struct Reply {
    pub(super) status: u16,
    /// The version for the next write.
    pub(super) tag: String,
    pub(super) took_ms: f64,
    pub(super) at: Instant,
    pub(super) body: Value,
}

impl Reply {
    /// Whether it was done.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.status, 200 | 201)
    }

    /// The answer, when it was done.
    pub(super) fn done(self, doing: &str) -> Result<Self> {
        ensure!(self.is_done(), "{doing}: {} {}", self.status, self.body);
        Ok(self)
    }

    /// The rule that refused, or the status.
    pub(super) fn refusal(&self) -> String {
        let rule = self.body["findings"][0]["rule"].as_str();
        rule.map_or_else(|| format!("status {}", self.status), str::to_owned)
    }
}

impl Desk {
    pub(super) fn open(office: &Office, actor: impl Into<String>) -> Result<Self> {
        let actor = actor.into();
        // Made before anything is measured.
        office.token_of(&actor)?;
        Ok(Self { connection: Connection::open(office.address)?, office: office.clone(), actor })
    }

    /// Reads.
    pub(super) fn get(&mut self, path: &str) -> Result<Reply> {
        let token = self.office.token_of(&self.actor)?;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\r\n");
        self.send(&request, path)
    }

    /// Writes as oneself.
    pub(super) fn write(
        &mut self,
        method: &str,
        path: &str,
        tag: &str,
        body: Option<&Value>,
    ) -> Result<Reply> {
        let actor = self.actor.clone();
        self.write_as(&actor, method, path, tag, body)
    }

    /// Writes as somebody else, who sits at the same connection.
    pub(super) fn write_as(
        &mut self,
        actor: &str,
        method: &str,
        path: &str,
        tag: &str,
        body: Option<&Value>,
    ) -> Result<Reply> {
        let seen = if tag.is_empty() { String::new() } else { format!("if-match: {tag}\r\n") };
        let body = body.map(Value::to_string).unwrap_or_default();
        let content = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let (length, token) = (body.len(), self.office.token_of(actor)?);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n{seen}{content}content-length: {length}\r\n\r\n{body}"
        );
        self.send(&request, path)
    }

    fn send(&mut self, request: &str, path: &str) -> Result<Reply> {
        let asked = Instant::now();
        let answer = self.connection.send(request.as_bytes()).with_context(|| format!("asking {path}"))?;
        let at = Instant::now();
        let body = serde_json::from_slice(answer.body).unwrap_or(Value::Null);
        Ok(Reply {
            status: answer.status,
            tag: answer.header("etag").to_owned(),
            took_ms: (at - asked).as_secs_f64() * 1e3,
            at,
            body,
        })
    }
}
