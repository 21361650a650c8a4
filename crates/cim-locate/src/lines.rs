//! Roads and waters by name: where two of them meet, and where one runs.

use cim_crs::{LocalFrame, LonLat};

use crate::names::NameId;
use crate::postings::Postings;

/// Lines that end this short of each other still meet: one ends at the other's kerb.
const NEAR_MISS_M: f64 = 30.0;
/// Meetings this close are one: two carriageways, a staggered junction.
const ONE_CROSSING_M: f64 = 80.0;

/// A position in metres.
pub(crate) type Metres = (f64, f64);

#[derive(Debug)]
struct Piece {
    from: u32,
    to: u32,
    low: Metres,
    high: Metres,
}

/// All named lines.
#[derive(Debug)]
pub(crate) struct Lines {
    frame: LocalFrame,
    points: Vec<LonLat>,
    pieces: Vec<Piece>,
    by_name: Postings,
}

impl Lines {
    pub(crate) fn around(origin: LonLat) -> Self {
        let frame = LocalFrame::around(origin);
        Self { frame, points: Vec::new(), pieces: Vec::new(), by_name: Postings::default() }
    }

    /// Adds a line; answers its number.
    pub(crate) fn add(&mut self, name: NameId, line: &[LonLat]) -> Option<u32> {
        if line.len() < 2 {
            return None;
        }
        let piece = self.pieces.len() as u32;
        let from = self.points.len() as u32;
        self.points.extend_from_slice(line);
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for &point in line {
            let at = self.frame.to_metres(point);
            low = (low.0.min(at.0), low.1.min(at.1));
            high = (high.0.max(at.0), high.1.max(at.1));
        }
        self.pieces.push(Piece { from, to: self.points.len() as u32, low, high });
        self.by_name.add(name, piece);
        Some(piece)
    }

    pub(crate) fn close(&mut self) {
        self.by_name.close();
        self.points.shrink_to_fit();
        self.pieces.shrink_to_fit();
    }

    /// The frame in which the lines are plane.
    pub(crate) fn frame(&self) -> LocalFrame {
        self.frame
    }

    /// Whether a name has any line.
    pub(crate) fn has(&self, name: NameId) -> bool {
        self.by_name.of(name).len() > 0
    }

    /// The bounds of every piece in metres, by number.
    pub(crate) fn bounds(&self) -> impl ExactSizeIterator<Item = (Metres, Metres)> + '_ {
        self.pieces.iter().map(|piece| (piece.low, piece.high))
    }

    /// Points along everything of this name, never more than some metres apart.
    pub(crate) fn samples(&self, name: NameId, step_m: f64) -> Vec<LonLat> {
        let mut samples = Vec::new();
        for piece in self.by_name.of(name) {
            for (a, b) in self.segments(piece) {
                let parts = ((b.0 - a.0).hypot(b.1 - a.1) / step_m).ceil().clamp(1.0, 500.0);
                for part in 0..parts as u32 {
                    let share = (f64::from(part) + 0.5) / parts;
                    let (x, y) = (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share);
                    samples.push(self.frame.to_lonlat(x, y));
                }
            }
        }
        samples
    }

    fn segments(&self, piece: u32) -> impl Iterator<Item = (Metres, Metres)> + '_ {
        let range =
            self.pieces.get(piece as usize).map_or(0..0, |piece| piece.from as usize..piece.to as usize);
        let points = self.points.get(range).unwrap_or_default();
        points.windows(2).filter_map(|pair| {
            Some((self.frame.to_metres(*pair.first()?), self.frame.to_metres(*pair.last()?)))
        })
    }

    /// The point of a piece nearest to a position, and how far that is.
    pub(crate) fn nearest_on_piece(&self, piece: u32, at: Metres) -> Option<(Metres, f64)> {
        self.segments(piece)
            .map(|segment| {
                let foot = foot(at, segment);
                (foot, (foot.0 - at.0).hypot(foot.1 - at.1))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The point of anything of this name nearest to a position.
    pub(crate) fn nearest(&self, name: NameId, at: Metres) -> Option<(Metres, f64)> {
        let near = self.by_name.of(name).filter_map(|piece| self.nearest_on_piece(piece, at));
        near.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Where two names meet, each meeting once.
    pub(crate) fn crossings(&self, one: NameId, other: NameId) -> Vec<Metres> {
        let mut found: Vec<(Metres, u32)> = Vec::new();
        for a in self.by_name.of(one) {
            for b in self.by_name.of(other) {
                if !self.bounds_meet(a, b) {
                    continue;
                }
                for first in self.segments(a) {
                    for second in self.segments(b).filter(|second| boxes_meet(first, *second)) {
                        if let Some(at) = meeting(first, second) {
                            join(&mut found, at);
                        }
                    }
                }
            }
        }
        found.into_iter().map(|(at, _)| at).collect()
    }

    /// Where a circle around a position meets the lines of some names.
    pub(crate) fn at_distance(&self, names: &[NameId], centre: Metres, radius_m: f64) -> Vec<Metres> {
        let mut found = Vec::new();
        for piece in names.iter().flat_map(|&name| self.by_name.of(name)) {
            for (a, b) in self.segments(piece) {
                found.extend(circle_hits(a, b, centre, radius_m));
            }
        }
        found
    }

    fn bounds_meet(&self, a: u32, b: u32) -> bool {
        let (Some(a), Some(b)) = (self.pieces.get(a as usize), self.pieces.get(b as usize)) else {
            return false;
        };
        boxes_meet((a.low, a.high), (b.low, b.high))
    }
}

fn boxes_meet(a: (Metres, Metres), b: (Metres, Metres)) -> bool {
    let apart = |a0: f64, a1: f64, b0: f64, b1: f64| {
        a0.max(a1) + NEAR_MISS_M < b0.min(b1) || b0.max(b1) + NEAR_MISS_M < a0.min(a1)
    };
    !(apart(a.0.0, a.1.0, b.0.0, b.1.0) || apart(a.0.1, a.1.1, b.0.1, b.1.1))
}

fn foot(at: Metres, (a, b): (Metres, Metres)) -> Metres {
    let way = (b.0 - a.0, b.1 - a.1);
    let length2 = way.0 * way.0 + way.1 * way.1;
    let share = if length2 > 0.0 { ((at.0 - a.0) * way.0 + (at.1 - a.1) * way.1) / length2 } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    (a.0 + way.0 * share, a.1 + way.1 * share)
}

/// Where two segments cut, or the middle of where they come close.
fn meeting(one: (Metres, Metres), other: (Metres, Metres)) -> Option<Metres> {
    let way = (one.1.0 - one.0.0, one.1.1 - one.0.1);
    let other_way = (other.1.0 - other.0.0, other.1.1 - other.0.1);
    let turn = way.0 * other_way.1 - way.1 * other_way.0;
    if turn.abs() > 1e-9 {
        let between = (other.0.0 - one.0.0, other.0.1 - one.0.1);
        let share = (between.0 * other_way.1 - between.1 * other_way.0) / turn;
        let other_share = (between.0 * way.1 - between.1 * way.0) / turn;
        if (0.0..=1.0).contains(&share) && (0.0..=1.0).contains(&other_share) {
            return Some((one.0.0 + way.0 * share, one.0.1 + way.1 * share));
        }
    }
    let ends = [(one.0, other), (one.1, other), (other.0, one), (other.1, one)];
    let near = ends.iter().map(|&(end, segment)| (end, foot(end, segment)));
    let gap = |pair: &(Metres, Metres)| (pair.0.0 - pair.1.0).hypot(pair.0.1 - pair.1.1);
    let closest = near.min_by(|a, b| gap(a).total_cmp(&gap(b)))?;
    (gap(&closest) <= NEAR_MISS_M)
        .then(|| (f64::midpoint(closest.0.0, closest.1.0), f64::midpoint(closest.0.1, closest.1.1)))
}

fn join(found: &mut Vec<(Metres, u32)>, at: Metres) {
    let near = found.iter_mut().find(|(known, _)| (known.0 - at.0).hypot(known.1 - at.1) < ONE_CROSSING_M);
    if let Some((known, count)) = near {
        let weight = 1.0 / f64::from(*count + 1);
        *known = (known.0 + (at.0 - known.0) * weight, known.1 + (at.1 - known.1) * weight);
        *count += 1;
    } else {
        found.push((at, 1));
    }
}

fn circle_hits(a: Metres, b: Metres, centre: Metres, radius: f64) -> impl Iterator<Item = Metres> {
    let way = (b.0 - a.0, b.1 - a.1);
    let from = (a.0 - centre.0, a.1 - centre.1);
    let square = way.0 * way.0 + way.1 * way.1;
    let half = from.0 * way.0 + from.1 * way.1;
    let rest = from.0 * from.0 + from.1 * from.1 - radius * radius;
    let root = half * half - square * rest;
    let shares = if square > 0.0 && root >= 0.0 {
        [(-half - root.sqrt()) / square, (-half + root.sqrt()) / square]
    } else {
        [f64::NAN; 2]
    };
    shares
        .into_iter()
        .filter(|share| (0.0..=1.0).contains(share))
        .map(move |share| (a.0 + way.0 * share, a.1 + way.1 * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: LonLat = LonLat { lon: 121.2, lat: 31.9 };

    fn lines(drawn: &[(u32, &[Metres])]) -> Lines {
        let mut lines = Lines::around(ORIGIN);
        let frame = lines.frame();
        for (name, line) in drawn {
            let line: Vec<LonLat> = line.iter().map(|&(x, y)| frame.to_lonlat(x, y)).collect();
            lines.add(*name, &line);
        }
        lines.close();
        lines
    }

    #[test]
    fn two_names_meet_where_their_pieces_cut_or_nearly_do() {
        let lines = lines(&[
            (1, &[(0.0, 0.0), (1_000.0, 0.0)]),
            (2, &[(400.0, -300.0), (400.0, 300.0)]),
            (2, &[(900.0, 12.0), (900.0, 300.0)]),
            (3, &[(0.0, 500.0), (1_000.0, 500.0)]),
        ]);
        let found = lines.crossings(1, 2);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].0 - 400.0).abs() < 0.1 && found[0].1.abs() < 0.1, "{found:?}");
        assert!((found[1].0 - 900.0).abs() < 0.1 && (found[1].1 - 6.0).abs() < 0.1, "{found:?}");
        assert!(lines.crossings(1, 3).is_empty());
    }

    #[test]
    fn two_carriageways_make_one_crossing() {
        let lines = lines(&[
            (1, &[(0.0, 0.0), (1_000.0, 0.0)]),
            (1, &[(0.0, 20.0), (1_000.0, 20.0)]),
            (2, &[(400.0, -300.0), (400.0, 300.0)]),
        ]);
        assert_eq!(lines.crossings(1, 2).len(), 1);
    }
}
