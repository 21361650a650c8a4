//! `GET /v1/events`: a stream that tells a map what changed.
//!
//! The id of each event is the snapshot it shows. A client that reconnects with an older one is told to refresh what it
//! shows (`event: reset`), mostly answered by 304.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use cim_city::{City, CityNews};
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::watch;

use crate::params::{Asked, FromParams, Params, one_of};
use crate::problem::ApiError;

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Which events are wanted; tiles are all there are.
#[derive(Debug)]
pub(crate) struct Topics;

impl FromParams for Topics {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        match params.text("topics") {
            Some(text) if text.split(',').any(|topic| topic.trim() != "tiles") => {
                Err(ApiError::bad_parameter("topics", &text, one_of(&["tiles"])))
            }
            _ => Ok(Self),
        }
    }
}

pub(crate) async fn stream(
    State(city): State<City>,
    Asked(Topics): Asked<Topics>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last_seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let news = city.news();
    let resumed = last_seen.is_some_and(|seen| city.snapshot().is_none_or(|now| now != seen));
    // What comes before the first look counts as missed as well.
    let version = news.borrow().version;
    let first = resumed.then(|| city.snapshot().unwrap_or_default());
    let follower = Follower { news, first, version };
    Sse::new(stream::unfold(follower, Follower::next)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

struct Follower {
    news: watch::Receiver<CityNews>,
    /// The snapshot of a `reset` that is still to be sent.
    first: Option<String>,
    /// The version told last, or the one at the beginning.
    version: u64,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if let Some(snapshot) = self.first.take() {
            return Some((Ok(reset(&snapshot)), self));
        }
        self.news.changed().await.ok()?;
        let news = self.news.borrow_and_update().clone();
        // The channel keeps the latest news only: a slow client that missed some must refresh everything.
        let missed = news.version > self.version + 1;
        self.version = news.version;
        let event = if news.reload || missed { reset(&news.snapshot) } else { tiles(&news) };
        Some((Ok(event), self))
    }
}

fn reset(snapshot: &str) -> Event {
    Event::default().event("reset").id(snapshot).data(json!({ "snapshot": snapshot }).to_string())
}

fn tiles(news: &CityNews) -> Event {
    let collection = news.collections.first();
    let data = json!({
        "collection": collection,
        "collections": news.collections,
        "snapshot": news.snapshot,
        "tiles": news.tiles,
    });
    Event::default().event("tiles").id(news.snapshot.as_str()).data(data.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn news_that_were_overtaken_before_the_first_look_are_a_reset() {
        let news = |version| CityNews { version, ..CityNews::default() };
        let told = async |versions: &[u64]| {
            let (sender, receiver) = watch::channel(news(3));
            for version in versions {
                sender.send_replace(news(*version));
            }
            let follower = Follower { news: receiver, first: None, version: 3 };
            let (event, _) = follower.next().await.expect("there are news");
            format!("{event:?}").contains("reset")
        };
        assert!(!told(&[4]).await);
        assert!(told(&[4, 5]).await);
    }
}
