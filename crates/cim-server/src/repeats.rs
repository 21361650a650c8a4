//! `GET /v1/cases/{id}/repeats`: the same complaint at the same place.

use axum::extract::{Path, State};
use cim_city::{City, RepeatAnswer, RepeatQuery};

use crate::answer::Read;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, count_within};
use crate::problem::ApiError;

const USUAL_RADIUS_M: f64 = 50.0;
const MOST_RADIUS_M: f64 = 500.0;
const USUAL_DAYS: usize = 30;
const MOST_DAYS: usize = 730;

pub(crate) async fn repeats(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(case_no): Path<String>,
    Asked(spread): Asked<Spread>,
    _fresh: Fresh,
) -> Result<Read<RepeatAnswer>, ApiError> {
    let query = RepeatQuery { case_no, radius_m: spread.radius_m, days: spread.days };
    let answer = city.repeats(&scope, &query)?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

/// How near and how long apart.
pub(crate) struct Spread {
    radius_m: f64,
    days: u32,
}

impl FromParams for Spread {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let metres = Words::new("metres", "米");
        let radius_m = params.number_within("radius_m", 0.0, MOST_RADIUS_M, &metres)?;
        let days = count_within(params, "days", MOST_DAYS)?.unwrap_or(USUAL_DAYS);
        Ok(Self {
            radius_m: radius_m.unwrap_or(USUAL_RADIUS_M),
            days: u32::try_from(days).unwrap_or(u32::MAX),
        })
    }
}
