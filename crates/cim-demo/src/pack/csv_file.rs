//! A CSV file written row by row, fast and with the same bytes everywhere.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use cim_crs::LatticePoint;

use crate::DemoError;
use crate::trace::Polygon;

/// Where the copies of the district lie and how their codes begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copy {
    pub(crate) number: u32,
    pub(crate) shift: LatticePoint,
}

impl Copy {
    /// The six digits of this copy's division code.
    pub(crate) fn division_code(self) -> String {
        if self.number == 0 { "320614".to_owned() } else { format!("{:06}", 990_000 + self.number) }
    }
}

/// One file.
pub(crate) struct CsvFile {
    out: BufWriter<File>,
    row: String,
    first: bool,
    copy: Copy,
    prefix: Option<String>,
    pub(crate) rows: u64,
}

impl CsvFile {
    /// Creates the file and writes its header.
    pub(crate) fn create(dir: &Path, name: &str, header: &[&str]) -> Result<Self, DemoError> {
        let path = dir.join(name);
        let file = File::create(&path).map_err(|source| DemoError::Write { path, source })?;
        let mut csv = Self {
            out: BufWriter::with_capacity(1 << 18, file),
            row: String::with_capacity(4096),
            first: true,
            copy: Copy { number: 0, shift: LatticePoint { x: 0, y: 0 } },
            prefix: None,
            rows: 0,
        };
        for name in header {
            csv.text(name);
        }
        csv.end()?;
        csv.rows = 0;
        Ok(csv)
    }

    /// From now on rows belong to this copy of the district.
    pub(crate) fn set_copy(&mut self, copy: Copy) {
        self.copy = copy;
        self.prefix = (copy.number > 0).then(|| copy.division_code());
    }

    fn cell(&mut self) {
        if self.first {
            self.first = false;
        } else {
            self.row.push(',');
        }
    }

    /// A text, quoted when it has to be.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.cell();
        if text.contains([',', '"', '\n', '\r']) {
            self.row.push('"');
            for letter in text.chars() {
                if letter == '"' {
                    self.row.push('"');
                }
                self.row.push(letter);
            }
            self.row.push('"');
        } else {
            self.row.push_str(text);
        }
        self
    }

    /// A code that begins with the division's digits, moved to the copy's digits.
    pub(crate) fn code(&mut self, code: &str) -> &mut Self {
        self.cell();
        self.push_code(code);
        self
    }

    fn push_code(&mut self, code: &str) {
        match (&self.prefix, code.get(..6), code.get(6..)) {
            (Some(prefix), Some("320614" | "320684"), Some(rest)) => {
                self.row.push_str(prefix);
                self.row.push_str(rest);
            }
            _ => self.row.push_str(code),
        }
    }

    /// A code behind a letter prefix.
    pub(crate) fn code_after(&mut self, letters: &str, code: &str) -> &mut Self {
        self.cell();
        self.row.push_str(letters);
        self.push_code(code);
        self
    }

    pub(crate) fn int(&mut self, number: impl std::fmt::Display) -> &mut Self {
        self.cell();
        let _ = write!(self.row, "{number}");
        self
    }

    /// A number with one decimal, from tenths.
    pub(crate) fn tenths(&mut self, tenths: i64) -> &mut Self {
        self.cell();
        let sign = if tenths < 0 { "-" } else { "" };
        let _ = write!(self.row, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10);
        self
    }

    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.text(if value { "true" } else { "false" })
    }

    pub(crate) fn none(&mut self) -> &mut Self {
        self.cell();
        self
    }

    pub(crate) fn nones(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            self.none();
        }
        self
    }

    fn push_degrees(&mut self, steps: i64) {
        let sign = if steps < 0 { "-" } else { "" };
        let _ = write!(self.row, "{sign}{}.{:08}", steps.abs() / 100_000_000, steps.abs() % 100_000_000);
    }

    fn push_point(&mut self, point: LatticePoint) {
        self.push_degrees(point.x + self.copy.shift.x);
        self.row.push(' ');
        self.push_degrees(point.y + self.copy.shift.y);
    }

    fn push_points(&mut self, points: impl Iterator<Item = LatticePoint>) {
        self.row.push('(');
        for (index, point) in points.enumerate() {
            if index > 0 {
                self.row.push(',');
            }
            self.push_point(point);
        }
        self.row.push(')');
    }

    pub(crate) fn point(&mut self, point: LatticePoint) -> &mut Self {
        self.cell();
        self.row.push_str("POINT(");
        self.push_point(point);
        self.row.push(')');
        self
    }

    pub(crate) fn line(&mut self, points: impl Iterator<Item = LatticePoint>) -> &mut Self {
        self.cell();
        self.row.push_str("\"LINESTRING");
        self.push_points(points);
        self.row.push('"');
        self
    }

    /// A polygon, or several.
    pub(crate) fn polygons(&mut self, polygons: &[Polygon]) -> &mut Self {
        self.cell();
        self.row.push('"');
        self.row.push_str(if polygons.len() == 1 { "POLYGON" } else { "MULTIPOLYGON(" });
        for (index, polygon) in polygons.iter().enumerate() {
            if index > 0 {
                self.row.push(',');
            }
            self.row.push('(');
            for (number, ring) in polygon.iter().enumerate() {
                if number > 0 {
                    self.row.push(',');
                }
                self.push_points(ring.iter().chain(ring.first()).copied());
            }
            self.row.push(')');
        }
        if polygons.len() != 1 {
            self.row.push(')');
        }
        self.row.push('"');
        self
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) -> Result<(), DemoError> {
        self.row.push('\n');
        self.out.write_all(self.row.as_bytes()).map_err(DemoError::Rows)?;
        self.row.clear();
        self.first = true;
        self.rows += 1;
        Ok(())
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<u64, DemoError> {
        self.out.flush().map_err(DemoError::Rows)?;
        Ok(self.rows)
    }
}
