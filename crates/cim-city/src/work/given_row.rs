//! A JSON object of a source as a row of its collection, or everything that is wrong with it.

use cim_crs::{CrsError, LonLat, Transform};
use cim_model::{Collection, Field, FieldType, Finding, Record, Value};
use cim_store::GivenRow;
use geo_types::Point;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::refusal;

/// The width of a large district.
const LEAST_ACCURATE_M: f64 = 100_000.0;
/// The longest value that a refusal repeats.
const MOST_REPEATED: usize = 40;
/// So many digits in a row might be a telephone number.
const LEAST_PHONE_DIGITS: usize = 7;

/// Members that say where, in place of a geometry.
const PLACE: &[&str] = &["lon", "lat", "crs", "location_not_needed"];
/// Fields that the place fills in.
const FROM_PLACE: &[&str] = &["geom", "source_crs", "source_x", "source_y"];

/// Reads a row. Members are named like the fields of the collection; the place comes as `lon`, `lat` and `crs`.
pub(crate) fn given_row(
    collection: Collection,
    object: &Map<String, Json>,
) -> Result<GivenRow, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut record = Record { values: vec![Value::Null; collection.spec().fields.len()] };
    read_fields(collection, object, &mut record, &mut findings);
    read_place(collection, object, &mut record, &mut findings);
    let defaults = defaults_of(collection, &record);
    for field in collection.spec().fields.iter().filter(|field| field.required) {
        let is_given = !matches!(value_of(collection, &record, field.name), Some(Value::Null) | None);
        let name = if field.name == "geom" { "lon" } else { field.name };
        let is_told = findings.iter().any(|finding| finding.rule == name);
        if !is_given && !is_told && !defaults.iter().any(|(name, _)| *name == field.name) {
            findings.push(refusal(name, "", &format!("{name} must be given")));
        }
    }
    if findings.is_empty() { Ok(GivenRow { record, defaults, person: Vec::new() }) } else { Err(findings) }
}

/// Reads fields that are to be changed; nothing is required, and null empties a field.
pub(crate) fn given_fields(
    collection: Collection,
    object: &Map<String, Json>,
) -> Result<Vec<(&'static str, Value)>, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut record = Record { values: vec![Value::Null; collection.spec().fields.len()] };
    read_fields(collection, object, &mut record, &mut findings);
    read_place(collection, object, &mut record, &mut findings);
    for name in collection.spec().key.iter().chain([&collection.id_field()]) {
        if object.contains_key(*name) {
            findings.push(refusal(name, "", "the key of a thing cannot be changed"));
        }
    }
    if collection == Collection::Case && object.contains_key("state") {
        findings.push(refusal("state", "", "a case changes its state by events: POST /v1/cases/{id}/events"));
    }
    for field in collection.spec().fields.iter().filter(|field| field.required) {
        if object.get(field.name).is_some_and(Json::is_null) {
            findings.push(refusal(field.name, "null", &format!("{} must not be empty", field.name)));
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let fields = collection.spec().fields.iter().zip(record.values);
    let named =
        |field: &Field, value: &Value| object.contains_key(field.name) || !matches!(value, Value::Null);
    Ok(fields
        .filter(|(field, value)| named(field, value))
        .map(|(field, value)| (field.name, value))
        .collect())
}

fn value_of<'a>(collection: Collection, record: &'a Record, name: &str) -> Option<&'a Value> {
    record.values.get(collection.spec().position(name)?)
}

fn set(collection: Collection, record: &mut Record, name: &str, value: Value) {
    if let Some(place) = collection.spec().position(name) {
        record.values[place] = value;
    }
}

fn read_fields(
    collection: Collection,
    object: &Map<String, Json>,
    record: &mut Record,
    findings: &mut Vec<Finding>,
) {
    let fields = collection.spec().fields;
    for (name, json) in object.iter().filter(|(name, _)| !PLACE.contains(&name.as_str())) {
        let place = fields.iter().position(|field| field.name == name && !FROM_PLACE.contains(&field.name));
        let Some(place) = place else {
            let known: Vec<&str> =
                fields.iter().map(|field| field.name).filter(|name| !FROM_PLACE.contains(name)).collect();
            let message = format!(
                "{collection} has no such field; it has {}, {}",
                known.join(", "),
                PLACE[..3].join(", ")
            );
            // A name that looks like none of ours may be somebody's.
            let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            findings.push(refusal(if is_plain { name } else { "field" }, "", &message));
            continue;
        };
        let field = &fields[place];
        match read(field, json).and_then(within_reason(field)) {
            Ok(value) => record.values[place] = value,
            Err(expected) => findings.push(refusal(field.name, &shown(json), &format!("{name} {expected}"))),
        }
    }
}

/// A value as a refusal may repeat it: what might be a name, a telephone number or somebody's words is not.
fn shown(json: &Json) -> String {
    let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let digits = text.split(|char: char| !char.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let is_plain = text.is_ascii() && text.len() <= MOST_REPEATED && digits < LEAST_PHONE_DIGITS;
    if is_plain { text } else { String::new() }
}

/// A position that may be anywhere is none.
fn within_reason(field: &Field) -> impl FnOnce(Value) -> Result<Value, String> {
    let is_accuracy = field.name == "accuracy_m";
    move |value| match value {
        Value::Float(metres) if is_accuracy && !(0.0..=LEAST_ACCURATE_M).contains(&metres) => {
            Err(format!("is from 0 to {LEAST_ACCURATE_M} metres"))
        }
        value => Ok(value),
    }
}

fn read(field: &Field, json: &Json) -> Result<Value, String> {
    if json.is_null() {
        return Ok(Value::Null);
    }
    let text = || json.as_str();
    let wrong = |expected: &str| Err(expected.to_owned());
    match field.field_type {
        FieldType::Text => match text() {
            Some(text) if field.required && text.trim().is_empty() => wrong("must not be empty"),
            Some(text) => Ok(Value::Text(text.to_owned())),
            None => wrong("is a text"),
        },
        FieldType::Code(words) => match text() {
            Some(word) if words.contains(&word) => Ok(Value::Text(word.to_owned())),
            _ => Err(format!("is one of {}", words.join(", "))),
        },
        FieldType::Texts => {
            let list =
                json.as_array().map(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
            list.flatten().map(Value::Texts).ok_or_else(|| "is a list of texts".to_owned())
        }
        FieldType::Int => json.as_i64().map(Value::Int).ok_or_else(|| "is a whole number".to_owned()),
        FieldType::Float => json.as_f64().map(Value::Float).ok_or_else(|| "is a number".to_owned()),
        FieldType::Bool => json.as_bool().map(Value::Bool).ok_or_else(|| "is true or false".to_owned()),
        FieldType::Time => match text().and_then(|text| text.parse::<Timestamp>().ok()) {
            Some(time) => Ok(Value::Time(time)),
            None => wrong("is a time with its zone, such as 2026-11-24T08:00:00+08:00"),
        },
        FieldType::Date => match text().and_then(|text| text.parse().ok()) {
            Some(date) => Ok(Value::Date(date)),
            None => wrong("is a date such as 2026-11-24"),
        },
        FieldType::Geometry => wrong("is given as lon, lat and crs"),
    }
}

fn read_place(
    collection: Collection,
    object: &Map<String, Json>,
    record: &mut Record,
    findings: &mut Vec<Finding>,
) {
    let is_case = collection == Collection::Case;
    let place = match position(object) {
        Ok(place) => place,
        Err(finding) => return findings.push(*finding),
    };
    if let Some((at, crs, x, y)) = place {
        set(collection, record, "geom", Value::Geometry(Point::new(at.lon, at.lat).into()));
        if is_case {
            set(collection, record, "source_crs", Value::Text(crs));
            set(collection, record, "source_x", Value::Float(x));
            set(collection, record, "source_y", Value::Float(y));
            set(collection, record, "location_state", Value::Text("located".to_owned()));
            if matches!(value_of(collection, record, "locate_method"), Some(Value::Null)) {
                set(collection, record, "locate_method", Value::Text("source".to_owned()));
            }
        }
    } else if is_case && object.get("location_not_needed").and_then(Json::as_bool) == Some(true) {
        set(collection, record, "location_state", Value::Text("not_needed".to_owned()));
    }
}

/// A position as it was given: where it is, its system, and the numbers.
type Given = (LonLat, String, f64, f64);

fn position(object: &Map<String, Json>) -> Result<Option<Given>, Box<Finding>> {
    let number = |name: &str| match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => {
            let number = json.as_f64();
            number
                .map(Some)
                .ok_or_else(|| Box::new(refusal(name, &shown(json), &format!("{name} is a number"))))
        }
    };
    let given = object.get("crs").filter(|crs| !crs.is_null());
    let name = given.map_or_else(|| "wgs84".to_owned(), shown);
    let unknown = |error: CrsError| Box::new(refusal("crs", &name, &error.to_string()));
    let transform = Transform::new(name.parse().map_err(unknown)?).map_err(unknown)?;
    match (number("lon")?, number("lat")?) {
        (None, None) => Ok(None),
        (Some(x), Some(y)) => {
            let refused = |error: CrsError| Box::new(refusal("lon", &format!("{x} {y}"), &error.to_string()));
            let at = transform.to_lonlat(x, y).map_err(refused)?;
            Ok(Some((at, name, x, y)))
        }
        _ => Err(Box::new(refusal("lon", "", "lon and lat come together or not at all"))),
    }
}

/// What a new row has where its source says nothing.
fn defaults_of(collection: Collection, record: &Record) -> Vec<(&'static str, Value)> {
    let word = |word: &str| Value::Text(word.to_owned());
    let text = |name: &str| match value_of(collection, record, name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let now = || Value::Time(Timestamp::now());
    match collection {
        Collection::Case => vec![
            ("case_no", Value::Text(format!("{}-{}", text("source_system"), text("source_no")))),
            ("urgency", word("normal")),
            ("is_drill", Value::Bool(false)),
            ("state", word("registered")),
            ("received_at", now()),
            ("location_state", word("failed")),
        ],
        Collection::Finding => vec![("state", word("reported")), ("reported_at", now())],
        Collection::Inspection => vec![("state", word("planned"))],
        Collection::Camera => vec![("status", word("unknown"))],
        _ => Vec::new(),
    }
}
