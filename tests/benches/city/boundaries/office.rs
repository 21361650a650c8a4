//! The server that the measurements work with, and the keys of everybody who does.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::database::Database;
use crate::keys::token;
use crate::process::Server;

const PLANNER: [&str; 6] =
    ["read_map", "read_things", "read_drafts", "draft_boundaries", "review_boundaries", "publish_boundaries"];
const OPERATOR: [&str; 3] = ["read_map", "read_things", "write_cases"];

/// Tokens by the name of whose they are, made when they are first wanted.
struct Keys {
    database: String,
    known: Mutex<HashMap<String, String>>,
}

impl Keys {
    /// The token of a planner; of an operator, where somebody takes cases in.
    fn of(&self, name: &str) -> Result<String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = known.get(name) {
            return Ok(token.clone());
        }
        let made = if name.ends_with("intake") {
            token(&self.database, name, "operator", &[], &OPERATOR)
        } else {
            token(&self.database, name, "planner", &[], &PLANNER)
        }?;
        known.insert(name.to_owned(), made.clone());
        Ok(made)
    }
}

/// A server that asks for accounts.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) address: SocketAddr,
    keys: Arc<Keys>,
}

impl Office {
    /// On a database of which nobody has keys yet.
    pub(super) fn new(server: &Server, database: &Database) -> Self {
        let keys = Keys { database: database.address().to_owned(), known: Mutex::default() };
        Self { address: server.address, keys: Arc::new(keys) }
    }

    /// The same people at another server.
    pub(super) fn moved_to(&self, server: &Server) -> Self {
        Self { address: server.address, ..self.clone() }
    }

    /// The token of somebody who works here.
    pub(super) fn token_of(&self, name: &str) -> Result<String> {
        self.keys.of(name)
    }
}
