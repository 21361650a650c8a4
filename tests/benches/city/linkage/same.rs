//! Whether our answer and PostGIS's say the same, and whether a difference lies at a border.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;
use tokio_postgres::Row;

use super::question::Agreement;

/// Distances nearer together than this are equal: the mirror holds places to a centimetre.
const EQUAL_M: f64 = 0.03;

fn texts<'a>(answer: &'a Value, list: &str, field: &str) -> Vec<&'a str> {
    let items = answer[list].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item[field].as_str()).collect()
}

fn verdict(equal: bool, at_border: bool, how: impl FnOnce() -> String) -> Agreement {
    match (equal, at_border) {
        (true, _) => Agreement::Equal,
        (false, true) => Agreement::AtBorder,
        (false, false) => Agreement::Differ(how()),
    }
}

/// The same cases in the same order; equal distances may stand either way, and one at 500 m may be in or out.
pub(super) fn nearby(answer: &Value, rows: &[Row]) -> Result<Agreement> {
    let ours = texts(answer, "items", "id");
    let theirs: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    let distances: Vec<f64> = answer["items"]
        .as_array()
        .context("items")?
        .iter()
        .filter_map(|item| item["distance_m"].as_f64())
        .collect();
    let their_distances: Vec<f64> = rows.iter().map(|row| row.get(1)).collect();
    let is_close = distances.iter().zip(&their_distances).all(|(a, b)| (a - b).abs() < EQUAL_M);
    let at_edge = |distances: &[f64]| distances.last().is_some_and(|last| (last - 500.0).abs() < EQUAL_M);
    let same_length = ours.len() == theirs.len();
    let at_border = is_close && (same_length || at_edge(&distances) || at_edge(&their_distances));
    Ok(verdict(ours == theirs, at_border, || format!("{ours:?} {theirs:?}")))
}

/// The same units, posts and holders.
pub(super) fn responsibility(answer: &Value, rows: &[Row]) -> Result<Agreement> {
    let mut ours: BTreeSet<(String, String, String, String)> = BTreeSet::new();
    let chain = answer["chain"].as_array().context("chain")?;
    let units =
        chain.iter().filter(|unit| unit["level"] != "district").chain(Some(&answer["exclusive_grid"]));
    for unit in units.filter(|unit| !unit.is_null()) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let posts = unit["posts"].as_array().map(Vec::as_slice).unwrap_or_default();
        if posts.is_empty() {
            ours.insert((text(&unit["level"]), text(&unit["code"]), String::new(), String::new()));
        }
        for post in posts {
            let holder = text(&post["holder"]);
            ours.insert((text(&unit["level"]), text(&unit["code"]), text(&post["post_no"]), holder));
        }
    }
    let text = |row: &Row, place: usize| row.get::<_, Option<String>>(place).unwrap_or_default();
    let theirs: BTreeSet<_> =
        rows.iter().map(|row| (text(row, 0), text(row, 1), text(row, 2), text(row, 4))).collect();
    let on_border = answer["on_boundary"] == true;
    Ok(verdict(ours == theirs, on_border, || format!("{ours:?} {theirs:?}")))
}

/// The same cameras with the same sight; one at the end of its range or the edge of its angle, or behind a
/// corner that the line grazes by a centimetre more or less, may be told either way.
pub(super) fn seeing(answer: &Value, rows: &[Row]) -> Result<Agreement> {
    let cameras = answer["cameras"].as_array().context("cameras")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let ours: BTreeMap<String, String> =
        cameras.iter().map(|camera| (text(&camera["id"]), text(&camera["sight"]))).collect();
    let theirs: BTreeMap<String, String> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let slack: BTreeMap<String, f64> = rows.iter().map(|row| (row.get(0), row.get(2))).collect();
    let differ: Vec<&String> =
        ours.keys().chain(theirs.keys()).filter(|id| ours.get(*id) != theirs.get(*id)).collect();
    let at_border = differ.iter().all(|id| slack.get(*id).is_some_and(|slack| *slack < 0.1));
    Ok(verdict(ours == theirs, at_border, || {
        let one = |id: &&String| format!("{id} {:?} {:?}", ours.get(*id), theirs.get(*id));
        differ.iter().map(one).collect::<Vec<_>>().join("; ")
    }))
}

/// The same cases; one at 50 m may be in or out.
pub(super) fn repeats(answer: &Value, rows: &[Row]) -> Result<Agreement> {
    let ours: BTreeSet<&str> = texts(answer, "repeats", "case_no").into_iter().collect();
    let theirs: BTreeSet<&str> = rows.iter().map(|row| row.get(0)).collect();
    let repeats = answer["repeats"].as_array().context("repeats")?;
    let at_edge = |id: &&&str| {
        let found = repeats.iter().find(|repeat| repeat["case_no"] == **id);
        found.and_then(|repeat| repeat["distance_m"].as_f64()).is_some_and(|m| (m - 50.0).abs() < EQUAL_M)
    };
    let at_border = theirs.is_subset(&ours) && ours.difference(&theirs).all(|id| at_edge(&id));
    Ok(verdict(ours == theirs, at_border, || format!("{ours:?} {theirs:?}")))
}

/// The same numbers; a thing whose middle lies on the border may count or not, and shares agree to half a percent.
pub(super) fn within(answer: &Value, rows: &[Row]) -> Result<Agreement> {
    let row = rows.first().context("a row")?;
    let json = |place: &str| -> Result<Value> {
        let text: Option<String> = row.get(place);
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or(Value::Null))
    };
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let counts = &answer["counts"];
    let pairs = [
        (number(&counts["building"]), row.get::<_, i64>("buildings")),
        (number(&counts["finding"]), row.get("findings")),
        (number(&counts["camera"]), row.get("cameras")),
        (number(&counts["address"]), row.get("addresses")),
        (number(&answer["households"]), row.get("households")),
        (number(&answer["population"]), row.get("population")),
    ];
    let is_empty = |value: &Value| value.as_object().is_none_or(serde_json::Map::is_empty);
    let same_words = |ours: &Value, theirs: &Value| ours == theirs || (is_empty(ours) && is_empty(theirs));
    let shares = json("grids")?;
    let ours: BTreeMap<&str, f64> = answer["grids"]
        .as_array()
        .context("grids")?
        .iter()
        .filter_map(|grid| Some((grid["code"].as_str()?, grid["share"].as_f64()?)))
        .collect();
    let codes =
        ours.keys().copied().chain(shares.as_object().into_iter().flatten().map(|(code, _)| code.as_str()));
    let unlike: Vec<&str> = codes
        .filter(|code| {
            let (a, b) = (ours.get(code).copied().unwrap_or(0.0), shares[*code].as_f64().unwrap_or(0.0));
            (a - b).abs() > 0.005
        })
        .collect();
    let equal = pairs.iter().all(|(a, b)| a == b)
        && same_words(&answer["buildings_by_use"], &json("uses")?)
        && same_words(&answer["cases_by_state"], &json("states")?)
        && unlike.is_empty();
    let at_border = unlike.is_empty() && pairs.iter().take(4).all(|(a, b)| (a - b).abs() <= 2);
    Ok(verdict(equal, at_border, || format!("{pairs:?} {unlike:?}")))
}
