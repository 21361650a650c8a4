//! Every address of the server in one list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, on};
use cim_city::City;

use crate::app::App;
use crate::problem::ApiError;
use crate::things::{Cameras, Cases, Findings, Inspections};
use crate::{
    api_docs, around, batch, cameras, cases, changeset_impact, changeset_ops, changeset_review, changesets,
    events, health, host_guard, hotspots, locate, matrix_sets, nearby, repeats, request_log, responsibility,
    revisions, security_headers, staleness, styles, things, ties, tiles, topology, units, web_app, within,
};

/// One case or event is short.
pub(crate) const SHORT_BODY_BYTES: usize = 256 * 1024;
/// A drawn line of 20,000 places.
const DRAWN_BODY_BYTES: usize = 1024 * 1024;
/// 100,000 points as JSON, generously written.
const BATCH_BODY_BYTES: usize = 32 * 1024 * 1024;

/// The server as a router over a city. Ready to serve, or to be asked directly by a test.
pub fn router(city: City) -> Router {
    let app = App::new(city);
    let watch = app.watch.clone();
    let city = app.city.clone();
    let routes = table()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.method_router));
    routes
        .fallback(web_app::file_or_page)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(from_fn_with_state(city, staleness::mark))
        .layer(from_fn(host_guard::refuse_foreign_names))
        .layer(from_fn_with_state(watch, request_log::watch))
        .layer(from_fn(security_headers::add))
        .with_state(app)
}

/// Every method and path template of the interface, as the `OpenAPI` document lists them.
#[must_use]
pub fn addresses() -> Vec<(Method, &'static str)> {
    table().into_iter().map(|route| (route.method, route.path)).collect()
}

struct Route {
    method: Method,
    path: &'static str,
    method_router: MethodRouter<App>,
}

fn get<T: 'static>(path: &'static str, handler: impl Handler<T, App>) -> Route {
    Route { method: Method::GET, path, method_router: on(MethodFilter::GET, handler) }
}

fn post<T: 'static>(path: &'static str, most_bytes: usize, handler: impl Handler<T, App>) -> Route {
    let method_router = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(most_bytes));
    Route { method: Method::POST, path, method_router }
}

fn patch<T: 'static>(path: &'static str, handler: impl Handler<T, App>) -> Route {
    let method_router = on(MethodFilter::PATCH, handler).layer(DefaultBodyLimit::max(SHORT_BODY_BYTES));
    Route { method: Method::PATCH, path, method_router }
}

fn delete<T: 'static>(path: &'static str, handler: impl Handler<T, App>) -> Route {
    Route { method: Method::DELETE, path, method_router: on(MethodFilter::DELETE, handler) }
}

fn table() -> Vec<Route> {
    [interface(), questions(), work(), boundaries()].into_iter().flatten().collect()
}

/// The server itself, tiles and what a map needs.
fn interface() -> Vec<Route> {
    vec![
        get("/health/live", health::live),
        get("/health/ready", health::ready),
        get("/health/fresh", health::fresh),
        get("/metrics", health::metrics),
        get("/api/openapi.json", api_docs::openapi),
        get("/api/docs", api_docs::docs),
        get("/api/docs.css", api_docs::stylesheet),
        get("/api/problems/{name}", api_docs::problem),
        get("/tiles", tiles::list),
        get("/tiles/{tileset}", tiles::tilejson),
        get("/tiles/{tileset}/{z}/{x}/{y}", tiles::tile),
        get("/tiles/{tileset}/tms", matrix_sets::list),
        get("/tiles/{tileset}/tms/{tileMatrixSetId}", matrix_sets::one),
        get("/tiles/{tileset}/tms/{tileMatrixSetId}/{z}/{row}/{col}", tiles::tile_of_matrix_set),
        get("/styles", styles::list),
        get("/styles/{style}", styles::style),
        get("/fonts", web_app::fonts),
        get("/fonts/{*path}", web_app::font),
        get("/v1/city", health::city),
        get("/v1/events", events::stream),
    ]
}

/// Questions about places.
fn questions() -> Vec<Route> {
    vec![
        get("/v1/nearby", nearby::nearby),
        get("/v1/around", around::point),
        get("/v1/around/{kind}/{id}", around::thing),
        post("/v1/within", SHORT_BODY_BYTES, within::within),
        get("/v1/hotspots", hotspots::hotspots),
        get("/v1/cameras/seeing", cameras::seeing),
        get("/v1/cameras/along", cameras::along_road),
        post("/v1/cameras/along", SHORT_BODY_BYTES, cameras::along_line),
        get("/v1/cameras/{id}/view", cameras::view),
        get("/v1/cameras/{id}/video", cameras::video),
        get("/v1/cameras/{id}/still", cameras::still),
        get("/v1/responsibility", responsibility::responsibility),
        post("/v1/responsibility/batch", BATCH_BODY_BYTES, batch::batch),
        get("/v1/locate", locate::locate),
        post("/v1/locate/batch", BATCH_BODY_BYTES, locate::batch),
        get("/v1/locate/reverse", locate::reverse),
        get("/v1/ties", ties::failed),
    ]
}

/// Work as sources give it.
fn work() -> Vec<Route> {
    vec![
        get("/v1/cases", things::list::<Cases>),
        post("/v1/cases", BATCH_BODY_BYTES, cases::accept),
        get("/v1/cases/{id}", cases::get),
        patch("/v1/cases/{id}", things::patch::<Cases>),
        get("/v1/inspections", things::list::<Inspections>),
        post("/v1/inspections", BATCH_BODY_BYTES, things::take_in::<Inspections>),
        get("/v1/inspections/{id}", things::get::<Inspections>),
        patch("/v1/inspections/{id}", things::patch::<Inspections>),
        get("/v1/findings", things::list::<Findings>),
        post("/v1/findings", BATCH_BODY_BYTES, things::take_in::<Findings>),
        get("/v1/findings/{id}", things::get::<Findings>),
        patch("/v1/findings/{id}", things::patch::<Findings>),
        get("/v1/cameras", things::list::<Cameras>),
        post("/v1/cameras", BATCH_BODY_BYTES, things::take_in::<Cameras>),
        get("/v1/cameras/{id}", things::get::<Cameras>),
        patch("/v1/cameras/{id}", things::patch::<Cameras>),
        get("/v1/cases/{id}/repeats", repeats::repeats),
        post("/v1/cases/{id}/events", SHORT_BODY_BYTES, cases::append_event),
    ]
}

/// Boundaries: drafts, history, units.
fn boundaries() -> Vec<Route> {
    vec![
        get("/v1/changesets", changesets::list),
        post("/v1/changesets", SHORT_BODY_BYTES, changesets::create),
        get("/v1/changesets/{id}", changesets::get),
        delete("/v1/changesets/{id}", changesets::abandon),
        get("/v1/changesets/{id}/ops", changeset_ops::list),
        post("/v1/changesets/{id}/ops", DRAWN_BODY_BYTES, changeset_ops::append),
        post("/v1/changesets/{id}/undo", SHORT_BODY_BYTES, changeset_ops::undo),
        post("/v1/changesets/{id}/redo", SHORT_BODY_BYTES, changeset_ops::redo),
        post("/v1/changesets/{id}/rebase", SHORT_BODY_BYTES, changeset_ops::rebase),
        get("/v1/changesets/{id}/validate", changeset_ops::validate),
        post("/v1/changesets/{id}/validate", SHORT_BODY_BYTES, changeset_ops::validate),
        get("/v1/changesets/{id}/proposals", changeset_ops::proposals),
        get("/v1/changesets/{id}/impact", changeset_impact::impact),
        post("/v1/changesets/{id}/comments", SHORT_BODY_BYTES, changesets::comment),
        post("/v1/changesets/{id}/submit", SHORT_BODY_BYTES, changeset_review::submit),
        post("/v1/changesets/{id}/withdraw", SHORT_BODY_BYTES, changeset_review::withdraw),
        post("/v1/changesets/{id}/approve", SHORT_BODY_BYTES, changeset_review::approve),
        post("/v1/changesets/{id}/reject", SHORT_BODY_BYTES, changeset_review::reject),
        post("/v1/changesets/{id}/publish", SHORT_BODY_BYTES, changeset_review::publish),
        get("/v1/revisions", revisions::list),
        get("/v1/revisions/{rev}", revisions::get),
        get("/v1/revisions/{rev}/difference", revisions::difference),
        post("/v1/revisions/{rev}/revert", SHORT_BODY_BYTES, revisions::revert),
        get("/v1/topology/{unit}", topology::topology),
        get("/v1/units/{id}", units::unit),
    ]
}
