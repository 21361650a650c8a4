//! `GET /v1/changesets/{id}/impact`: what changes hands with a draft, as JSON, as a table, or as points on a map.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cim_city::{City, ImpactItem, impact_csv};
use serde_json::{Value, json};

use crate::answer::{Read, mark_snapshot};
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::params::{Asked, FromParams, Params, count_within, one_of};
use crate::path_number::PathNumber;
use crate::problem::ApiError;

const USUAL_ITEMS: usize = 1_000;
const MOST_ITEMS: usize = 100_000;
const FORMATS: [&str; 3] = ["json", "csv", "geojson"];

pub(crate) async fn impact(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(id): PathNumber<i64>,
    Asked(asked): Asked<Wanted>,
    _fresh: Fresh,
) -> Result<Response, ApiError> {
    let most = asked.limit.unwrap_or(if asked.format == Format::Json { USUAL_ITEMS } else { usize::MAX });
    let body = city.changeset_impact_of(&scope, id, most).await?;
    let snapshot = Some(body.snapshot.clone());
    Ok(match asked.format {
        Format::Json => Read { snapshot, body }.into_response(),
        Format::Csv => typed(impact_csv(&body.items), "text/csv; charset=utf-8", snapshot.as_deref()),
        Format::Geojson => {
            typed(collection(&body.items).to_string(), "application/geo+json", snapshot.as_deref())
        }
    })
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Geojson,
}

/// Which answer is wanted.
pub(crate) struct Wanted {
    format: Format,
    limit: Option<usize>,
}

impl FromParams for Wanted {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let limit = count_within(params, "limit", MOST_ITEMS)?;
        let format = match params.text("format").as_deref() {
            None | Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            Some("geojson") => Format::Geojson,
            Some(other) => return Err(ApiError::bad_parameter("format", other, one_of(&FORMATS))),
        };
        Ok(Self { format, limit })
    }
}

/// A body of a type of its own.
pub(crate) fn typed(text: String, content_type: &'static str, snapshot: Option<&str>) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    mark_snapshot(&mut response, snapshot);
    response
}

fn collection(items: &[ImpactItem]) -> Value {
    let feature = |item: &ImpactItem| {
        json!({
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [item.lon, item.lat] },
            "properties": item,
        })
    };
    json!({ "type": "FeatureCollection", "features": items.iter().map(feature).collect::<Vec<_>>() })
}
