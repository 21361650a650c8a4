//! The attribute table of a Shapefile.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use encoding_rs::Encoding;

use super::super::encoding::{LOOK_AT_BYTES, decide, text_of};
use super::super::open;
use crate::check::RowChecker;
use crate::row::{Cell, Refusal, Stop, damaged};

struct Column {
    name: String,
    kind: u8,
    start: usize,
    length: usize,
}

/// A table read from its first row to its last.
pub(super) struct Table {
    file: BufReader<File>,
    columns: Vec<Column>,
    encoding: &'static Encoding,
    rows: u64,
    buffer: Vec<u8>,
}

impl Table {
    /// Reads the heading and decides about the encoding: what the pack says, then .cpg, then the bytes.
    pub(super) fn open(
        path: &Path,
        given: Option<&str>,
        code_page: Option<&str>,
        checker: &mut RowChecker<'_>,
    ) -> Result<Self, Stop> {
        let mut file = BufReader::with_capacity(1 << 18, open(path)?);
        let unreadable = |error: std::io::Error| damaged(format!("the .dbf cannot be read: {error}"));
        let mut head = Vec::new();
        file.by_ref().take(LOOK_AT_BYTES as u64).read_to_end(&mut head).map_err(unreadable)?;
        let number = |at: usize| {
            head.get(at..at + 2).map(|bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
        };
        let (Some(header_bytes), Some(row_bytes), Some(rows)) = (number(8), number(10), head.get(4..8))
        else {
            return Err(damaged("the .dbf is shorter than its header"));
        };
        let rows = u64::from(u32::from_le_bytes([rows[0], rows[1], rows[2], rows[3]]));
        let data = head.get(header_bytes..).unwrap_or_default();
        let known = code_page
            .and_then(encoding_of_code_page)
            .or_else(|| head.get(29).and_then(|mark| encoding_of_mark(*mark)));
        let encoding = match (given, known) {
            (None, Some(known)) => known,
            (given, _) => decide(given, data, checker)?,
        };
        let columns = columns_of(head.get(32..header_bytes).unwrap_or_default(), encoding)?;
        if columns.iter().any(|column| column.start + column.length > row_bytes) {
            return Err(damaged("the columns of the .dbf do not fit its rows"));
        }
        file.seek(SeekFrom::Start(header_bytes as u64)).map_err(unreadable)?;
        Ok(Self { file, columns, encoding, rows, buffer: vec![0; row_bytes] })
    }

    pub(super) fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The next row; `None` after the last.
    pub(super) fn record(&mut self, row: u64) -> Result<Option<Vec<Cell<'static>>>, Stop> {
        if row > self.rows || self.buffer.is_empty() {
            return Ok(None);
        }
        self.file.read_exact(&mut self.buffer).map_err(|_cause: std::io::Error| {
            Stop::from(
                Refusal::new("file_damaged", "the .dbf ends in the middle of this row: it is cut off")
                    .at(row),
            )
        })?;
        self.columns.iter().map(|column| self.cell(column, row)).collect::<Result<Vec<_>, _>>().map(Some)
    }

    fn cell(&self, column: &Column, row: u64) -> Result<Cell<'static>, Stop> {
        let bytes = &self.buffer[column.start..column.start + column.length];
        let text = bytes.trim_ascii();
        let blank = text.is_empty() || text.iter().all(|byte| matches!(byte, b'*' | 0));
        Ok(match column.kind {
            _ if blank => Cell::Empty,
            b'N' | b'F' => {
                let text = text_of(text, self.encoding, row)?;
                match (text.parse::<i64>(), text.parse::<f64>()) {
                    (Ok(whole), _) => Cell::Int(whole),
                    (_, Ok(number)) => Cell::Float(number),
                    _ => Cell::text(text.into_owned()),
                }
            }
            b'L' => match text[0] {
                b'T' | b't' | b'Y' | b'y' => Cell::Bool(true),
                b'F' | b'f' | b'N' | b'n' => Cell::Bool(false),
                _ => Cell::Empty,
            },
            b'D' if text.len() == 8 && text.is_ascii() => {
                let text = text_of(text, self.encoding, row)?;
                let (year, rest) = text.split_at(4);
                let (month, day) = rest.split_at(2);
                Cell::text(format!("{year}-{month}-{day}"))
            }
            b'I' | b'+' if bytes.len() == 4 => {
                Cell::Int(i64::from(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
            }
            _ => Cell::text(text_of(text, self.encoding, row)?.trim_matches('\0').to_owned()),
        })
    }
}

fn columns_of(bytes: &[u8], encoding: &'static Encoding) -> Result<Vec<Column>, Stop> {
    let mut columns = Vec::new();
    // The first byte of a row tells whether it is deleted.
    let mut start = 1;
    for descriptor in bytes.chunks_exact(32).take_while(|descriptor| descriptor[0] != 0x0d) {
        let name = descriptor[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let length = usize::from(descriptor[16]);
        columns.push(Column {
            name: text_of(name, encoding, 0)?.trim().to_owned(),
            kind: descriptor[11],
            start,
            length,
        });
        start += length;
    }
    Ok(columns)
}

fn encoding_of_code_page(text: &str) -> Option<&'static Encoding> {
    let label = text.trim().trim_start_matches('\u{feff}');
    Encoding::for_label(label.as_bytes()).or_else(|| {
        match label.to_ascii_uppercase().trim_start_matches("CP") {
            "65001" => Some(encoding_rs::UTF_8),
            "936" | "ANSI 936" | "54936" => Some(encoding_rs::GB18030),
            "950" | "ANSI 950" => Some(encoding_rs::BIG5),
            "1252" | "ANSI 1252" => Some(encoding_rs::WINDOWS_1252),
            _ => None,
        }
    })
}

/// The language mark in a .dbf header; most are about code pages that no longer occur.
fn encoding_of_mark(mark: u8) -> Option<&'static Encoding> {
    match mark {
        0x4d | 0x7a => Some(encoding_rs::GB18030),
        0x4f | 0x78 => Some(encoding_rs::BIG5),
        _ => None,
    }
}
