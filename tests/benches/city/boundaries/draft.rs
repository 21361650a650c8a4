//! A draft on its way from the first operation to a revision.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::desk::{Desk, Reply};

const REVIEWER: &str = "bench-reviewer";

/// A draft and the version of it that was read last.
pub(super) struct Draft {
    pub(super) id: i64,
    pub(super) base_rev: i64,
    tag: String,
}

impl Draft {
    pub(super) fn begin(desk: &mut Desk, title: &str) -> Result<Self> {
        let body = json!({ "title": title });
        let reply = desk.write("POST", "/v1/changesets", "", Some(&body))?.done("beginning a draft")?;
        let number = |name: &str| reply.body[name].as_i64().with_context(|| format!("a draft has {name}"));
        Ok(Self { id: number("id")?, base_rev: number("base_rev")?, tag: reply.tag })
    }

    /// Draws.
    pub(super) fn draw(&mut self, desk: &mut Desk, operation: &Value) -> Result<Reply> {
        self.step(desk, "ops", Some(operation))
    }

    /// Takes a step that needs no more than its name, or one with a body; a refused one leaves the draft as it is.
    pub(super) fn step(&mut self, desk: &mut Desk, step: &str, body: Option<&Value>) -> Result<Reply> {
        let path = format!("/v1/changesets/{}/{step}", self.id);
        let reply = desk.write("POST", &path, &self.tag, body)?;
        Ok(self.after(reply))
    }

    /// Submits it, and has it approved by somebody else from today on.
    pub(super) fn review(&mut self, desk: &mut Desk) -> Result<Reply> {
        let submitted = self.step(desk, "submit", None)?.done("submitting")?;
        let path = format!("/v1/changesets/{}/approve", self.id);
        let body = json!({ "effective_from": today() });
        let reply = desk.write_as(REVIEWER, "POST", &path, &self.tag, Some(&body))?.done("approving")?;
        self.after(reply);
        Ok(submitted)
    }

    pub(super) fn publish(&mut self, desk: &mut Desk) -> Result<Reply> {
        self.step(desk, "publish", None)
    }

    pub(super) fn abandon(&mut self, desk: &mut Desk) -> Result<Reply> {
        desk.write("DELETE", &format!("/v1/changesets/{}", self.id), &self.tag, None)
    }

    fn after(&mut self, reply: Reply) -> Reply {
        if reply.is_done() {
            reply.tag.clone_into(&mut self.tag);
            let body = &reply.body;
            let draft = if body["changeset"].is_object() { &body["changeset"] } else { body };
            self.base_rev = draft["base_rev"].as_i64().unwrap_or(self.base_rev);
        }
        reply
    }
}

/// The day that it is in China.
fn today() -> String {
    Timestamp::now().to_zoned(TimeZone::fixed(Offset::constant(8))).date().to_string()
}
