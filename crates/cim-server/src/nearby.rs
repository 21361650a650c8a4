//! `GET /v1/nearby`: what is near a point, nearest first.

use axum::extract::State;
use cim_city::{MAX_ITEMS, MAX_RADIUS_M, NEARBY_KINDS, NearbyAnswer, NearbyFilter, NearbyQuery, StateFilter};
use cim_crs::{LonLat, Transform};
use cim_model::Collection;

use crate::answer::Read;
use crate::app::App;
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::language::Words;
use crate::params::{Asked, FromParams, Params, count_within, moment, one_of};
use crate::position;
use crate::problem::ApiError;

const DEFAULT_ITEMS: usize = 20;

/// The question and the system of the answer's coordinates.
pub(crate) struct NearbyQuestion {
    query: NearbyQuery,
    out: Transform,
}

pub(crate) async fn nearby(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(NearbyQuestion { query, out }): Asked<NearbyQuestion>,
    _fresh: Fresh,
) -> Result<Read<NearbyAnswer>, ApiError> {
    let answer = if query.radius_m.is_some() {
        app.city.nearby(&scope, &query)?
    } else {
        // May look through whole collections for something rare.
        app.work_out(move |city| city.nearby(&scope, &query)).await?
    };
    Ok(Read { snapshot: Some(answer.snapshot.clone()), body: in_system(answer, &out)? })
}

impl FromParams for NearbyQuestion {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let at = position::position(params)?;
        let radius_m = params.number_within("radius_m", 0.0, MAX_RADIUS_M, &Words::new("metres", "米"))?;
        if radius_m == Some(0.0) {
            return Err(ApiError::bad_parameter(
                "radius_m",
                "0",
                Words::new("give more than 0", "请给出大于 0 的数"),
            ));
        }
        let kinds = kinds(params)?;
        let limit = count_within(params, "limit", MAX_ITEMS)?.unwrap_or(DEFAULT_ITEMS);
        let filter = NearbyFilter {
            state: params.text("state").map(|text| state_filter(&text)).transpose()?,
            category: params.text("category"),
            from: moment(params, "from")?,
            to: moment(params, "to")?,
            secrecy: params.optional("secrecy", one_of(&["true", "false"]))?,
        };
        let out = position::transform(params, "crs_out")?;
        Ok(Self { query: NearbyQuery { at, radius_m, kinds, filter, limit }, out })
    }
}

fn kinds(params: &mut Params) -> Result<Vec<Collection>, ApiError> {
    let Some(text) = params.text("kinds") else { return Ok(Vec::new()) };
    let names: Vec<&str> = NEARBY_KINDS.iter().map(|kind| kind.name()).collect();
    let mut kinds = Vec::new();
    for name in text.split(',') {
        let kind = NEARBY_KINDS.iter().copied().find(|kind| kind.name() == name.trim());
        let kind = kind.ok_or_else(|| ApiError::bad_parameter("kinds", name, one_of(&names)))?;
        // Named twice, it would be answered twice.
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

/// Every state or status word that any of the kinds can have, beside the three groups.
fn state_filter(text: &str) -> Result<StateFilter, ApiError> {
    match text {
        "open" => return Ok(StateFilter::Open),
        "closed" => return Ok(StateFilter::Closed),
        "overdue" => return Ok(StateFilter::Overdue),
        _ => {}
    }
    let words: Vec<&str> = NEARBY_KINDS.iter().flat_map(|kind| state_words(*kind)).copied().collect();
    if words.contains(&text) {
        return Ok(StateFilter::Word(text.to_owned()));
    }
    let known: Vec<&str> = ["open", "closed", "overdue"].into_iter().chain(words).collect();
    Err(ApiError::bad_parameter("state", text, one_of(&known)))
}

fn state_words(kind: Collection) -> &'static [&'static str] {
    let fields = kind.spec().fields.iter();
    let mut named = fields.filter(|field| field.name == "state" || field.name == "status");
    named
        .find_map(|field| match field.field_type {
            cim_model::FieldType::Code(words) => Some(words),
            _ => None,
        })
        .unwrap_or_default()
}

fn in_system(mut answer: NearbyAnswer, out: &Transform) -> Result<NearbyAnswer, ApiError> {
    for item in &mut answer.items {
        let place = LonLat { lon: item.lon, lat: item.lat };
        (item.lon, item.lat) = position::in_system(place, out)?;
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<NearbyQuestion, ApiError> {
        NearbyQuestion::from_params(&mut Params::parse(query)?)
    }

    #[test]
    fn a_kind_that_is_named_twice_is_asked_once() {
        let question = asked("lon=121&lat=31&kinds=camera,case,camera").unwrap();
        assert_eq!(question.query.kinds, [Collection::Camera, Collection::Case]);
    }

    #[test]
    fn a_radius_of_nothing_is_a_bad_parameter() {
        let refused = asked("lon=121&lat=31&radius_m=0").err().unwrap();
        assert!(matches!(refused, ApiError::BadParameter { name, .. } if name == "radius_m"));
    }
}
