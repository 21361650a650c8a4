//! GeoJSON of any size: features are handed on one by one while the file streams past.

use std::fmt;
use std::io::{BufRead, BufReader, Read};

use cim_crs::Crs;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::geojson_feature::{Columns, FeatureSeed, ReadFeature};
use super::{declared_by_name, open};
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{DeclaredCrs, Reading, Refusal, Stop, damaged};

/// The longest line of a sequence: one feature with the most vertices that are allowed.
const LONGEST_LINE_BYTES: u64 = 256 << 20;

/// Reads a `FeatureCollection`.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let file = BufReader::with_capacity(1 << 18, open(&job.path)?);
    let columns = Columns::new(&checker.wanted());
    let mut state = Streaming { checker, columns, row: 0, declared: None, seen_features: false, stop: None };
    let mut parser = serde_json::Deserializer::from_reader(SkipMark::new(file));
    let outcome = parser.deserialize_map(Collection { state: &mut state });
    if let Some(stop) = state.stop.take() {
        return Err(stop);
    }
    if let Err(error) = outcome {
        let row = state.row + 1;
        return Err(Refusal::new("file_damaged", format!("the file is no whole GeoJSON: {error}"))
            .at(row)
            .into());
    }
    if !state.seen_features {
        return Err(damaged("the file is no FeatureCollection: it has no `features`"));
    }
    Ok(())
}

/// A reader that leaves out a byte order mark.
struct SkipMark<R> {
    inner: R,
    begun: bool,
}

impl<R: BufRead> SkipMark<R> {
    fn new(inner: R) -> Self {
        Self { inner, begun: false }
    }
}

impl<R: BufRead> Read for SkipMark<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.begun {
            self.begun = true;
            if self.inner.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
                self.inner.consume(3);
            }
        }
        self.inner.read(buffer)
    }
}

struct Streaming<'c, 'o> {
    checker: &'c mut RowChecker<'o>,
    columns: Columns,
    row: u64,
    declared: Option<DeclaredCrs>,
    seen_features: bool,
    stop: Option<Stop>,
}

impl Streaming<'_, '_> {
    /// The standard says WGS 84 where the file says nothing.
    fn begin(&mut self) -> Reading {
        if self.row == 0 {
            let declared = self.declared.take().unwrap_or(DeclaredCrs::Known(Crs::Wgs84));
            self.checker.declare_crs(Some(declared))?;
        }
        Ok(())
    }

    fn feature(&mut self, feature: ReadFeature) -> Reading {
        self.begin()?;
        self.row += 1;
        hand_on(self.checker, self.row, feature)
    }
}

fn hand_on(checker: &mut RowChecker<'_>, row: u64, feature: ReadFeature) -> Reading {
    match feature.geometry {
        Ok(geometry) => checker.row(row, &feature.cells, geometry),
        Err(reason) => {
            checker.note(cim_model::Severity::Error, "geometry_unreadable", Some(row), None, reason)?;
            checker.skip();
            Ok(())
        }
    }
}

struct Collection<'s, 'c, 'o> {
    state: &'s mut Streaming<'c, 'o>,
}

impl<'de> Visitor<'de> for Collection<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => {
                    self.state.seen_features = true;
                    map.next_value_seed(Features { state: self.state })?;
                }
                "crs" => {
                    let value: serde_json::Value = map.next_value()?;
                    self.state.declared = value["properties"]["name"].as_str().map(declared_by_name);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Features<'s, 'c, 'o> {
    state: &'s mut Streaming<'c, 'o>,
}

impl<'de> DeserializeSeed<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(feature) = list.next_element_seed(FeatureSeed(&self.state.columns))? {
            if let Err(stop) = self.state.feature(feature) {
                self.state.stop = Some(stop);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// Reads one feature a line; a record separator in front is left out.
pub(super) fn read_sequence(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    checker.declare_crs(Some(DeclaredCrs::Known(Crs::Wgs84)))?;
    read_lines(BufReader::with_capacity(1 << 18, open(&job.path)?), checker)
}

/// Reads lines of features whose coordinate system has been settled.
pub(super) fn read_lines(mut input: impl BufRead, checker: &mut RowChecker<'_>) -> Reading {
    let columns = Columns::new(&checker.wanted());
    let mut line = Vec::new();
    let mut row = 0;
    loop {
        line.clear();
        let count = input
            .by_ref()
            .take(LONGEST_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(|error| damaged(format!("the file cannot be read: {error}")))?;
        if count == 0 {
            return Ok(());
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        let text = text.strip_prefix(b"\x1e").unwrap_or(text).trim_ascii();
        if text.is_empty() {
            continue;
        }
        row += 1;
        let refuse = |error: serde_json::Error| {
            Stop::from(
                Refusal::new("file_damaged", format!("the line is no GeoJSON feature: {error}")).at(row),
            )
        };
        let mut parser = serde_json::Deserializer::from_slice(text);
        let feature = FeatureSeed(&columns).deserialize(&mut parser).map_err(refuse)?;
        hand_on(checker, row, feature)?;
    }
}
