//! `GET /v1/units/{id}`: a town, village or grid, as it is or as it was.

use axum::extract::{Path, State};
use cim_city::{AsOf, City, UnitAnswer, UnitQuery};

use crate::answer::Read;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::params::{Asked, FromParams, Params, as_of, one_of};
use crate::problem::ApiError;

pub(crate) async fn unit(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(unit): Path<String>,
    Asked(asked): Asked<Wanted>,
    _fresh: Fresh,
) -> Result<Read<UnitAnswer>, ApiError> {
    let snapshot = city.snapshot();
    let query = UnitQuery { unit, as_of: asked.as_of, geometry: asked.geometry };
    let body = city.unit(&scope, &query).await?;
    Ok(Read { snapshot, body })
}

/// As of when, and whether its ground is wanted.
pub(crate) struct Wanted {
    as_of: AsOf,
    geometry: bool,
}

impl FromParams for Wanted {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let as_of = as_of(params)?;
        match params.text("geometry").as_deref() {
            None | Some("false") => Ok(Self { as_of, geometry: false }),
            Some("true") => Ok(Self { as_of, geometry: true }),
            Some(other) => Err(ApiError::bad_parameter("geometry", other, one_of(&["true", "false"]))),
        }
    }
}
