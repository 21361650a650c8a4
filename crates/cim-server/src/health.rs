//! `/health`, `/metrics` and `/v1/city`: how the server and the city in it are.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cim_city::{City, CityFigures, Health};
use serde_json::{Value, json};

use crate::answer::{Read, mark_snapshot};
use crate::app::App;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::metrics::{Page, resident_memory_bytes};
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;

/// A feed that has not confirmed the mirror for so long is not fresh.
const FRESH_WITHIN_S: f64 = 5.0;

pub(crate) async fn live(Asked(Nothing): Asked<Nothing>) -> Json<Value> {
    Json(json!({ "status": "live" }))
}

pub(crate) async fn ready(State(city): State<City>, Asked(Nothing): Asked<Nothing>) -> Response {
    let health = city.health();
    told(health.ready, health)
}

pub(crate) async fn fresh(State(city): State<City>, Asked(Nothing): Asked<Nothing>) -> Response {
    let health = city.health();
    told(health.ready && health.age_s < FRESH_WITHIN_S, health)
}

fn told(good: bool, health: Health) -> Response {
    let status = if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let snapshot = health.snapshot.clone();
    let mut response = (status, Json(health)).into_response();
    mark_snapshot(&mut response, snapshot.as_deref());
    if !good {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(crate) async fn city(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    _fresh: Fresh,
) -> Result<Read<CityFigures>, ApiError> {
    Ok(Read { snapshot: city.snapshot(), body: city.figures(&scope)? })
}

pub(crate) async fn metrics(State(app): State<App>, Asked(Nothing): Asked<Nothing>) -> Response {
    let mut page = Page::default();
    app.watch.metrics.write_requests(&mut page);
    write_health(&mut page, &app.city.health());
    page.family("cim_tiles_drawn_total", "counter", "Tiles drawn; what the cache answered is not counted.");
    page.sample("cim_tiles_drawn_total", &[], app.city.tiles_drawn());
    page.family(
        "cim_mirror_alarms_total",
        "counter",
        "Times the mirror was found to differ from the tables and was read again.",
    );
    page.sample("cim_mirror_alarms_total", &[], app.city.mirror_alarms());
    if let Some(bytes) = resident_memory_bytes() {
        page.gauge("process_resident_memory_bytes", "Resident memory of the server process.", bytes);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page.finish()).into_response()
}

fn write_health(page: &mut Page, health: &Health) {
    page.gauge("cim_mirror_ready", "1 when the mirror is loaded.", u8::from(health.ready));
    page.gauge("cim_feed_stale", "1 when the feed is away or reloading.", u8::from(health.stale));
    page.gauge("cim_feed_age_seconds", "Time since the database last confirmed the mirror.", health.age_s);
    let snapshot = health.snapshot.as_deref().unwrap_or_default();
    page.family("cim_snapshot_info", "gauge", "The PostgreSQL snapshot that the mirror equals.");
    page.sample("cim_snapshot_info", &[("snapshot", snapshot)], 1);
    if let Some(xmax) = snapshot.split(':').nth(1).and_then(|text| text.parse::<u64>().ok()) {
        page.gauge("cim_snapshot_xmax", "First transaction not in the mirror.", xmax);
    }
    page.family("cim_features", "gauge", "Features in the mirror by collection.");
    for (collection, count) in &health.counts {
        page.sample("cim_features", &[("collection", collection)], count);
    }
    page.family("cim_mirror_bytes", "gauge", "Memory of the mirror by collection, roughly.");
    for (collection, bytes) in &health.mirror_bytes {
        page.sample("cim_mirror_bytes", &[("collection", collection)], bytes);
    }
    page.family(
        "cim_features_unreadable",
        "gauge",
        "Rows left out of the mirror because they could not be read.",
    );
    for (collection, count) in &health.unreadable {
        page.sample("cim_features_unreadable", &[("collection", collection)], count);
    }
}
