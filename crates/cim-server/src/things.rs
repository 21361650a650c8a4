//! `/v1/cases`, `/v1/inspections`, `/v1/findings`, `/v1/cameras`: taken in one by one or by the thousand, looked at, changed, listed.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cim_access::Scope;
use cim_city::{City, MAX_BATCH_ROWS, ThingAnswer, ThingPage, ThingWritten};
use cim_model::Collection;
use serde_json::{Map, Value};

use crate::answer::{Read, Written};
use crate::body::{JsonBody, expect_type, read_bytes, without_values};
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::json_object::JsonObject;
use crate::language::Words;
use crate::params::{Asked, FromParams, Nothing, Params, count_within};
use crate::problem::ApiError;
use crate::routes::SHORT_BODY_BYTES;

const USUAL_PAGE: usize = 50;
const MOST_PAGE: usize = 1_000;
const LINES: &str = "application/x-ndjson";

/// A collection with an address of its own.
pub(crate) trait Kind {
    const COLLECTION: Collection;
    const PATH: &'static str;
}

pub(crate) struct Cases;
pub(crate) struct Inspections;
pub(crate) struct Findings;
pub(crate) struct Cameras;

impl Kind for Cases {
    const COLLECTION: Collection = Collection::Case;
    const PATH: &'static str = "/v1/cases";
}

impl Kind for Inspections {
    const COLLECTION: Collection = Collection::Inspection;
    const PATH: &'static str = "/v1/inspections";
}

impl Kind for Findings {
    const COLLECTION: Collection = Collection::Finding;
    const PATH: &'static str = "/v1/findings";
}

impl Kind for Cameras {
    const COLLECTION: Collection = Collection::Camera;
    const PATH: &'static str = "/v1/cameras";
}

/// One as JSON, or a batch as NDJSON.
pub(crate) async fn take_in<K: Kind>(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    if is_batch(&headers) {
        return take_in_batch::<K>(&city, &scope, request).await;
    }
    let JsonBody(JsonObject(object)) = JsonBody::read(request, SHORT_BODY_BYTES).await?;
    let written = city.write_thing(&scope, K::COLLECTION, &object).await?;
    Ok(answer::<K>(&city, written))
}

/// Whether the body is a batch.
pub(crate) fn is_batch(headers: &HeaderMap) -> bool {
    expect_type(headers, &[LINES], LINES).is_ok()
}

/// Takes in a batch of JSON objects, one a line.
pub(crate) async fn take_in_batch<K: Kind>(
    city: &City,
    scope: &Scope,
    request: Request,
) -> Result<Response, ApiError> {
    let bytes = read_bytes(request).await?;
    let written = city.write_batch(scope, K::COLLECTION, lines_of(&bytes)?).await?;
    let snapshot = written.snapshot.clone().or_else(|| city.snapshot());
    Ok(Written { status: StatusCode::OK, xid: written.xid, snapshot, location: None, body: written }
        .into_response())
}

pub(crate) async fn get<K: Kind>(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(id): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    _fresh: Fresh,
) -> Result<Response, ApiError> {
    // Asked before the thing is read: the answer is never older than the snapshot that it names.
    let snapshot = city.snapshot();
    let body: ThingAnswer = city.get_thing(&scope, K::COLLECTION, &id).await?;
    let version = body.version;
    Ok(with_version(Read { snapshot, body }.into_response(), version))
}

pub(crate) async fn patch<K: Kind>(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(id): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
    JsonBody(JsonObject(object)): JsonBody<JsonObject>,
) -> Result<Response, ApiError> {
    let version = version_seen(&headers)?;
    let written = city.patch_thing(&scope, K::COLLECTION, &id, version, &object).await?;
    Ok(answer::<K>(&city, written))
}

pub(crate) async fn list<K: Kind>(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(page): Asked<Page>,
    _fresh: Fresh,
) -> Result<Read<ThingPage>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.list_things(&scope, K::COLLECTION, page.after, page.limit).await?;
    Ok(Read { snapshot, body })
}

/// Which page of a list.
pub(crate) struct Page {
    after: Option<i64>,
    limit: usize,
}

impl FromParams for Page {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let token = Words::new("give the `next` of the page before", "请给出上一页的 next");
        let after = params.optional("after", token)?;
        let limit = count_within(params, "limit", MOST_PAGE)?.unwrap_or(USUAL_PAGE);
        Ok(Self { after, limit })
    }
}

/// An object, or why a line is none.
pub(crate) type Line = Result<Map<String, Value>, String>;

/// The lines of a batch as objects; empty lines count for nothing.
pub(crate) fn lines_of(bytes: &[u8]) -> Result<Vec<Line>, ApiError> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let rows: Vec<_> = lines.take(MAX_BATCH_ROWS + 1).map(object_of).collect();
    if rows.len() > MAX_BATCH_ROWS {
        let remedy = Words::new(
            format!("send at most {MAX_BATCH_ROWS} rows at once"),
            format!("一次最多发送 {MAX_BATCH_ROWS} 行"),
        );
        return Err(ApiError::TooMuch { remedy });
    }
    Ok(rows)
}

fn object_of(line: &[u8]) -> Line {
    serde_json::from_slice::<JsonObject>(line)
        .map(|object| object.0)
        .map_err(|error| format!("the row is no JSON object: {}", without_values(&error)))
}

fn answer<K: Kind>(city: &City, written: ThingWritten) -> Response {
    let ThingWritten { thing, created, xid, snapshot } = written;
    let location = created.then(|| format!("{}/{}", K::PATH, thing.id));
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let snapshot = snapshot.or_else(|| city.snapshot());
    let version = thing.version;
    with_version(Written { status, xid, snapshot, location, body: thing }.into_response(), version)
}

/// Marks the version of a thing, which a change must name in `If-Match`.
pub(crate) fn with_version(mut response: Response, version: u32) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version of a thing that the caller read.
pub(crate) fn version_seen(headers: &HeaderMap) -> Result<u32, ApiError> {
    let given = headers.get(header::IF_MATCH).ok_or(ApiError::NoVersion)?;
    let text = given.to_str().unwrap_or_default().trim();
    let number = text.strip_prefix("\"v").and_then(|text| text.strip_suffix('"'));
    number.and_then(|number| number.parse().ok()).ok_or_else(|| {
        let expected = Words::new("give the ETag of the thing as it was read", "请给出读取时的 ETag");
        ApiError::bad_parameter("If-Match", text, expected)
    })
}
