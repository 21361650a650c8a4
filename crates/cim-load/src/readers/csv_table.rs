//! CSV and TSV with a heading.

use std::cell::Cell as Shared;
use std::io::{self, Read, Seek};
use std::rc::Rc;

use cim_model::Severity;
use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::Encoding;

use super::encoding::{LOOK_AT_BYTES, decide, text_of};
use super::open;
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::pack::Format;
use crate::row::{Cell, LONGEST_CELL_BYTES, RawGeometry, Reading, Refusal, damaged};

/// The longest record: an open quotation mark would otherwise swallow the rest of the file.
const LONGEST_RECORD_BYTES: u64 = 64 << 20;
/// A geometry may be longer than any text.
const LONGEST_GEOMETRY_BYTES: usize = 48 << 20;

/// Reads a table.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let mut file = open(&job.path)?;
    let mut head = Vec::new();
    let unreadable = |error: io::Error| damaged(format!("the file cannot be read: {error}"));
    file.by_ref().take(LOOK_AT_BYTES as u64).read_to_end(&mut head).map_err(unreadable)?;
    let encoding = decide(job.mapping.encoding.as_deref(), &head, checker)?;
    file.rewind().map_err(unreadable)?;
    let since_record = Rc::new(Shared::new(0));
    let bounded = Bounded { inner: file, since_record: Rc::clone(&since_record) };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(job, &head))
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 18)
        .from_reader(bounded);
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(|error| unparsable(&error, 0))? {
        return Err(damaged("the file is empty: a heading is expected"));
    }
    let columns = heading(&record, encoding)?;
    checker.columns(&columns)?;
    let places: Vec<Option<usize>> = checker
        .wanted()
        .iter()
        .map(|wanted| columns.iter().position(|column| *column == wanted.name))
        .collect();
    let mut row = 0;
    loop {
        since_record.set(0);
        row += 1;
        if !reader.read_byte_record(&mut record).map_err(|error| unparsable(&error, row))? {
            return Ok(());
        }
        if record.len() != columns.len() {
            let message = format!(
                "the row has {} cells where the heading has {}: is a quotation mark missing?",
                record.len(),
                columns.len()
            );
            checker.note(Severity::Error, "row_length", Some(row), None, message)?;
            checker.skip();
            continue;
        }
        hand_on(&record, row, &places, encoding, checker)?;
    }
}

fn delimiter(job: &ReadJob, head: &[u8]) -> u8 {
    if let Some(given) = job.mapping.delimiter {
        return u8::try_from(given).unwrap_or(b',');
    }
    if job.format == Format::Tsv {
        return b'\t';
    }
    let heading = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| heading.split(|byte| *byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn heading(record: &ByteRecord, encoding: &'static Encoding) -> Result<Vec<String>, crate::row::Stop> {
    let mut columns = Vec::with_capacity(record.len());
    for cell in record {
        let cell = cell.strip_prefix(b"\xef\xbb\xbf").unwrap_or(cell);
        columns.push(text_of(cell, encoding, 0)?.trim().to_owned());
    }
    Ok(columns)
}

fn hand_on(
    record: &ByteRecord,
    row: u64,
    places: &[Option<usize>],
    encoding: &'static Encoding,
    checker: &mut RowChecker<'_>,
) -> Reading {
    let mut cells = Vec::with_capacity(places.len());
    for place in places {
        let Some(bytes) = place.and_then(|place| record.get(place)).filter(|bytes| !bytes.is_empty()) else {
            cells.push(Cell::Empty);
            continue;
        };
        if bytes.len() > LONGEST_GEOMETRY_BYTES
            || (bytes.len() > LONGEST_CELL_BYTES && !looks_like_wkt(bytes))
        {
            let message = format!("a cell has {} bytes: at most {LONGEST_CELL_BYTES} are read", bytes.len());
            return Err(Refusal::new("cell_too_long", message).at(row).into());
        }
        cells.push(Cell::Text(text_of(bytes, encoding, row)?));
    }
    checker.row(row, &cells, RawGeometry::None)
}

fn looks_like_wkt(bytes: &[u8]) -> bool {
    bytes.iter().take(40).any(|byte| *byte == b'(') || bytes.starts_with(b"01") || bytes.starts_with(b"00")
}

fn unparsable(error: &csv::Error, row: u64) -> crate::row::Stop {
    Refusal::new("file_damaged", format!("the row cannot be read: {error}")).at(row.max(1)).into()
}

/// Refuses to read on when one record takes more than its due.
struct Bounded<R> {
    inner: R,
    since_record: Rc<Shared<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_record.get() > LONGEST_RECORD_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "one record is longer than 64 MiB: a quotation mark is missing",
            ));
        }
        let count = self.inner.read(buffer)?;
        self.since_record.set(self.since_record.get() + count as u64);
        Ok(count)
    }
}
