//! `/tiles/{tileset}/tms`: the tile matrix sets of a tileset, with their OGC definitions.

use axum::extract::{Path, State};
use cim_access::Scope;
use cim_city::{City, MatrixSet};
use serde::Serialize;
use serde_json::Value;

use crate::answer::Read;
use crate::front::OwnAddress;
use crate::guard::Scoped;
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
    OwnAddress(base): OwnAddress,
) -> Result<Read<MatrixSets>, ApiError> {
    let sets = MatrixSet::ALL.into_iter().map(|set| described(&city, &scope, &tileset, set, &base));
    let body = MatrixSets { tile_matrix_sets: sets.collect::<Result<_, _>>()? };
    Ok(Read { snapshot: city.snapshot(), body })
}

pub(crate) async fn one(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path((tileset, set)): Path<(String, String)>,
    Asked(Nothing): Asked<Nothing>,
    OwnAddress(base): OwnAddress,
) -> Result<Read<Value>, ApiError> {
    let body = described(&city, &scope, &tileset, matrix_set(&set)?, &base)?;
    Ok(Read { snapshot: city.snapshot(), body })
}

fn described(
    city: &City,
    scope: &Scope,
    tileset: &str,
    set: MatrixSet,
    base: &str,
) -> Result<Value, ApiError> {
    let template = format!("{base}/tiles/{tileset}/tms/{set}/{{z}}/{{row}}/{{col}}");
    Ok(city.matrix_set(scope, tileset, set, &template)?)
}
