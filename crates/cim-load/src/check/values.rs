//! From one cell to a value of a field's type.

use cim_model::{FieldType, Value};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::strtime};

use crate::row::Cell;

/// How times without a zone are to be read.
#[derive(Debug, Clone)]
pub(super) struct TimeReading {
    pub(super) zone: Option<TimeZone>,
    pub(super) format: Option<String>,
}

/// Why a cell is no value of the type: the rule and what would be right.
pub(super) type Misfit = (&'static str, String);

/// The value of a cell that holds something.
pub(super) fn value_of(cell: &Cell<'_>, field_type: FieldType, times: &TimeReading) -> Result<Value, Misfit> {
    match (field_type, cell) {
        (_, Cell::Empty) => Ok(Value::Null),
        (FieldType::Float, Cell::Float(number)) => finite(*number),
        (FieldType::Int, Cell::Int(number)) => Ok(Value::Int(*number)),
        (FieldType::Float, Cell::Int(number)) => finite(as_float(*number)),
        (FieldType::Int, Cell::Float(number)) => whole(*number),
        (FieldType::Bool, Cell::Bool(flag)) => Ok(Value::Bool(*flag)),
        // A whole number that a table or a spreadsheet keeps as a decimal is a code without `.0`.
        (FieldType::Text | FieldType::Code(_), Cell::Float(number))
            if number.fract() == 0.0 && number.abs() < 1e15 =>
        {
            of_text(&format!("{number:.0}"), field_type, times)
        }
        (_, cell) => match cell.as_text() {
            None => Ok(Value::Null),
            Some(text) => of_text(&text, field_type, times),
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "a measure has fewer digits than a double")]
fn as_float(number: i64) -> f64 {
    number as f64
}

fn finite(number: f64) -> Result<Value, Misfit> {
    if number.is_finite() {
        Ok(Value::Float(number))
    } else {
        Err(("not_a_number", "a number is expected".to_owned()))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and below 2^53")]
fn whole(number: f64) -> Result<Value, Misfit> {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Ok(Value::Int(number as i64))
    } else {
        Err(("not_a_whole_number", "a whole number is expected".to_owned()))
    }
}

pub(super) fn of_text(text: &str, field_type: FieldType, times: &TimeReading) -> Result<Value, Misfit> {
    match field_type {
        // No text of the database can hold it, and no frame of the pipe.
        FieldType::Text | FieldType::Texts if text.contains('\0') => {
            Err(("zero_character", "a text without the character U+0000 is expected".to_owned()))
        }
        FieldType::Text => Ok(Value::Text(text.to_owned())),
        FieldType::Texts => {
            let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Texts(parts.map(str::to_owned).collect()))
        }
        FieldType::Int => match text.parse::<i64>() {
            Ok(number) => Ok(Value::Int(number)),
            Err(_) => text
                .parse::<f64>()
                .map_err(|_cause: std::num::ParseFloatError| {
                    ("not_a_whole_number", "a whole number is expected".to_owned())
                })
                .and_then(whole),
        },
        FieldType::Float => match crate::readers::wkt::parse_number(text.as_bytes()) {
            Some(number) => finite(number),
            None => Err(("not_a_number", "a number is expected".to_owned())),
        },
        FieldType::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "是" => Ok(Value::Bool(true)),
            "false" | "f" | "no" | "n" | "0" | "否" => Ok(Value::Bool(false)),
            _ => Err(("not_true_or_false", "true or false is expected".to_owned())),
        },
        FieldType::Code(words) if words.contains(&text) => Ok(Value::Text(text.to_owned())),
        FieldType::Code(words) => Err((
            "unknown_code",
            format!("one of {} is expected; map others with [source.values]", words.join(", ")),
        )),
        FieldType::Time => time_of(text, times).map(Value::Time),
        FieldType::Date => date_of(text, times).map(Value::Date),
        FieldType::Geometry => Err(("geometry_unreadable", "a geometry is expected".to_owned())),
    }
}

fn time_of(text: &str, times: &TimeReading) -> Result<Timestamp, Misfit> {
    if times.format.is_none()
        && let Ok(time) = text.parse::<Timestamp>()
    {
        return Ok(time);
    }
    let local = local_time(text, times)
        .ok_or_else(|| ("not_a_time", "a time like 2026-01-31T08:00:00+08:00 is expected".to_owned()))?;
    let zone = times.zone.clone().ok_or_else(|| {
        ("time_without_zone", "the time has no zone: name one with timezone = \"Asia/Shanghai\"".to_owned())
    })?;
    zone.to_ambiguous_zoned(local)
        .compatible()
        .map(|zoned| zoned.timestamp())
        .map_err(|_cause: jiff::Error| ("not_a_time", "the time does not exist in its zone".to_owned()))
}

fn local_time(text: &str, times: &TimeReading) -> Option<DateTime> {
    match &times.format {
        Some(format) => {
            let parsed = strtime::parse(format, text).ok()?;
            parsed.to_datetime().or_else(|_| parsed.to_date().map(|date| date.at(0, 0, 0, 0))).ok()
        }
        None => text.parse::<DateTime>().or_else(|_| text.replace('/', "-").parse::<DateTime>()).ok(),
    }
}

fn date_of(text: &str, times: &TimeReading) -> Result<Date, Misfit> {
    let misfit = || ("not_a_day", "a day like 2026-01-31 is expected".to_owned());
    if times.format.is_some() {
        return local_time(text, times).map(DateTime::date).ok_or_else(misfit);
    }
    // A moment's day is the day in the city.
    if let (Ok(time), Some(zone)) = (text.parse::<Timestamp>(), &times.zone) {
        return Ok(time.to_zoned(zone.clone()).date());
    }
    text.parse::<Date>()
        .or_else(|_| text.replace('/', "-").parse::<Date>())
        .map_err(|_cause: jiff::Error| misfit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, field_type: FieldType, zone: Option<&str>, format: Option<&str>) -> String {
        let times = TimeReading {
            zone: zone.map(|name| TimeZone::get(name).unwrap()),
            format: format.map(str::to_owned),
        };
        match value_of(&Cell::text(text), field_type, &times) {
            Ok(Value::Time(time)) => time.to_string(),
            Ok(Value::Date(date)) => date.to_string(),
            Ok(value) => format!("{value:?}"),
            Err((rule, _)) => rule.to_owned(),
        }
    }

    #[test]
    fn texts_become_values_or_name_the_rule_they_break() {
        use FieldType::{Bool, Code, Date, Float, Int, Text, Texts, Time};
        let la = Some("America/Los_Angeles");
        for (text, field_type, zone, format, expected) in [
            ("海门", Text, None, None, "Text(\"海门\")"),
            ("  ", Text, None, None, "Null"),
            ("a\0b", Text, None, None, "zero_character"),
            ("a;\0", Texts, None, None, "zero_character"),
            ("a; b;;c", Texts, None, None, "Texts([\"a\", \"b\", \"c\"])"),
            ("12", Int, None, None, "Int(12)"),
            ("12.0", Int, None, None, "Int(12)"),
            ("12.5", Int, None, None, "not_a_whole_number"),
            ("1e3", Float, None, None, "Float(1000.0)"),
            ("NaN", Float, None, None, "not_a_number"),
            ("12 m", Float, None, None, "not_a_number"),
            ("Y", Bool, None, None, "Bool(true)"),
            ("maybe", Bool, None, None, "not_true_or_false"),
            ("road", Code(&["road", "lane"]), None, None, "Text(\"road\")"),
            ("street", Code(&["road", "lane"]), None, None, "unknown_code"),
            ("2026-01-31T08:00:00+08:00", Time, None, None, "2026-01-31T00:00:00Z"),
            ("2017-12-31 23:59:58", Time, la, None, "2018-01-01T07:59:58Z"),
            ("2017-12-31 23:59:58", Time, None, None, "time_without_zone"),
            ("4/12/2016 7:54", Time, la, Some("%m/%d/%Y %H:%M"), "2016-04-12T14:54:00Z"),
            ("yesterday", Time, la, None, "not_a_time"),
            ("2026-01-31", Date, None, None, "2026-01-31"),
            ("2026/01/31", Date, None, None, "2026-01-31"),
            ("2018-01-01T07:59:58Z", Date, la, None, "2017-12-31"),
            ("31.1.2026", Date, None, None, "not_a_day"),
        ] {
            assert_eq!(shown(text, field_type, zone, format), expected, "{text}");
        }
    }
}
