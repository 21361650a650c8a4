//! `/tiles/{tileset}/tms`: the tile matrix sets of a tileset, with their OGC definitions.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use cim_access::Scope;
use cim_city::{City, MatrixSet};
use serde::Serialize;
use serde_json::Value;

use crate::answer::Read;
use crate::guard::Scoped;
use crate::host_guard::own_address;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::tile_place::matrix_set;

/// The matrix sets of a tileset.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MatrixSets {
    tile_matrix_sets: Vec<Value>,
}

pub(crate) async fn list(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(tileset): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
) -> Result<Read<MatrixSets>, ApiError> {
    let sets = MatrixSet::ALL.into_iter().map(|set| described(&city, &scope, &tileset, set, &headers));
    let body = MatrixSets { tile_matrix_sets: sets.collect::<Result<_, _>>()? };
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) async fn one(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path((tileset, set)): Path<(String, String)>,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
) -> Result<Read<Value>, ApiError> {
    let body = described(&city, &scope, &tileset, matrix_set(&set)?, &headers)?;
    Ok(Read { snapshot: city.snapshot(), body })
}

fn described(
    city: &City,
    scope: &Scope,
    tileset: &str,
    set: MatrixSet,
    headers: &HeaderMap,
) -> Result<Value, ApiError> {
    let template = format!("{}/tiles/{tileset}/tms/{set}/{{z}}/{{row}}/{{col}}", own_address(headers));
    Ok(city.matrix_set(scope, tileset, set, &template)?)
}
