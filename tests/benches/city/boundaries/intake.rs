//! Cases that come in while boundaries are published, so many a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use tokio_postgres::Client;

use super::desk::Desk;
use super::ground::Place;
use super::office::Office;

/// A case every 20 ms, by four who write in turn.
const WRITERS: u32 = 4;
const EVERY: Duration = Duration::from_millis(20);
const SOURCE: &str = "bench-boundaries";

/// What came in.
#[derive(Default)]
pub(super) struct TakenIn {
    pub(super) times: Vec<f64>,
    pub(super) failures: Vec<String>,
    pub(super) seconds: f64,
}

/// Places at which cases happen.
pub(super) async fn places(client: &Client) -> Result<Vec<Place>> {
    let rows = client.query(include_str!("../sql/case_places.sql"), &[]).await?;
    Ok(rows.iter().map(|row| [row.get(0), row.get(1)]).collect())
}

/// Takes cases in until the others have ended.
pub(super) fn take_in(office: &Office, places: &[Place], ended: &AtomicBool) -> Result<TakenIn> {
    std::thread::scope(|scope| {
        let begun = Instant::now();
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| scope.spawn(move || write(office, places, ended, writer))).collect();
        let mut all = TakenIn::default();
        for writer in writers {
            let one = writer.join().map_err(|_panic| anyhow::anyhow!("a writer ended badly"))??;
            all.times.extend(one.times);
            all.failures.extend(one.failures);
        }
        all.seconds = begun.elapsed().as_secs_f64();
        Ok(all)
    })
}

fn write(office: &Office, places: &[Place], ended: &AtomicBool, writer: u32) -> Result<TakenIn> {
    let mut desk = Desk::open(office, "bench-intake")?;
    let mut taken = TakenIn::default();
    let mut next = Instant::now() + EVERY * writer;
    let mut number = writer as usize;
    while !ended.load(Ordering::Relaxed) {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        let [lon, lat] = places[number % places.len()];
        let case = json!({
            "source_system": SOURCE, "source_no": number.to_string(), "title": "占道经营", "category_code": "0101",
            "lon": lon, "lat": lat,
        });
        let reply = desk.write("POST", "/v1/cases", "", Some(&case))?;
        taken.times.push(reply.took_ms);
        if reply.status != 201 {
            taken.failures.push(format!("{} {}", reply.status, reply.body));
        }
        next += EVERY * WRITERS;
        number += WRITERS as usize;
    }
    Ok(taken)
}
