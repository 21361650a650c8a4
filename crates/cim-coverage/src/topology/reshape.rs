//! Replacing a section of a border by a drawn line.

use cim_crs::LatticePoint;

use super::drawn_line::{Metres, check_simple, held_snap_m, without_repeats};
use super::edit::Edit;
use super::element::ArcNo;
use super::refusal::{EditRule, Refusal};

/// A place on an arc: after its vertex `before`, at `point`; on the vertex itself when that is `point`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ArcPlace {
    before: usize,
    point: LatticePoint,
}

impl ArcPlace {
    /// The order along the arc.
    fn is_after(self, other: Self, points: &[LatticePoint]) -> bool {
        let along = |place: Self| {
            let start = points[place.before];
            let (x, y) = (place.point.x - start.x, place.point.y - start.y);
            (place.before, i128::from(x) * i128::from(x) + i128::from(y) * i128::from(y))
        };
        along(self) > along(other)
    }
}

impl Edit<'_> {
    pub(super) fn reshape(&mut self, no: ArcNo, line: &[LatticePoint], snap_m: f64) -> Result<(), Refusal> {
        let mut arc = self.open_arc(no)?;
        let mut line = without_repeats(line)?;
        check_simple(&line)?;
        let snap_m = held_snap_m(snap_m);
        let ends = [line[0], line[line.len() - 1]].map(|end| nearest_place(&arc.points, end, snap_m));
        let [Some(mut first), Some(mut last)] = ends else {
            let message = "an end of the line does not lie on the border; start and end it on the border";
            return Err(Refusal::new(EditRule::LineOffArc, message)
                .naming(self.units_beside(&arc))
                .showing(line));
        };
        if first.is_after(last, &arc.points) {
            std::mem::swap(&mut first, &mut last);
            line.reverse();
        }
        if first.point == last.point {
            let message = "both ends of the line lie on one point of the border; draw it between two";
            return Err(Refusal::new(EditRule::TooSmall, message)
                .naming(self.units_beside(&arc))
                .showing(line));
        }
        let points = std::mem::take(&mut arc.points);
        // The only node of a closed border may lie elsewhere on it, unless another border meets it there.
        let is_free = arc.start == arc.end && self.state.arcs_at(arc.start).count() == 1;
        arc.points = if is_free && is_shorter_around(&points, first, last) {
            line.reverse();
            self.put_node(arc.start, Some(last.point));
            replaced_around(&points, &line, first, last)
        } else {
            replaced(&points, &line, first, last)
        };
        self.put_moved(no, arc)
    }
}

/// The place on a line nearest to a point, within a distance; a vertex within the distance comes first.
fn nearest_place(points: &[LatticePoint], end: LatticePoint, snap_m: f64) -> Option<ArcPlace> {
    let metres = Metres::around(end);
    let vertices = points
        .iter()
        .enumerate()
        .map(|(before, point)| (metres.distance(*point), ArcPlace { before, point: *point }));
    let sides = points.windows(2).enumerate().map(|(before, pair)| {
        (
            metres.distance_to_segment(pair[0], pair[1]),
            ArcPlace { before, point: metres.foot_on(pair[0], pair[1]) },
        )
    });
    let nearest = |places: &mut dyn Iterator<Item = (f64, ArcPlace)>| {
        let near = places.filter(|(distance, _)| *distance <= snap_m);
        near.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, place)| place)
    };
    nearest(&mut vertices.into_iter()).or_else(|| nearest(&mut sides.into_iter()))
}

/// The arc with the line between two places, of which `last` is the later.
fn replaced(
    points: &[LatticePoint],
    line: &[LatticePoint],
    first: ArcPlace,
    last: ArcPlace,
) -> Vec<LatticePoint> {
    let mut new = points[..=first.before].to_vec();
    new.push(first.point);
    new.extend_from_slice(&line[1..line.len() - 1]);
    new.push(last.point);
    new.extend_from_slice(&points[last.before + 1..]);
    new.dedup();
    new
}

/// The closed arc with the line in place of its part from `last` over its start to `first`; it starts at `last` then.
fn replaced_around(
    points: &[LatticePoint],
    line: &[LatticePoint],
    first: ArcPlace,
    last: ArcPlace,
) -> Vec<LatticePoint> {
    let mut new = vec![last.point];
    new.extend_from_slice(&line[1..line.len() - 1]);
    new.push(first.point);
    new.extend_from_slice(&points[first.before + 1..=last.before]);
    new.push(last.point);
    new.dedup();
    new
}

/// Whether the way from `last` over the start of a closed arc to `first` is shorter than that from `first` to `last`.
fn is_shorter_around(points: &[LatticePoint], first: ArcPlace, last: ArcPlace) -> bool {
    let length = |points: &[LatticePoint]| -> f64 {
        points.windows(2).map(|pair| crate::area::length_m(pair[0], pair[1])).sum()
    };
    let mut between = vec![first.point];
    between.extend_from_slice(&points[first.before + 1..=last.before]);
    between.push(last.point);
    2.0 * length(&between) > length(points)
}
