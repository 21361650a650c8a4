//! Takes source rows from a reader, checks them and hands on records in batches.

use cim_crs::{Crs, Transform};
use cim_model::{CollectionSpec, Finding, GeometryKind, Record, Severity, Value};
use jiff::tz::TimeZone;

use super::city_case::{fill_location, undo_future};
use super::fields::{From, GeometryFrom, Plan, Wanted};
use super::geometry::{Sound, any_point, explain, sound_geometry};
use super::geometry_cells::{point_of, sound_text};
use super::output::{Batch, BatchOutput, CheckedRow, Summary, refused};
use super::samples::Samples;
use super::spoken;
use super::tally::Tally;
use super::timeline::TimeShift;
use super::values::{TimeReading, value_of};
use crate::job::ReadJob;
use crate::pack::Reject;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Stop};

const ROWS_PER_BATCH: usize = 2_000;

/// What the checks need to know of a file.
pub(crate) struct Checks {
    spec: &'static CollectionSpec,
    crs: Option<Crs>,
    times: TimeReading,
    shift: Option<TimeShift>,
    reject: Reject,
    shown: String,
}

/// The checks of one file.
pub(crate) struct RowChecker<'o> {
    checks: Checks,
    plan: Plan,
    transform: Option<Transform>,
    output: &'o mut dyn BatchOutput,
    batch: Batch,
    tally: Tally,
    summary: Summary,
    samples: Samples,
}

impl<'o> RowChecker<'o> {
    pub(crate) fn new(job: &ReadJob, output: &'o mut dyn BatchOutput) -> Result<Self, Refusal> {
        let unknown = |what: &str| Refusal::new("mapping", format!("unknown {what}"));
        let spec = job.collection().ok_or_else(|| unknown("collection"))?.spec();
        let zone = match &job.mapping.timezone {
            None => None,
            Some(name) => Some(TimeZone::get(name).map_err(|_cause: jiff::Error| unknown("time zone"))?),
        };
        let times = TimeReading { zone, format: job.mapping.time_format.clone() };
        let crs = match &job.crs {
            None => None,
            Some(name) => Some(
                name.parse()
                    .map_err(|error: cim_crs::CrsError| Refusal::new("crs_unknown", error.to_string()))?,
            ),
        };
        let plan = Plan::new(spec, &job.mapping, job.format, &times)?;
        let checks = Checks {
            spec,
            crs,
            times,
            shift: job.shift,
            reject: job.mapping.reject,
            shown: job.shown.clone(),
        };
        Ok(Self {
            checks,
            plan,
            transform: None,
            output,
            batch: Vec::with_capacity(ROWS_PER_BATCH),
            tally: Tally::default(),
            summary: Summary::default(),
            samples: Samples::new(),
        })
    }

    /// The columns to hand on, in this order.
    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        self.plan.wanted.clone()
    }

    /// Whether this collection's geometry is a point: a reader may then give one for an area.
    pub(crate) fn wants_points(&self) -> bool {
        self.checks.spec.geometry == GeometryKind::Point
    }

    /// Whether the geometry kind of the collection is an area.
    pub(crate) fn wants_areas(&self) -> bool {
        matches!(self.checks.spec.geometry, GeometryKind::Polygon | GeometryKind::Any)
    }

    /// Whether the geometry may be a line.
    pub(crate) fn wants_lines(&self) -> bool {
        matches!(self.checks.spec.geometry, GeometryKind::Line | GeometryKind::Any)
    }

    /// Is told the file's columns before the first row, where the format has any.
    pub(crate) fn columns(&mut self, available: &[String]) -> Reading {
        Ok(self.plan.check_columns(self.checks.spec, available)?)
    }

    /// Is told what the file says of its coordinate system, before the first row.
    pub(crate) fn declare_crs(&mut self, declared: Option<DeclaredCrs>) -> Reading {
        if self.checks.spec.geometry == GeometryKind::None {
            return Ok(());
        }
        let transform = match (self.checks.crs, declared) {
            (Some(said), declared) => {
                if let Some(DeclaredCrs::Known(found)) = declared
                    && found != said
                    && !(found.is_lonlat() && said.is_lonlat())
                {
                    let message = format!(
                        "the file says that it is in {found}, the pack says {said}: the pack was followed"
                    );
                    self.note(Severity::Warning, "crs_differs", None, Some(found.to_string()), message)?;
                }
                Transform::new(said)
            }
            (None, Some(DeclaredCrs::Known(found))) => Transform::new(found),
            (None, Some(DeclaredCrs::Text(text))) => Transform::from_prj(&text),
            (None, Some(DeclaredCrs::Unknown(name))) => {
                let message =
                    format!("the file's coordinate system `{name}` is not known: write crs = \"epsg:NNNN\"");
                return Err(Refusal::new("crs_unknown", message).with_value(name).into());
            }
            (None, None) => {
                let message = "nothing says what coordinate system the file is in: write crs = \"wgs84\", \
                               \"cgcs2000\", \"gcj02\", \"bd09\" or \"epsg:NNNN\"";
                return Err(Refusal::new("crs_unknown", message).into());
            }
        };
        let transform = transform.map_err(|error| Refusal::new("crs_unknown", error.to_string()))?;
        self.summary.lonlat = transform.name().parse::<Crs>().is_ok_and(Crs::is_lonlat);
        self.transform = Some(transform);
        Ok(())
    }

    /// Checks one row.
    pub(crate) fn row(&mut self, row: u64, cells: &[Cell<'_>], geometry: RawGeometry<'_>) -> Reading {
        self.summary.read += 1;
        if !self.plan.admits(cells) {
            self.summary.filtered += 1;
            return Ok(());
        }
        if self.transform.is_none() && self.checks.spec.geometry != GeometryKind::None {
            self.declare_crs(None)?;
        }
        let Some(values) = self.values(row, cells)? else {
            self.reject();
            return Ok(());
        };
        match self.place(cells, geometry) {
            Ok(sound) => self.accept(row, values, sound),
            Err(complaint) => {
                let key = self.key_text(&values);
                let finding = Finding {
                    severity: Severity::Error,
                    rule: complaint.rule.to_owned(),
                    file: Some(self.checks.shown.clone()),
                    row: Some(row),
                    key,
                    value: complaint.value,
                    at: complaint.at,
                    message: complaint.message,
                };
                self.give(finding)?;
                self.reject();
                Ok(())
            }
        }
    }

    fn values(&mut self, row: u64, cells: &[Cell<'_>]) -> Result<Option<Vec<Value>>, Stop> {
        let mut values = Vec::with_capacity(self.checks.spec.fields.len() + 1);
        let mut sound = true;
        for place in 0..self.checks.spec.fields.len() {
            match self.value(place, row, cells) {
                Ok(value) => values.push(value),
                Err((rule, message, shown)) => {
                    let field = self.checks.spec.fields[place];
                    let optional = self.checks.reject == Reject::Values && !field.required;
                    let severity = if optional { Severity::Warning } else { Severity::Error };
                    let key = self.key_text(&values);
                    self.give(Finding {
                        severity,
                        rule: rule.to_owned(),
                        file: Some(self.checks.shown.clone()),
                        row: Some(row),
                        key,
                        value: shown,
                        at: None,
                        message: format!("{}: {message}", field.name),
                    })?;
                    sound &= optional;
                    values.push(Value::Null);
                }
            }
        }
        Ok(sound.then_some(values))
    }

    fn value(
        &mut self,
        place: usize,
        row: u64,
        cells: &[Cell<'_>],
    ) -> Result<Value, (&'static str, String, Option<String>)> {
        let field_type = self.checks.spec.fields[place].field_type;
        let joined;
        let counted;
        let cell = match &mut self.plan.fields[place] {
            From::Nothing => return Ok(Value::Null),
            From::Constant(value) => return Ok(value.clone()),
            From::Cell(column) => &cells[*column],
            From::Joined(columns, join) => {
                let parts: Vec<_> = columns.iter().filter_map(|column| cells[*column].as_text()).collect();
                joined = Cell::text(parts.join(join));
                &joined
            }
            From::Counted(column, seen) => match cells[*column].as_text() {
                None => &Cell::Empty,
                Some(text) => {
                    let count = seen.entry(text.clone().into_owned()).or_insert(0);
                    *count += 1;
                    counted =
                        Cell::text(if *count == 1 { text.into_owned() } else { format!("{text}#{count}") });
                    &counted
                }
            },
            From::RowNumber(prefix) => {
                joined = Cell::text(format!("{prefix}{row}"));
                &joined
            }
        };
        let mapped;
        let cell = match &self.plan.values[place] {
            None => cell,
            Some(map) => {
                let text = cell.as_text().unwrap_or_default();
                match map.get(text.as_ref()).or_else(|| map.get("*").filter(|_| !text.is_empty())) {
                    None => cell,
                    Some(to) if to.is_empty() => return Ok(Value::Null),
                    Some(to) => {
                        mapped = Cell::text(to.as_str());
                        &mapped
                    }
                }
            }
        };
        value_of(cell, field_type, &self.checks.times).map_err(|(rule, message)| {
            (rule, message, cell.as_text().map(|text| spoken::shown(self.checks.spec, &text)))
        })
    }

    fn place(
        &self,
        cells: &[Cell<'_>],
        geometry: RawGeometry<'_>,
    ) -> Result<Option<Sound>, super::geometry::Unsound> {
        let Some(transform) = &self.transform else { return Ok(None) };
        let kind = self.checks.spec.geometry;
        let text_at = |places: &[usize]| places.iter().find_map(|place| cells[*place].as_text());
        match &self.plan.geometry {
            GeometryFrom::File => sound_geometry(geometry, transform, kind),
            GeometryFrom::Text(places) => match text_at(places) {
                None => Ok(None),
                Some(text) => sound_text(&text, transform, kind),
            },
            GeometryFrom::Columns { text, points } => match text_at(text) {
                Some(text) => sound_text(&text, transform, kind),
                None => match point_of(points, cells)? {
                    None => Ok(None),
                    Some(point) => sound_geometry(RawGeometry::Shape(point), transform, kind),
                },
            },
        }
    }

    fn accept(&mut self, row: u64, mut values: Vec<Value>, sound: Option<Sound>) -> Reading {
        let spec = self.checks.spec;
        if spec.position("location_state").is_some() {
            let crs = self.transform.as_ref().map_or("", Transform::name);
            fill_location(spec, &mut values, sound.as_ref(), crs);
        }
        if let Some(sound) = sound {
            self.note_repairs(row, &values, &sound)?;
            self.samples.meet(&sound.geometry);
            if let Some(place) = spec.position("geom") {
                values[place] = Value::Geometry(sound.geometry);
            }
        }
        for (field, value) in spec.fields.iter().zip(&values) {
            if field.required && *value == Value::Null {
                let key = self.key_text(&values);
                self.give(Finding {
                    severity: Severity::Error,
                    rule: "required_missing".to_owned(),
                    file: Some(self.checks.shown.clone()),
                    row: Some(row),
                    key,
                    value: None,
                    at: None,
                    message: format!("{} must not be empty", field.name),
                })?;
                self.reject();
                return Ok(());
            }
        }
        spoken::mask_texts(spec, &mut values);
        if !self.shift_times(&mut values) {
            self.summary.outside_timeline += 1;
            return Ok(());
        }
        self.batch.push(CheckedRow { row, record: Record { values } });
        if self.batch.len() >= ROWS_PER_BATCH { self.flush() } else { Ok(()) }
    }

    /// Moves the times of a synthetic history; `false` when the row is not part of the kept days.
    fn shift_times(&self, values: &mut [Value]) -> bool {
        let Some(shift) = &self.checks.shift else { return true };
        let mut begins = None;
        for value in values.iter_mut() {
            match value {
                Value::Time(time) => {
                    *time = shift.time(*time);
                    begins = begins.or(Some(*time));
                }
                Value::Date(date) => *date = shift.date(*date),
                _ => {}
            }
        }
        undo_future(self.checks.spec, values, shift);
        begins.is_none_or(|time| shift.keeps(time))
    }

    fn note_repairs(&mut self, row: u64, values: &[Value], sound: &Sound) -> Reading {
        if sound.repairs.is_empty() {
            return Ok(());
        }
        self.summary.repaired += 1;
        let at = any_point(&sound.geometry).map(|point| [point.x(), point.y()]);
        for repair in &sound.repairs {
            let key = self.key_text(values);
            self.give(Finding {
                severity: Severity::Warning,
                rule: format!("repaired_{repair}"),
                file: Some(self.checks.shown.clone()),
                row: Some(row),
                key,
                value: None,
                at,
                message: format!("{}: repaired without changing the area", explain(repair)),
            })?;
        }
        Ok(())
    }

    fn key_text(&self, values: &[Value]) -> Option<String> {
        let spec = self.checks.spec;
        let parts: Vec<String> = spec
            .key
            .iter()
            .filter_map(|field| spec.position(field))
            .filter_map(|place| match values.get(place) {
                Some(Value::Text(text)) => Some(text.clone()),
                Some(Value::Date(date)) => Some(date.to_string()),
                _ => None,
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn reject(&mut self) {
        self.summary.rejected += 1;
    }

    /// Counts a row that a reader could not hand on; its finding has been given.
    pub(crate) fn skip(&mut self) {
        self.summary.read += 1;
        self.summary.rejected += 1;
    }

    pub(crate) fn note(
        &mut self,
        severity: Severity,
        rule: &str,
        row: Option<u64>,
        value: Option<String>,
        message: String,
    ) -> Reading {
        self.give(Finding {
            severity,
            rule: rule.to_owned(),
            file: Some(self.checks.shown.clone()),
            row,
            key: None,
            value,
            at: None,
            message,
        })
    }

    fn give(&mut self, finding: Finding) -> Reading {
        if finding.severity == Severity::Error
            && (self.checks.reject == Reject::Pack || finding.row.is_none())
        {
            self.summary.blocking += 1;
        }
        if self.tally.count(&finding.rule) { self.output.finding(finding) } else { Ok(()) }
    }

    fn flush(&mut self) -> Reading {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(ROWS_PER_BATCH));
        self.output.batch(batch)
    }

    /// Hands on what is left. A refusal becomes the last finding.
    pub(crate) fn finish(mut self, outcome: Reading) -> Result<Summary, Stop> {
        match outcome {
            Ok(()) => self.warn_of_mostly_rejected()?,
            Err(Stop::Abandoned) => return Err(Stop::Abandoned),
            Err(Stop::Refused(refusal)) => {
                self.summary.blocking += 1;
                self.tally.count(refusal.rule);
                self.output.finding(refused(&self.checks.shown, refusal))?;
            }
        }
        self.flush()?;
        self.summary.by_rule = self.tally.into_counts();
        self.summary.samples = self.samples.into_vertices();
        Ok(self.summary)
    }

    /// A source may leave out bad rows; when most are bad, it is the source that is wrong.
    fn warn_of_mostly_rejected(&mut self) -> Reading {
        let (read, rejected) = (self.summary.read - self.summary.filtered, self.summary.rejected);
        if read >= 20 && rejected * 2 > read {
            let message = format!(
                "{rejected} of {read} rows were rejected: check the columns, the coordinate system and the axes"
            );
            return self.note(Severity::Error, "mostly_rejected", None, None, message);
        }
        Ok(())
    }
}
