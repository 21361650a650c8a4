//! Every address of the server in one list.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use cim_access::Action as A;
use cim_city::City;
use tower::util::option_layer;

use crate::app::App;
use crate::front::{self, Front};
use crate::guard::Access::{self, Public as PUBLIC, To};
use crate::guard::{Guard, admit};
use crate::problem::ApiError;
use crate::things::{Cameras, Cases, Findings, Inspections};
use crate::{
    account, api_docs, around, audit, batch, cameras, cases, changeset_impact, changeset_ops,
    changeset_review, changesets, cors, events, federation, health, hotspots, locate, matrix_sets, nearby,
    personal, repeats, request_log, responsibility, revisions, security_headers, staleness, styles, things,
    ties, tiles, topology, units, users, web_app, within,
};

/// One case or event is short.
pub(crate) const SHORT_BODY_BYTES: usize = 256 * 1024;
/// A drawn line of 20,000 places.
const DRAWN_BODY_BYTES: usize = 1024 * 1024;
/// 100,000 points as JSON, generously written.
pub(crate) const BATCH_BODY_BYTES: usize = 32 * 1024 * 1024;

/// The server as a router over a city. Ready to serve, or to be asked directly by a test.
pub fn router(city: City, front: Front) -> Router {
    let app = App::new(city, front);
    let watch = app.watch.clone();
    let (city, front) = (app.city.clone(), Arc::clone(&app.front));
    let routes = table().into_iter().fold(Router::new(), |router, route| {
        let guard = Guard { app: app.clone(), access: route.access };
        router.route(route.path, route.method_router.layer(from_fn_with_state(guard, admit)))
    });
    routes
        .fallback(web_app::file_or_page)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(from_fn_with_state(city, staleness::mark))
        .layer(option_layer(cors::layer(&front)))
        .layer(from_fn_with_state(Arc::clone(&front), front::refuse_foreign_names))
        .layer(from_fn_with_state(watch, request_log::watch))
        .layer(from_fn_with_state(front, security_headers::add))
        .with_state(app)
}

/// Every method and path template of the interface, as the `OpenAPI` document lists them, and what it demands.
#[must_use]
pub fn addresses() -> Vec<(Method, &'static str, Access)> {
    table().into_iter().map(|route| (route.method, route.path, route.access)).collect()
}

struct Route {
    method: Method,
    path: &'static str,
    access: Access,
    method_router: MethodRouter<App>,
}

fn get<T: 'static>(access: Access, path: &'static str, handler: impl Handler<T, App>) -> Route {
    Route { method: Method::GET, path, access, method_router: on(MethodFilter::GET, handler) }
}

fn post<T: 'static>(
    access: Access,
    path: &'static str,
    most_bytes: usize,
    handler: impl Handler<T, App>,
) -> Route {
    let method_router = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(most_bytes));
    Route { method: Method::POST, path, access, method_router }
}

fn patch<T: 'static>(access: Access, path: &'static str, handler: impl Handler<T, App>) -> Route {
    let method_router = on(MethodFilter::PATCH, handler).layer(DefaultBodyLimit::max(SHORT_BODY_BYTES));
    Route { method: Method::PATCH, path, access, method_router }
}

fn put<T: 'static>(access: Access, path: &'static str, handler: impl Handler<T, App>) -> Route {
    let method_router = on(MethodFilter::PUT, handler).layer(DefaultBodyLimit::max(SHORT_BODY_BYTES));
    Route { method: Method::PUT, path, access, method_router }
}

fn delete<T: 'static>(access: Access, path: &'static str, handler: impl Handler<T, App>) -> Route {
    Route { method: Method::DELETE, path, access, method_router: on(MethodFilter::DELETE, handler) }
}

fn table() -> Vec<Route> {
    [interface(), own(), questions(), work(), boundaries()].into_iter().flatten().collect()
}

/// The server itself, tiles and what a map needs.
fn interface() -> Vec<Route> {
    vec![
        get(PUBLIC, "/health/live", health::live),
        get(PUBLIC, "/health/ready", health::ready),
        get(To(A::ReadHealth), "/health/fresh", health::fresh),
        get(To(A::ReadMetrics), "/metrics", health::metrics),
        get(PUBLIC, "/api/openapi.json", api_docs::openapi),
        get(PUBLIC, "/api/docs", api_docs::docs),
        get(PUBLIC, "/api/docs.css", api_docs::stylesheet),
        get(PUBLIC, "/api/problems/{name}", api_docs::problem),
        get(To(A::ReadMap), "/tiles", tiles::list),
        get(To(A::ReadMap), "/tiles/{tileset}", tiles::tilejson),
        get(To(A::ReadMap), "/tiles/{tileset}/{z}/{x}/{y}", tiles::tile),
        get(To(A::ReadMap), "/tiles/{tileset}/tms", matrix_sets::list),
        get(To(A::ReadMap), "/tiles/{tileset}/tms/{tileMatrixSetId}", matrix_sets::one),
        get(
            To(A::ReadMap),
            "/tiles/{tileset}/tms/{tileMatrixSetId}/{z}/{row}/{col}",
            tiles::tile_of_matrix_set,
        ),
        get(To(A::ReadMap), "/styles", styles::list),
        get(To(A::ReadMap), "/styles/{style}", styles::style),
        get(PUBLIC, "/fonts", web_app::fonts),
        get(PUBLIC, "/fonts/{*path}", web_app::font),
        get(To(A::ReadMap), "/v1/city", health::city),
        get(To(A::ReadThings), "/v1/events", events::stream),
    ]
}

/// Signing in and out, what is one's own, and what was done by whom.
fn own() -> Vec<Route> {
    vec![
        post(PUBLIC, "/v1/session", SHORT_BODY_BYTES, account::sign_in),
        delete(PUBLIC, "/v1/session", account::sign_out),
        get(PUBLIC, "/v1/session", federation::ways_in),
        get(PUBLIC, "/v1/session/oidc", federation::leave),
        get(PUBLIC, "/v1/session/oidc/callback", federation::come_back),
        post(PUBLIC, "/v1/set-up", SHORT_BODY_BYTES, users::set_up),
        post(PUBLIC, "/v1/invitation", SHORT_BODY_BYTES, users::take_invitation),
        get(To(A::OwnAccount), "/v1/me", account::me),
        get(To(A::OwnAccount), "/v1/second-factor", account::propose_second_factor),
        post(To(A::OwnAccount), "/v1/second-factor", SHORT_BODY_BYTES, account::enrol_second_factor),
        get(To(A::OwnAccount), "/v1/tokens", account::tokens),
        post(To(A::OwnAccount), "/v1/tokens", SHORT_BODY_BYTES, account::create_token),
        delete(To(A::OwnAccount), "/v1/tokens/{id}", account::revoke_token),
        get(To(A::ReadUsers), "/v1/users", users::list),
        post(To(A::ManageUsers), "/v1/users", SHORT_BODY_BYTES, users::add),
        patch(To(A::ManageUsers), "/v1/users/{name}", users::change),
        post(To(A::ManageUsers), "/v1/users/{name}/invitation", SHORT_BODY_BYTES, users::invite),
        put(To(A::ManageRoles), "/v1/users/{name}/membership", users::grant),
        delete(To(A::ManageRoles), "/v1/users/{name}/second-factor", users::remove_second_factor),
        get(To(A::ReadAudit), "/v1/audit", audit::list),
    ]
}

/// Questions about places.
fn questions() -> Vec<Route> {
    vec![
        get(To(A::ReadThings), "/v1/nearby", nearby::nearby),
        get(To(A::ReadThings), "/v1/around", around::point),
        get(To(A::ReadThings), "/v1/around/{kind}/{id}", around::thing),
        post(To(A::ReadThings), "/v1/within", SHORT_BODY_BYTES, within::within),
        get(To(A::ReadThings), "/v1/hotspots", hotspots::hotspots),
        get(To(A::ReadCameras), "/v1/cameras/seeing", cameras::seeing),
        get(To(A::ReadCameras), "/v1/cameras/along", cameras::along_road),
        post(To(A::ReadCameras), "/v1/cameras/along", SHORT_BODY_BYTES, cameras::along_line),
        get(To(A::ReadCameras), "/v1/cameras/{id}/view", cameras::view),
        get(To(A::OpenVideo), "/v1/cameras/{id}/video", cameras::video),
        get(To(A::OpenVideo), "/v1/cameras/{id}/still", cameras::still),
        get(To(A::ReadMap), "/v1/responsibility", responsibility::responsibility),
        post(To(A::ReadMap), "/v1/responsibility/batch", BATCH_BODY_BYTES, batch::batch),
        get(To(A::ReadMap), "/v1/locate", locate::locate),
        post(To(A::ReadMap), "/v1/locate/batch", BATCH_BODY_BYTES, locate::batch),
        get(To(A::ReadMap), "/v1/locate/reverse", locate::reverse),
        get(To(A::ReadThings), "/v1/ties", ties::failed),
    ]
}

/// Work as sources give it.
fn work() -> Vec<Route> {
    vec![
        get(To(A::ReadThings), "/v1/cases", things::list::<Cases>),
        post(To(A::WriteCases), "/v1/cases", BATCH_BODY_BYTES, cases::accept),
        get(To(A::ReadThings), "/v1/cases/{id}", cases::get),
        patch(To(A::WriteCases), "/v1/cases/{id}", things::patch::<Cases>),
        get(To(A::ReadThings), "/v1/inspections", things::list::<Inspections>),
        post(To(A::WriteInspections), "/v1/inspections", BATCH_BODY_BYTES, things::take_in::<Inspections>),
        get(To(A::ReadThings), "/v1/inspections/{id}", things::get::<Inspections>),
        patch(To(A::WriteInspections), "/v1/inspections/{id}", things::patch::<Inspections>),
        get(To(A::ReadThings), "/v1/findings", things::list::<Findings>),
        post(To(A::WriteInspections), "/v1/findings", BATCH_BODY_BYTES, things::take_in::<Findings>),
        get(To(A::ReadThings), "/v1/findings/{id}", things::get::<Findings>),
        patch(To(A::WriteInspections), "/v1/findings/{id}", things::patch::<Findings>),
        get(To(A::ReadCameras), "/v1/cameras", things::list::<Cameras>),
        post(To(A::WriteCameras), "/v1/cameras", BATCH_BODY_BYTES, things::take_in::<Cameras>),
        get(To(A::ReadCameras), "/v1/cameras/{id}", things::get::<Cameras>),
        patch(To(A::WriteCameras), "/v1/cameras/{id}", things::patch::<Cameras>),
        get(To(A::ReadThings), "/v1/cases/{id}/repeats", repeats::repeats),
        post(To(A::WriteCases), "/v1/cases/{id}/events", SHORT_BODY_BYTES, cases::append_event),
        post(To(A::RevealPersonalData), "/v1/cases/{id}/reveal", SHORT_BODY_BYTES, personal::reveal),
        post(To(A::RevealPersonalData), "/v1/search/phone", SHORT_BODY_BYTES, personal::cases_of_phone),
    ]
}

/// Boundaries: drafts, history, units.
fn boundaries() -> Vec<Route> {
    vec![
        get(To(A::ReadDrafts), "/v1/changesets", changesets::list),
        post(To(A::DraftBoundaries), "/v1/changesets", SHORT_BODY_BYTES, changesets::create),
        get(To(A::ReadDrafts), "/v1/changesets/{id}", changesets::get),
        delete(To(A::DraftBoundaries), "/v1/changesets/{id}", changesets::abandon),
        get(To(A::ReadDrafts), "/v1/changesets/{id}/ops", changeset_ops::list),
        post(To(A::DraftBoundaries), "/v1/changesets/{id}/ops", DRAWN_BODY_BYTES, changeset_ops::append),
        post(To(A::DraftBoundaries), "/v1/changesets/{id}/undo", SHORT_BODY_BYTES, changeset_ops::undo),
        post(To(A::DraftBoundaries), "/v1/changesets/{id}/redo", SHORT_BODY_BYTES, changeset_ops::redo),
        post(To(A::DraftBoundaries), "/v1/changesets/{id}/rebase", SHORT_BODY_BYTES, changeset_ops::rebase),
        get(To(A::ReadDrafts), "/v1/changesets/{id}/validate", changeset_ops::validate),
        post(To(A::ReadDrafts), "/v1/changesets/{id}/validate", SHORT_BODY_BYTES, changeset_ops::validate),
        get(To(A::ReadDrafts), "/v1/changesets/{id}/proposals", changeset_ops::proposals),
        get(To(A::ReadDrafts), "/v1/changesets/{id}/impact", changeset_impact::impact),
        post(To(A::ReviewBoundaries), "/v1/changesets/{id}/comments", SHORT_BODY_BYTES, changesets::comment),
        post(
            To(A::DraftBoundaries),
            "/v1/changesets/{id}/submit",
            SHORT_BODY_BYTES,
            changeset_review::submit,
        ),
        post(
            To(A::DraftBoundaries),
            "/v1/changesets/{id}/withdraw",
            SHORT_BODY_BYTES,
            changeset_review::withdraw,
        ),
        post(
            To(A::ReviewBoundaries),
            "/v1/changesets/{id}/approve",
            SHORT_BODY_BYTES,
            changeset_review::approve,
        ),
        post(
            To(A::ReviewBoundaries),
            "/v1/changesets/{id}/reject",
            SHORT_BODY_BYTES,
            changeset_review::reject,
        ),
        post(
            To(A::PublishBoundaries),
            "/v1/changesets/{id}/publish",
            SHORT_BODY_BYTES,
            changeset_review::publish,
        ),
        get(To(A::ReadHistory), "/v1/revisions", revisions::list),
        get(To(A::ReadHistory), "/v1/revisions/{rev}", revisions::get),
        get(To(A::ReadHistory), "/v1/revisions/{rev}/difference", revisions::difference),
        post(To(A::DraftBoundaries), "/v1/revisions/{rev}/revert", SHORT_BODY_BYTES, revisions::revert),
        get(To(A::ReadDrafts), "/v1/topology/{unit}", topology::topology),
        get(To(A::ReadMap), "/v1/units/{id}", units::unit),
    ]
}
