//! Entrances for fuzzing: any bytes in the place of an address, a query, a header or a body, as far as they are parsed
//! before the city is asked.
//!
//! A target comes back whatever the bytes are, and every refusal can be told in both languages.

use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use cim_city::{ResumeToken, drawn_area};
use cim_crs::{Crs, Transform};
use serde::de::DeserializeOwned;

use crate::batch::ForAllPoints;
use crate::content_encoding::{FOR_TILES, negotiate};
use crate::front::Front;
use crate::guard::Door;
use crate::language::Language;
use crate::params::{FromParams, Nothing, Params};
use crate::problem::ApiError;
use crate::tile_place::{TileChoice, TileView, matrix_place, xyz_place};
use crate::{
    around, audit, batch_csv, batch_json, cameras, changeset_impact, changeset_ops, changesets, events,
    freshness, guard, hotspots, locate, nearby, position, repeats, responsibility, revisions, session_cookie,
    things, ties, topology, units, within,
};

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[
    ("batch_csv", batch_csv),
    ("headers", headers),
    ("json_bodies", json_bodies),
    ("query", query),
    ("session_cookie", session_cookie),
    ("tile_path", tile_path),
];

/// The parts of a tile's address, a slash between two, and its query behind a question mark.
pub fn tile_path(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (path, query) = text.split_once('?').unwrap_or((&text, ""));
    let choice = parsed::<TileChoice>(query);
    let view = choice.map_or_else(TileView::default, |choice| choice.view);
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        [z, x, y] => told(xyz_place(z, x, y, view)),
        [set, level, row, column] => told(matrix_place(set, level, row, column, view)),
        _ => None,
    };
}

/// A query string, read as every kind of question that has one.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let kinds: &[fn(&str)] = &[
        asked::<Nothing>,
        asked::<TileChoice>,
        asked::<ForAllPoints>,
        asked::<position::System>,
        asked::<around::AroundPoint>,
        asked::<audit::Listed>,
        asked::<cameras::AlongRoad>,
        asked::<cameras::PointToSee>,
        asked::<cameras::Purpose>,
        asked::<changeset_impact::Wanted>,
        asked::<changeset_ops::OfUnit>,
        asked::<changeset_ops::Steps>,
        asked::<changesets::Listed>,
        asked::<events::EventsWanted>,
        asked::<hotspots::Question>,
        asked::<locate::Point>,
        asked::<locate::Question>,
        asked::<nearby::NearbyQuestion>,
        asked::<repeats::Spread>,
        asked::<responsibility::PointQuestion>,
        asked::<revisions::Compared>,
        asked::<revisions::Page>,
        asked::<things::Page>,
        asked::<ties::Queue>,
        asked::<topology::Around>,
        asked::<units::Wanted>,
    ];
    for read in kinds {
        read(&text);
    }
}

/// The cookies of a request.
pub fn session_cookie(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, value);
        }
    }
    for is_tls in [false, true] {
        let Some(session) = session_cookie::read(&headers, is_tls) else { continue };
        // Every session has one spelling, and what is kept is what is read.
        let kept = session_cookie::keep(&session, is_tls).expect("a session can be kept");
        let mut again = HeaderMap::new();
        again.insert(header::COOKIE, kept);
        let read = session_cookie::read(&again, is_tls).expect("what was kept is read");
        assert_eq!(*read.reveal(), *session.reveal());
    }
}

/// The other headers that are parsed, a `name: value` a line.
pub fn headers(bytes: &[u8]) {
    let mut request = Request::builder().uri("/?min_xid=7");
    for line in bytes.split(|byte| *byte == b'\n') {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        if let (Some(name), Some(value)) = (halves.next(), halves.next()) {
            let value = HeaderValue::from_bytes(value.trim_ascii());
            if let (Ok(name), Ok(value)) = (header::HeaderName::from_bytes(name), value) {
                request = request.header(name, value);
            }
        }
    }
    let Ok(request) = request.body(()) else { return };
    let (parts, ()) = request.into_parts();
    let given = &parts.headers;
    let text = |name| given.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let proxy = [127, 0, 0, 1].into();
    let front = Front { proxies: vec![proxy], ..Front::of_this_machine(Door::Accounts) };
    for method in [Method::GET, Method::POST] {
        told(front.check(&method, text(header::HOST).unwrap_or_default(), text(header::ORIGIN)));
    }
    front.client_of(proxy, given);
    Language::asked_for(given);
    told(negotiate(given, &FOR_TILES));
    told(things::version_seen(given));
    told(freshness::wanted(&parts));
    if let Some(text) = given.get("last-event-id").and_then(|value| value.to_str().ok())
        && let Ok(token) = text.parse::<ResumeToken>()
    {
        assert_eq!(token.to_string().parse::<ResumeToken>().ok(), Some(token));
    }
    if let Some(value) = given.get(header::AUTHORIZATION) {
        guard::bearer(value);
    }
}

/// A body of JSON, read as every kind that has a meaning of its own, and as a batch of lines.
pub fn json_bodies(bytes: &[u8]) {
    let system = position::System(degrees());
    if let Some(query) = body::<within::DrawnArea>(bytes).and_then(|drawn| told(drawn.query(&system))) {
        let _ = drawn_area(&query.area);
    }
    if let Some(drawn) = body::<cameras::DrawnLine>(bytes) {
        told(drawn.query(&system));
    }
    if let Some(question) = body::<batch_json::Question>(bytes) {
        told(question.checked(ForAllPoints::default()));
    }
    if let Some(texts) = body::<locate::Texts>(bytes) {
        told(texts.checked_limit());
    }
    body::<cim_city::NewChangeset>(bytes);
    body::<cim_city::SignIn>(bytes);
    body::<cim_city::RevealBody>(bytes);
    body::<cim_city::PhoneBody>(bytes);
    body::<cim_city::NewTokenBody>(bytes);
    body::<cim_city::CaseEventCommand>(bytes);
    told(things::lines_of(bytes));
}

/// A batch of points as CSV.
pub fn batch_csv(bytes: &[u8]) {
    for crs in ["wgs84", "bd09", "epsg:4549"] {
        let for_all = ForAllPoints { crs: Some(crs.to_owned()), category: None };
        let mut source = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let Some((columns, _)) = told(batch_csv::Columns::find(&mut source, &for_all)) else { return };
        for record in source.records().map_while(Result::ok) {
            let _ = columns.query(&record);
        }
    }
}

fn degrees() -> Transform {
    Transform::new(Crs::Wgs84).expect("degrees need no conversion")
}

fn body<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

fn asked<Q: FromParams>(query: &str) {
    parsed::<Q>(query);
}

fn parsed<Q: FromParams>(query: &str) -> Option<Q> {
    told(Params::parse(query).and_then(|mut params| {
        let query = Q::from_params(&mut params)?;
        params.finish()?;
        Ok(query)
    }))
}

/// What was read; a refusal is written out as its reader would get it.
fn told<T>(result: Result<T, ApiError>) -> Option<T> {
    let error = match result {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    for language in [Language::English, Language::Chinese] {
        let status = error.kind().status();
        let document = error.document(language, "fuzz");
        assert!(status.is_client_error(), "a refusal is no fault of the server: {document}");
    }
    None
}
