//! `/v1/revisions`: published boundaries, what differs between two of them, and the draft that undoes one.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cim_city::{City, DifferenceAnswer, RevisionAnswer, RevisionPage, UnitDifference, csv_cell};
use serde_json::{Value, json};

use crate::answer::Read;
use crate::changeset_impact::typed;
use crate::changesets::created;
use crate::guard::{Actor, Scoped};
use crate::language::Words;
use crate::params::{Asked, FromParams, Nothing, Params, count_within, one_of};
use crate::path_number::PathNumber;
use crate::problem::ApiError;

const USUAL_PAGE: usize = 50;
const MOST_PAGE: usize = 1_000;
const FORMATS: [&str; 3] = ["json", "csv", "geojson"];

pub(crate) async fn list(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asked(page): Asked<Page>,
) -> Result<Read<RevisionPage>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.list_revisions(&scope, page.after, page.city_code.as_deref(), page.limit).await?;
    Ok(Read { snapshot, body })
}

pub(crate) async fn get(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(rev): PathNumber<i32>,
    Asked(Nothing): Asked<Nothing>,
) -> Result<Read<RevisionAnswer>, ApiError> {
    let snapshot = city.snapshot();
    let body = city.get_revision(&scope, rev).await?;
    Ok(Read { snapshot, body })
}

pub(crate) async fn difference(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(rev): PathNumber<i32>,
    Asked(asked): Asked<Compared>,
) -> Result<Response, ApiError> {
    let snapshot = city.snapshot();
    let body = city.revision_difference(&scope, rev, asked.from).await?;
    Ok(match asked.format.as_deref() {
        Some("csv") => typed(table(&body), "text/csv; charset=utf-8", snapshot.as_deref()),
        Some("geojson") => typed(collection(&body).to_string(), "application/geo+json", snapshot.as_deref()),
        _ => Read { snapshot, body }.into_response(),
    })
}

pub(crate) async fn revert(
    State(city): State<City>,
    Scoped(scope): Scoped,
    PathNumber(rev): PathNumber<i32>,
    Asked(Nothing): Asked<Nothing>,
    Actor(actor): Actor,
) -> Result<Response, ApiError> {
    let (changeset, xid) = city.revert_revision(&scope, rev, &actor).await?;
    Ok(created(changeset, xid))
}

/// Which page of the list.
pub(crate) struct Page {
    after: Option<i32>,
    limit: usize,
    city_code: Option<String>,
}

impl FromParams for Page {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let token = Words::new("give the `next` of the page before", "请给出上一页的 next");
        let after = params.optional("after", token)?;
        let limit = count_within(params, "limit", MOST_PAGE)?.unwrap_or(USUAL_PAGE);
        Ok(Self { after, limit, city_code: params.text("city_code") })
    }
}

/// With which revision to compare, and how to write it.
pub(crate) struct Compared {
    from: Option<i32>,
    format: Option<String>,
}

impl FromParams for Compared {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let number = Words::new("give the number of a revision", "请给出版本号");
        let from = params.optional("from", number)?;
        let format = params.text("format");
        match &format {
            Some(other) if !FORMATS.contains(&other.as_str()) => {
                Err(ApiError::bad_parameter("format", other, one_of(&FORMATS)))
            }
            _ => Ok(Self { from, format }),
        }
    }
}

/// The ground of every unit that differs, before and after.
fn collection(difference: &DifferenceAnswer) -> Value {
    let features = difference.units.iter().flat_map(|unit| {
        let sides = [("before", &unit.geometry_before), ("after", &unit.geometry_after)];
        sides.into_iter().filter_map(move |(side, geometry)| Some(feature(unit, side, geometry.as_ref()?)))
    });
    json!({ "type": "FeatureCollection", "features": features.collect::<Vec<_>>() })
}

fn feature(unit: &UnitDifference, side: &str, geometry: &cim_city::DrawnShape) -> Value {
    json!({
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "side": side,
            "id": unit.id,
            "level": unit.level,
            "change": unit.change,
            "code": if side == "before" { &unit.code_before } else { &unit.code_after },
            "name": if side == "before" { &unit.name_before } else { &unit.name_after },
            "area_m2": if side == "before" { unit.area_before_m2 } else { unit.area_after_m2 },
        },
    })
}

/// One line a unit.
fn table(difference: &DifferenceAnswer) -> String {
    let mut table = "level,change,code_before,code_after,name_before,name_after,parent_before,parent_after,\
                     area_before_m2,area_after_m2\r\n"
        .to_owned();
    for unit in &difference.units {
        let text = |text: &Option<String>| csv_cell(text.as_deref().unwrap_or_default());
        let area = |area: Option<f64>| area.map(|area| area.to_string()).unwrap_or_default();
        let cells = [
            unit.level.to_owned(),
            unit.change.to_owned(),
            text(&unit.code_before),
            text(&unit.code_after),
            text(&unit.name_before),
            text(&unit.name_after),
            text(&unit.parent_before),
            text(&unit.parent_after),
            area(unit.area_before_m2),
            area(unit.area_after_m2),
        ];
        table.push_str(&cells.join(","));
        table.push_str("\r\n");
    }
    table
}
