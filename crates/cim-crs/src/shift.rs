//! Tells whether the coordinates of a new file fit what is known already: as they are, un-shifted, or with the axes swapped.

use std::collections::HashMap;

use crate::{Crs, LocalFrame, LonLat, Transform};

/// What the new points are compared with, in the stored system.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    /// Positions near which new points are expected: addresses, buildings, earlier cases.
    pub points: Vec<LonLat>,
    /// Lines on which new vertices are expected: borders and roads.
    pub lines: Vec<Vec<LonLat>>,
}

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShiftVerdict {
    /// The points fit as they are.
    Consistent {
        /// The median distance from a sample to the nearest reference, in metres.
        median_m: f64,
    },
    /// The points fit much better after a shift is undone, so they are not in the system they claim.
    LooksShifted {
        /// The system they seem to be in: GCJ-02 or BD-09.
        system: Crs,
        /// How far east the points lie of where they belong, in metres (the median).
        dx_m: f64,
        /// How far north.
        dy_m: f64,
        /// The median distance to the nearest reference as the points are, in metres.
        median_m: f64,
        /// The same after the shift is undone.
        unshifted_median_m: f64,
    },
    /// The points fit only with longitude and latitude exchanged.
    AxesSwapped,
    /// Too little to compare, or nothing nearby.
    CannotTell,
}

/// More samples make the answer no better.
const MAX_SAMPLES: usize = 1_000;
/// Fewer say nothing.
const MIN_SAMPLES: usize = 20;
/// Nothing within this distance counts as this distance.
const REACH_M: f64 = 2_000.0;
const CELL_M: f64 = 250.0;
const DENSIFY_M: f64 = 50.0;
/// Below the width of a wall nothing is left to explain.
const UNSUSPICIOUS_M: f64 = 2.0;
/// Medians of hundreds of samples differ by chance by a tenth, never by half.
const CLEARLY_LESS: f64 = 0.5;

/// Compares the points of a new file, given as `[x, y]` in the order of the file and claimed to be longitude and latitude, with what is known.
#[must_use]
pub fn detect_shift(samples: &[[f64; 2]], reference: &Reference) -> ShiftVerdict {
    let step = samples.len().div_ceil(MAX_SAMPLES).max(1);
    let samples: Vec<[f64; 2]> = samples.iter().step_by(step).copied().collect();
    let Some(index) = ReferenceIndex::new(reference) else { return ShiftVerdict::CannotTell };
    if samples.len() < MIN_SAMPLES {
        return ShiftVerdict::CannotTell;
    }
    let as_they_are = positions(&samples, |[x, y]| LonLat::new(x, y).ok());
    let share = index.share_nearby(&as_they_are, samples.len());
    if share < 0.1 {
        let swapped = positions(&samples, |[x, y]| LonLat::new(y, x).ok());
        let fits = index.share_nearby(&swapped, samples.len()) > 0.5;
        return if fits { ShiftVerdict::AxesSwapped } else { ShiftVerdict::CannotTell };
    }
    if share < 0.5 {
        return ShiftVerdict::CannotTell;
    }
    let median_m = index.median_distance_m(&as_they_are);
    if median_m <= UNSUSPICIOUS_M {
        return ShiftVerdict::Consistent { median_m };
    }
    let candidates =
        [Crs::Gcj02, Crs::Bd09].map(|system| shifted_verdict(&index, &as_they_are, system, median_m));
    let best = candidates.into_iter().flatten().min_by(|a, b| unshifted(a).total_cmp(&unshifted(b)));
    match best {
        Some(verdict) if unshifted(&verdict) < CLEARLY_LESS * median_m => verdict,
        // Where everything is near something, as in a dense town, a point fits as well as it would shifted.
        Some(verdict) if median_m > CLEARLY_LESS * unshifted(&verdict) => ShiftVerdict::CannotTell,
        _ => ShiftVerdict::Consistent { median_m },
    }
}

fn unshifted(verdict: &ShiftVerdict) -> f64 {
    match verdict {
        ShiftVerdict::LooksShifted { unshifted_median_m, .. } => *unshifted_median_m,
        _ => f64::INFINITY,
    }
}

fn shifted_verdict(
    index: &ReferenceIndex,
    positions: &[LonLat],
    system: Crs,
    median_m: f64,
) -> Option<ShiftVerdict> {
    let transform = Transform::new(system).ok()?;
    let mut moved = Vec::with_capacity(positions.len());
    let (mut dx, mut dy) = (Vec::new(), Vec::new());
    for position in positions {
        let back = transform.to_lonlat(position.lon, position.lat).ok()?;
        let (east, north) = LocalFrame::around(back).to_metres(*position);
        dx.push(east);
        dy.push(north);
        moved.push(back);
    }
    Some(ShiftVerdict::LooksShifted {
        system,
        dx_m: median(&mut dx),
        dy_m: median(&mut dy),
        median_m,
        unshifted_median_m: index.median_distance_m(&moved),
    })
}

fn positions(samples: &[[f64; 2]], read: impl Fn([f64; 2]) -> Option<LonLat>) -> Vec<LonLat> {
    samples.iter().filter_map(|sample| read(*sample)).collect()
}

fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { f64::INFINITY } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// Reference points in cells of a local frame; lines are represented by points every 50 m, which is exact enough to tell 20 m from 300 m.
struct ReferenceIndex {
    frame: LocalFrame,
    cells: HashMap<(i64, i64), Vec<(f64, f64)>>,
}

impl ReferenceIndex {
    fn new(reference: &Reference) -> Option<Self> {
        let anywhere = reference.points.iter().chain(reference.lines.iter().flatten()).copied();
        let (count, lon, lat) =
            anywhere.fold((0.0, 0.0, 0.0), |(n, x, y), at| (n + 1.0, x + at.lon, y + at.lat));
        if count < 20.0 {
            return None;
        }
        let frame = LocalFrame::around(LonLat { lon: lon / count, lat: lat / count });
        let mut index = Self { frame, cells: HashMap::new() };
        for point in &reference.points {
            index.add(frame.to_metres(*point));
        }
        for line in &reference.lines {
            for pair in line.windows(2) {
                index.add_segment(frame.to_metres(pair[0]), frame.to_metres(pair[1]));
            }
        }
        Some(index)
    }

    fn add_segment(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        // A segment longer than the reach of a city is no border but an error in the reference.
        let pieces = (dx.hypot(dy) / DENSIFY_M).ceil().clamp(1.0, 2_000.0);
        let mut piece = 0.0;
        while piece <= pieces {
            let t = piece / pieces;
            self.add((from.0 + t * dx, from.1 + t * dy));
            piece += 1.0;
        }
    }

    fn add(&mut self, point: (f64, f64)) {
        self.cells.entry(cell(point)).or_default().push(point);
    }

    fn distance_m(&self, position: LonLat) -> f64 {
        let point = self.frame.to_metres(position);
        let (column, row) = cell(point);
        let mut best = REACH_M;
        // A cell in ring k lies at least k - 1 cells away.
        for ring in 0..=9_i32 {
            if f64::from(ring - 1) * CELL_M >= best {
                break;
            }
            let ring = i64::from(ring);
            let edges = (-ring..=ring)
                .flat_map(|along| [(along, -ring), (along, ring), (-ring, along), (ring, along)]);
            for (dx, dy) in edges {
                for other in self.cells.get(&(column + dx, row + dy)).into_iter().flatten() {
                    best = best.min((other.0 - point.0).hypot(other.1 - point.1));
                }
            }
        }
        best
    }

    fn median_distance_m(&self, positions: &[LonLat]) -> f64 {
        median(&mut positions.iter().map(|position| self.distance_m(*position)).collect::<Vec<_>>())
    }

    fn share_nearby(&self, positions: &[LonLat], of: usize) -> f64 {
        let near = positions.iter().filter(|position| self.distance_m(**position) < REACH_M).count();
        ratio(near, of)
    }
}

#[expect(clippy::cast_precision_loss, reason = "both are counts of at most a thousand samples")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[expect(clippy::cast_possible_truncation, reason = "metres on the earth over 250 fit")]
fn cell(point: (f64, f64)) -> (i64, i64) {
    ((point.0 / CELL_M).floor() as i64, (point.1 / CELL_M).floor() as i64)
}
