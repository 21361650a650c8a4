//! An open event stream: what it said, and when.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use anyhow::Result;
use serde_json::Value;

/// A tile: zoom, column, row.
pub(crate) type Tile = (u8, u32, u32);

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) at: Instant,
    /// Everything that is shown should be asked for again.
    pub(crate) is_reset: bool,
    pub(crate) tiles: Vec<Tile>,
}

/// Opens the stream of tiles; its events come through the channel until the server ends.
pub(crate) fn open(address: SocketAddr) -> Result<Receiver<Event>> {
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let answer = agent.get(format!("http://{address}/v1/events?topics=tiles")).call()?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut name = String::new();
        for line in BufReader::new(answer.into_body().into_reader()).lines() {
            let Ok(line) = line else { return };
            if let Some(event) = line.strip_prefix("event:") {
                event.trim().clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data:") {
                let mut tiles = Vec::new();
                collect(&serde_json::from_str(data).unwrap_or_default(), &mut tiles);
                let event = Event { at: Instant::now(), is_reset: name == "reset", tiles };
                if sender.send(event).is_err() {
                    return;
                }
            }
        }
    });
    Ok(receiver)
}

/// Every array of three whole numbers is a tile.
fn collect(value: &Value, tiles: &mut Vec<Tile>) {
    match value {
        Value::Array(items) => {
            let numbers: Vec<u32> =
                items.iter().filter_map(Value::as_u64).filter_map(|one| u32::try_from(one).ok()).collect();
            match numbers.as_slice() {
                [z, x, y] if items.len() == 3 => tiles.push((u8::try_from(*z).unwrap_or(0), *x, *y)),
                _ => items.iter().for_each(|item| collect(item, tiles)),
            }
        }
        Value::Object(fields) => fields.values().for_each(|field| collect(field, tiles)),
        _ => {}
    }
}
