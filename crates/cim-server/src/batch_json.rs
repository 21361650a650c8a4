//! A batch of points as JSON: at most 100,000, answered as a stream of rows.

use std::io::{self, Write};

use cim_city::{ResponsibilityQuery, ResponsibilityRow};
use cim_crs::Transform;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::batch::{ForAllPoints, Job, finish};
use crate::batch_rows::{PointRow, answer_all};
use crate::byte_stream::BodyWriter;
use crate::language::{Language, Words};
use crate::position;
use crate::problem::ApiError;

/// More points belong into a CSV stream.
const MOST_POINTS: usize = 100_000;

/// The question as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    crs: Option<String>,
    category: Option<String>,
    points: Vec<Point>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    id: Option<Value>,
    lon: f64,
    lat: f64,
    category: Option<String>,
}

/// The question once it is known to be answerable.
pub(crate) struct Checked {
    transform: Transform,
    category: Option<String>,
    points: Vec<Point>,
}

impl Question {
    /// `crs` and `category` may stand in the body or in the address; the body wins.
    pub(crate) fn checked(self, for_all: ForAllPoints) -> Result<Checked, ApiError> {
        if self.points.len() > MOST_POINTS {
            return Err(ApiError::TooMuch {
                remedy: Words::new(
                    format!("send at most {MOST_POINTS} points as JSON, or any number as text/csv"),
                    format!("JSON 每次最多 {MOST_POINTS} 个点；更多请使用 text/csv"),
                ),
            });
        }
        let crs = self.crs.or(for_all.crs).unwrap_or_else(|| "wgs84".to_owned());
        let transform =
            position::named(&crs).map_err(|expected| ApiError::bad_parameter("crs", &crs, expected))?;
        Ok(Checked { transform, category: self.category.or(for_all.category), points: self.points })
    }
}

#[derive(Serialize)]
struct Row {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(flatten)]
    answer: Option<ResponsibilityRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn answer(job: Job, question: Checked) {
    let Job { city, scope, mut writer, started } = job;
    let Checked { transform, category, points } = question;
    let rows = points.into_iter().map(|point| PointRow {
        query: position::place(&transform, point.lon, point.lat).map(|at| ResponsibilityQuery {
            at,
            category: point.category.or_else(|| category.clone()),
            datetime: None,
        }),
        carried: point.id,
    });
    let mut first = true;
    let mut sent = Ok(());
    let begun = answer_all(&city, &scope, rows, started, |id, result| {
        sent = write_row(&mut writer, std::mem::take(&mut first), id, result);
        sent.is_ok()
    });
    if begun {
        let ending: &[u8] = if first { b"{\"rows\":[]}" } else { b"]}" };
        let ended = sent.and_then(|()| writer.write_all(ending));
        finish(writer, ended.map_err(Into::into));
    }
}

fn write_row(
    writer: &mut BodyWriter,
    first: bool,
    id: Option<Value>,
    result: Result<ResponsibilityRow, Words>,
) -> io::Result<()> {
    writer.write_all(if first { b"{\"rows\":[" } else { b",\n" })?;
    let (answer, error) = match result {
        Ok(row) => (Some(row), None),
        Err(words) => (None, Some(words.speak(Language::English).to_owned())),
    };
    serde_json::to_writer(writer, &Row { id, answer, error }).map_err(io::Error::from)
}
