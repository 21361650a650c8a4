//! `GET /v1/responsibility`: who is responsible for a point.

use axum::extract::State;
use cim_city::{City, ResponsibilityAnswer, ResponsibilityQuery};

use crate::answer::Read;
use crate::app::caller_scope;
use crate::freshness::Fresh;
use crate::params::{Asked, FromParams, Params, moment};
use crate::position;
use crate::problem::ApiError;

pub(crate) async fn responsibility(
    State(city): State<City>,
    Asked(PointQuestion(query)): Asked<PointQuestion>,
    _fresh: Fresh,
) -> Result<Read<ResponsibilityAnswer>, ApiError> {
    let answer = city.responsibility(&caller_scope(), &query)?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

/// A point and the category of the case there.
pub(crate) struct PointQuestion(ResponsibilityQuery);

impl FromParams for PointQuestion {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let at = position::position(params)?;
        let (category, datetime) = (params.text("category"), moment(params, "datetime")?);
        Ok(Self(ResponsibilityQuery { at, category, datetime }))
    }
}
