//! `/tiles`: the list, the `TileJSON` and the tiles themselves.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cim_city::{City, Encoding, TileAnswer, TileBody, TileRequest, TilesetSummary};
use serde::Serialize;
use serde_json::Value;

use crate::answer::{Read, mark_snapshot};
use crate::app::caller_scope;
use crate::content_encoding::{FOR_TILES, negotiate};
use crate::freshness::Fresh;
use crate::host_guard::own_address;
use crate::language::Words;
use crate::params::{Asked, FromParams, Nothing, Params, one_of};
use crate::problem::ApiError;

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
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
) -> Read<Tilesets> {
    let base = own_address(&headers);
    let link =
        |summary: TilesetSummary| TilesetLink { tilejson: format!("{base}/tiles/{}", summary.name), summary };
    let tilesets = city.tilesets(&caller_scope()).into_iter().map(link).collect();
    Read { snapshot: city.snapshot(), body: Tilesets { tilesets } }
}

pub(crate) async fn tilejson(
    State(city): State<City>,
    Path(tileset): Path<String>,
    Asked(view): Asked<TileView>,
    _fresh: Fresh,
    headers: HeaderMap,
) -> Result<Read<Value>, ApiError> {
    let suffix = if view.gcj02 { "?crs=gcj02" } else { "" };
    let template = format!("{}/tiles/{tileset}/{{z}}/{{x}}/{{y}}{suffix}", own_address(&headers));
    let body = city.tilejson(&caller_scope(), &tileset, &template)?;
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) async fn tile(
    State(city): State<City>,
    Path((tileset, z, x, y)): Path<(String, String, String, String)>,
    Asked(view): Asked<TileView>,
    _fresh: Fresh,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let encoding = negotiate(&headers, &FOR_TILES)?;
    let if_none_match =
        headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (z, x, y) = address(&z, &x, &y)?;
    let request = TileRequest { tileset, z, x, y, encoding, if_none_match, gcj02: view.gcj02 };
    Ok(answer(city.tile(&caller_scope(), &request)?))
}

/// How tiles are to be shown.
#[derive(Debug, Default)]
pub(crate) struct TileView {
    gcj02: bool,
}

impl FromParams for TileView {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        match params.text("crs").as_deref() {
            None | Some("wgs84" | "cgcs2000") => Ok(Self { gcj02: false }),
            Some("gcj02") => Ok(Self { gcj02: true }),
            Some(other) => {
                Err(ApiError::bad_parameter("crs", other, one_of(&["wgs84", "cgcs2000", "gcj02"])))
            }
        }
    }
}

/// A place in the matrix of its zoom; numbers outside it name no tile.
fn address(z: &str, x: &str, y: &str) -> Result<(u8, u32, u32), ApiError> {
    let number = |name: &str, text: &str| {
        let whole = Words::new("give a whole number", "请给出整数");
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            Ok(text.parse::<u32>().unwrap_or(u32::MAX))
        } else {
            Err(ApiError::bad_parameter(name, text, whole))
        }
    };
    let (z, x, y) = (number("z", z)?, number("x", x)?, number("y", y)?);
    let outside = || ApiError::NoSuchThing {
        what: "tile",
        remedy: Words::new(
            format!("tile {z}/{x}/{y} lies outside the matrix: zoom is 0 to 24, x and y below 2^zoom"),
            format!("瓦片 {z}/{x}/{y} 超出范围：级别为 0 到 24，x、y 小于 2 的级别次方"),
        ),
    };
    let zoom = u8::try_from(z).ok().filter(|zoom| *zoom <= 24).ok_or_else(outside)?;
    if x.max(y) >= 1 << zoom { Err(outside()) } else { Ok((zoom, x, y)) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem_kind::ProblemKind;

    #[test]
    fn a_tile_address_is_a_place_in_the_matrix_or_nothing() {
        assert_eq!(address("14", "13700", "6600").ok(), Some((14, 13_700, 6_600)));
        for (z, x, y) in [("0", "1", "0"), ("25", "0", "0"), ("3", "8", "0"), ("3", "0", "99999999999999")] {
            assert_eq!(address(z, x, y).unwrap_err().kind(), ProblemKind::NotFound, "{z}/{x}/{y}");
        }
        for (z, x, y) in [("a", "1", "0"), ("1", "-1", "0"), ("1", "0", "0.mvt"), ("1", "0", "+1")] {
            assert_eq!(address(z, x, y).unwrap_err().kind(), ProblemKind::BadParameter, "{z}/{x}/{y}");
        }
    }
}
