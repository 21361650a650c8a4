//! `GET /v1/around`: everything around a case, a thing or a point.

use axum::extract::{Path, State};
use cim_access::Scope;
use cim_city::{AroundAnswer, AroundQuery, AroundTarget, City, MAX_RADIUS_M, NEARBY_KINDS};

use crate::answer::Read;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, one_of};
use crate::position;
use crate::problem::ApiError;

const USUAL_RADIUS_M: f64 = 500.0;

pub(crate) async fn point(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(AroundPoint(query)): Asked<AroundPoint>,
    _fresh: Fresh,
) -> Result<Read<AroundAnswer>, ApiError> {
    answer(&city, &scope, &query)
}

pub(crate) async fn thing(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path((kind, id)): Path<(String, String)>,
    Asked(Radius(radius_m)): Asked<Radius>,
    _fresh: Fresh,
) -> Result<Read<AroundAnswer>, ApiError> {
    answer(&city, &scope, &AroundQuery { target: target(&kind, id)?, radius_m })
}

fn answer(city: &City, scope: &Scope, query: &AroundQuery) -> Result<Read<AroundAnswer>, ApiError> {
    let answer = city.around(scope, query)?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

fn target(kind: &str, id: String) -> Result<AroundTarget, ApiError> {
    let names: Vec<&str> = NEARBY_KINDS.iter().map(|kind| kind.name()).collect();
    let known = NEARBY_KINDS.iter().find(|known| known.name() == kind);
    let kind = known.ok_or_else(|| ApiError::bad_parameter("kind", kind, one_of(&names)))?;
    Ok(AroundTarget::Thing(*kind, id))
}

pub(crate) struct AroundPoint(AroundQuery);

impl FromParams for AroundPoint {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let at = position::position(params)?;
        let Radius(radius_m) = Radius::from_params(params)?;
        Ok(Self(AroundQuery { target: AroundTarget::Point(at), radius_m }))
    }
}

/// How far around, metres.
pub(crate) struct Radius(f64);

impl FromParams for Radius {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let radius_m = params.number_within("radius_m", 1.0, MAX_RADIUS_M, &Words::new("metres", "米"))?;
        Ok(Self(radius_m.unwrap_or(USUAL_RADIUS_M)))
    }
}
