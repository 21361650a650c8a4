//! `GET /v1/events`: a stream that tells a map what changed.
//!
//! The id of an event is the resume token: the epoch and the state that the reader has seen when it has taken in the
//! event. A step may be several events, of which the last has the id. A reader that reconnects with a token, to whichever
//! server process, is told everything since; with one that is too old, or of before a crash, to refresh what it shows
//! (`event: reset`), mostly answered by 304.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use cim_access::Scope;
use cim_city::{ChangeStream, City, CityChange, ResumeToken, TilesChanged};
use futures_util::{Stream, stream};
use serde_json::json;

use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, one_of};
use crate::problem::ApiError;

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Which events are wanted.
#[derive(Debug)]
pub(crate) struct EventsWanted {
    bounds: Option<[f64; 4]>,
}

impl FromParams for EventsWanted {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        match params.text("topics") {
            Some(text) if text.split(',').any(|topic| topic.trim() != "tiles") => {
                return Err(ApiError::bad_parameter("topics", &text, one_of(&["tiles"])));
            }
            _ => {}
        }
        let bounds = params.text("bbox").map(|text| bounds(&text)).transpose()?;
        Ok(Self { bounds })
    }
}

/// West, south, east, north in degrees.
fn bounds(text: &str) -> Result<[f64; 4], ApiError> {
    let remedy = || {
        Words::new(
            "give west,south,east,north in degrees, for example 121.1,31.8,121.3,32.0",
            "请给出 西,南,东,北（度），例如 121.1,31.8,121.3,32.0",
        )
    };
    let numbers: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    match <[f64; 4]>::try_from(numbers) {
        Ok([west, south, east, north])
            if text.split(',').count() == 4
                && (-180.0..=180.0).contains(&west)
                && (west..=180.0).contains(&east)
                && (-90.0..=90.0).contains(&south)
                && (south..=90.0).contains(&north) =>
        {
            Ok([west, south, east, north])
        }
        _ => Err(ApiError::bad_parameter("bbox", text, remedy())),
    }
}

pub(crate) async fn stream(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(wanted): Asked<EventsWanted>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last_seen = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let follower = Follower::new(&city, &scope, last_seen, wanted.bounds);
    Sse::new(stream::unfold(follower, Follower::next)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

struct Follower {
    changes: ChangeStream,
    /// Events that are ready to be sent.
    ready: VecDeque<Event>,
}

impl Follower {
    fn new(city: &City, scope: &Scope, last_seen: Option<&str>, bounds: Option<[f64; 4]>) -> Self {
        let token = last_seen.map(|text| text.parse::<ResumeToken>().ok());
        let changes = city.changes(scope, token.as_ref().and_then(Option::as_ref), bounds);
        let mut ready = VecDeque::new();
        match (token, changes.now()) {
            // A reader without a past begins with a token, so that it can resume even before anything changed.
            (None, Some(now)) => ready.push_back(Event::default().id(now.to_string())),
            // What is no token of ours says nothing about what was seen.
            (Some(None), Some(now)) => ready.push_back(reset(&now)),
            _ => {}
        }
        Self { changes, ready }
    }

    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((Ok(event), self));
            }
            match self.changes.next().await? {
                CityChange::Reset { at } => self.ready.push_back(reset(&at)),
                CityChange::Tiles { at, changed } => self.ready.extend(tiles(&at, &changed)),
            }
        }
    }
}

fn reset(at: &ResumeToken) -> Event {
    let data = json!({ "snapshot": at.snapshot() });
    Event::default().event("reset").id(at.to_string()).data(data.to_string())
}

/// One event a collection and tileset; when nothing concerns the reader, the token alone, which browsers take in silently.
fn tiles(at: &ResumeToken, changed: &[TilesChanged]) -> Vec<Event> {
    if changed.is_empty() {
        return vec![Event::default().id(at.to_string())];
    }
    let snapshot = at.snapshot();
    let last = changed.len() - 1;
    let event = |(place, change): (usize, &TilesChanged)| {
        let data = json!({
            "collection": change.collection,
            "tileset": change.tileset,
            "snapshot": snapshot,
            "tiles": change.tiles,
        });
        let event = Event::default().event("tiles").data(data.to_string());
        if place == last { event.id(at.to_string()) } else { event }
    };
    changed.iter().enumerate().map(event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_four_degrees_in_order() {
        assert_eq!(bounds("121.1, 31.8,121.3,32").ok(), Some([121.1, 31.8, 121.3, 32.0]));
        for bad in
            ["", "1,2,3", "1,2,3,4,5", "x,2,3,4", "3,0,1,4", "0,4,1,2", "0,0,181,1", "nan,0,1,1", "1,,3,4,5"]
        {
            assert!(bounds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_last_event_of_a_step_moves_the_reader_on() {
        let at: ResumeToken = "e/10:10:".parse().unwrap();
        let one =
            TilesChanged { collection: "building", tileset: "building".to_owned(), tiles: vec![(13, 1, 2)] };
        let two =
            TilesChanged { collection: "camera", tileset: "linkage".to_owned(), tiles: vec![(14, 1, 2)] };
        let told: Vec<String> = tiles(&at, &[one, two]).iter().map(|event| format!("{event:?}")).collect();
        assert!(!told[0].contains("10:10:\\n\\nid") && told[0].matches("id: e/").count() == 0, "{}", told[0]);
        assert_eq!(told[1].matches("id: e/10:10:").count(), 1, "{}", told[1]);
        assert_eq!(tiles(&at, &[]).len(), 1);
    }
}
