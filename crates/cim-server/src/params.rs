//! Query parameters, parsed once at the door: each is taken by name, and what nobody took is refused.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cim_city::AsOf;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::language::Words;
use crate::problem::ApiError;

/// Parameters that every read understands; the freshness extractor takes them.
const EVERYWHERE: [&str; 2] = ["min_xid", "min_snapshot"];

/// The parameters of one request that have not been taken yet.
#[derive(Debug)]
pub(crate) struct Params {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
}

/// A query that can be read from parameters.
pub(crate) trait FromParams: Sized {
    fn from_params(params: &mut Params) -> Result<Self, ApiError>;
}

/// The whole query of a request, as a checked type.
#[derive(Debug)]
pub(crate) struct Asked<Q>(pub(crate) Q);

/// No parameters but those that every read understands.
#[derive(Debug)]
pub(crate) struct Nothing;

impl FromParams for Nothing {
    fn from_params(_: &mut Params) -> Result<Self, ApiError> {
        Ok(Self)
    }
}

impl<S: Sync, Q: FromParams> FromRequestParts<S> for Asked<Q> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut params = Params::parse(parts.uri.query().unwrap_or_default())?;
        let query = Q::from_params(&mut params)?;
        params.finish()?;
        Ok(Self(query))
    }
}

impl Params {
    pub(crate) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut given: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if given.iter().any(|(other, _)| *other == name) {
                return Err(ApiError::bad_parameter(
                    &name,
                    &value,
                    Words::new("give it once only", "只能给出一次"),
                ));
            }
            given.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self { given, known: Vec::new() })
    }

    /// The text of a parameter, if it was given; an empty text counts as not given.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        let place = self.given.iter().position(|(given, _)| given == name)?;
        Some(self.given.swap_remove(place).1).filter(|text| !text.is_empty())
    }

    /// A parameter of a type that can be read from text; `expected` says what would be right.
    pub(crate) fn optional<T: FromStr>(
        &mut self,
        name: &'static str,
        expected: Words,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.trim().parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(ApiError::bad_parameter(name, &text, expected)),
        }
    }

    /// The same for one that must be there.
    pub(crate) fn required<T: FromStr>(
        &mut self,
        name: &'static str,
        expected: Words,
    ) -> Result<T, ApiError> {
        self.optional(name, expected)?.ok_or(ApiError::MissingParameter { name })
    }

    /// A finite number within bounds, inclusive.
    pub(crate) fn number_within(
        &mut self,
        name: &'static str,
        least: f64,
        most: f64,
        unit: &Words,
    ) -> Result<Option<f64>, ApiError> {
        let expected = bounds(least, most, unit);
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.trim().parse::<f64>() {
            Ok(value) if value.is_finite() && (least..=most).contains(&value) => Ok(Some(value)),
            _ => Err(ApiError::bad_parameter(name, &text, expected)),
        }
    }

    /// Refuse what nobody took, naming what there is.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        match self.given.into_iter().find(|(name, _)| !EVERYWHERE.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => Err(ApiError::UnknownParameter { name, known: self.known }),
        }
    }
}

/// A whole number from 1 to `most`.
pub(crate) fn count_within(
    params: &mut Params,
    name: &'static str,
    most: usize,
) -> Result<Option<usize>, ApiError> {
    let given = params.optional::<usize>(name, one_to(most))?;
    given.map(|count| checked_count(name, count, most)).transpose()
}

/// The same for one that a body gives.
pub(crate) fn checked_count(name: &'static str, count: usize, most: usize) -> Result<usize, ApiError> {
    if (1..=most).contains(&count) {
        Ok(count)
    } else {
        Err(ApiError::bad_parameter(name, &count.to_string(), one_to(most)))
    }
}

fn one_to(most: usize) -> Words {
    Words::new(format!("give a whole number from 1 to {most}"), format!("请给出 1 到 {most} 的整数"))
}

/// A moment: RFC 3339, or a date that begins at midnight in China.
pub(crate) fn moment(params: &mut Params, name: &'static str) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = params.text(name) else { return Ok(None) };
    let midnight =
        |date: Date| date.to_zoned(TimeZone::fixed(Offset::constant(8))).ok().map(|day| day.timestamp());
    let read = text.parse().ok().or_else(|| midnight(text.parse().ok()?));
    let expected = Words::new(
        "give a time such as 2026-11-24T08:00:00+08:00, or a date",
        "请给出时间，例如 2026-11-24T08:00:00+08:00，或日期",
    );
    read.map(Some).ok_or_else(|| ApiError::bad_parameter(name, &text, expected))
}

/// As of when: `datetime` in the world, `known_at` as it was known.
pub(crate) fn as_of(params: &mut Params) -> Result<AsOf, ApiError> {
    Ok(AsOf { datetime: moment(params, "datetime")?, known_at: moment(params, "known_at")? })
}

fn bounds(least: impl Display, most: impl Display, unit: &Words) -> Words {
    use crate::language::Language::{Chinese, English};
    Words::new(
        format!("give a number of {} from {least} to {most}", unit.speak(English)),
        format!("请给出 {least} 到 {most} 之间的{}", unit.speak(Chinese)),
    )
}

/// A parameter whose value is one of a closed list of words.
pub(crate) fn one_of(words: &[&str]) -> Words {
    let list = words.join(", ");
    Words::new(format!("use one of: {list}"), format!("可用的值：{list}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::parse(query).unwrap()
    }

    #[test]
    fn a_parameter_that_nobody_takes_is_refused_by_name() {
        let mut left = params("lon=1&radus_m=2&min_xid=7");
        assert_eq!(left.text("lon").as_deref(), Some("1"));
        let error = left.finish().unwrap_err();
        assert!(
            matches!(error, ApiError::UnknownParameter { name, known } if name == "radus_m" && known == ["lon"])
        );
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        assert!(matches!(Params::parse("lon=1&lon=2"), Err(ApiError::BadParameter { .. })));
    }

    #[test]
    fn numbers_are_finite_and_within_their_bounds() {
        let metres = || Words::new("metres", "米");
        for bad in ["NaN", "inf", "-1", "6000", "many", "1e400"] {
            assert!(params(&format!("r={bad}")).number_within("r", 0.0, 5000.0, &metres()).is_err(), "{bad}");
        }
        assert_eq!(params("r=+5%30").number_within("r", 0.0, 5000.0, &metres()).unwrap(), Some(50.0));
    }
}
