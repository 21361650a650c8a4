//! One upload, the address it goes to, and what has to be answered.

use cim_tests::wire::{WireReply, WireRequest};
use serde_json::Value;

/// The limit of a short body, and of a long one.
pub(crate) const SHORT: usize = 256 * 1024;
pub(crate) const LONG: usize = 32 * 1024 * 1024;

/// What an answer has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// A problem document with a status of the client's fault.
    Problem,
    /// The same, or a batch of which nothing was taken in: lines are refused one by one.
    NothingTaken,
    /// The same as a problem, or the end of the connection: HTTP itself was broken, or more was sent than is ever read.
    ProblemOrClosed,
}

/// A request, and what has to be answered.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) request: WireRequest,
    pub(crate) due: Due,
}

/// An address that takes a JSON object, with one that it would understand.
pub(crate) struct Place {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) good: Value,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) most_bytes: usize,
}

/// A body sent as JSON.
pub(crate) fn upload(place: &Place, session: &str, what: &str, body: Vec<(Vec<u8>, usize)>) -> Upload {
    typed(place, session, what, Some("application/json"), &[], body)
}

/// A body sent as something.
pub(crate) fn typed(
    place: &Place,
    session: &str,
    what: &str,
    media: Option<&str>,
    more: &[(&str, &str)],
    body: Vec<(Vec<u8>, usize)>,
) -> Upload {
    let mut headers: Vec<(&str, &str)> = vec![("cookie", session)];
    headers.extend(media.map(|media| ("content-type", media)));
    headers.extend(place.headers.iter().map(|(name, value)| (*name, value.as_str())));
    headers.extend(more);
    let name = format!("{} {}: {what}", place.method, place.path);
    // More than is ever read may end in a reset.
    let sent: usize = body.iter().map(|(part, times)| part.len() * times).sum();
    let due = if sent > place.most_bytes { Due::ProblemOrClosed } else { Due::Problem };
    Upload { name, request: WireRequest::filled(place.method, &place.path, &headers, body), due }
}

/// What is wrong with an answer.
pub(crate) fn complaint(due: Due, reply: &WireReply) -> Option<String> {
    let Some(status) = reply.status else {
        return (due != Due::ProblemOrClosed).then(|| "closed without an answer".to_owned());
    };
    let body = reply.json();
    if due == Due::NothingTaken && status == 200 {
        let taken = ["created", "changed", "unchanged", "stale"].iter().any(|name| body[*name] != 0);
        let refused = body["refused"].as_array().is_some_and(|rows| !rows.is_empty());
        return (taken || !refused).then(|| format!("taken in: {body}"));
    }
    let told = reply.header("content-type") == "application/problem+json"
        && body["status"] == status
        && body["type"].as_str().is_some_and(|kind| kind.starts_with("/api/problems/"));
    // What HTTP itself cannot read is refused before anybody could write a document.
    // Refused for asking too often is not refused for what was sent.
    let is_refused = status != 429 && (400..500).contains(&status) && (told || due == Due::ProblemOrClosed);
    (!is_refused)
        .then(|| format!("{status} {}", String::from_utf8_lossy(&reply.body[..reply.body.len().min(300)])))
}

impl Place {
    /// The name of the first field of the good object.
    pub(crate) fn first_field(&self) -> &str {
        self.good.as_object().and_then(|good| good.keys().next()).map_or("", String::as_str)
    }
}
