//! A batch of points as CSV of any length: the columns that came, then those of the answer.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use cim_city::ResponsibilityQuery;
use cim_crs::Transform;
use csv::StringRecord;

use crate::batch::{ForAllPoints, Job, finish};
use crate::batch_fields::{answer_fields, answer_header};
use crate::batch_rows::{BatchCutOff, PointRow, answer_all};
use crate::language::Words;
use crate::position;
use crate::problem::ApiError;

/// A row is a point and what goes with it. Without a limit, one that never ends would be kept whole.
const MOST_ROW_BYTES: usize = 1024 * 1024;
/// So many names of columns are told where one is missing.
const MOST_COLUMNS_TOLD: usize = 20;

pub(crate) fn answer(job: Job, reader: impl Read, for_all: &ForAllPoints) {
    let Job { city, scope, writer, started } = job;
    let row_bytes = Rc::new(Cell::new(0));
    let reader = RowsWithin { reader, row_bytes: Rc::clone(&row_bytes) };
    let mut source = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let (columns, header) = match Columns::find(&mut source, for_all) {
        Ok(found) => found,
        Err(error) => return started.no(error),
    };
    row_bytes.set(0);
    let mut records = source.records();
    // The first row is read before anything is answered: what is no CSV at all can still be refused as a whole.
    let first = match records.next().transpose() {
        Ok(first) => first,
        Err(error) => return started.no(unreadable_csv(&error)),
    };
    let mut out = csv::Writer::from_writer(writer);
    let mut unreadable = None;
    let rows = first.map(Ok).into_iter().chain(records).map_while(|record| match record {
        Ok(record) => {
            row_bytes.set(0);
            Some(PointRow { query: columns.query(&record), carried: record })
        }
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
        let header = source.headers().map_err(|error| unreadable_csv(&error))?;
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

/// Rows of a stream, none longer than a row may be.
struct RowsWithin<R> {
    reader: R,
    /// How much was read since the row before was whole.
    row_bytes: Rc<Cell<usize>>,
}

impl<R: Read> Read for RowsWithin<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let row_bytes = self.row_bytes.get() + read;
        self.row_bytes.set(row_bytes);
        if row_bytes > MOST_ROW_BYTES {
            return Err(io::Error::other(format!("a row is longer than {MOST_ROW_BYTES} bytes")));
        }
        Ok(read)
    }
}

fn unreadable_csv(error: &csv::Error) -> ApiError {
    ApiError::BadBody {
        reason: Words::new(format!("the CSV cannot be read: {error}"), format!("CSV 无法读取：{error}")),
    }
}

fn no_column(wanted: &str, header: &StringRecord) -> ApiError {
    let shortened = |name: &str| name.chars().take(40).collect::<String>();
    let mut found: Vec<String> = header.iter().take(MOST_COLUMNS_TOLD).map(shortened).collect();
    if header.len() > MOST_COLUMNS_TOLD {
        found.push(format!("... ({})", header.len()));
    }
    let found = found.join(", ");
    ApiError::BadBody {
        reason: Words::new(
            format!("the first row must name a column `{wanted}`; it names: {found}"),
            format!("第一行必须有“{wanted}”列；现有：{found}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_row_that_does_not_end_is_too_long() {
        let read = |text: String| {
            let row_bytes = Rc::new(Cell::new(0));
            let reader = RowsWithin { reader: text.as_bytes(), row_bytes: Rc::clone(&row_bytes) };
            let mut source = csv::Reader::from_reader(reader);
            source.records().map(|record| record.inspect(|_| row_bytes.set(0))).collect::<Result<Vec<_>, _>>()
        };
        let rows = MOST_ROW_BYTES / 4;
        assert_eq!(read(format!("lon,lat\n{}", "121.5,31.25\n".repeat(rows))).unwrap().len(), rows);
        assert!(read(format!("lon,lat\n1,\"{}", "\n".repeat(2 * MOST_ROW_BYTES))).is_err());
        assert!(read("lon,".repeat(MOST_ROW_BYTES)).is_err());
    }
}
