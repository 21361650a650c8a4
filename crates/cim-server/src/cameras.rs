//! `/v1/cameras`: which see a point, what one sees, which stand along a way.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cim_city::{
    AlongAnswer, AlongQuery, CameraView, City, MAX_BUFFER_M, SeeingAnswer, SeeingQuery,
    USUAL_TARGET_HEIGHT_M, VideoAnswer, Way,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Read;
use crate::app::App;
use crate::body::JsonBody;
use crate::freshness::Fresh;
use crate::geojson;
use crate::guard::{Actor, Scoped};
use crate::language::Words;
use crate::params::{Asked, FromParams, Nothing, Params, count_within};
use crate::position;
use crate::problem::ApiError;

const HIGHEST_M: f64 = 500.0;
const USUAL_CAMERAS: usize = 20;
const MOST_CAMERAS: usize = 500;
const USUAL_BUFFER_M: f64 = 30.0;
const MOST_LINE_VERTICES: usize = 1_000;

pub(crate) async fn seeing(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(PointToSee(query)): Asked<PointToSee>,
    _fresh: Fresh,
) -> Result<Read<SeeingAnswer>, ApiError> {
    let answer = city.cameras_seeing(&scope, &query)?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

pub(crate) async fn view(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Path(gb_id): Path<String>,
    Asked(Height(height_m)): Asked<Height>,
    _fresh: Fresh,
) -> Result<Read<Value>, ApiError> {
    let view = app.work_out(move |city| city.camera_view(&scope, &gb_id, height_m)).await?;
    Ok(Read { snapshot: Some(view.snapshot.clone()), body: collection_of(&view) })
}

pub(crate) async fn video(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Actor(actor): Actor,
    Path(gb_id): Path<String>,
    Asked(Purpose(purpose)): Asked<Purpose>,
) -> Result<Read<VideoAnswer>, ApiError> {
    let body = city.camera_video(&scope, &actor, &gb_id, &purpose).await?;
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) async fn still(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(gb_id): Path<String>,
    Asked(Nothing): Asked<Nothing>,
) -> Result<Response, ApiError> {
    let drawing = city.synthetic_still(&scope, &gb_id)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], drawing)
        .into_response())
}

pub(crate) async fn along_road(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(AlongRoad(query)): Asked<AlongRoad>,
    _fresh: Fresh,
) -> Result<Read<AlongAnswer>, ApiError> {
    let answer = app.work_out(move |city| city.cameras_along(&scope, &query)).await?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

pub(crate) async fn along_line(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(system): Asked<position::System>,
    _fresh: Fresh,
    JsonBody(drawn): JsonBody<DrawnLine>,
) -> Result<Read<AlongAnswer>, ApiError> {
    let query = drawn.query(&system)?;
    let answer = app.work_out(move |city| city.cameras_along(&scope, &query)).await?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

pub(crate) struct PointToSee(SeeingQuery);

impl FromParams for PointToSee {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let at = position::position(params)?;
        let Height(height_m) = Height::from_params(params)?;
        let limit = count_within(params, "limit", MOST_CAMERAS)?.unwrap_or(USUAL_CAMERAS);
        Ok(Self(SeeingQuery { at, height_m, limit }))
    }
}

/// What a look through a camera is for.
pub(crate) struct Purpose(String);

impl FromParams for Purpose {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let expected = Words::new("say what the look is for", "请说明查看用途");
        Ok(Self(params.required("purpose", expected)?))
    }
}

/// How high above the ground that is which is looked at.
pub(crate) struct Height(f64);

impl FromParams for Height {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let metres = Words::new("metres", "米");
        let height_m = params.number_within("height_m", 0.0, HIGHEST_M, &metres)?;
        Ok(Self(height_m.unwrap_or(USUAL_TARGET_HEIGHT_M)))
    }
}

pub(crate) struct AlongRoad(AlongQuery);

impl FromParams for AlongRoad {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let expected = Words::new("give the name of a road", "请给出道路名称");
        let road = params.required::<String>("road", expected)?;
        let metres = Words::new("metres", "米");
        let buffer_m = params.number_within("buffer_m", 0.0, MAX_BUFFER_M, &metres)?;
        Ok(Self(AlongQuery { way: Way::Road(road), buffer_m: buffer_m.unwrap_or(USUAL_BUFFER_M) }))
    }
}

/// A drawn line and how far from it a camera may stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DrawnLine {
    line: Value,
    buffer_m: Option<f64>,
}

impl DrawnLine {
    pub(crate) fn query(&self, system: &position::System) -> Result<AlongQuery, ApiError> {
        let buffer_m = self.buffer_m.unwrap_or(USUAL_BUFFER_M);
        if !(0.0..=MAX_BUFFER_M).contains(&buffer_m) {
            let words = Words::new(
                format!("give metres from 0 to {MAX_BUFFER_M}"),
                format!("请给出 0 到 {MAX_BUFFER_M} 米"),
            );
            return Err(ApiError::bad_parameter("buffer_m", &buffer_m.to_string(), words));
        }
        let line = geojson::line("line", &self.line, &system.0)?;
        if line.0.len() > MOST_LINE_VERTICES {
            let words = Words::new(
                format!("give at most {MOST_LINE_VERTICES} vertices: simplify the line"),
                format!("最多 {MOST_LINE_VERTICES} 个顶点，请简化线条"),
            );
            return Err(ApiError::bad_parameter("line", &format!("{} vertices", line.0.len()), words));
        }
        Ok(AlongQuery { way: Way::Line(line), buffer_m })
    }
}

fn collection_of(view: &CameraView) -> Value {
    let features: Vec<Value> = view
        .parts
        .iter()
        .map(|part| {
            json!({
                "type": "Feature",
                "properties": { "sight": part.sight },
                "geometry": geojson::multi_polygon(&part.shape),
            })
        })
        .collect();
    json!({
        "type": "FeatureCollection",
        "features": features,
        "camera": {
            "id": view.id,
            "name": view.name,
            "lon": view.at.lon,
            "lat": view.at.lat,
            "mount_height_m": view.mount_height_m,
            "range_m": view.range_m,
            "azimuth_deg": view.azimuth_deg,
            "field_angle_deg": view.field_angle_deg,
            "is_assumed": view.is_assumed,
        },
        "as_of": view.as_of,
    })
}
