//! The live feed of a demo: marked synthetic cases and their progress, posted through the public interface.

mod client;
mod stories;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use cim_access::secret::ApiToken;
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::live::client::{Client, Refused};
use crate::live::stories::{STORIES, Story};
use crate::stop::Stop;

/// The source system of everything that the feed makes up.
pub(crate) const SOURCE_SYSTEM: &str = "demo_live";

/// So many cases are moved on at a time; older ones are left as they are.
const CASES_IN_WORK: usize = 60;

/// Moves for every new case: fewer than a case needs to be closed, so that cases of every state are on the map.
const MOVES_A_CASE: usize = 3;

/// How often the feed looks whether it must end.
const BREATH: Duration = Duration::from_millis(250);

/// Starts the feed on a thread of its own; with a token where the server has accounts. It ends when stopping is wished for; nothing waits for it.
pub(crate) fn start(server: SocketAddr, cases_a_minute: f64, token: Option<ApiToken>, stop: Stop) {
    if cases_a_minute <= 0.0 {
        return;
    }
    let pause = Duration::from_secs_f64(60.0 / cases_a_minute.min(6_000.0));
    let feed = move || Feed::new(server, token.as_ref()).run(pause, &stop);
    if let Err(error) = thread::Builder::new().name("live-feed".to_owned()).spawn(feed) {
        tracing::warn!(%error, "the live feed could not be started");
    }
}

struct Feed {
    client: Client,
    dice: ChaCha8Rng,
    run: String,
    posted: u64,
    in_work: VecDeque<InWork>,
}

/// A case of the feed and what may happen to it next.
struct InWork {
    case_no: String,
    lon: f64,
    lat: f64,
    category: String,
    allowed_events: Vec<String>,
}

impl Feed {
    fn new(server: SocketAddr, token: Option<&ApiToken>) -> Self {
        let now = Timestamp::now();
        let seed = now.as_millisecond().unsigned_abs();
        Self {
            client: Client::new(server, token),
            dice: ChaCha8Rng::seed_from_u64(seed),
            run: now.strftime("%Y%m%d%H%M%S").to_string(),
            posted: 0,
            in_work: VecDeque::new(),
        }
    }

    fn run(mut self, pause: Duration, stop: &Stop) {
        while rest(pause, stop) {
            if let Err(refused) = self.post_case() {
                tracing::debug!(%refused, "the live feed could not post a case");
            }
            for _ in 0..MOVES_A_CASE {
                if let Err(refused) = self.move_one_on() {
                    tracing::debug!(%refused, "the live feed could not move a case on");
                }
            }
        }
    }

    fn post_case(&mut self) -> Result<(), Refused> {
        let Some(place) = self.place()? else { return Ok(()) };
        let story = &STORIES[self.dice.random_range(0..STORIES.len())];
        self.posted += 1;
        let number = format!("{}-{:05}", self.run, self.posted);
        let case = self.client.post("/v1/cases", &case_of(story, &place, &number))?;
        self.remember(&case);
        Ok(())
    }

    /// An address somewhere in the city; none when the places tried are empty land.
    fn place(&mut self) -> Result<Option<Value>, Refused> {
        let city = self.client.get("/v1/city")?;
        let bounds: Vec<f64> =
            city["bounds"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let [west, south, east, north] = bounds[..] else { return Ok(None) };
        for _ in 0..12 {
            let lon = west + self.dice.random::<f64>() * (east - west);
            let lat = south + self.dice.random::<f64>() * (north - south);
            let path = format!("/v1/nearby?lon={lon:.6}&lat={lat:.6}&radius_m=600&kinds=address&limit=80");
            let answer = self.client.get(&path)?;
            let items = answer["items"].as_array().filter(|items| !items.is_empty());
            if let Some(items) = items {
                return Ok(Some(items[self.dice.random_range(0..items.len())].clone()));
            }
        }
        Ok(None)
    }

    fn move_one_on(&mut self) -> Result<(), Refused> {
        if self.in_work.is_empty() {
            return Ok(());
        }
        let place = self.dice.random_range(0..self.in_work.len());
        let Some(case) = self.in_work.remove(place) else { return Ok(()) };
        let usual =
            stories::USUAL_EVENTS.iter().find(|event| case.allowed_events.iter().any(|one| one == *event));
        let Some(event) = usual else { return Ok(()) };
        let mut body = json!({ "event": event, "actor": "live demo", "note": "演示数据，自动生成" });
        if *event == "assign" {
            body["department_code"] = self.lead_department(&case)?;
        }
        let moved = self.client.post(&format!("/v1/cases/{}/events", case.case_no), &body)?;
        self.remember(&moved);
        Ok(())
    }

    /// The department that leads for the case's category at its place.
    fn lead_department(&self, case: &InWork) -> Result<Value, Refused> {
        let InWork { lon, lat, category, .. } = case;
        let path = format!("/v1/responsibility?lon={lon}&lat={lat}&category={category}");
        let answer = self.client.get(&path)?;
        let departments = answer["departments"].as_array().into_iter().flatten();
        let lead = departments.into_iter().find(|department| department["role"] == "lead");
        Ok(lead.map_or(Value::Null, |department| department["code"].clone()))
    }

    fn remember(&mut self, case: &Value) {
        let events = case["allowed_events"].as_array().into_iter().flatten();
        let allowed_events: Vec<String> = events.filter_map(Value::as_str).map(str::to_owned).collect();
        let text = |name: &str| case[name].as_str().map(str::to_owned);
        let (Some(case_no), Some(lon), Some(lat)) =
            (text("case_no"), case["lon"].as_f64(), case["lat"].as_f64())
        else {
            return;
        };
        let category = text("category_code").unwrap_or_default();
        if !allowed_events.is_empty() {
            self.in_work.push_back(InWork { case_no, lon, lat, category, allowed_events });
        }
        if self.in_work.len() > CASES_IN_WORK {
            self.in_work.pop_front();
        }
    }
}

fn case_of(story: &Story, place: &Value, number: &str) -> Value {
    let address = place["name"].as_str().unwrap_or_default();
    let due_at = Timestamp::now() + SignedDuration::from_hours(story.due_in_hours());
    json!({
        "source_system": SOURCE_SYSTEM,
        "source_no": number,
        "category_code": story.category_code,
        "title": story.title,
        "content": format!("【演示数据】{}。地点：{address}。", story.content),
        "channel": "live_demo",
        "request_type": story.request_type,
        "urgency": story.urgency,
        "lon": place["lon"],
        "lat": place["lat"],
        "locate_method": "address_match",
        "accuracy_m": 20.0,
        "raw_location": address,
        "due_at": due_at,
    })
}

/// Waits, and says whether to go on.
fn rest(pause: Duration, stop: &Stop) -> bool {
    let mut left = pause;
    while !left.is_zero() && !stop.is_wished() {
        let nap = left.min(BREATH);
        thread::sleep(nap);
        left = left.saturating_sub(nap);
    }
    !stop.is_wished()
}
