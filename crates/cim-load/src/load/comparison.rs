//! Compares what a file brings with what is known already: a shifted system, exchanged axes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cim_crs::{LonLat, Reference, ShiftVerdict, detect_shift};
use cim_model::{Collection, Finding, Severity, Value};
use cim_store::{SnapshotReader, Store};
use futures_util::StreamExt;
use geo_types::{Geometry, LineString};

use super::findings::Findings;
use super::plan::Plan;
use super::rows::Sample;
use crate::error::LoadError;

/// Stored rows that are looked at: enough to know where the city is and what lies there.
const MOST_ROWS: usize = 20_000;
/// What most other things lie beside.
const LANDMARKS: [Collection; 3] = [Collection::Road, Collection::Address, Collection::Building];
/// Where GCJ-02 and BD-09 exist, roughly: only there can a file be shifted.
const CHINA: Extent = Extent { west: 72.0, south: 0.8, east: 137.9, north: 55.9 };
/// No city lies further south.
const SOUTHERNMOST_DEG: f64 = -60.0;
const FEWEST_SAMPLES: usize = 20;

/// What is known before and during a load. It is read before anything is written: afterwards the load's own
/// transaction holds the tables.
pub(super) struct Comparison {
    stored: BTreeMap<Collection, Reference>,
    /// The extent of what this load has brought in so far.
    brought: Option<Extent>,
    /// Data of our own making are what they say they are.
    trusted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Extent {
    fn of(points: impl IntoIterator<Item = [f64; 2]>) -> Option<Self> {
        points.into_iter().fold(None, |extent: Option<Self>, [x, y]| {
            let one = Self { west: x, south: y, east: x, north: y };
            Some(extent.map_or(one, |extent| extent.with(one)))
        })
    }

    fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    fn widened(self) -> Self {
        let margin = 0.1 + (self.east - self.west).max(self.north - self.south);
        Self {
            west: self.west - margin,
            south: self.south - margin,
            east: self.east + margin,
            north: self.north + margin,
        }
    }

    fn holds(&self, [x, y]: [f64; 2]) -> bool {
        (self.west..=self.east).contains(&x) && (self.south..=self.north).contains(&y)
    }
}

/// Whether more than half (or nearly all) of the samples satisfy something.
fn most(samples: &[[f64; 2]], holds: impl Fn([f64; 2]) -> bool) -> bool {
    samples.iter().filter(|sample| holds(**sample)).count() * 10 >= samples.len() * 9
}

impl Comparison {
    pub(super) async fn open(store: &Store, plan: &Plan) -> Result<Self, LoadError> {
        let mut stored = BTreeMap::new();
        if !plan.synthetic {
            let reader = store.open_snapshot().await.map_err(LoadError::Store)?;
            let planned = plan.collections.iter().map(|planned| planned.collection);
            for collection in planned.chain(LANDMARKS) {
                if let Entry::Vacant(place) = stored.entry(collection) {
                    place.insert(read(&reader, collection).await?);
                }
            }
        }
        Ok(Self { stored, brought: None, trusted: plan.synthetic })
    }

    /// Judges the samples of one collection's files.
    pub(super) fn judge(&mut self, collection: Collection, samples: &[Sample], findings: &mut Findings) {
        let doubtful = samples.iter().filter(|sample| sample.lonlat && !sample.vertices.is_empty());
        if self.trusted || doubtful.clone().next().is_none() {
            self.remember(samples);
            return;
        }
        let stored = self.expected_near(collection);
        for sample in doubtful {
            if let Some((finding, blocking)) = self.verdict(sample, &stored) {
                findings.add(finding, blocking);
            }
        }
        self.remember(samples);
    }

    fn remember(&mut self, samples: &[Sample]) {
        let points = samples.iter().flat_map(|sample| sample.vertices.iter().copied());
        if let Some(extent) = Extent::of(points) {
            self.brought = Some(self.brought.map_or(extent, |brought| brought.with(extent)));
        }
    }

    fn verdict(&self, sample: &Sample, stored: &Reference) -> Option<(Finding, bool)> {
        let finding = |severity, rule: &str, message: String| Finding {
            severity,
            rule: rule.to_owned(),
            file: Some(sample.shown.clone()),
            row: None,
            key: None,
            value: sample.vertices.first().map(|[x, y]| format!("{x} {y}")),
            at: sample.vertices.first().copied(),
            message,
        };
        let swapped = || {
            let message = "longitude and latitude are exchanged: name the columns the other way round, \
                           geom = { lon = ..., lat = ... }";
            Some((finding(Severity::Error, "axes_swapped", message.to_owned()), true))
        };
        if self.axes_are_swapped(&sample.vertices, stored) {
            return swapped();
        }
        match detect_shift(&sample.vertices, stored) {
            ShiftVerdict::AxesSwapped => swapped(),
            ShiftVerdict::LooksShifted { system, dx_m, dy_m, median_m, unshifted_median_m } => {
                let message = format!(
                    "the coordinates lie {dx_m:.0} m east and {dy_m:.0} m north of what is loaded, as {system} does \
                     (median distance {median_m:.0} m, {unshifted_median_m:.0} m once it is undone): write crs = \"{system}\""
                );
                Some((finding(Severity::Error, "crs_shifted", message), true))
            }
            ShiftVerdict::CannotTell if most(&sample.vertices, |vertex| CHINA.holds(vertex)) => {
                let message =
                    "cannot tell whether the coordinates are GCJ-02 labelled as WGS 84: nothing comparable \
                               is loaded"
                        .to_owned();
                Some((finding(Severity::Note, "crs_shift_cannot_tell", message), false))
            }
            ShiftVerdict::CannotTell | ShiftVerdict::Consistent { .. } => None,
        }
    }

    fn axes_are_swapped(&self, vertices: &[[f64; 2]], stored: &Reference) -> bool {
        if vertices.len() < FEWEST_SAMPLES {
            return false;
        }
        let possible = |[x, y]: [f64; 2]| LonLat::new(y, x).is_ok();
        if most(vertices, |[x, y]| y < SOUTHERNMOST_DEG && x > SOUTHERNMOST_DEG && possible([x, y])) {
            return true;
        }
        let lines = stored.lines.iter().flatten();
        let known = Extent::of(stored.points.iter().chain(lines).map(|at| [at.lon, at.lat]));
        let known = match (known, self.brought) {
            (Some(known), Some(brought)) => known.with(brought),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return false,
        }
        .widened();
        !most(vertices, |vertex| known.holds(vertex)) && most(vertices, |[x, y]| known.holds([y, x]))
    }

    /// What is stored near which the new rows are expected: borders near borders, everything else near the same
    /// collection, roads, buildings and addresses.
    fn expected_near(&self, collection: Collection) -> Reference {
        let mut reference = self.stored.get(&collection).cloned().unwrap_or_default();
        if !collection.is_unit() {
            for landmark in LANDMARKS.into_iter().filter(|landmark| *landmark != collection) {
                if let Some(other) = self.stored.get(&landmark) {
                    reference.points.extend_from_slice(&other.points);
                    reference.lines.extend_from_slice(&other.lines);
                }
            }
        }
        reference
    }
}

/// Vertices of the first stored rows of a collection.
async fn read(reader: &SnapshotReader, collection: Collection) -> Result<Reference, LoadError> {
    let mut reference = Reference::default();
    let Some(place) = collection.spec().position("geom") else { return Ok(reference) };
    let mut rows = reader.read(collection).await.map_err(LoadError::Store)?.take(MOST_ROWS);
    while let Some(row) = rows.next().await {
        let record = row.map_err(LoadError::Store)?.record;
        if let Some(Value::Geometry(geometry)) = record.values.get(place) {
            add_geometry(geometry, &mut reference);
        }
    }
    Ok(reference)
}

fn add_geometry(geometry: &Geometry<f64>, reference: &mut Reference) {
    let position = |x: f64, y: f64| LonLat::new(x, y).ok();
    let line =
        |line: &LineString<f64>| line.0.iter().filter_map(|coord| position(coord.x, coord.y)).collect();
    match geometry {
        Geometry::Point(point) => reference.points.extend(position(point.x(), point.y())),
        Geometry::LineString(one) => reference.lines.push(line(one)),
        Geometry::MultiLineString(lines) => reference.lines.extend(lines.0.iter().map(line)),
        Geometry::Polygon(polygon) => reference.lines.push(line(polygon.exterior())),
        Geometry::MultiPolygon(parts) => {
            reference.lines.extend(parts.0.iter().map(|part| line(part.exterior())));
        }
        _ => {}
    }
}
