//! A batch of points as CSV of any length: the columns that came, then those of the answer.

use std::io::Read;

use cim_city::ResponsibilityQuery;
use cim_crs::Transform;
use csv::StringRecord;

use crate::batch::{ForAllPoints, Job, finish};
use crate::batch_fields::{answer_fields, answer_header};
use crate::batch_rows::{BatchCutOff, PointRow, answer_all};
use crate::language::Words;
use crate::position;
use crate::problem::ApiError;

pub(crate) fn answer(job: Job, reader: impl Read, for_all: &ForAllPoints) {
    let Job { city, scope, writer, started } = job;
    let mut source = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let (columns, header) = match Columns::find(&mut source, for_all) {
        Ok(found) => found,
        Err(error) => return started.no(error),
    };
    let mut out = csv::Writer::from_writer(writer);
    let mut unreadable = None;
    let rows = source.records().map_while(|record| match record {
        Ok(record) => Some(PointRow { query: columns.query(&record), carried: record }),
        Err(error) => {
            unreadable = Some(error);
            None
        }
    });
    let mut written = out.write_record(header.iter().map(str::to_owned).chain(answer_header()));
    let begun = answer_all(&city, &scope, rows, started, |record, result| {
        let given = (0..header.len()).map(|place| record.get(place).unwrap_or_default().to_owned());
        written = out.write_record(given.chain(answer_fields(result)));
        written.is_ok()
    });
    let Ok(writer) = out.into_inner() else { return };
    if begun {
        let outcome = written.map_err(BatchCutOff::Unsent);
        finish(
            writer,
            outcome.and_then(|()| unreadable.map_or(Ok(()), |error| Err(BatchCutOff::Unreadable(error)))),
        );
    }
}

/// Where the point stands in a row.
pub(crate) struct Columns {
    lon: usize,
    lat: usize,
    category: Option<usize>,
    transform: Transform,
    category_for_all: Option<String>,
}

impl Columns {
    pub(crate) fn find<R: Read>(
        source: &mut csv::Reader<R>,
        for_all: &ForAllPoints,
    ) -> Result<(Self, StringRecord), ApiError> {
        let crs = for_all.crs.as_deref().unwrap_or("wgs84");
        let transform =
            position::named(crs).map_err(|expected| ApiError::bad_parameter("crs", crs, expected))?;
        let header = source.headers().map_err(|error| ApiError::BadBody {
            reason: Words::new(format!("the CSV cannot be read: {error}"), format!("CSV 无法读取：{error}")),
        })?;
        let header: StringRecord =
            header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let find = |wanted: &str| header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let need = |wanted: &str| find(wanted).ok_or_else(|| no_column(wanted, &header));
        let (lon, lat) = (need("lon")?, need("lat")?);
        let category = find("category");
        Ok((Self { lon, lat, category, transform, category_for_all: for_all.category.clone() }, header))
    }

    pub(crate) fn query(&self, record: &StringRecord) -> Result<ResponsibilityQuery, Words> {
        let number = |place: usize, name: &str| {
            let text = record.get(place).unwrap_or_default().trim();
            text.parse::<f64>().ok().ok_or_else(|| {
                Words::new(format!("{name} `{text}` is not a number"), format!("{name}“{text}”不是数字"))
            })
        };
        let at = position::place(&self.transform, number(self.lon, "lon")?, number(self.lat, "lat")?)?;
        let own =
            self.category.and_then(|place| record.get(place)).map(str::trim).filter(|text| !text.is_empty());
        Ok(ResponsibilityQuery {
            at,
            category: own.map(str::to_owned).or_else(|| self.category_for_all.clone()),
            datetime: None,
        })
    }
}

fn no_column(wanted: &str, header: &StringRecord) -> ApiError {
    let found = header.iter().collect::<Vec<_>>().join(", ");
    ApiError::BadBody {
        reason: Words::new(
            format!("the first row must name a column `{wanted}`; it names: {found}"),
            format!("第一行必须有“{wanted}”列；现有：{found}"),
        ),
    }
}
