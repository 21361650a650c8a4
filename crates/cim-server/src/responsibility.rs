//! `GET /v1/responsibility`: who is responsible for a point.

use axum::extract::State;
use cim_city::{AsOf, City, ResponsibilityAnswer, ResponsibilityQuery};

use crate::answer::Read;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::params::{Asked, FromParams, Params, as_of};
use crate::position;
use crate::problem::ApiError;

pub(crate) async fn responsibility(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(PointQuestion(query, as_of)): Asked<PointQuestion>,
    _fresh: Fresh,
) -> Result<Read<ResponsibilityAnswer>, ApiError> {
    let answer = city.responsibility_as_of(&scope, &query, as_of).await?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

/// A point, the category of the case there, and as of when.
pub(crate) struct PointQuestion(ResponsibilityQuery, AsOf);

impl FromParams for PointQuestion {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let at = position::position(params)?;
        let category = params.text("category");
        let as_of = as_of(params)?;
        Ok(Self(ResponsibilityQuery { at, category, datetime: as_of.datetime }, as_of))
    }
}
