//! `GET /v1/hotspots`: where cases come in densely, against the period before.

use axum::extract::State;
use cim_city::{HotspotAnswer, HotspotQuery};
use jiff::{SignedDuration, Timestamp};

use crate::answer::Read;
use crate::app::App;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, count_within, moment};
use crate::problem::ApiError;

const USUAL_DAYS: i64 = 7;
const USUAL_REACH_M: f64 = 60.0;
const USUAL_REACH_DAYS: f64 = 7.0;
const USUAL_LEAST: usize = 5;
const USUAL_HOTSPOTS: usize = 20;
const MOST_HOTSPOTS: usize = 200;

pub(crate) async fn hotspots(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(Question(query)): Asked<Question>,
    _fresh: Fresh,
) -> Result<Read<HotspotAnswer>, ApiError> {
    let answer = app.work_out(move |city| city.hotspots(&scope, &query)).await?;
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: answer })
}

pub(crate) struct Question(HotspotQuery);

impl FromParams for Question {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let to = moment(params, "to")?.unwrap_or_else(Timestamp::now);
        let usual = || to.saturating_sub(SignedDuration::from_hours(24 * USUAL_DAYS)).unwrap_or(to);
        let from = moment(params, "from")?.unwrap_or_else(usual);
        let reach_m = params.number_within("reach_m", 5.0, 200.0, &Words::new("metres", "米"))?;
        let reach_days = params.number_within("reach_days", 0.1, 60.0, &Words::new("days", "天"))?;
        let least = count_within(params, "least", 1_000)?.unwrap_or(USUAL_LEAST);
        let limit = count_within(params, "limit", MOST_HOTSPOTS)?.unwrap_or(USUAL_HOTSPOTS);
        Ok(Self(HotspotQuery {
            class: params.text("class"),
            from,
            to,
            reach_m: reach_m.unwrap_or(USUAL_REACH_M),
            reach_days: reach_days.unwrap_or(USUAL_REACH_DAYS),
            least,
            limit,
        }))
    }
}
