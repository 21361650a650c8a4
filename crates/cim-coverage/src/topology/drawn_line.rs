//! What a planner draws: lines without repeated points, free of themselves, with ends that reach the border.

use std::collections::BTreeSet;

use cim_crs::{LATTICE_PER_DEGREE, LatticePoint, LonLat, metres_per_degree};

use super::edit::Edit;
use super::element::FaceNo;
use super::refusal::{EditRule, Refusal};
use crate::area::degrees;
use crate::label_point::distance_squared;
use crate::noding::for_meetings;
use crate::predicate::cross;

/// No end is carried farther than this to a border, whatever is asked for.
const MOST_SNAP_M: f64 = 100.0;

/// Metres around a place, as flat as the ground is near it.
#[derive(Clone, Copy)]
pub(super) struct Metres {
    origin: LatticePoint,
    scale: (f64, f64),
}

impl Metres {
    pub(super) fn around(origin: LatticePoint) -> Self {
        Self { origin, scale: metres_per_degree(LonLat::from(origin).lat) }
    }

    pub(super) fn of(self, point: LatticePoint) -> (f64, f64) {
        (degrees(point.x - self.origin.x) * self.scale.0, degrees(point.y - self.origin.y) * self.scale.1)
    }

    pub(super) fn distance(self, point: LatticePoint) -> f64 {
        let (x, y) = self.of(point);
        x.hypot(y)
    }

    /// The distance of the origin from a segment.
    pub(super) fn distance_to_segment(self, a: LatticePoint, b: LatticePoint) -> f64 {
        distance_squared((0.0, 0.0), self.of(a), self.of(b)).sqrt()
    }

    /// The lattice steps that are at least so many metres in every direction.
    #[expect(clippy::cast_possible_truncation, reason = "a distance of at most some hundred metres")]
    pub(super) fn steps(self, metres: f64) -> i64 {
        (metres / self.scale.0.min(self.scale.1) * LATTICE_PER_DEGREE).ceil() as i64 + 1
    }

    /// The lattice point nearest to the foot of the origin on a segment.
    #[expect(clippy::cast_possible_truncation, reason = "a point between two lattice points")]
    #[expect(clippy::cast_precision_loss, reason = "the foot is put on the lattice anyway")]
    pub(super) fn foot_on(self, a: LatticePoint, b: LatticePoint) -> LatticePoint {
        let ((ax, ay), (bx, by)) = (self.of(a), self.of(b));
        let (dx, dy) = (bx - ax, by - ay);
        let t = (-(ax * dx + ay * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let along = |from: i64, to: i64| from + ((to - from) as f64 * t).round() as i64;
        LatticePoint { x: along(a.x, b.x), y: along(a.y, b.y) }
    }
}

/// How near is near: what was asked for, held to what is reasonable.
pub(super) fn held_snap_m(snap_m: f64) -> f64 {
    if snap_m.is_finite() { snap_m.clamp(0.0, MOST_SNAP_M) } else { 0.0 }
}

/// A line without points that repeat the one before.
pub(super) fn without_repeats(line: &[LatticePoint]) -> Result<Vec<LatticePoint>, Refusal> {
    let mut points = line.to_vec();
    points.dedup();
    if points.len() < 2 {
        let message = "a drawn line needs two points that differ; draw it longer";
        return Err(Refusal::new(EditRule::TooSmall, message).showing(points));
    }
    Ok(points)
}

/// Refuses a line that crosses or touches itself; its ends may meet.
pub(super) fn check_simple(line: &[LatticePoint]) -> Result<(), Refusal> {
    let segments: Vec<(LatticePoint, LatticePoint)> =
        line.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let mut shown: Vec<Vec<LatticePoint>> = Vec::new();
    for_meetings(&segments, |first, second, _| {
        let [one, other] = [first, second].map(|number| segments[number as usize]);
        shown = vec![vec![one.0, one.1], vec![other.0, other.1]];
    });
    let is_closed = line.len() > 3 && line.first() == line.last();
    let mut points = line[usize::from(is_closed)..].to_vec();
    points.sort_unstable();
    if let Some(pair) = points.windows(2).find(|pair| pair[0] == pair[1]).filter(|_| shown.is_empty()) {
        shown = vec![vec![pair[0]]];
    }
    if shown.is_empty() {
        return Ok(());
    }
    let refusal = Refusal::new(
        EditRule::SelfCrossing,
        "the drawn line crosses or touches itself; draw it free of itself",
    );
    Err(shown.into_iter().fold(refusal, Refusal::showing))
}

impl Edit<'_> {
    /// A drawn line as it is to cut sorted faces: its ends carried to their border, its parts within the city.
    pub(super) fn line_over(
        &self,
        faces: &BTreeSet<FaceNo>,
        line: &[LatticePoint],
        snap_m: f64,
    ) -> Result<Vec<Vec<LatticePoint>>, Refusal> {
        let mut points = without_repeats(line)?;
        check_simple(&points)?;
        if points.first() != points.last() {
            let snap_m = held_snap_m(snap_m);
            points = self.with_end_on_border(faces, points, snap_m);
            points.reverse();
            points = self.with_end_on_border(faces, points, snap_m);
            points.reverse();
            points.dedup();
            check_simple(&without_repeats(&points)?)?;
        }
        if self.context.outline_is_open { Ok(vec![points]) } else { self.within_outline(&points) }
    }

    /// Puts the end of a line on a vertex of the border near it, or carries it over the border when that is near.
    fn with_end_on_border(
        &self,
        faces: &BTreeSet<FaceNo>,
        mut line: Vec<LatticePoint>,
        snap_m: f64,
    ) -> Vec<LatticePoint> {
        let Some(&end) = line.last() else { return line };
        let metres = Metres::around(end);
        let mut vertex: Option<(f64, LatticePoint)> = None;
        let mut side: Option<(f64, LatticePoint)> = None;
        for no in self.state.arcs_near(&[end], metres.steps(snap_m)) {
            let Some(arc) = self.state.arc(no) else { continue };
            let [left, right] =
                [arc.left, arc.right].map(|face| face.is_some_and(|face| faces.contains(&face)));
            if left == right {
                continue;
            }
            for point in &arc.points {
                let distance = metres.distance(*point);
                if distance <= snap_m && vertex.is_none_or(|best| (distance, *point) < best) {
                    vertex = Some((distance, *point));
                }
            }
            for pair in arc.points.windows(2) {
                let distance = metres.distance_to_segment(pair[0], pair[1]);
                let turn = cross(pair[0], pair[1], end);
                // On the lattice an end that is meant to lie on a slanting border lies a fraction of a step beside it.
                let is_inside = (turn > 0) == left || distance < ON_BORDER_M;
                if distance <= snap_m && turn != 0 && side.is_none_or(|best| distance < best.0) {
                    let foot = metres.foot_on(pair[0], pair[1]);
                    side = Some((distance, if is_inside { outside_of(foot, pair, left) } else { end }));
                }
            }
        }
        if let Some((_, point)) = vertex {
            line.pop();
            line.push(point);
        } else if let Some((_, beyond)) = side {
            line.push(beyond);
        }
        line
    }
}

/// An end so near to a border counts as lying on it.
const ON_BORDER_M: f64 = 0.005;
/// How far outside of a border a line that is carried over it ends, in lattice steps: enough to cross it however it slants.
const BEYOND_STEPS: f64 = 8.0;

/// A place a few steps beside a border, on the side without the face, which lies left of it or right.
#[expect(clippy::cast_precision_loss, reason = "the differences of two lattice points are below 2^53")]
#[expect(clippy::cast_possible_truncation, reason = "a few steps")]
fn outside_of(foot: LatticePoint, segment: &[LatticePoint], face_is_left: bool) -> LatticePoint {
    let (dx, dy) = ((segment[1].x - segment[0].x) as f64, (segment[1].y - segment[0].y) as f64);
    let length = dx.hypot(dy).max(1.0);
    let away = if face_is_left { 1.0 } else { -1.0 };
    let steps = |part: f64| (away * part / length * BEYOND_STEPS).round() as i64;
    LatticePoint { x: foot.x + steps(dy), y: foot.y + steps(-dx) }
}
