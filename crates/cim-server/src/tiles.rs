//! `/tiles`: the list, the `TileJSON` and the tiles themselves.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cim_access::Scope;
use cim_city::{City, Encoding, TileAnswer, TileBody, TilePlace, TileRequest, TilesetSummary};
use serde::Serialize;
use serde_json::Value;

use crate::answer::{Read, mark_snapshot};
use crate::content_encoding::{FOR_TILES, negotiate};
use crate::freshness::Fresh;
use crate::front::OwnAddress;
use crate::guard::Scoped;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::tile_place::{TileChoice, TileView, matrix_place, xyz_place};

const DROPPED: HeaderName = HeaderName::from_static("x-cim-dropped");

/// The list of tilesets.
#[derive(Serialize)]
pub(crate) struct Tilesets {
    tilesets: Vec<TilesetLink>,
}

#[derive(Serialize)]
struct TilesetLink {
    #[serde(flatten)]
    summary: TilesetSummary,
    tilejson: String,
}

pub(crate) async fn list(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Nothing): Asked<Nothing>,
    OwnAddress(base): OwnAddress,
) -> Read<Tilesets> {
    let link =
        |summary: TilesetSummary| TilesetLink { tilejson: format!("{base}/tiles/{}", summary.name), summary };
    let tilesets = city.tilesets(&scope).into_iter().map(link).collect();
    Read { snapshot: city.snapshot(), body: Tilesets { tilesets } }
}

pub(crate) async fn tilejson(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(tileset): Path<String>,
    Asked(view): Asked<TileView>,
    _fresh: Fresh,
    OwnAddress(base): OwnAddress,
) -> Result<Read<Value>, ApiError> {
    let suffix = if view.gcj02 { "?crs=gcj02" } else { "" };
    let template = format!("{base}/tiles/{tileset}/{{z}}/{{x}}/{{y}}{suffix}");
    let body = city.tilejson(&scope, &tileset, &template)?;
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) async fn tile(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path((tileset, z, x, y)): Path<(String, String, String, String)>,
    Asked(choice): Asked<TileChoice>,
    _fresh: Fresh,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let place = xyz_place(&z, &x, &y, choice.view)?;
    tile_at(&city, &scope, tileset, place, choice, &headers).await
}

pub(crate) async fn tile_of_matrix_set(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path((tileset, set, level, row, column)): Path<(String, String, String, String, String)>,
    Asked(choice): Asked<TileChoice>,
    _fresh: Fresh,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let place = matrix_place(&set, &level, &row, &column, choice.view)?;
    tile_at(&city, &scope, tileset, place, choice, &headers).await
}

async fn tile_at(
    city: &City,
    scope: &Scope,
    tileset: String,
    place: TilePlace,
    choice: TileChoice,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let encoding = negotiate(headers, &FOR_TILES)?;
    let if_none_match =
        headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let TileChoice { filter, datetime, known_at, .. } = choice;
    let request = TileRequest { tileset, place, filter, datetime, known_at, encoding, if_none_match };
    Ok(answer(city.tile_as_of(scope, request).await?))
}

fn answer(answer: TileAnswer) -> Response {
    let mut response = match answer.body {
        TileBody::Empty => StatusCode::NO_CONTENT.into_response(),
        TileBody::NotModified { etag } => tagged(StatusCode::NOT_MODIFIED.into_response(), &etag),
        TileBody::Tile { bytes, encoding, etag, dropped } => {
            let mut response = tagged(Body::from(bytes).into_response(), &etag);
            describe(&mut response, encoding, dropped);
            response
        }
    };
    mark_snapshot(&mut response, Some(&answer.snapshot));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

fn tagged(mut response: Response, etag: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

fn describe(response: &mut Response, encoding: Encoding, dropped: u32) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.mapbox-vector-tile"));
    if let Some(token) = encoding.content_encoding() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    if dropped > 0 {
        headers.insert(DROPPED, HeaderValue::from(dropped));
    }
}
