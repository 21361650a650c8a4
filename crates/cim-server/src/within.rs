//! `POST /v1/within`: what a drawn area holds.

use axum::extract::State;
use cim_city::{MAX_ITEMS, MAX_VERTICES, WITHIN_KINDS, WithinAnswer, WithinQuery};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::Read;
use crate::app::App;
use crate::body::JsonBody;
use crate::freshness::Fresh;
use crate::geojson;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, checked_count, one_of};
use crate::position;
use crate::problem::ApiError;

const USUAL_ITEMS: usize = 100;

pub(crate) async fn within(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(system): Asked<position::System>,
    _fresh: Fresh,
    JsonBody(drawn): JsonBody<DrawnArea>,
) -> Result<Read<WithinAnswer>, ApiError> {
    let query = drawn.query(&system)?;
    let answer = app.work_out(move |city| city.within(&scope, &query)).await?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

/// A drawn area and what is to be listed of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DrawnArea {
    area: Value,
    #[serde(default)]
    kinds: Vec<String>,
    limit: Option<usize>,
}

impl DrawnArea {
    pub(crate) fn query(&self, system: &position::System) -> Result<WithinQuery, ApiError> {
        let area = geojson::area("area", &self.area, &system.0)?;
        let vertices: usize = area
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            .map(|ring| ring.0.len())
            .sum();
        if vertices > MAX_VERTICES {
            let words = Words::new(
                format!("give at most {MAX_VERTICES} vertices: simplify the area"),
                format!("最多 {MAX_VERTICES} 个顶点，请简化图形"),
            );
            return Err(ApiError::bad_parameter("area", &format!("{vertices} vertices"), words));
        }
        let names: Vec<&str> = WITHIN_KINDS.iter().map(|kind| kind.name()).collect();
        let kind = |name: &String| {
            let known = WITHIN_KINDS.iter().copied().find(|kind| kind.name() == name);
            known.ok_or_else(|| ApiError::bad_parameter("kinds", name, one_of(&names)))
        };
        let limit = checked_count("limit", self.limit.unwrap_or(USUAL_ITEMS), MAX_ITEMS)?;
        Ok(WithinQuery { area, kinds: self.kinds.iter().map(kind).collect::<Result<_, _>>()?, limit })
    }
}
