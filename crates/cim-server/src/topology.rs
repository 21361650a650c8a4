//! `GET /v1/topology/{unit}`: the arcs and nodes around a unit, for an editor.

use axum::extract::{Path, State};
use cim_city::{City, TopologyAnswer, TopologyQuery};

use crate::answer::Read;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params};
use crate::problem::ApiError;

const MOST_MARGIN_M: f64 = 5_000.0;

pub(crate) async fn topology(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Path(unit): Path<String>,
    Asked(asked): Asked<Around>,
    _fresh: Fresh,
) -> Result<Read<TopologyAnswer>, ApiError> {
    let snapshot = city.snapshot();
    let query = TopologyQuery { unit, margin_m: asked.margin_m, changeset: asked.changeset };
    let body = city.topology(&scope, &query).await?;
    Ok(Read { snapshot, body })
}

/// How much around the unit, and in which draft.
pub(crate) struct Around {
    margin_m: f64,
    changeset: Option<i64>,
}

impl FromParams for Around {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let metres = Words::new("metres", "米");
        let margin_m = params.number_within("margin_m", 0.0, MOST_MARGIN_M, &metres)?.unwrap_or(0.0);
        let number = Words::new("give the number of a changeset", "请给出草案编号");
        Ok(Self { margin_m, changeset: params.optional("changeset", number)? })
    }
}
