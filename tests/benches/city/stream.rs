//! An open event stream: what it said, and when.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use anyhow::Result;
use serde::Deserialize;

/// A tile: zoom, column, row.
pub(crate) type Tile = (u8, u32, u32);

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) at: Instant,
    /// Everything that is shown should be asked for again.
    pub(crate) is_reset: bool,
    pub(crate) tileset: String,
    pub(crate) tiles: Vec<Tile>,
}

/// What the data of an event say.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    tileset: String,
    #[serde(default)]
    tiles: Vec<Tile>,
}

/// Opens the stream of tiles; its events come through the channel until the server ends.
pub(crate) fn open(address: SocketAddr) -> Result<Receiver<Event>> {
    open_as(address, None)
}

/// The same with a token.
pub(crate) fn open_as(address: SocketAddr, token: Option<&str>) -> Result<Receiver<Event>> {
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let mut asked = agent.get(format!("http://{address}/v1/events?topics=tiles"));
    if let Some(token) = token {
        asked = asked.header("authorization", format!("Bearer {token}"));
    }
    let answer = asked.call()?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut name = String::new();
        for line in BufReader::new(answer.into_body().into_reader()).lines() {
            let Ok(line) = line else { return };
            if let Some(event) = line.strip_prefix("event:") {
                event.trim().clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data:") {
                let at = Instant::now();
                let Ok(Told { tileset, tiles }) = serde_json::from_str(data) else { return };
                let event = Event { at, is_reset: name == "reset", tileset, tiles };
                if sender.send(event).is_err() {
                    return;
                }
            }
        }
    });
    Ok(receiver)
}
