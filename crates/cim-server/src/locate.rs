//! `/v1/locate`: where a written place is, for one text or thousands, and what is written at a point.

use axum::extract::State;
use cim_city::{City, LocateAnswer, MAX_TEXTS, ReverseAnswer, ReverseQuery};
use cim_crs::{LonLat, Transform};
use serde::{Deserialize, Serialize};

use crate::answer::Read;
use crate::app::App;
use crate::body::JsonBody;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, checked_count, count_within};
use crate::position;
use crate::problem::ApiError;

const USUAL_CANDIDATES: usize = 5;
const MOST_CANDIDATES: usize = 20;
const MOST_TEXT_BYTES: usize = 4_096;

pub(crate) async fn locate(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(question): Asked<Question>,
) -> Result<Read<LocateAnswer>, ApiError> {
    let answer = city.locate(&scope, &question.text, question.limit)?;
    Ok(Read { snapshot: city.snapshot(), body: in_system(answer, &question.out)? })
}

pub(crate) async fn batch(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(system): Asked<AnswerSystem>,
    JsonBody(texts): JsonBody<Texts>,
) -> Result<Read<BatchAnswer>, ApiError> {
    let permit = app.batches.try_acquire_owned().ok().ok_or(ApiError::TooBusy)?;
    let (snapshot, limit) = (app.city.snapshot(), texts.checked_limit()?);
    let work = move || {
        let _permit = permit;
        let each = |text: &String| in_system(app.city.locate(&scope, text, limit)?, &system.0);
        texts.texts.iter().map(each).collect::<Result<Vec<_>, ApiError>>()
    };
    let joined = tokio::task::spawn_blocking(work).await;
    let results = joined.map_err(|gone| ApiError::Panicked { message: gone.to_string() })??;
    Ok(Read { snapshot, body: BatchAnswer { results } })
}

pub(crate) async fn reverse(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(Point(query)): Asked<Point>,
) -> Result<Read<ReverseAnswer>, ApiError> {
    let body = city.locate_reverse(&scope, &query)?;
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) struct Question {
    text: String,
    limit: usize,
    out: Transform,
}

impl FromParams for Question {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let expected = Words::new("give a written place", "请给出文字地点");
        let text = params.required::<String>("text", expected)?;
        if text.len() > MOST_TEXT_BYTES {
            let shorter = Words::new("give a place of at most 4,096 bytes", "地点文字不超过 4096 字节");
            return Err(ApiError::bad_parameter("text", &text, shorter));
        }
        let limit = count_within(params, "limit", MOST_CANDIDATES)?.unwrap_or(USUAL_CANDIDATES);
        Ok(Self { text, limit, out: position::transform(params, "crs_out")? })
    }
}

/// The system of the answer's coordinates.
pub(crate) struct AnswerSystem(Transform);

impl FromParams for AnswerSystem {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        Ok(Self(position::transform(params, "crs_out")?))
    }
}

pub(crate) struct Point(ReverseQuery);

impl FromParams for Point {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let at = position::position(params)?;
        let limit = count_within(params, "limit", MOST_CANDIDATES)?.unwrap_or(USUAL_CANDIDATES);
        Ok(Self(ReverseQuery { at, limit }))
    }
}

/// Texts to be located.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    texts: Vec<String>,
    limit: Option<usize>,
}

impl Texts {
    pub(crate) fn checked_limit(&self) -> Result<usize, ApiError> {
        if self.texts.len() > MAX_TEXTS {
            let remedy = Words::new(
                format!("send at most {MAX_TEXTS} texts at once"),
                format!("一次最多发送 {MAX_TEXTS} 条"),
            );
            return Err(ApiError::TooMuch { remedy });
        }
        checked_count("limit", self.limit.unwrap_or(USUAL_CANDIDATES), MOST_CANDIDATES)
    }
}

/// One answer a text, in their order.
#[derive(Serialize)]
pub(crate) struct BatchAnswer {
    results: Vec<LocateAnswer>,
}

fn in_system(mut answer: LocateAnswer, out: &Transform) -> Result<LocateAnswer, ApiError> {
    for place in &mut answer.candidates {
        let here = LonLat { lon: place.lon, lat: place.lat };
        (place.lon, place.lat) = position::in_system(here, out)?;
    }
    Ok(answer)
}
